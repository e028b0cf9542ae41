"""Rating: usage x tariff -> what each meter costs. Look up and multiply."""

from __future__ import annotations

from math import lcm

from .exact import plus, ratio
from .late import Late
from .meters import METERS, MODEL_METERS, OUTPUT_METERS, TIME_METERS
from .notes import BOUNDS, CAUSES, Note
from .rate import PUBLIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import by_call
    from .counts import Quantities
    from .ratecard import RateCard
    from .tariff import Tariff
    from .usage import Usage
else:
    # Most calls are units times rates, and nothing beside them.
    by_call = Late("llmcost.core.by_call")

BROKEN_OFF = Note("broken_off", "the response broke off: this is a lower bound")


class Segment:
    """What one usage costs on one card: a call, or one part of it.

    Attributes:
        quantities: the meters that are rated, with how many units.
        tariff: the rates; every meter of ``quantities`` has one.
        numerator, denominator: the sum in USD, exact.
        unpriced: meters that were used and have no rate.
        notes: what had to be decided.
        waived: why what was counted costs nothing here, by meter.
        doubts: price keys and counters that this version does not know and that may cost something here.
        assumed: whether nobody states what its rates were at its time.
    """

    __slots__ = (
        "assumed",
        "denominator",
        "doubts",
        "model",
        "notes",
        "numerator",
        "quantities",
        "tariff",
        "unpriced",
        "usage",
        "waived",
    )

    def __init__(
        self,
        usage: Usage,
        model: str,
        tariff: Tariff | None,
        quantities: Quantities,
        unpriced: tuple[str, ...] = (),
        notes: tuple[Note, ...] = (),
    ) -> None:
        self.usage, self.model, self.tariff, self.quantities = usage, model, tariff, quantities
        self.unpriced, self.notes = unpriced, notes
        self.waived: dict[str, str] = {}
        doubts = [note for note in usage.notes if note.code in BOUNDS] if usage.notes else ()
        self.doubts: tuple[Note, ...] = tuple(doubts)
        self.numerator, self.denominator, self.assumed = 0, 1, False
        if tariff is not None:
            self.numerator, self.denominator = total(quantities, tariff)

    @property
    def broken_off(self) -> tuple[Note, ...]:
        """A note if the response ended early; where a reader says what else a lower bound lacks, its note stands."""
        if not self.usage.partial or any(note.code in CAUSES for note in self.usage.notes):
            return ()
        return (BROKEN_OFF,)

    def waive(self, why: str, *, fees: bool) -> Segment:
        """Make the model's own work cost nothing, and with ``fees`` its tools too; return self."""
        self.waived = {meter: why for meter in self.quantities if fees or meter in MODEL_METERS}
        self.doubts = ()
        rest = {meter: quantity for meter, quantity in self.quantities.items() if meter not in self.waived}
        if self.tariff is not None:
            self.numerator, self.denominator = total(rest, self.tariff)
        return self


def amount(quantities: Quantities, tariff: Tariff) -> int | None:
    """Return the sum of whole quantities times rates, over the tariff's denominator.

    None if a quantity is no whole number, or a meter has no rate.
    """
    rates = tariff.cached_rates
    numerator = 0
    try:
        for meter in quantities:
            numerator += quantities[meter] * rates[meter]  # type: ignore[assignment]
    except KeyError:
        # The first call with this meter, or one that the tariff cannot price.
        if any(tariff.rate(meter) is None for meter in quantities):
            return None
        return amount(quantities, tariff)
    except TypeError:
        return None
    return numerator if type(numerator) is int else None


def output_amount(quantities: Quantities, tariff: Tariff) -> int:
    """Return the part of an ``amount`` that the answer costs, over the tariff's denominator."""
    rates = tariff.cached_rates
    numerator = 0
    for meter in quantities:
        if meter in OUTPUT_METERS:
            numerator += quantities[meter] * rates[meter]  # type: ignore[assignment]
    return numerator


