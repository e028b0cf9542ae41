"""A user's own prices, from a file or a mapping; copied, so that a later change of the mapping has no effect."""

from __future__ import annotations

from ..core.json_text import read_json
from ..core.refusing import refuse
from ..core.stated import own_text
from ..errors import PriceDataError, shown
from .data_sets import read_regular
from .rows import checked_entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any, TypeGuard


# No block of prices is nested deeper.
_DEEPEST = 20


def content(path: str | bytes | os.PathLike[str]) -> bytes:
    """Return what a file of prices holds; raise PriceDataError if it cannot be read."""
    try:
        return read_regular(path)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        hint = "name a JSON file of prices, or pass the mapping itself"
        if isinstance(path, str) and "://" in path:
            hint = "an address is never fetched on the way: download it and name the file"
        raise PriceDataError(f"{shown(path)} cannot be read: {why}; {hint}") from error


def copies(entries: object, origin: str) -> dict[str, dict[str, object]]:
    """Return copies of a user's entries, so that a later change of them has no effect."""
    found = entries
    try:
        if not isinstance(found, dict) and hasattr(found, "keys") and hasattr(found, "__getitem__"):
            found = dict(found)  # a Mapping of any kind
        if isinstance(found, dict):
            found = {own_text(name): dict(entry) if hasattr(entry, "keys") else entry for name, entry in found.items()}
        return {
            name: {own_text(key): copied(value) for key, value in entry.items()}
            for name, entry in checked_entries(found, origin).items()
        }
    except Exception as error:
        refuse(error, entries=entries)
        raise


def copied(value: object, depth: int = 0) -> Any:
    """Return a deep copy of a value of an entry; raise PriceDataError if it contains itself."""
    if depth > _DEEPEST:
        raise PriceDataError(f"{shown(value)} contains itself, or is nested more than {_DEEPEST} levels deep")
    if isinstance(value, dict):
        return {own_text(key): copied(inner, depth + 1) for key, inner in value.items()}
    return [copied(inner, depth + 1) for inner in value] if isinstance(value, list) else value


def entries_of(entries: object, origin: str) -> dict[str, dict[str, object]]:
    """Return a user's entries, from the JSON file that is named, or from a mapping, which ``origin`` names."""
    if not is_path(entries):
        return copies(entries, origin)
    data = content(entries)
    try:
        return copies(read_json(data), str(entries))
    except (ValueError, RecursionError) as error:
        raise PriceDataError(f"{shown(entries)} is no JSON map of prices: {error}") from error


def is_path(entries: object) -> TypeGuard[str | bytes | os.PathLike[str]]:
    """Return whether the argument names a file; it is a mapping of entries otherwise."""
    return isinstance(entries, (str, bytes)) or hasattr(entries, "__fspath__")
