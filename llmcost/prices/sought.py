"""What is looked for in the rows of the map, and the row that was found."""

from __future__ import annotations

from ..core.notes import Note
from ..errors import UnknownModelError
from .asked import queries, sized
from .names import ALIAS, Query, find
from .vendors import NEIGHBOURS, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .asked import Asked
    from .deployment import Deployment
    from .names import Match
    from .registry import Registered
    from .rows import Source


class Sought:
    """What is looked for, and the row of the map that was found.

    Attributes:
        queries: for the model that was asked for; ``base`` for ``base_model``, the one that it is priced as.
        deployment: the configured one whose backend is looked for, or None.
        matched: the row; ``via`` the alias that stands for it.
        several: the error that several providers sell the name at different prices; None if they do not.
        tried: every name that was looked for.
    """

    __slots__ = (
        "_named",
        "_region",
        "asked",
        "base",
        "base_model",
        "deployment",
        "matched",
        "queries",
        "several",
        "tried",
        "via",
    )

    def __init__(self, asked: Asked, deployment: Deployment | None, region: str | None, base_model: str | None) -> None:
        self.asked, self.deployment, self._region = asked, deployment, region
        self.base_model = base_model
        self.queries = queries(asked, deployment, region)
        # What was looked for before the name turned out to be an alias, which may have a registered price itself.
        self._named: list[Query] = []
        self.base = sized(base_model, None, region, asked) if base_model else []
        self.tried: list[str] = []
        self.matched: Match | None = None
        self.via: Match | None = None
        self.several: UnknownModelError | None = None

    def match(self, source: Source, own: Source) -> None:
        """Find the row of the map that is meant, and whether the name is an alias of it; ``own`` is registered."""
        via = first(own, self.queries, self.tried) if own.rows() and own.aliases else None
        if via is not None and via.rule == ALIAS:
            self._follow(via.name)
        matched = None
        try:
            matched = first(source, self.base if self.base_model else self.queries, self.tried)
            if matched is not None and matched.rule == ALIAS:
                via = matched
                if self.base_model:
                    self.base.append(Query(matched.name, None, self._region))
                else:
                    # The caller means the row, with its snapshots and with what is registered for it.
                    self._follow(matched.name)
                    matched = first(source, self.queries, self.tried)
        except UnknownModelError as error:
            # Own prices are used all the same.
            matched, self.several = None, error
        self.matched = matched
        self.via = via if via is not None and via.rule == ALIAS else None

    def owner(self, source: Source, notes: list[Note]) -> str | None:
        """Return the seller whose model is asked for; None for any seller.

        Where a span names a seller that has no such row, another row is used, and a note says so.
        """
        asked, provider = self.asked, self.queries[0].provider
        if asked.claimed is None or provider != asked.claimed or self.matched is None or self.base_model:
            return provider
        row = (source.get(self.matched.name) or {}).get("litellm_provider")
        if not row or family(str(row)) in {provider, *NEIGHBOURS.get(provider, ())}:
            return provider
        said = (
            f"{asked.named_provider!r} is named as the provider and has no price for {self.queries[0].name!r}: "
            f"{self.matched.name} of {row} is priced; provider= decides whose it is"
        )
        notes.append(Note("provider_not_used", said, "provider"))
        # It says whose row is used, and why.
        self.matched.notes = tuple(note for note in self.matched.notes if note.code != "only_row")
        return None

    def _follow(self, row: str) -> None:
        """Look for the row that the name is an alias of."""
        self._named = self._named or self.queries
        self.queries = queries(self.asked, self.deployment, self._region, row)

    def registered(self, rows: Mapping[str, Registered], own: Source, seller: str) -> Match | None:
        """Return what is registered for the model, or for the one that it is priced as.

        ``seller`` sells the matched row: a price registered for another seller of this name is not its price.
        """
        if self.base_model:
            return own_row(rows, own, self.queries, self.tried) or own_row(rows, own, self.base, [])
        # A price registered under the alias is more specific than one of its row, and is stronger.
        for wanted, tried in ((self._named, []), (self.queries, self.tried)):
            meant = wanted if self.matched is None else [query.of(seller) for query in wanted]
            found = own_row(rows, own, meant, tried)
            if found is not None and (wanted is self.queries or found.rule != ALIAS):
                return found
        return None


def first(source: Source, queries: list[Query], tried: list[str]) -> Match | None:
    """Return the first match of several queries; what was looked for is added to ``tried``."""
    for query in queries:
        found = find(source, query, tried)
        if found is not None:
            return found
    return None


def own_row(rows: Mapping[str, Registered], own: Source, wanted: list[Query], tried: list[str]) -> Match | None:
    """Return what is registered under a name; None for an alias of a row that is the map's alone."""
    found = first(own, wanted, tried)
    return found if found is not None and found.name in rows else None
