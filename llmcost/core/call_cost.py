"""The Cost of one call: its segments, its terms, its lines, and what had to be decided."""

from __future__ import annotations

from .cost import Cost
from .exact import decimal_of, ratio
from .late import Late
from .notes import Note
from .rate import price_doubts
from .rating import Segment, amount, output_amount
from .statement import CALCULATED, REPORTED, add
from .tiers import STANDARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import Any

    from . import lines as line_items
    from . import term_lines
    from .counts import Quantity
    from .lines import LineItem
    from .ratecard import RateCard
    from .tariff import Tariff
    from .term import Fee, Term
    from .usage import Usage
else:
    term_lines = Late("llmcost.core.term_lines")
    # Lines are made when somebody reads them.
    line_items = Late("llmcost.core.lines")

_NOTHING: dict[str, str] = {}
_NO_FEES: Mapping[str, Any] = {}
# Meters of lines whose notes only repeat what the Cost says.
_REPEATING = frozenset({"free", "reported"})
# A tariff keeps the notes of so many sets of meters.
_MOST_SAID = 100


class CallCost(Cost):
    """What one call cost.

    Most calls are quantities times the rates of one tariff. A call with parts, terms or a waiver has segments instead.
    """

    usage: Usage

    _tariff: Tariff | None = None
    _segments: tuple[Segment, ...] | None = None
    # Lines that stand beside those of the rates: terms, and what is free or reported.
    _extra_lines: tuple[LineItem, ...] = ()
    _calculated: CallCost | None = None
    _counts: str = CALCULATED

    @property
    def counts(self) -> str:
        """Which sum is the cost: ``calculated``, or ``reported`` by the provider."""
        return self._counts

    @property
    def calculated(self) -> Cost | None:
        """The Cost by our own rate card, with its lines; None if the model is unknown."""
        return self if self._counts is CALCULATED else self._calculated

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The call and its parts, each with the tariff it was rated by."""
        if self._segments is None:
            tariff = self._tariff
            assert tariff is not None  # noqa: S101 - a cost has a tariff or segments
            self._segments = (Segment(self.usage, tariff.card.name, tariff, self.usage.quantities, (), tariff.notes),)
        return self._segments

    def _made_lines(self) -> tuple[LineItem, ...]:
        if self._tariff is not None:
            return line_items.lines_of(self.usage.quantities, self._tariff, _NOTHING)
        if self._counts is REPORTED:
            return self._extra_lines
        lines: list[LineItem] = []
        for segment in self.segments:
            if segment.tariff is not None:
                lines += line_items.lines_of(segment.quantities, segment.tariff, segment.waived)
        return (*lines, *self._extra_lines)

    @property
    def split(self) -> tuple[float, float]:
        """USD as two floats, ``(input + other, output)``: the way LiteLLM splits a cost."""
        if self._tariff is None:
            return super().split
        output = output_amount(self.usage.quantities, self._tariff)
        return (self._n - output) / self._d, output / self._d

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Meters that were used and have no rate, in the order of use."""
        if self._tariff is not None or self._counts is REPORTED:
            return ()
        return tuple(dict.fromkeys(meter for segment in self.segments for meter in segment.unpriced))

    @property
    def doubts(self) -> tuple[Note, ...]:
        """Price keys and counters that this version does not know and that may cost something, each in words."""
        if self._counts is REPORTED or (self._tariff is not None and not self.usage.notes):
            return ()
        return tuple(dict.fromkeys(doubt for segment in self.segments for doubt in segment.doubts))

    @property
    def lower_bound(self) -> bool:
        """Whether the true cost may be higher."""
        tariff, usage = self._tariff, self.usage
        if tariff is not None:  # everything is priced
            if usage.notes and self.doubts:
                return True
            return usage.partial or (usage.context is None and bool(tariff.card.thresholds))
        if self._counts is REPORTED:
            return False
        return bool(self.unpriced) or any(
            segment.usage.partial
            or bool(segment.doubts)
            or (segment.usage.context is None and segment.tariff is not None and bool(segment.tariff.card.thresholds))
            for segment in self.segments
        )

    @property
    def matched_as(self) -> str | None:
        """The map key that priced the call; None for a reported cost of an unknown model."""
        tariff = self._tariff
        if tariff is not None:
            return tariff.card.name
        tariff = self._main_tariff()
        return tariff.card.name if tariff is not None else None

    @property
    def match_rule(self) -> str | None:
        """The rule by which the name was matched: ``exact``, ``dated_snapshot`` ..."""
        tariff = self._main_tariff()
        return tariff.card.match_rule if tariff is not None else None

    @property
    def provider(self) -> str | None:
        """The provider whose prices were used, as the map names it."""
        tariff = self._main_tariff()
        return tariff.card.provider if tariff is not None else None

    @property
    def billed_tier(self) -> str:
        """The service tier whose prices were used."""
        tariff = self._main_tariff()
        return tariff.billed_tier if tariff is not None else STANDARD

    def _main_tariff(self) -> Tariff | None:
        if self._tariff is not None:
            return self._tariff
        return self._segments[0].tariff if self._segments else None

    @property
    def notes(self) -> tuple[Note, ...]:
        """What had to be decided or assumed, in words."""
        tariff, usage = self._tariff, self.usage
        if tariff is None or self._call_notes or usage.notes or usage.partial:
            return self._made_notes()
        # Calls of one tariff and the same meters have the same notes. The card gets another note when its map is old.
        meters = tuple(usage.quantities)
        cached = tariff.notes_by_meters.get(meters)
        if cached is not None and cached[0] is tariff.card.notes:
            return cached[1]
        made = self._made_notes()
        if cached is not None or len(tariff.notes_by_meters) < _MOST_SAID:
            tariff.notes_by_meters[meters] = tariff.card.notes, made
        return made

    def _made_notes(self) -> tuple[Note, ...]:
        found: list[Note] = list(self._call_notes)
        for segment in self.segments:
            card = () if segment.tariff is None else segment.tariff.card.notes
            # A stated sum lacks nothing that our own calculation lacks.
            own = () if self._counts is REPORTED else (*segment.notes, *segment.doubts)
            found += (*segment.usage.notes, *card, *own, *segment.broken_off)
        found += price_doubts(self.line_items)
        found += [note for line in self.line_items if line.meter not in _REPEATING for note in line.notes]
        return tuple(dict.fromkeys(found))

    @property
    def cautions(self) -> tuple[Note, ...]:
        """Notes of the call itself: why it is a lower bound, and what of it was assumed; none of cards and lines."""
        if self._counts is REPORTED:
            return ()
        if self._tariff is not None and not self.usage.partial:
            return (*self._call_notes, *self.usage.notes, *self._tariff.notes)
        return (*self._call_notes, *(note for s in self.segments for note in (*s.usage.notes, *s.notes, *s.broken_off)))

    def saving(self) -> tuple[int, int]:
        """Return what cache reads saved, less what cache writes cost on top, in USD as a fraction."""
        total = (0, 1)
        for segment in self.segments:
            if segment.tariff is None:
                continue
            for meter, quantity in segment.quantities.items():
                saved = None if meter in segment.waived else segment.tariff.saved_rate(meter)
                if saved is not None:
                    units, per = ratio(quantity)
                    total = add(total, (units * saved, per * segment.tariff.denominator))
        return total

    def dated(self, basis: str, notes: tuple[Note, ...]) -> CallCost:
        """State how the price was dated and the notes of the whole call, and return self."""
        self.basis, self._call_notes = basis, notes
        return self

    def with_tiers(self, requested: str | None, served: str | None) -> CallCost:
        """State the tiers that the caller names, and return self."""
        self.requested_tier, self.served_tier = requested, served or self.served_tier
        return self


