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

    Lists of names are tuples: the garbage collector does not look at tuples of texts.

    Attributes:
        names: every name, aliases among them; ``known`` is their set.
        aliases: name -> the row that it stands for.
        folded: case-folded name -> names.
        rest: what follows the first slash -> names.
        providers: every provider that a row or a name states.
    """

    __slots__ = ("_ends", "_known", "_sorted", "aliases", "folded", "known", "names", "providers", "rest")

    def __init__(
        self, names: Iterable[str], providers: Iterable[str], aliases: Mapping[str, str] | None = None
    ) -> None:
        self.names, self.aliases = tuple(names), aliases or {}
        self.known = frozenset(self.names)
        self.folded = _grouped((name.casefold(), name) for name in self.names)
        after = ((name.partition("/")[2], name) for name in self.names)
        self.rest = _grouped((rest.casefold(), name) for rest, name in after if rest)
        self.providers = frozenset(providers) | {family(provider) for provider in providers}
        self._ends: dict[str, tuple[str, ...]] | None = None
        self._known: KnownNames | None = None
        self._sorted: tuple[str, ...] = ()

    def ending(self, name: str) -> Sequence[str]:
        """Return the names whose last part, after the last slash, is that of a name."""
        if self._ends is None:
            self._ends = _grouped((row.rpartition("/")[2], row) for row in self.names)
        return self._ends.get(name.rpartition("/")[2], ())

    def beginning(self, prefix: str) -> Sequence[str]:
        """Return the names that begin so, in order."""
        if not self._sorted:
            self._sorted = tuple(sorted(self.names))
        first = bisect_left(self._sorted, prefix)
        return self._sorted[first : bisect_left(self._sorted, prefix + chr(0x10FFFF), first)]

    def known_names(self, registered: Index) -> KnownNames:
        """Return the names of a map with what is registered over it, for hints; put in order at the first hint."""
        holder = registered if registered.names else self
        if holder._known is None:
            from .known_names import KnownNames

            holder._known = KnownNames(dict.fromkeys((*self.names, *registered.names)))
        return holder._known


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the names of each key, in their order."""
    found: dict[str, list[str]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    return {key: tuple(names) for key, names in found.items()}
