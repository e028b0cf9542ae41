"""Counters that may mean several things: each reading is priced, and where all cost the same there is no doubt."""

from __future__ import annotations

from ..core.call_cost import of_segments
from ..core.notes import Note
from ..errors import InconsistentUsageError
from .segments import segments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from ..prices.price_map import PriceMap
    from .given import Given
    from .plan import Plan


def decided(prices: PriceMap, plan: Plan, usage: Usage, tier: str, at: object, given: Given) -> Usage:
    """Return the usage by the reading of the card's seller, else by the one that costs what all of them cost.

    Raises InconsistentUsageError with the readings and what each costs, if they differ.
    """
    readings = [
        usage.replaced(quantities=reading.quantities, context=reading.context, readings=(), undecided=None)
        for reading in usage.readings
    ]
    whose = [
        number for number, reading in enumerate(usage.readings) if reading.provider == plan.card.provider is not None
    ]
    if len(whose) == 1:
        said = f"{usage.undecided}: read as {plan.card.provider} counts"
        return readings[whose[0]].replaced(notes=(*usage.notes, Note("reading_of_seller", said)))
    costs = [
        of_segments(segments_of(prices, plan, reading, tier, at, given), reading, plan.name) for reading in readings
    ]
    why = usage.undecided or "the counters may be read in several ways"
    if not readings:
        raise InconsistentUsageError(why)
    if len({cost.as_integer_ratio() for cost in costs}) != 1 or len({cost.unpriced for cost in costs}) != 1:
        ways = "; ".join(f"{_words(reading)}: {cost} USD" for reading, cost in zip(readings, costs, strict=True))
        raise InconsistentUsageError(
            f"{why}. They cost differently: {ways}. Say which it is: dialect=, or usage=llmcost.Usage(...)",
            readings=readings,
            costs=costs,
        )
    if usage.undecided is None:
        return usage.replaced(readings=())
    said = f"{why}: every reading costs the same"
    return readings[0].replaced(notes=(*usage.notes, Note("readings_agree", said)))


def _words(reading: Usage) -> str:
    return " + ".join(f"{quantity} {meter}" for meter, quantity in reading.quantities.items()) or "nothing"
