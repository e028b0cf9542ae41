"""A price map as a source of entries: a JSON object with one model a line, read when it is first needed.

An exact name is found by searching the bytes for its line, so that the first price does not wait for
thousands of models to be parsed. The first miss builds an index of all names, once. The file is kept as
bytes and not mapped into memory, so that it can be replaced under a running process.
"""

from __future__ import annotations

import json
import re

from ..errors import PriceDataError
from .entries import check_words
from .names import Index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_FOUND = 20_000
_FIRST_LINE = re.compile(rb'\{\n"(?:[^"\\]|\\.)*":[ \t]*\{[^\n]*\},?[ \t\r]*\n')


class MapSource:
    """Entries of a price map by name, from the text of its JSON file.

    Raises PriceDataError for text that is no JSON object of objects.
    """

    def __init__(self, data: bytes, origin: str = "the bundled map") -> None:
        self._data, self._origin = data, origin
        self._found: dict[str, Mapping[str, object] | None] = {}
        self._index: Index | None = None
        # One model a line, or any other layout, which is parsed whole.
        self._whole = None if _FIRST_LINE.match(data) else self._parse_whole()

    def get(self, name: str) -> Mapping[str, object] | None:
        """Return the entry of exactly this name, or None."""
        if self._whole is not None:
            return self._whole.get(name)
        try:
            return self._found[name]
        except KeyError:
            pass
        start = self._data.find(b"\n" + _quoted(name) + b":")
        entry = None
        if start >= 0:
            end = self._data.find(b"\n", start + 1)
            line = self._data[start + 1 : end if end >= 0 else len(self._data)].strip().rstrip(b",")
            entry = self._checked(line)[name]
        if len(self._found) < _MOST_FOUND:
            self._found[name] = entry
        return entry

    def _checked(self, line: bytes) -> dict[str, Mapping[str, object]]:
        try:
            entries = json.loads(b"{" + line + b"}")
        except (ValueError, RecursionError) as error:
            raise PriceDataError(f"{self._origin}: not one model a line: {error}: {line[:60]!r}") from error
        return checked_entries(entries, self._origin)

    def _parse_whole(self) -> dict[str, Mapping[str, object]]:
        try:
            entries = json.loads(self._data)
        except (ValueError, RecursionError) as error:
            raise PriceDataError(f"{self._origin} is not JSON: {error}") from error
        return checked_entries(entries, self._origin)

    def index(self) -> Index:
        """Return the index of all names; built once."""
        if self._index is None:
            if self._whole is None:
                names = [json.loads(name) for name in re.findall(rb'\n("(?:[^"\\]|\\.)*"):[ \t]*\{', self._data)]
                owners = {owner.decode() for owner in re.findall(rb'"litellm_provider":[ \t]*"([^"]*)"', self._data)}
            else:
                names = list(self._whole)
                owners = _owners(self._whole)
            self._index = Index(names, owners)
        return self._index

    def check(self) -> None:
        """Raise PriceDataError unless every model that the text has is found by its line."""
        if self._whole is not None:
            return
        found: set[str] = set()
        for line in self._data.split(b"\n"):
            if line.startswith(b'"'):
                for name in self._checked(line.strip().rstrip(b",")):
                    if not line.startswith(_quoted(name) + b":"):
                        raise PriceDataError(f"{self._origin}: {name!r} does not stand on a line of its own")
                    found.add(name)
        hidden = self._parse_whole().keys() - found
        if hidden:
            raise PriceDataError(f"{self._origin}: {min(hidden)!r} does not stand on a line of its own")


class DictSource:
    """Entries of a price map by name, from a mapping."""

    def __init__(self, entries: Mapping[str, Mapping[str, object]]) -> None:
        self._entries = entries
        self._index: Index | None = None

    def get(self, name: str) -> Mapping[str, object] | None:
        """Return the entry of exactly this name, or None."""
        return self._entries.get(name)

    def index(self) -> Index:
        """Return the index of all names; built once."""
        if self._index is None:
            self._index = Index(self._entries, _owners(self._entries))
        return self._index


def _quoted(name: str) -> bytes:
    # A response may name its model by half of a surrogate pair.
    return json.dumps(name, ensure_ascii=False).encode(errors="surrogatepass")


def _owners(entries: Mapping[str, Mapping[str, object]]) -> set[str]:
    return {str(entry["litellm_provider"]) for entry in entries.values() if entry.get("litellm_provider")}


def checked_entries(entries: object, origin: str) -> dict[str, Mapping[str, object]]:
    """Return entries if they are a mapping of mappings; raise PriceDataError otherwise."""
    if not isinstance(entries, dict):
        raise PriceDataError(f"{origin}: expected an object of models, got {type(entries).__name__}")
    for name, entry in entries.items():
        if not isinstance(name, str) or not isinstance(entry, dict):
            raise PriceDataError(f"{origin}: {name!r}: expected an object of prices, got {type(entry).__name__}")
        check_words(entry, f"{origin}: {name!r}")
    return entries
