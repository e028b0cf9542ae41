"""Calls that need more than their counters: they have parts, a time, commercial terms or a reported cost."""

from __future__ import annotations

from ..core.call_cost import of_reported, of_segments
from ..core.late import Late
from ..core.notes import Note
from ..core.rate import PUBLIC
from ..core.statement import OWN_CACHE
from ..core.tiers import PREPAID
from ..errors import InconsistentUsageError, UnpricedUsageError
from ..prices.vendors import THOUGHTS_IN_TOTAL, family
from .completing import SOLD_OTHERWISE, as_sold, with_thoughts
from .segments import BOUGHT, segments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.call_cost import CallCost
    from ..core.cost import Cost
    from ..core.stated import More
    from ..core.usage import Usage
    from ..errors import UsageError
    from ..prices.price_map import PriceMap
    from . import unused_terms
    from .given import Given
    from .plan import Plan
else:
    unused_terms = Late("llmcost.api.unused_terms")


def with_care(
    prices: PriceMap,
    usage: Usage,
    plan: Plan,
    given: Given,
    at: object,
    basis: str,
    notes: tuple[Note, ...],
    no_usage: UsageError | None,
) -> Cost:
    """Return the Cost of a call that needs more than its counters to be priced.

    The usage is brought into the form that the card sells, each segment is priced on its card, and terms come on top.
    Where the cost that the provider states counts, ours stands beside it.
    """
    card, more = plan.card, usage.more
    # What of the terms holds for this call, and whether the cost that its provider states counts.
    reported, terms = more.reported, card.terms
    if terms:
        terms = tuple([term for term in terms if not term.tags or not term.tags.isdisjoint(given.tags or ())])
    if reported is None:
        if given.prefer == "reported":
            raise _nothing_reported()
    elif not _report_counts(more, given, by_user=card.priced_by_user or bool(terms or given.fees)):
        reported = None
    if no_usage is not None and card.prices_tokens and not card.prices_work:
        raise no_usage
    # The usage in the units that the card sells.
    if more.names_of is not None or more.overlap is not None:
        usage = usage.for_model(card.name, card.model)
    if card.mode in SOLD_OTHERWISE:
        usage = as_sold(usage, card.mode, given, card.provider)
    if more.above is not None and family(card.provider or "") in THOUGHTS_IN_TOTAL:
        usage = with_thoughts(usage, more.above)
    tier, tier_notes = plan.tier(usage)
    if more.readings or more.undecided is not None:
        from .readings import decided

        try:
            usage = decided(prices, plan, usage, tier, at, given)
        except InconsistentUsageError:
            if reported is None:
                raise
            # The counters contradict each other, and the cost that the provider states does not depend on them.
            return of_reported(reported, usage, None, plan.name).with_tiers(plan.requested_tier, given.served_tier)

    segments = segments_of(prices, plan, usage, tier, at, given)
    waived = OWN_CACHE if given.cache_hit else None
    cost = of_segments(segments, usage, plan.name, terms, waived, given.fees or {}, card.fees)
    if card.terms:
        unused_terms.count_calls_without(card.terms)
    if tier == PREPAID:
        cost.waived = waived or BOUGHT
    for one in segments:
        if one.quantities or one.unpriced:
            break
    else:
        if usage.more.free is None:
            if no_usage is not None:
                raise no_usage
            notes = (*notes, *_why_nothing(cost))
    guessed = _guessed(cost) if card.guessed or len(segments) > 1 else ()
    if basis in _STATED and (guessed or any(one.assumed for one in segments)):
        basis = "assumed"
    cost.dated(basis, tier_notes + notes + guessed).with_tiers(plan.requested_tier, given.served_tier)

    if reported is not None:
        return of_reported(reported, usage, cost, plan.name).with_tiers(plan.requested_tier, given.served_tier)
    if given.strict and cost.unpriced:
        raise _unpriced(cost)
    return cost


def _report_counts(more: More, given: Given, *, by_user: bool) -> bool:
    """Return whether the cost that the provider states is the cost of the call, and not our own calculation.

    ``by_user`` says that the user has a price of this call: it is stronger than what the provider states.
    """
    if given.cache_hit or given.prefer == "calculated":
        return False
    return given.prefer == "reported" or not (by_user or more.booked)


def _unpriced(cost: CallCost) -> UnpricedUsageError:
    """Return the error for a call with a meter that has no rate, where the caller asks for one (``strict=``)."""
    return UnpricedUsageError(
        f"{cost.matched_as} has no rate for {', '.join(cost.unpriced)}. "
        + ("; ".join(cost.notes) or "Set a price for it, or leave strict= out: the cost is a lower bound then"),
        cost.unpriced,
    )


# The dating of prices that a source states for their day.
_STATED = frozenset({"exact", "scheduled"})


def _guessed(cost: CallCost) -> tuple[Note, ...]:
    """Return a note on each price that the call was rated by and that no source states for its day.

    A Cost has one basis: it is no better than that of each of its lines.
    """
    guessed: dict[str, str] = {}
    for segment in cost.segments:
        tariff = segment.tariff
        if tariff is None or not tariff.card.guessed:
            continue
        for meter in segment.quantities:
            priced = tariff.price(meter)
            if priced is not None and priced.rate.layer in PUBLIC and priced.rate.price_key in tariff.card.guessed:
                guessed[priced.rate.price_key] = meter
    if not guessed:
        return ()
    return tuple(
        Note("assumed_price", f"nobody states the {key} of that day: its ratio to another price is kept", meter)
        for key, meter in guessed.items()
    )


def _why_nothing(cost: CallCost) -> tuple[Note, ...]:
    """Return why a cost has no line: nothing was used, or what was used is not known yet.

    Raises UnpricedUsageError if something was counted and none of it is on a line or marked as unpriced.
    """
    from ..core.work import is_nothing

    if not is_nothing(cost.usage):
        raise UnpricedUsageError(f"{cost.matched_as or cost.model} has no price for anything in {cost.usage!r}", ())
    if cost.usage.partial:
        return ()
    return (Note("nothing_used", "nothing was used: everything that is counted is 0"),)


def of_unknown(usage: Usage, given: Given, name: str | None) -> Cost:
    """Return the cost that the response of a model states for which no price is known.

    It is called while the UnknownModelError is handled, and raises it again if no cost is stated, or one that may not
    count. Raises UnpricedUsageError if one is asked for that is not stated.
    """
    reported = usage.more.reported
    if reported is None:
        if given.prefer == "reported":
            raise _nothing_reported() from None
        # The error is no variable of this function, since it would hold the frame that holds it.
        raise  # noqa: PLE0704
    if given.prefer == "calculated" or given.cache_hit:
        raise  # noqa: PLE0704
    return of_reported(reported, usage, None, name).with_tiers(given.service_tier, given.served_tier)


def _nothing_reported() -> UnpricedUsageError:
    """Return the error for a response without a cost of its own, where that one is asked for."""
    return UnpricedUsageError("the response reports no cost of its own; use prefer='calculated'", ("reported",))
