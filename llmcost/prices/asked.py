"""What is asked for: the facts that name a model and its seller, the names to look up, and the rows that were found."""

from __future__ import annotations

from ..core.notes import Note
from ..core.stated import own_text
from ..errors import ArgumentError, UnknownModelError, shown
from .names import ALIAS, Query, find
from .spellings import is_snapshot
from .vendors import NEIGHBOURS, ROUTER_NAMES, SELL_UNDER_VENDORS, family, seller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .deployments import Deployment, Deployments
    from .names import Match
    from .registry import Registered
    from .rows import Source

_NO_TEXTS = frozenset({"routed", "key"})
_TEXT = frozenset({str, type(None)})


class Asked:
    """Which model is asked for, and what is known of who serves it.

    Attributes:
        model: the caller's name for it.
        response_model: the response's.
        provider: the caller's.
        response_provider: the one that the reader proved.
        named_provider: the one that a span or a log names; where it has no such row, the name alone decides.
        routed: the response proves that its model is what is billed, also where another one was asked for.
        key: everything that decides which card it is.
    """

    __slots__ = (
        "base_model",
        "deployment",
        "key",
        "model",
        "model_id",
        "named_provider",
        "provider",
        "quality",
        "region",
        "response_model",
        "response_provider",
        "routed",
        "size",
    )

    def __init__(
        self,
        model: str | None = None,
        response_model: str | None = None,
        provider: str | None = None,
        response_provider: str | None = None,
        base_model: str | None = None,
        region: str | None = None,
        deployment: str | None = None,
        model_id: str | None = None,
        size: str | None = None,
        quality: str | None = None,
        *,
        routed: bool = False,
        named_provider: str | None = None,
    ) -> None:
        self.routed, self.named_provider = routed, named_provider
        # An empty name, as LiteLLM's callers pass it, names nothing.
        # A text of a foreign type may equal other texts, and would be found in a cache in their place.
        model, response_model, provider = own_text(model), own_text(response_model), own_text(provider)
        base_model, region, deployment = own_text(base_model), own_text(region), own_text(deployment)
        self.model, self.response_model = (None if type(model) is str and not model else model), response_model
        self.provider, self.response_provider = provider, response_provider
        self.base_model, self.region = base_model, region
        self.deployment, self.model_id = deployment, model_id
        self.size, self.quality = size, quality
        self.key = (
            self.model,
            response_model,
            provider,
            response_provider,
            base_model,
            region,
            deployment,
            model_id,
            size,
            quality,
            named_provider,
            routed,
        )

    @property
    def claimed(self) -> str | None:
        """Whose row is preferred because a span or a log names the seller; None where something stronger decides."""
        if self.named_provider is None or self.provider or self.response_provider:
            return None
        # The caller's own prefix is stronger than what a reader proved.
        return None if self.model is not None and "/" in self.model else seller(self.named_provider)

    def check(self) -> None:
        """Raise ArgumentError, which names the fact, unless every fact is text."""
        if _TEXT.issuperset(map(type, self.key[:-1])):
            return
        for name in self.__slots__:
            value = getattr(self, name)
            if value is not None and name not in _NO_TEXTS and not isinstance(value, str):
                raise ArgumentError(f"{name.removeprefix('response_')}={shown(value)}: it has to be text")


def queries(asked: Asked, deployment: Deployment | None, region: str | None, target: str | None = None) -> list[Query]:
    """Return what to look for, in order; ``target`` is the row that the named model is an alias of."""
    model, response_model = asked.model, asked.response_model
    provider = asked.provider
    if deployment is not None:
        model, provider = deployment.backend, deployment.provider or provider
    if target is not None:
        # The alias has said whose row it is.
        model, provider = target, None
    named: list[tuple[str, str | None]] = []
    if model is None:
        named.append((response_model or "", provider or asked.response_provider))
    else:
        # The caller's own prefix is stronger than what the reader proved.
        theirs = provider or (None if "/" in model or target is not None else asked.response_provider)
        prefix = model.partition("/")[0] if "/" in model and "/" not in (response_model or "") else None
        if asked.routed and response_model is not None:
            named.append((response_model, provider or asked.response_provider or prefix))
        elif response_model is not None and is_snapshot(response_model, model):
            named.append((response_model, provider or prefix or asked.response_provider))
        if provider is None and "/" in model and asked.response_provider in SELL_UNDER_VENDORS:
            # anthropic/claude-haiku-4.5 is the gateway's own id: its prefix does not say whose price it has.
            named.append((model, asked.response_provider))
        named.append((model, theirs))
        router = model in ROUTER_NAMES or model.rpartition("/")[2] in ROUTER_NAMES
        if router and response_model is not None:
            named.append((response_model, provider or asked.response_provider))
    claimed = asked.claimed if provider is None and target is None else None
    if claimed is not None:
        sellers = (claimed, *NEIGHBOURS.get(claimed, ()), None)
        named = [(name, owner) for name, _ in named for owner in sellers]
    return [query for name, owner in named for query in sized(name, owner, region, asked)]


def sized(name: str, owner: str | None, region: str | None, asked: Asked) -> list[Query]:
    """Return what to look for under a name: the row for the size and quality of an image, then the model's own."""
    if not asked.size:
        return [Query(name, owner, region)]
    from . import images

    names = images.spellings(name, asked.size, asked.quality)
    # A row of another seller or of another quality does not belong to this model.
    by_owner = [Query(spelling, owner, region, "") for spelling in names]
    return [*by_owner, Query(name, owner, region), *(Query(spelling, owner, region) for spelling in names[:1])]


def same_model(one: str, other: str) -> bool:
    """Return whether two names are of one model, with other sellers or other dates."""
    bare, theirs = one.casefold(), other.casefold()
    return bare == theirs or bare.rpartition("/")[2] == theirs.rpartition("/")[2] or is_snapshot(one, other)


def trail_of(
    asked: Asked,
    deployment: Deployment | None,
    how: str,
    tried: list[str],
    matched: str,
    deployments: Deployments | None,
) -> tuple[tuple[str, str], ...]:
    """Return how a card was found, in words."""
    stated = [f"the call says {asked.model!r}"] if asked.model is not None else []
    if asked.response_model is not None:
        stated.append(f"the response says {asked.response_model!r}")
    path = [("asked for", "; ".join(stated) or "nothing")]
    if deployment is not None:
        place = f", {deployment.place}" if deployment.place else ""
        path.append(("deployment", f"{deployment.label}{place}, found {how}"))
    elif deployments is not None and len(deployments):
        path.append(("deployment", f"none; the configuration knows the names {deployments.names()}"))
    path.append(("names tried", ", ".join(dict.fromkeys(tried)) or "none"))
    path.append(("priced as", matched))
    return tuple(path)


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
        """Return whose model is asked for; None for anybody's.

        Where a span names a seller that has no such row, the row is another's, and a note says so.
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
        """Look for the row of which the name is an alias."""
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
