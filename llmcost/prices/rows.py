"""Rows of a price map by name: a JSON object with one model a line, or a mapping.

An exact name is found by its line, so that the first price does not wait for thousands of models to be read and parsed.
The first miss builds an index of all names, once.
"""

from __future__ import annotations

from ..core.json_text import read_json
from ..errors import PriceDataError, shown
from .blocks import EXPANDERS
from .entries import check_words, compile_entry, is_known
from .keys import target_of
from .lines import Lines, quoted, row_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .aliases import Aliases
    from .name_index import Index

# No model has a longer name.
_MOST_FOUND, _LONGEST_NAME = 20_000, 500
# What LiteLLM's map holds beside its models: an example of a row, and rules for names that have none.
NO_MODELS = frozenset({"sample_spec", "fallback_generalizations"})


class Source:
    """Entries of a price map by name; an alias has those of the row that it stands for."""

    def __init__(self) -> None:
        self._index: Index | None = None
        self._stated: Aliases | None = None

    if TYPE_CHECKING:

        def _row(self, name: str) -> Mapping[str, object] | None:
            """Return the row of exactly this name."""

        def _rows_with_aliases(self) -> Iterable[tuple[str, Mapping[str, object]]]:
            """Return at least the rows that state an alias."""

        def rows(self) -> Mapping[str, Mapping[str, object]]:
            """Return every row as it stands, aliases and what is no model among them."""

        def _names(self) -> tuple[Iterable[str], set[str]]:
            """Return the names of all rows, and the providers that they state."""

    @property
    def aliases(self) -> Aliases:
        """The aliases as the map states them; read at the first name that has no row of its own."""
        if self._stated is None:
            from .aliases import Aliases

            self._stated = Aliases(self._rows_with_aliases())
        return self._stated

    def get(self, name: str) -> Mapping[str, object] | None:
        """Return the entry of exactly this name, or None."""
        if self._index is not None and name not in self._index.known:
            return None
        row = self._row(name)
        if row is not None and target_of(row) is None:
            return row if name not in NO_MODELS else None
        target = self.aliases.target(name, self._has)
        return self._target(target) if target is not None else None

    def alias_of(self, name: str) -> str | None:
        """Return the row that a name stands for; None for a row of its own, and for a name that is unknown."""
        if self._index is not None and name not in self._index.known:
            return None
        row = self._row(name)
        if row is not None and target_of(row) is None:
            return None
        return self.aliases.target(name, self._has)

    def _target(self, name: str) -> Mapping[str, object] | None:
        """Return the row of a name that an alias may stand for."""
        return self._row(name) if name not in NO_MODELS else None

    def _has(self, name: str) -> bool:
        return self._target(name) is not None

    def _has_elsewhere(self, name: str) -> bool:
        """Return whether an alias may stand for a row of another source."""
        del name
        return False

    def index(self) -> Index:
        """Return the index of all names; built once."""
        if self._index is None:
            from .name_index import Index

            names, owners = self._names()
            rows = [name for name in names if name not in NO_MODELS]
            aliases: dict[str, str] = {}
            if self.aliases:
                known = frozenset(rows)
                aliases = self.aliases.usable(known, lambda name: name in known or self._has_elsewhere(name))
                rows = [name for name in rows if name not in self.aliases.pointers]
            self._index = Index((*rows, *aliases), owners, aliases)
        return self._index

    def unknown(self) -> dict[str, tuple[str, ...]]:
        """Return the price keys that this version does not know, each with the models that have it.

        A wrong price in a row is an error when the row is asked for, and is ignored here.
        """
        found: dict[str, dict[str, None]] = {}
        rows = self.rows()
        keys = {key for row in rows.values() for key in row}
        doubtful = EXPANDERS.keys() | {key for key in keys if not is_known(key)}
        for name, row in rows.items():
            if name in NO_MODELS or doubtful.isdisjoint(row):
                continue
            try:
                unknown = compile_entry(row, "map", name).unknown
            except PriceDataError:
                continue
            for aside in unknown:
                found.setdefault(aside.key, {})[name] = None
        return {key: tuple(names) for key, names in found.items()}

    def dropped(self) -> list[str]:
        """Return the aliases that cannot be used, each with the reason, in words."""
        return self.aliases.dropped(frozenset(self._names()[0]) - NO_MODELS)


