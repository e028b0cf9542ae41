"""Which rows are meant by what is asked for: one of the map, and one of those that are registered."""

from __future__ import annotations

from ..errors import UnknownModelError
from .asked import queries, sized
from .names import ALIAS, Query, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .asked import Asked
    from .deployments import Deployment
    from .names import Match
    from .registry import Registered
    from .rows import Source


class Sought:
    """What is looked for, and the row of the map that was found.

    Attributes:
        queries: for the model that was asked for; ``base`` for the one that it is priced as.
        matched: the row; ``via`` the alias that stands for it.
        several: why none is meant, where several providers sell the name at different prices.
        tried: every name that was looked for.
    """

    __slots__ = (
        "_asked",
        "_deployment",
        "_region",
        "base",
        "base_model",
        "matched",
        "queries",
        "several",
        "tried",
        "via",
    )

    def __init__(self, asked: Asked, deployment: Deployment | None, region: str | None, base_model: str | None) -> None:
        self._asked, self._deployment, self._region = asked, deployment, region
        self.base_model = base_model
        self.queries = queries(asked, deployment, region)
        self.base = sized(base_model, None, region, asked) if base_model else []
        self.tried: list[str] = []
        self.matched: Match | None = None
        self.via: Match | None = None
        self.several: UnknownModelError | None = None

    def match(self, source: Source, own: Source) -> None:
        """Find the row of the map that is meant, and whether the name is an alias of it; ``own`` is registered."""
        via = first(own, self.queries, self.tried) if own.aliases else None
        if via is not None and via.rule == ALIAS:
            self._mean(via.name)
        matched = None
        try:
            matched = first(source, self.base if self.base_model else self.queries, self.tried)
            if matched is not None and matched.rule == ALIAS:
                via = matched
                if self.base_model:
                    self.base.append(Query(matched.name, None, self._region))
                else:
                    # What the caller means is the row: its snapshots, and what is registered for it, are meant too.
                    self._mean(matched.name)
                    matched = first(source, self.queries, self.tried)
        except UnknownModelError as error:
            # Own prices are used all the same.
            matched, self.several = None, error
        self.matched = matched
        self.via = via if via is not None and via.rule == ALIAS else None

    def _mean(self, row: str) -> None:
        self.queries = queries(self._asked, self._deployment, self._region, row)

    def registered(self, rows: Mapping[str, Registered], own: Source, seller: str) -> Match | None:
        """Return what is registered for the model, or for the one that it is priced as.

        ``seller`` is whose the matched row is: what others ask for a model of this name is no price of that one.
        """
        if self.base_model:
            return own_row(rows, own, self.queries, self.tried) or own_row(rows, own, self.base, [])
        wanted = self.queries if self.matched is None else [query.of(seller) for query in self.queries]
        return own_row(rows, own, wanted, self.tried)


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
