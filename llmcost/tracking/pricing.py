"""What a tracked call cost, by what its request and its response say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..core.rate import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from ..core.usage import Usage
    from ..prices.deployments import Deployments


class Facts(NamedTuple):
    """What the request says of a call.

    Attributes:
        model: the model that it names.
        provider: who serves it, as the map names it.
        deployment: the deployment in its address.
        attempt: which attempt it is, from 1, where the client says so.
        given: more keywords of ``calculate``.
        asks_usage: whether it asks for the usage of a stream; None where there is nothing to ask for.
        terms: discounts and margins that whoever made the call has; a configuration of the map is stronger.
    """

    model: str | None = None
    provider: str | None = None
    deployment: str | None = None
    attempt: int | None = None
    given: Mapping[str, Any] = {}
    asks_usage: bool | None = None
    terms: Deployments | None = None


NO_FACTS = Facts()


def price(cost_map: CostMap, prefer: str, facts: Facts, usage: Usage | None, latency_us: int) -> Cost:
    """Return what a call cost.

    ``usage`` is None where the answer states none; then the time alone may be what is billed.

    Raises:
        LLMCostError: the call cannot be priced.
    """
    if facts.terms is not None and cost_map.deployments is None:
        cost_map = cost_map.with_deployments(facts.terms)
    given = dict(facts.given)
    if prefer != "auto":
        given["prefer"] = prefer
    if facts.provider is not None:
        given.setdefault("provider", facts.provider)
    model = given.pop("model", None) or facts.model
    if usage is None:
        return cost_map.calculate(None, model=model, **{"elapsed": _seconds(latency_us), **given})
    if facts.deployment is not None:
        cost = _of_deployment(cost_map, facts.deployment, usage, given)
    else:
        cost = cost_map.calculate(None, usage, model=model, **given)
    unpriced = cost.unpriced
    if unpriced and "elapsed" not in given and any(meter.endswith("_seconds") for meter in unpriced):
        # Only what is billed by the time of the call needs it.
        timed = facts._replace(given={**facts.given, "elapsed": _seconds(latency_us)})
        return price(cost_map, prefer, timed, usage, latency_us)
    return cost


def _seconds(latency_us: int) -> Decimal:
    # A float of 17 digits times a price by the hour would make amounts of 25 digits.
    return Decimal(latency_us) / 1_000_000


def _of_deployment(cost_map: CostMap, deployment: str, usage: Usage, given: dict[str, Any]) -> Cost:
    """Return the cost of a call of a deployment, whose name is its owner's and says nothing of the model.

    A price of one's own for that name counts; otherwise the model that the response names.
    """
    provider = given.get("provider")
    name = f"{provider}/{deployment}" if provider else deployment
    named = cost_map.calculate(None, usage, model=name, **given)
    own = any(line.layer not in PUBLIC for line in named.line_items)
    if own or not any(note.code == "other_model" for note in named.notes):
        return named
    return cost_map.calculate(None, usage, **given)
