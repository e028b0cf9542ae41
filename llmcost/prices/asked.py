"""What is asked for: the facts that name a model and who serves it, and the names that it is looked up by."""

from __future__ import annotations

from ..errors import PriceDataError, shown
from .names import Query, is_snapshot
from .vendors import ROUTER_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .deployments import Deployment, Deployments


class Asked:
    """Which model is asked for, and what is known of who serves it.

    Attributes:
        model: the caller's name for it.
        response_model: the response's.
        provider: the caller's.
        response_provider: the one that the reader proved.
        routed: the response proves that its model is what is billed, whatever was asked for.
    """

    __slots__ = (
        "base_model", "deployment", "model", "model_id", "provider", "quality", "region", "response_model",
        "response_provider", "routed", "size",
    )  # fmt: skip

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
    ) -> None:
        self.routed = routed
        # An empty name, as LiteLLM's callers pass it, names nothing.
        self.model, self.response_model = model or None, response_model
        self.provider, self.response_provider = provider, response_provider
        self.base_model, self.region = base_model, region
        self.deployment, self.model_id = deployment, model_id
        self.size, self.quality = size, quality

    @property
    def key(self) -> tuple[str | bool | None, ...]:
        """Everything that decides which card it is."""
        return (
            self.model, self.response_model, self.provider, self.response_provider, self.base_model, self.region,
            self.deployment, self.model_id, self.size, self.quality, self.routed,
        )  # fmt: skip

    def check(self) -> None:
        """Raise PriceDataError for a fact that is no text: a look-up by it could only fail further on."""
        for name in self.__slots__:
            value = getattr(self, name)
            if value is not None and name != "routed" and not isinstance(value, str):
                raise PriceDataError(f"{name.removeprefix('response_')}={shown(value)}: it has to be text")


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
        named.append((model, theirs))
        router = model in ROUTER_NAMES or model.rpartition("/")[2] in ROUTER_NAMES
        if router and response_model is not None:
            named.append((response_model, provider or asked.response_provider))
    return [query for name, owner in named for query in sized(name, owner, region, asked)]


def sized(name: str, owner: str | None, region: str | None, asked: Asked) -> list[Query]:
    """Return what to look for under a name: the row for the size and quality of an image, then the model's own."""
    if not asked.size:
        return [Query(name, owner, region)]
    from . import images  # noqa: PLC0415 - only for images

    names = images.spellings(name, asked.size, asked.quality)
    # Another seller's row, or one of another quality, is none of this model's.
    own = [Query(spelling, owner, region, "") for spelling in names]
    return [*own, Query(name, owner, region), *(Query(spelling, owner, region) for spelling in names[:1])]


def same_model(one: str, other: str) -> bool:
    """Return whether two names are of one model, whoever sells it and of whichever day it is."""
    bare, theirs = one.casefold(), other.casefold()
    return bare == theirs or bare.rpartition("/")[2] == theirs.rpartition("/")[2] or is_snapshot(one, other)


def path_of(
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