def cards_of(cost: Cost) -> tuple[RateCard, ...]:
    """Return the cards that priced a call and its parts. The segments of a common call are not made for this."""
    if isinstance(cost, CallCost) and cost._tariff is not None:
        return (cost._tariff.card,)
    return tuple(segment.tariff.card for segment in cost.segments if segment.tariff is not None)


def is_quiet(cost: Cost) -> bool:
    """Return whether there is nothing to say beside the sum: counters with a rate each, and no note of the call."""
    if not isinstance(cost, CallCost) or cost._tariff is None:
        return False
    return not (cost._tariff.notes or cost._call_notes or cost.usage.notes or cost.usage.partial)


def of_tariff(usage: Usage, tariff: Tariff, model: str | None, basis: str, notes: tuple[Note, ...]) -> CallCost | None:
    """Return the Cost of a common call: whole quantities times the rates of one tariff.

    None where more is needed: a quantity is not a whole number, a meter has no rate, or a note has to say why it is 0.
    """
    numerator = amount(usage.quantities, tariff)
    if not numerator:
        return None
    cost = CallCost()
    cost._n, cost._d = numerator, tariff.denominator
    cost.usage, cost._tariff = usage, tariff
    cost.model, cost.served_tier = model, usage.service_tier
    cost.basis, cost._call_notes = basis, notes
    return cost


