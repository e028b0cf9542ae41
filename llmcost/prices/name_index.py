"""The index of all names of a price map; it is built at the first name that is no row."""

from __future__ import annotations

import re

from .vendors import family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .known_names import KnownNames


_WORDS = re.compile(r"[a-z0-9]+")


def _first_word(name: str) -> str:
    found = _WORDS.search(name.casefold())
    return "" if found is None else found[0]


class Index:
    """All names of a source, by the ways in which they are looked for.

    Attributes:
        names: every name, aliases among them.
        aliases: name -> the row that it stands for.
        folded: case-folded name -> names.
        rest: what follows the first slash -> names.
        providers: every provider that a row or a name states.
    """

    __slots__ = ("_begins", "_ends", "_known", "aliases", "folded", "names", "providers", "rest")

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
        self._begins: frozenset[str] | None = None
        self._ends: dict[str, list[str]] | None = None
        self._known: KnownNames | None = None

    def may_mean(self, name: str) -> bool:
        """Return whether a name may mean one of these; False is certain.

        No rule makes up the first word of a model's own name: it stands in every name that means the model.

        >>> index = Index(["openai/gpt-4o", "azure/eu/gpt-35-turbo"], ["openai", "azure"])
        >>> index.may_mean("azure/my-gpt"), index.may_mean("team-4o"), index.may_mean("openai/o4")
        (True, False, False)
        """
        if self._begins is None:
            self._begins = frozenset(_first_word(name.rpartition("/")[2]) for name in self.names)
        # A name without any word says nothing of this kind.
        return "" in self._begins or not self._begins.isdisjoint(_WORDS.findall(name.casefold()))

    def ending(self, name: str) -> Sequence[str]:
        """Return the names whose last part, after the last slash, is that of a name."""
        if self._ends is None:
            ends: dict[str, list[str]] = {}
            for row in self.names:
                ends.setdefault(row.rpartition("/")[2], []).append(row)
            self._ends = ends
        return self._ends.get(name.rpartition("/")[2], ())

    def known_names(self, registered: Index) -> KnownNames:
        """Return the names of a map with what is registered over it, for hints; put in order at the first hint."""
        holder = registered if registered.names else self
        if holder._known is None:
            from .known_names import KnownNames

            holder._known = KnownNames(dict.fromkeys((*self.names, *registered.names)))
        return holder._known
