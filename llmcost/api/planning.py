"""Planning: which model a call asks for, and the plan of calls that ask for it."""

from __future__ import annotations

from ..core.meters import TOKEN_METERS
from ..core.notes import Note
from ..core.ratecard import RateCard
from ..errors import PriceDataError, UnknownModelError, shown
from ..prices.asked import Asked
from ..prices.moments import clock
from .plan import Plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from ..prices.price_map import PriceMap
    from .given import Given

# How the card was found where every quantity stands in a part of another model.
IN_PARTS = "parts"


def asked_of(model: str | None, usage: Usage, given: Given) -> Asked:
    """Return which model a call asks for, and what is known of who serves it."""
    stated = usage.more
    size, quality = given.size or stated.size, given.quality or stated.quality
    if (size or quality) and _has_tokens(usage):
        # Tokens are billed by their number; the size and the quality of the image choose no row then.
        size = quality = None
    return Asked(
        model,
        usage.model,
        given.provider,
        usage.provider,
        given.base_model,
        given.region or stated.region,
        given.deployment,
        stated.model_id,
        size,
        quality,
        routed=stated.routed,
        named_provider=stated.named_provider,
    )


def plan_of(prices: PriceMap, asked: Asked, usage: Usage, given: Given) -> Plan:
    """Return the plan of a call.

    Raises:
        UnknownModelError: no layer knows the model, and not everything stands in parts of other models.
        ArgumentError: a fact that names something is no text.
    """
    try:
        card = prices.card(asked, given.own, replace=given.replace, scale_rest=given.scale_rest)
    except UnknownModelError:
        parts, free = usage.more.parts, usage.more.free
        if free is None and not (parts and not usage.quantities and all(part.model for part in parts)):
            raise
        name = asked.model or asked.response_model or ""
        card = RateCard((), name=name, model=name, match_rule=IN_PARTS)
    return Plan(card, asked, given, has_past=prices.has_past)


def _has_tokens(usage: Usage) -> bool:
    units = (usage.quantities, *(unit for group in usage.more.alternatives for unit in group))
    return any(not TOKEN_METERS.isdisjoint(unit) for unit in units)


def at_its_time(prices: PriceMap, usage: Usage, plan: Plan) -> tuple[Usage, Plan, str, tuple[Note, ...]]:
    """Return a usage, its plan with the prices of its time, how they are dated, and what has to be said of it.

    A usage without a time is of the present. A value that is no time is noted, and the present counts.
    """
    if usage.at is None and clock() < plan.until:
        plan.age(clock())
        return usage, plan, "current", ()
    try:
        return usage, *plan.at(prices, usage.at, explicit=False)
    except PriceDataError:
        said = f"the response's time {shown(usage.at)} is no time: priced by today"
        undated = usage.replaced(at=None, notes=(*usage.notes, Note("time_not_read", said, "at")))
        return undated, *plan.at(prices, None, explicit=False)
