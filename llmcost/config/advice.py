"""Advice on a valid configuration: prices that never apply, or that apply to less than it seems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.bill import why_not
from ..core.meters import METERS, TIME_METERS, TOKEN_METERS
from ..core.rate import ANOTHER_UNIT, ANY, UNSET
from ..prices.layers import LITELLM_PARAMS, MODEL_INFO
from .environment import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..core.rate import Rate
    from ..core.ratecard import RateCard
    from ..prices.deployment import Deployment
    from ..prices.deployments import Deployments

_OWN = frozenset({MODEL_INFO, LITELLM_PARAMS})
_MOST_KEYS = 4
# The code of the note that is shown here together with the keys that it is about.
OUT_OF_FORCE = "tokens_out_of_force"
# Modes in which a model writes text, so that a rate for output is missed.
_WRITING = frozenset({None, "chat", "completion", "responses"})


def of_card(card: RateCard) -> Iterator[str]:
    """Yield what there is to say about the rate card of one deployment."""
    own = [rate for rate in card.cells.values() if rate.layer in _OWN and not rate.derived]
    yield from _siblings(card, own)
    for shadow in card.shadowed:
        said = f"{shadow.rate.price_key} of {shadow.rate.layer} is not used: {why_not(shadow)}"
        if shadow.rate.layer in _OWN:
            yield said
        elif shadow.reason == UNSET:
            yield f"{said} (no value is null; without the key it stays)"
    for note in card.notes:
        if note.code == OUT_OF_FORCE:
            other = [shadow for shadow in card.shadowed if shadow.reason == ANOTHER_UNIT and shadow.by == note.about]
            yield f"{note} ({_listed(shadow.rate.price_key for shadow in other)})"
    times = [rate.price_key for rate in own if rate.meter in TIME_METERS]
    if times and card.prices_tokens and card.wall_clock:
        yield f"{_listed(times)} is billed only for calls without tokens: the deployment has prices per token as well"
    if own and card.mode in _WRITING and "input" in card.by_meter and "output" not in card.by_meter:
        yield "output_cost_per_token is missing: output is unpriced, never 0; if it costs nothing, set it to 0"


def of_place(deployment: Deployment, card: RateCard) -> Iterator[str]:
    """Yield that it matters where a deployment of Vertex runs, if nothing says it.

    LiteLLM calls us-central1 then. https://docs.litellm.ai/docs/providers/vertex
    """
    anywhere = any(factor.fact == "region" and factor.value == ANY for factor in card.factors)
    if anywhere and deployment.region is None:
        yield (
            "nothing says where it runs, and a regional endpoint costs more than the global one, which is priced; "
            "LiteLLM calls us-central1. Write vertex_location"
        )


def _siblings(card: RateCard, own: list[Rate]) -> Iterator[str]:
    """Yield base rates that the deployment sets while their siblings keep the rates of a weaker layer."""
    base = {rate.meter: rate for rate in own if not rate.conditions}
    left: dict[str, list[Rate]] = {}
    for rate in card.cells.values():
        if rate.layer in _OWN or rate.derived:
            continue
        set_here = next((meter for meter in (rate.meter, *METERS[rate.meter].parents) if meter in base), None)
        if set_here is not None and rate.meter in TOKEN_METERS:
            left.setdefault(set_here, []).append(rate)
    for meter, rates in left.items():
        layers = " and ".join(dict.fromkeys(f"{rate.layer} {rate.map_key}" for rate in rates))
        yield (
            f"{base[meter].price_key} is set here, but rates of {layers} that go with it stay in force: "
            f"{_listed(rate.price_key for rate in rates)}. Set them too, or say llmcost: {{replace: true}} to drop "
            "them or {scale_rest: true} to scale them"
        )


def of_wildcard(deployment: Deployment) -> Iterator[str]:
    """Yield what there is to say about a deployment that stands for many models."""
    if any(rate is not None for layer in deployment.layers for rate in layer.entry.rates.values()):
        yield f"its prices hold for every model that {deployment.alias!r} stands for"


def of_names(deployments: Deployments) -> Iterator[tuple[str, str]]:
    """Yield what there is to say about names, as ``(what, text)``: prices that no call reaches."""
    known = {name for d in deployments for name in (d.alias, d.backend, d.id)}
    for alias, target in deployments.aliases.items():
        where = f"model_group_alias {alias!r}"
        if target not in known and not deployments.named(target).deployments:
            yield (
                where,
                f"stands for {target!r}, which is the name of no deployment: no price of the configuration applies",
            )
        hidden = [d for d in deployments if d.alias == alias and d.alias != target]
        if hidden:
            labels = "; ".join(d.label for d in hidden)
            yield where, f"takes the calls of the deployments of the same name: no call by it reaches {labels}"
    for deployment in deployments:
        if is_reference(deployment.backend) and deployment.matched == deployment.backend:
            variable = deployment.backend.partition("/")[2]
            yield deployment.address, f"its model is in the variable {variable}, which is not set here"


def _listed(keys: Iterable[str]) -> str:
    names = list(dict.fromkeys(keys))
    more = f" and {len(names) - _MOST_KEYS} more" if len(names) > _MOST_KEYS else ""
    return ", ".join(names[:_MOST_KEYS]) + more
