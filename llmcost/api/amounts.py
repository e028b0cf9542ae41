"""The amount of a common call as whole numbers, without a Cost: what sums of millions of calls are made of."""

from __future__ import annotations

from ..core.rating import amount
from ..core.stated import NOTHING_MORE
from ..prices.moments import clock
from .costmap import CostMap
from .given import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.tariff import Tariff
    from ..core.usage import Usage


def is_plain(prices: CostMap) -> bool:
    """Return whether a map prices in no way of its own, such as one that logs each call."""
    return type(prices).calculate is CostMap.calculate


def amount_of(prices: CostMap, usage: Usage) -> tuple[int, Tariff] | None:
    """Return what a usage cost in units of its tariff, and the tariff, as ``CostMap.of_usage`` finds them.

    None for a usage of which ``of_usage`` has more to say or to ask: the first of its model, one that is a lower bound
    or costs nothing, or one at the prices of another day. Only for a map that ``is_plain``.

    >>> from llmcost import CostMap, Usage
    >>> prices, usage = CostMap({"m": {"input_cost_per_token": 2e-6}}), Usage(input=1000, model="m")
    >>> amount_of(prices, usage), str(prices.of_usage(usage))
    (None, '0.002')
    >>> units, tariff = amount_of(prices, usage)
    >>> units / tariff.denominator
    0.002
    """
    model, provider, tier, when, context = usage.model, usage.provider, usage.service_tier, usage.at, usage.context
    if model is None or context is None or usage.more is not NOTHING_MORE or usage.partial or usage.notes:
        return None
    try:
        plan = prices._state.plans.get(model if provider is None else (None, model, provider, NOTHING.key))
    except TypeError:
        return None  # a name that is no text: of_usage says so
    if plan is None or context >= plan.below or not (tier is None or type(tier) is str):
        return None
    if when is None:
        if clock() >= plan.fresh_until:
            return None
    elif type(when) is not int or not plan.settled <= when <= plan.last:
        return None
    tariff = plan.tariffs.get(tier)
    units = None if tariff is None else amount(usage.quantities, tariff)
    return (units, tariff) if units and tariff is not None else None
