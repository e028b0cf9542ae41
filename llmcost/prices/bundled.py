"""A price map as a source of entries: a JSON object with one model a line, read when it is first needed.

An exact name is found by searching the bytes for its line, so that the first price does not wait for
thousands of models to be parsed. The first miss builds an index of all names, once. The file is kept as
bytes and not mapped into memory, so that it can be replaced under a running process.
"""

from __future__ import annotations

import json
import re

from ..errors import PriceDataError
from .names import Index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FIRST_LINE = re.compile(rb'\{\n"(?:[^"\\]|\\.)*":[ \t]*\{[^\n]*\},?[ \t\r]*\n')


class MapSource:
    """Entries of a price map by name, from the text of its JSON file.

    Raises PriceDataError for text that is no JSON object of objects.
    """

    def __init__(self, data: bytes, origin: str = "the bundled map") -> None:
        self._data, self._origin = data, origin
        self._entries: dict[str, Mapping[str, object] | None] = {}
        self._index: Index | None = None
        # One model a line, or any other layout, which is parsed whole.
        self._by_line = _FIRST_LINE.match(data) is not None
        if not self._by_line:
            self._entries.update(self._parse_whole())

    def get(self, name: str) -> Mapping[str, object] | None:
        """Return the entry of exactly this name, or None."""
        try:
            return self._entries[name]
        except KeyError:
            if not self._by_line:
                return None
        start = self._data.find(b"\n" + _quoted(name) + b":")
        entry = None
        if start >= 0:
            end = self._data.find(b"\n", start + 1)
            line = self._data[start + 1 : end if end >= 0 else len(self._data)].strip().rstrip(b",")
            entry = self._checked(line)[name]
        if len(self._entries) < 20_000:
            self._entries[name] = entry
        return entry

    def _checked(self, line: bytes) -> dict[str, Mapping[str, object]]:
        try:
            return json.loads(b"{" + line + b"}")  # type: ignore[no-any-return]
        except ValueError as error:
            raise PriceDataError(f"{self._origin}: not one model a line: {error}: {line[:60]!r}") from error

    def _parse_whole(self) -> dict[str, Mapping[str, object]]:
        try:
            entries = json.loads(self._data)
        except (ValueError, RecursionError) as error:
            raise PriceDataError(f"{self._origin} is not JSON: {error}") from error
        return checked_entries(entries, self._origin)

    def index(self) -> Index:
        """Return the index of all names; built once."""
        if self._index is None:
            if self._by_line:
                names = [json.loads(name) for name in re.findall(rb'\n("(?:[^"\\]|\\.)*"):[ \t]*\{', self._data)]
                owners = {owner.decode() for owner in re.findall(rb'"litellm_provider":[ \t]*"([^"]*)"', self._data)}
            else:
                names = list(self._entries)
                owners = _owners(dict(self.items()))
            self._index = Index(names, owners)
        return self._index

    def check(self) -> None:
        """Raise PriceDataError unless every model that the text has is found by its line."""
        if not self._by_line:
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

    def items(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Yield every model with its entry."""
        entries = self._parse_whole() if self._by_line else self._entries
        for name, entry in entries.items():
            if entry is not None:
                yield name, entry


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

    def items(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Yield every model with its entry."""
        yield from self._entries.items()


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
    return entries
