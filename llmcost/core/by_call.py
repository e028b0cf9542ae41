"""What a call is sold by beside the units that it counts: its time, one request, one query."""

from __future__ import annotations

from .exact import decimal_of, ratio
from .meters import MODEL_METERS, TIME_METERS, TOKEN_METERS
from .notes import Note
from .rate import PUBLIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .counts import Quantities, Quantity
    from .ratecard import RateCard
    from .tariff import Tariff
    from .usage import Usage


def add_time(
    usage: Usage, tariff: Tariff, quantities: Quantities, unpriced: list[str], notes: list[Note], *, sells_calls: bool
) -> None:
    """Put the undivided time of a call under the meter that bills it: the first with a price per second above 0.

    On a card without a price per second it is for calls that state a duration or media.

    Time is billed where nothing else pays for the work. Where the card is sold by time and none is stated, its meter is
    unpriced: the cost is a lower bound then.
    """
    card, duration = tariff.card, usage.more.duration
    timed = card.timed
    if not timed:
        if not (sells_calls or quantities or unpriced):
            _add_time_without_rate(usage, tariff, quantities, unpriced, notes)
        return
    if not TIME_METERS.isdisjoint(quantities):
        return
    tokens = [rate for meter in quantities if meter in TOKEN_METERS and (rate := tariff.rate(meter)) is not None]
    # Tokens that somebody set to 0 do not hide a price per second that somebody set above 0.
    if tokens and (any(tokens) or not _sells_time_by_own_price(card, timed)):
        if duration is not None:
            said = "duration is not billed: the card prices the tokens of this call"
            notes.append(Note("duration_not_billed", said, "duration"))
        return
    time: Quantity | None = usage.more.elapsed if duration is None and card.wall_clock else duration
    if not time:
        missing = _missing_time(usage, tariff, time, quantities, unpriced, own_price=bool(tokens))
        if missing is not None:
            unpriced.append(timed[0])
            notes.append(missing)
        return
    billed_by = None
    for meter in timed:
        rate = tariff.rate(meter)
        if rate:
            billed_by = meter
            break
        if rate is not None and billed_by is None:
            billed_by = meter
    if billed_by is None:
        unpriced.append(timed[0])
    elif billed_by in card.minimums:
        quantities[billed_by] = _at_least(billed_by, time, usage, card, notes)
    else:
        quantities[billed_by] = time


def _add_time_without_rate(
    usage: Usage, tariff: Tariff, quantities: Quantities, unpriced: list[str], notes: list[Note]
) -> None:
    """Add the time of a call without other units, on a card without a price per second."""
    duration = usage.more.duration
    if duration is not None and tariff.rate("compute_seconds") is not None:
        # A free model, whose time costs nothing either.
        quantities["compute_seconds"] = duration
    else:
        unpriced.append("compute_seconds")
        notes.append(Note("no_second_rate", f"{tariff.card.name} has no price per second", "compute_seconds"))


def _missing_time(
    usage: Usage,
    tariff: Tariff,
    time: Quantity | None,
    quantities: Quantities,
    unpriced: list[str],
    *,
    own_price: bool,
) -> Note | None:
    """Return the note of a call that needs a time and states none, or 0; None where something else is billed."""
    card = tariff.card
    no_time = Note("duration_needed", f"{card.name} is priced by time: pass duration= (seconds)", card.timed[0])
    if time is None:
        sold_otherwise = card.prices_tokens or "requests" in card.by_meter or "queries" in card.by_meter
        if own_price or not (sold_otherwise or any(meter in MODEL_METERS for meter in (*quantities, *unpriced))):
            return no_time
        return None
    billed = any(meter in MODEL_METERS and tariff.rate(meter) for meter in quantities)
    if billed or any(meter in MODEL_METERS for meter in unpriced) or not (usage.quantities or usage.alternatives):
        return None
    # The call did work, which takes time: a 0 comes from a timer that failed.
    return Note("duration_needed", f"a 0 beside other work is no time: {no_time}")


def _at_least(meter: str, time: Quantity, usage: Usage, card: RateCard, notes: list[Note]) -> Quantity:
    """Return the time that is billed: some sellers bill a request for a minimum, however short it was."""
    stated = card.minimums[meter]
    if usage.aggregate:
        said = f"a request is billed for {stated} s at least, and an aggregate does not say how many it holds"
        notes.append(Note("aggregate_count", said, meter))
        return time
    pieces = usage.media or 1
    numerator, denominator = ratio(stated)
    least = decimal_of(numerator * pieces, denominator)[0]
    if decimal_of(*ratio(time))[0] >= least:
        return time
    each = f", {pieces} times" if pieces > 1 else ""
    notes.append(Note("minimum_billed", f"{stated} s, the minimum of a request{each}, for {time} s", meter))
    return int(least) if least == int(least) else least


def _sells_time_by_own_price(card: RateCard, timed: tuple[str, ...]) -> bool:
    return any(rate.numerator and rate.layer not in PUBLIC for meter in timed for rate in card.by_meter[meter])


def add_calls(usage: Usage, card: RateCard, quantities: Quantities, unpriced: list[str], notes: list[Note]) -> None:
    """Add what every call is by itself: one request, and where only queries are sold at least one query."""
    for meter, note in card.unstated.items():
        if meter not in usage.quantities:
            # At least one was used. One is billed; there may be more, so that the meter is unpriced too.
            unpriced.append(meter)
            notes.append(note)
            if not usage.aggregate:
                quantities[meter] = 1
    several = "an aggregate does not say how many {} it holds: give them in the usage"
    if "requests" in card.by_meter and "requests" not in quantities:
        if usage.aggregate:
            unpriced.append("requests")
            notes.append(Note("aggregate_count", several.format("requests"), "requests"))
        else:
            quantities["requests"] = 1
    if "queries" in card.by_meter and not quantities and not unpriced:
        if usage.aggregate:
            unpriced.append("queries")
            notes.append(Note("aggregate_count", several.format("queries"), "queries"))
        else:
            quantities["queries"] = 1
            notes.append(Note("query_assumed", "no query count in the response: 1 query assumed", "queries"))