def of_segments(
    segments: tuple[Segment, ...],
    usage: Usage,
    model: str | None = None,
    terms: tuple[Term, ...] = (),
    waived: str | None = None,
    fees: Mapping[str, Quantity] = _NO_FEES,
    fee_prices: Mapping[str, Fee] = _NO_FEES,
) -> CallCost:
    """Return the Cost of a call and its parts, with commercial terms applied to their sum.

    ``waived`` is why all of it costs nothing, fees of tools too. ``fees`` says how much of each fee of one's own was
    used, and ``fee_prices`` what a unit of each costs.
    """
    total = (0, 1)
    for segment in segments:
        if waived is not None:
            segment.waive(waived, fees=True)
            segment.unpriced = ()
        total = add(total, (segment.numerator, segment.denominator))
    extra: list[LineItem] = []
    name = segments[0].model if segments else ""
    sums: dict[str, tuple[int, int]] = {}
    if fees:
        sums, extra = term_lines.with_fees(fees, fee_prices, segments, name, waived)
        for sum_of_fee in sums.values():
            total = add(total, sum_of_fee)
    if terms and waived is None and usage.more.free is None:
        total, lines = term_lines.with_terms(terms, segments, total, name, sums)
        extra += lines
    if usage.more.free is not None and not any(segment.quantities for segment in segments):
        why, zero = (Note("not_billed", usage.more.free),), decimal_of(0, 1)[0]
        extra.append(line_items.LineItem(name, "free", 1, "call", zero, zero, notes=why))
    cost = CallCost()
    cost._n, cost._d = total
    cost.usage, cost._segments, cost._extra_lines = usage, segments, tuple(extra)
    cost.model, cost.served_tier, cost.reported, cost.waived = model, usage.service_tier, usage.more.reported, waived
    return cost


def of_reported(reported: Decimal, usage: Usage, calculated: CallCost | None, model: str | None) -> CallCost:
    """Return the Cost that the provider itself states: one line, ``reported``. ``calculated`` is ours."""
    cost = CallCost()
    cost._n, cost._d = reported.as_integer_ratio()
    cost.usage, cost.model, cost.served_tier, cost.reported = usage, model, usage.service_tier, reported
    cost._calculated, cost._counts = calculated, REPORTED
    why = (Note("stated_by_provider", "stated by the provider"),)
    line = line_items.LineItem(model or "", "reported", 1, "call", reported, reported, layer="response", notes=why)
    cost._segments, cost._extra_lines = (calculated.segments if calculated is not None else ()), (line,)
    if calculated is None or calculated.unpriced or calculated.total != cost.total:
        from .work import of_report

        cost._call_notes = of_report(cost, usage, calculated)
    return cost