def total(quantities: Quantities, tariff: Tariff) -> tuple[int, int]:
    """Return the sum of quantities times rates, exact, as numerator and denominator."""
    integer_sum = amount(quantities, tariff)
    if integer_sum is not None:
        return integer_sum, tariff.denominator
    numerator, common = 0, 1
    for meter, quantity in quantities.items():
        units, per = ratio(quantity)
        if common % per:
            wider = lcm(common, per)
            numerator, common = numerator * (wider // common), wider
        value = tariff.rate(meter)
        assert value is not None  # noqa: S101 - a segment holds only meters that have a rate
        numerator += units * (common // per) * value
    return numerator, common * tariff.denominator


_PIXELS = frozenset({"output_pixels", "input_pixels"})


def rate(usage: Usage, tariff: Tariff, model: str) -> Segment:
    """Return what a usage costs under a tariff; parts are rated apart, each on its own card."""
    card = tariff.card
    quantities = dict(usage.quantities)
    unpriced: list[str] = []
    notes: list[Note] = list(tariff.notes)

    sells_calls = card.sells_calls
    if sells_calls and quantities:
        quantities = {meter: q for meter, q in quantities.items() if not _paid_for(meter, card)}
        _name_time(quantities, card, notes)
    more = usage.more
    for group in more.alternatives:
        unit = _choose(group, tariff)
        if unit is None:
            if not any(any(counted.values()) for counted in group):
                continue
            # Time, requests or queries pay for the work, in whichever units it is counted; fees of tools are on top.
            if not (sells_calls and all(_paid_for(meter, card) for counted in group for meter in counted)):
                unpriced.append(next(iter(group[0])))
                if unpriced[-1] == "output_images" and not _PIXELS.isdisjoint(card.by_meter):
                    said = f"{card.name} prices an image by its pixels: pass size="
                    notes.append(Note("image_size_needed", said, "size"))
        else:
            for meter, quantity in unit.items():
                quantities[meter] = plus(quantities.get(meter, 0), quantity)
    if not all(quantities.values()):
        quantities = {meter: quantity for meter, quantity in quantities.items() if quantity}
    # A session that consists of turns alone is billed by its turns: each turn is a request.
    if usage.quantities or more.alternatives or more.duration is not None or not more.parts:
        if card.timed or more.duration is not None or more.media:
            by_call.add_time(usage, tariff, quantities, unpriced, notes, sells_calls=sells_calls)
        if card.counts_calls:
            by_call.add_calls(usage, card, quantities, unpriced, notes)

    if "web_searches" in quantities and not usage.aggregate:
        quantities = tariff.as_grounded(quantities)
    cached = tariff.cached_rates
    for meter in [meter for meter in quantities if meter not in cached and tariff.rate(meter) is None]:
        unpriced.append(meter)
        del quantities[meter]
    if unpriced:
        unpriced = list(dict.fromkeys(unpriced))
        notes += [tariff.waiting[meter] for meter in unpriced if meter in tariff.waiting]
    if usage.context is None and card.thresholds:
        said = "an aggregate of several requests: no context threshold applied, this is a lower bound"
        notes.append(Note("aggregate_context", said))
    return Segment(usage, model, tariff, quantities, tuple(unpriced), tuple(notes))


def _paid_for(meter: str, card: RateCard) -> bool:
    """Return whether the price of the whole call pays for what a meter counts: model work that has no rate of its own.

    On a card that is priced by time, seconds are billed themselves, so that they are never paid for by another price.
    """
    if meter not in MODEL_METERS or any(name in card.by_meter for name in (meter, *METERS[meter].parents)):
        return False
    return meter not in TIME_METERS or TIME_METERS.isdisjoint(card.by_meter)


def _name_time(quantities: Quantities, card: RateCard, notes: list[Note]) -> None:
    """Count seconds of an unstated kind as seconds of the only kind that the card prices."""
    for meter in [name for name in quantities if name in TIME_METERS and name not in card.by_meter]:
        kinds = [kind for kind in card.by_meter if kind in TIME_METERS and meter in METERS[kind].parents]
        if len(kinds) == 1:
            quantities[kinds[0]] = plus(quantities.get(kinds[0], 0), quantities.pop(meter))
            said = f"{meter} are taken for {kinds[0]}, the only kind that {card.name} has a price for"
            notes.append(Note("modality_assumed", said, meter))


def _choose(group: tuple[Quantities, ...], tariff: Tariff) -> Quantities | None:
    """Return the first unit that the card has rates for.

    A rate of 0 does not hide a rate above 0 of another unit, unless a stronger layer of the user's set it.
    """
    first_zero = first_partial = None
    for unit in group:
        none = zero = above = False
        for meter, quantity in unit.items():
            if quantity:
                value = tariff.rate(meter)
                if value is None:
                    none = True
                elif value:
                    above = True
                else:
                    zero = True
        if none:
            if first_partial is None and (zero or above):
                first_partial = unit
        elif above:
            if first_zero is None or _strength(unit, tariff) <= _strength(first_zero, tariff):
                return unit
        elif zero and (first_zero is None or _strength(unit, tariff) < _strength(first_zero, tariff)):
            first_zero = unit
    return first_partial or first_zero


def _strength(unit: Quantities, tariff: Tariff) -> int:
    """Return the place of the strongest of the user's layers that price a unit; the map and what is free come last."""
    layers = tariff.card.layers
    priced = [p for meter, quantity in unit.items() if quantity and (p := tariff.price(meter)) is not None]
    above = [p for p in priced if p.rate.numerator]
    by_user = [p.rate for p in above or priced if p.rate.layer not in PUBLIC and not p.free]
    places = [layers.index((r.layer, r.map_key)) for r in by_user if (r.layer, r.map_key) in layers]
    return min(places, default=len(layers))
