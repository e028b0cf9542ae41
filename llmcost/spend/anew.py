"""Anew: what a stored call costs at other prices, or why it keeps the cost that was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.rate import PUBLIC
from ..core.statement import REPORTED
from ..core.statuses import FAILED
from ..core.term import OWN_FEE
from ..errors import LLMCostError
from .restoring import usage_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from .whole import WholeCall


def priced_anew(
    prices: CostMap,
    usage: dict[str, Any] | None,
    cost: Cost | None,
    *,
    model: str | None,
    provider: str | None,
    at: datetime,
    tags: Sequence[str | None],
) -> Cost | str:
    """Return the Cost of a call at the prices of its own time; or why it keeps the one that was recorded.

    Args:
        prices: whose prices.
        usage: what its usage states; None if it is not known.
        cost: what was recorded, or None.
        model, provider, at, tags: of the call.
    """
    if usage is None:
        return "its usage is not known"
    stated = dict(usage)
    given: dict[str, Any] = {}
    if cost is not None:
        reason = _not_anew(cost, stated)
        if reason is not None:
            return reason
        given["served_tier"] = cost.billed_tier
        provider = provider or cost.provider
        model = cost.matched_as or cost.model
    elif provider is None:
        provider = stated.get("provider")
    stated.setdefault("at", at.isoformat())
    if tags:
        given["tags"] = list(tags)
    if stated.get("reported") is not None:
        given["prefer"] = "calculated"
    try:
        return prices.calculate(None, usage_of(stated), model=model, provider=provider, **given)
    except (LLMCostError, ValueError) as error:
        return f"it cannot be priced ({type(error).__name__})"


def _not_anew(cost: Cost, usage: dict[str, Any]) -> str | None:
    """Return why a call is not priced anew: its cost rests on what the log does not hold; None if it can be."""
    if cost.counts == REPORTED:
        return "the provider has reported it"
    if cost.waived is not None:
        return f"nothing is billed for it: {cost.waived}"
    if any(meter.startswith(OWN_FEE) for meter in cost.unpriced):
        return "it used a fee that had no price, and the log does not hold how many"
    for line in cost.line_items:
        if line.layer not in PUBLIC:
            return "it has prices of its own"
        if line.factors and not {"region", "speed"} & usage.keys():
            return "a factor on its prices comes from a fact that the log does not hold"
    return None


def anew_of(whole: WholeCall, prices: CostMap) -> Cost | str:
    """Return what a whole call of the log costs at the prices of its own time; or why it keeps what was recorded."""
    call = whole.call
    if call.status == FAILED:
        return "it failed"
    return priced_anew(
        prices, whole.usage, whole.cost, model=call.model, provider=call.provider, at=call.at, tags=call.tags
    )
