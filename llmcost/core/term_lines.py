"""The lines of commercial terms, which change the sum before them, and of fees of one's own.

A term is on the sum before it, or, if it names meters, on what these meters cost by then. A discount takes at most what
is there, so that no meter, and no total, is ever below 0.
"""

from __future__ import annotations

from ..errors import shown
from .exact import decimal_of, plain, ratio
from .lines import LineItem
from .notes import Note
from .rating import total
from .statement import add
from .term import OWN_FEE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .counts import Quantity
    from .rating import Segment
    from .term import Fee, Term

    Fraction = tuple[int, int]

# What fees of terms add up to, beside the meters.
_FEES = ""


def with_terms(
    terms: Iterable[Term], segments: Sequence[Segment], subtotal: Fraction, model: str, fees: Mapping[str, Fraction]
) -> tuple[Fraction, list[LineItem]]:
    """Return the sum of a call with its terms, and a line for each.

    ``subtotal`` is the sum before them, with ``fees`` of one's own, by their meter.
    """
    terms = tuple(terms)
    by_meter = any(term.meters for term in terms)
    sums: dict[str, Fraction] = {**_by_meter(segments), **fees} if by_meter else {_FEES: subtotal}
    lines = []
    for term in terms:
        meters = [meter for meter in sums if meter in term.meters] if term.meters else list(sums)
        if term.meters and not meters:
            continue
        term.used = True
        if term.kind == "fee":
            amount = term.numerator, term.denominator
            sums[_FEES] = add(sums.get(_FEES, (0, 1)), amount)
        else:
            amount = 0, 1
            sign = -1 if term.kind == "discount" else 1
            for meter in meters:
                units, per = sums[meter]
                change = sign * units * term.numerator, per * term.denominator
                sums[meter], amount = add(sums[meter], change), add(amount, change)
        subtotal = add(subtotal, amount)
        lines.append(_line(term, amount, model, meters))
    return subtotal, lines


def with_fees(
    used: Mapping[str, Quantity],
    fee_prices: Mapping[str, Fee],
    segments: Sequence[Segment],
    model: str,
    waived: str | None,
) -> tuple[dict[str, Fraction], list[LineItem]]:
    """Return what fees of one's own cost, by their meter, and a line for each; one without a price is unpriced.

    ``waived`` is why the whole call costs nothing.
    """
    sums: dict[str, Fraction] = {}
    lines = []
    for name, quantity in used.items():
        meter = f"{OWN_FEE}{name}"
        fee = fee_prices.get(name) or next(
            (fee_prices[star] for star in fee_prices if star[-1:] == "*" and _fits(star, name)), None
        )
        if fee is None and waived is not None:
            continue
        if fee is None:
            segments[0].unpriced += (meter,)
            names = ", ".join(sorted(fee_prices)) or "none"
            said = f"no price is known for the fee {shown(name)}: llmcost.fees of the configuration has {names}"
            segments[0].notes += (Note("fee_without_price", said, meter),)
            continue
        units, per = ratio(quantity)
        price = decimal_of(fee.numerator, fee.denominator)[0]
        sums[meter] = (units * fee.numerator, per * fee.denominator) if waived is None else (0, 1)
        factors = () if waived is None else (f"x 0 ({waived})",)
        origin = fee.layer, fee.map_key, fee.price_key
        lines.append(
            LineItem(model, meter, quantity, fee.unit, price, decimal_of(*sums[meter])[0], "", factors, *origin)
        )
    return sums, lines


def _fits(star: str, name: str) -> bool:
    return name.startswith(star[:-1])


def _by_meter(segments: Sequence[Segment]) -> dict[str, Fraction]:
    """Return what each meter costs in all parts of a call."""
    sums: dict[str, Fraction] = {}
    for segment in segments:
        for meter, quantity in segment.quantities.items():
            if segment.tariff is not None and meter not in segment.waived:
                sums[meter] = add(sums.get(meter, (0, 1)), total({meter: quantity}, segment.tariff))
    return sums


def _line(term: Term, amount: Fraction, model: str, meters: Sequence[str]) -> LineItem:
    value = decimal_of(*amount)[0]
    share = plain(decimal_of(term.numerator * 100, term.denominator)[0], 0)
    notes: tuple[Note, ...] = ()
    if term.kind != "fee":
        what = f"of what {', '.join(meters)} cost before it" if term.meters else "of the sum before it"
        notes = (Note("share_of_sum", f"{f'{term.name}: ' if term.name else ''}{share}% {what}", term.kind),)
    elif term.name:
        notes = (Note("fee_of_a_term", f"{term.name}: for each call", term.kind),)
    return LineItem(model, term.kind, 1, "term", value, value, "", (), term.layer, term.map_key, term.price_key, notes)
