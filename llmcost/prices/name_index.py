"""The index of all names of a price map; it is built at the first name that is no row."""

from __future__ import annotations

from bisect import bisect_left

from .vendors import family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .known_names import KnownNames


class Index:
    """All names of a source, by the ways in which they are looked for.

    Attributes:
        names: every name, aliases among them.
        aliases: name -> the row that it stands for.
        folded: case-folded name -> names.
        rest: what follows the first slash -> names.
        providers: every provider that a row or a name states.
    """

    __slots__ = ("_ends", "_known", "_sorted", "aliases", "folded", "names", "providers", "rest")

    def __init__(
        self, names: Iterable[str], providers: Iterable[str], aliases: Mapping[str, str] | None = None
    ) -> None:
        self.names, self.aliases = tuple(names), aliases or {}
        self.folded: dict[str, list[str]] = {}
        self.rest: dict[str, list[str]] = {}
        for name in self.names:
            self.folded.setdefault(name.casefold(), []).append(name)
            rest = name.partition("/")[2]
            if rest:
                self.rest.setdefault(rest.casefold(), []).append(name)
        self.providers = frozenset(providers) | {family(provider) for provider in providers}
        self._ends: dict[str, list[str]] | None = None
        self._known: KnownNames | None = None
        self._sorted: list[str] = []

    def ending(self, name: str) -> Sequence[str]:
        """Return the names whose last part, after the last slash, is that of a name."""
        if self._ends is None:
            ends: dict[str, list[str]] = {}
            for row in self.names:
                ends.setdefault(row.rpartition("/")[2], []).append(row)
            self._ends = ends
        return self._ends.get(name.rpartition("/")[2], ())

    def beginning(self, prefix: str) -> Sequence[str]:
        """Return the names that begin so, in order."""
        if not self._sorted:
            self._sorted = sorted(self.names)
        first = bisect_left(self._sorted, prefix)
        return self._sorted[first : bisect_left(self._sorted, prefix + chr(0x10FFFF), first)]

    def known_names(self, registered: Index) -> KnownNames:
        """Return the names of a map with what is registered over it, for hints; put in order at the first hint."""
        holder = registered if registered.names else self
        if holder._known is None:
            from .known_names import KnownNames

            holder._known = KnownNames(dict.fromkeys((*self.names, *registered.names)))
        return holder._known
