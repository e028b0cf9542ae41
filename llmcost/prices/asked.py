"""What is asked for: the facts that name a model and its seller, and the names to look up."""

from __future__ import annotations

from ..core.stated import own_text
from ..errors import ArgumentError, shown
from .names import Query
from .spellings import is_snapshot
from .vendors import NEIGHBOURS, ON_ONES_OWN, ROUTER_NAMES, SELL_UNDER_VENDORS, seller, sold_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .deployment import Deployment
    from .deployments import Deployments

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
    def seller(self) -> str | None:
        """The word for who serves it: the caller's, the prefix of its model, the response's; None without any."""
        prefix = (self.model or "").rpartition("/")[0].partition("/")[0]
        return self.provider or prefix or self.response_provider or self.named_provider

    @property
    def claimed(self) -> str | None:
        """Whose row is preferred because a span or a log names the seller; None where something stronger decides."""
        if self.named_provider is None or self.provider or self.response_provider:
            return None
        # The caller's own prefix is stronger than what a reader proved.
        stated = None if self.model is not None and "/" in self.model else seller(self.named_provider)
        return sold_by(stated, self.model, self.response_model)

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
        proved = sold_by(asked.response_provider, model, response_model)
        theirs = provider or (None if "/" in model or target is not None else proved)
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
        # What runs on a machine of one's own has no other seller's price.
        sellers = (claimed, *NEIGHBOURS.get(claimed, ()), *(() if claimed in ON_ONES_OWN else (None,)))
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
