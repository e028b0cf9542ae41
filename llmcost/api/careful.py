"""A call of which more has to be looked at than its counters: parts, own time, terms, another sum that may count."""

from __future__ import annotations

from ..core.call_cost import of_reported, of_segments
from ..core.statement import OWN_CACHE
from ..core.tiers import PREPAID
from ..errors import UnpricedUsageError
from .completing import of_all_videos
from .plan import nothing_reported
from .segments import BOUGHT, segments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost
    from ..core.notes import Note
    from ..core.usage import Usage
    from ..errors import UsageError
    from ..prices.price_map import PriceMap
    from .facts import Given
    from .plan import Plan


def with_care(
    prices: PriceMap,
    usage: Usage,
    plan: Plan,
    given: Given,
    at: object,
    basis: str,
    notes: tuple[Note, ...],
    missing: UsageError | None,
) -> Cost:
    """Return what a call costs of which more has to be looked at than its counters."""
    card = plan.card
    if given.prefer == "reported" and usage.reported is None:
        raise nothing_reported()
    if missing is not None and card.prices_tokens and not card.prices_work:
        raise missing
    waived = OWN_CACHE if given.cache_hit else None
    usage = of_all_videos(usage.for_model(card.name, card.model), card.mode, given)
    tier, said = plan.tier(usage)
    cost = of_segments(segments_of(prices, plan, usage, tier, at, given), usage, plan.name, card.terms, waived)
    if tier == PREPAID:
        cost.waived = waived or BOUGHT
    if missing is not None and not cost.line_items and not cost.unpriced:
        raise missing
    cost.dated(basis, said + notes).asked(given.service_tier, given.served_tier)
    reported = usage.reported
    if (
        reported is not None
        and waived is None
        and (given.prefer == "reported" or (given.prefer == "auto" and not card.priced_by_user))
    ):
        return of_reported(reported, usage, cost, plan.name).asked(given.service_tier, given.served_tier)
    if given.strict and cost.unpriced:
        raise UnpricedUsageError(
            f"no rate for {', '.join(cost.unpriced)} on {cost.matched_as}: {'; '.join(cost.notes)}", cost.unpriced
        )
    return cost