class MapSource(Source):
    """Entries of a price map by name, from the text of its JSON file.

    Raises PriceDataError for text that is no JSON object of objects.
    """

    def __init__(self, data: bytes | Lines, origin: str = "the bundled map") -> None:
        super().__init__()
        self._lines, self._origin = Lines(data) if isinstance(data, bytes) else data, origin
        self._found: dict[str, Mapping[str, object] | None] = {}
        # One model a line, or any other layout, which is parsed whole.
        self._whole = None if _begins_with_a_row(self._lines.beginning) else self._parse_whole()

    def _row(self, name: str) -> Mapping[str, object] | None:
        if self._whole is not None:
            return self._whole.get(name)
        try:
            return self._found[name]
        except KeyError:
            pass
        line = self._lines.find(name)
        entry = self._checked(line)[name] if line is not None else None
        if (entry or self._index is None) and len(self._found) < _MOST_FOUND and len(name) <= _LONGEST_NAME:
            self._found[name] = entry
        return entry

    def _checked(self, line: bytes) -> dict[str, Mapping[str, object]]:
        try:
            entries = row_of(line)
        except (ValueError, RecursionError) as error:
            raise PriceDataError(f"{self._origin}: not one model a line: {error}: {line[:60]!r}") from error
        return checked_entries(entries, self._origin)

    def _parse_whole(self) -> dict[str, Mapping[str, object]]:
        try:
            entries = read_json(self._lines.text)
        except (ValueError, RecursionError) as error:
            raise PriceDataError(f"{self._origin} is not JSON: {error}") from error
        return checked_entries(entries, self._origin)

    def rows(self) -> Mapping[str, Mapping[str, object]]:
        """Return every row as it stands in the text, aliases and what is no model among them; parsed whole."""
        return self._whole if self._whole is not None else self._parse_whole()

    def _names(self) -> tuple[Iterable[str], set[str]]:
        if self._whole is not None:
            return self._whole, _owners(self._whole)
        import re

        owners = {owner.decode() for owner in re.findall(rb'"litellm_provider":[ \t]*"([^"]*)"', self._lines.text)}
        return read_json(b"[" + b",".join(self._lines.index()) + b"]"), owners

    def _rows_with_aliases(self) -> Iterable[tuple[str, Mapping[str, object]]]:
        if self._whole is not None:
            return self._whole.items()
        found: dict[str, Mapping[str, object]] = {}
        text = self._lines.text
        # A letter of the key may be written as an escape.
        for sign in (b'"alias', b"\\u00"):
            at = text.find(sign)
            while at >= 0:
                end = text.find(b"\n", at)
                # A line that is indented is inside a row, as for every other look-up.
                line = text[text.rfind(b"\n", 0, at) + 1 : end if end >= 0 else None].rstrip().rstrip(b",")
                if line.startswith(b'"'):
                    found.update(self._checked(line))
                at = text.find(sign, end) if end >= 0 else -1
        return found.items()

    def check(self) -> None:
        """Raise PriceDataError unless every model that the text has is found by its line."""
        if self._whole is not None:
            return
        found: set[str] = set()
        for line in self._lines.text.split(b"\n"):
            if line.startswith(b'"'):
                for name in self._checked(line.strip().rstrip(b",")):
                    if not line.startswith(quoted(name) + b":"):
                        raise PriceDataError(f"{self._origin}: {name!r} does not stand on a line of its own")
                    found.add(name)
        hidden = self._parse_whole().keys() - found
        if hidden:
            raise PriceDataError(f"{self._origin}: {min(hidden)!r} does not stand on a line of its own")


class DictSource(Source):
    """Entries of a price map by name, from a mapping; its aliases may stand for rows of the source below it."""

    def __init__(self, entries: Mapping[str, Mapping[str, object]], below: Source | None = None) -> None:
        super().__init__()
        self._entries, self._below = entries, below

    def rows(self) -> Mapping[str, Mapping[str, object]]:
        """Return every row as it was given, aliases and what is no model among them."""
        return self._entries

    def _row(self, name: str) -> Mapping[str, object] | None:
        return self._entries.get(name)

    def _target(self, name: str) -> Mapping[str, object] | None:
        own = super()._target(name)
        return self._below.get(name) if own is None and self._below is not None else own

    def _has_elsewhere(self, name: str) -> bool:
        return self._below is not None and self._below.get(name) is not None

    def _names(self) -> tuple[Iterable[str], set[str]]:
        return self._entries, _owners(self._entries)

    def _rows_with_aliases(self) -> Iterable[tuple[str, Mapping[str, object]]]:
        return self._entries.items()


def _begins_with_a_row(data: bytes) -> bool:
    """Return whether the line after the first brace is a model with its whole row."""
    end = data.find(b"\n", 2)
    if end < 0 or not data.startswith(b'{\n"'):
        return False
    try:
        found = read_json(b"{" + data[2:end].strip().rstrip(b",") + b"}")
    except (ValueError, RecursionError):
        return False
    return all(isinstance(row, dict) for row in found.values())


def _owners(entries: Mapping[str, Mapping[str, object]]) -> set[str]:
    return {str(entry["litellm_provider"]) for entry in entries.values() if entry.get("litellm_provider")}


def checked_entries(entries: object, origin: str) -> dict[str, Mapping[str, object]]:
    """Return entries if they are a mapping of mappings; raise PriceDataError otherwise."""
    if not isinstance(entries, dict):
        raise PriceDataError(f"{origin}: expected an object of models, got {type(entries).__name__}")
    for name, entry in entries.items():
        if not issubclass(type(name), str) or not issubclass(type(entry), dict):
            raise PriceDataError(f"{origin}: {shown(name)}: expected an object of prices, got {type(entry).__name__}")
        check_words(entry, f"{origin}: {name!r}")
    return entries
