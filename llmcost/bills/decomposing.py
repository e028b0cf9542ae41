"""Decomposing: the difference between a bill and a log, as causes whose sum it is.

With q units and c USD of the log, q' and c' of the bill, and the rate r of the card::

    c' - c  =  (q r - c)  +  (q' - q) r  +  (c' - q' r)
               own rate      other units     other rates, discounts, rounding, and what nobody can explain
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.exact import decimal_of, plain
from .causes import DISCOUNT, OWN_RATE, RATE, ROUNDING, UNEXPLAINED, Piece
from .cells import ZERO
from .counting import counted
from .expecting import at_other_rates, expected
from .sharing import Rest, shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from fractions import Fraction

    from .cells import Cell, Charge, Day, Prices
    from .expecting import Expected

_ROUNDED = "each line is rounded"


def decompose(charges: Sequence[Charge], prices: Prices, days: Mapping[tuple[date, str], Day]) -> list[Piece]:
    """Return the pieces of the difference between what is billed and what was recorded. Their sum is the difference.

    Args:
        charges: what is billed, each with the cells that it is for. Each cell belongs to one charge.
        prices: what the rate cards say.
        days: what is known of the calls of each model on each day.
    """
    found = [(charge, [expected(cell, charge.day, prices) for cell in charge.cells]) for charge in charges]
    pieces = [piece for charge, _ in found for piece in _recorded_otherwise(charge)]
    pieces += counted(found, days)
    rests = []
    for charge, cells in found:
        pieces += _mix(charge, cells)
        rest, explained = _rest(charge, cells, prices)
        pieces += explained
        rests.append((rest, cells))
    shared = set()
    for share in shares(rest for rest, _ in rests):
        for rest in share.charges:
            shared.add(id(rest.charge))
            agreed = rest.stated * share.ratio
            text = f"{share.text} on {rest.charge.model}"
            pieces += _pieces(
                rest.charge, (DISCOUNT, agreed - rest.stated, text), (ROUNDING, rest.charge.billed - agreed, _ROUNDED)
            )
    for rest, cells in rests:
        if id(rest.charge) not in shared and (rest.open or rest.within):
            left = rest.charge.billed - rest.stated
            kind, text = (UNEXPLAINED, _ratio(rest, cells)) if rest.open else (ROUNDING, _ROUNDED)
            pieces += _pieces(rest.charge, (kind, left, text))
    return pieces


def _piece(charge: Charge, kind: str, amount: Fraction, text: str, of: Charge | Cell | None = None) -> Piece:
    """Return a piece of the difference of a charge, in one of its cells or in all of it."""
    of = of or charge
    return Piece(kind, amount, text, charge.day, of.model, of.meter, None, of.calls, charge.place, charge.key)


def _pieces(charge: Charge, *parts: tuple[str, Fraction, str]) -> Iterator[Piece]:
    for kind, amount, text in parts:
        if amount:
            yield _piece(charge, kind, amount, text)


def _recorded_otherwise(charge: Charge) -> Iterator[Piece]:
    """Yield what the log recorded against what the card says of the same calls."""
    for cell in charge.cells:
        amount = cell.priced - cell.recorded
        if amount:
            text = "costs as the log recorded them, against the rate card"
            yield _piece(charge, OWN_RATE, amount, text, cell)


def _mix(charge: Charge, cells: list[Expected]) -> Iterator[Piece]:
    """Yield what the conditions that the bill states change, such as the tier."""
    for one in cells:
        amount = one.stated - one.counted
        if amount:
            text = (
                f"billed as {one.mix}, as the bill states"
                if one.mix
                else "billed under other conditions, as the bill states"
            )
            yield _piece(charge, RATE, amount, text, one.cell)


def _rest(charge: Charge, cells: list[Expected], prices: Prices) -> tuple[Rest, list[Piece]]:
    """Return what is left of a charge, and the pieces of it that another rate of the card explains."""
    stated = sum((one.stated for one in cells), ZERO)
    unknown = any(one.rate is None for one in cells)
    left = charge.billed - stated
    if unknown or abs(left) <= charge.slack:
        return Rest(charge, stated, unknown and bool(left), not unknown), []
    if charge.model is not None and cells:
        for other in prices.others(charge.model, [one.cell.meter for one in cells], charge.day):
            total = at_other_rates(charge, other)
            if total is not None and total != stated and abs(charge.billed - total) <= charge.slack:
                pieces = _pieces(
                    charge, (RATE, total - stated, other.text), (ROUNDING, charge.billed - total, _ROUNDED)
                )
                return Rest(charge, stated, open=False, within=False), list(pieces)
    return Rest(charge, stated, open=True, within=False), []


def _ratio(rest: Rest, cells: list[Expected]) -> str:
    """Say what is known of an amount that nothing explains."""
    charge = rest.charge
    unknown = [one.cell for one in cells if one.rate is None]
    if unknown:
        return f"no price is known for {unknown[0].meter} of {unknown[0].model}"
    if not cells or not rest.stated:
        return f"{charge.meter or 'usage'} of {charge.model or 'all models'} is billed, and the log has none"
    ratio = charge.billed / rest.stated
    shown = plain(decimal_of(round(ratio * 10_000), 10_000)[0], 0)
    what = charge.meter or "all meters"
    states = "" if any(one.cell.theirs is not None for one in cells) else ", and the bill states no units"
    billed = f"{what} of {charge.model or 'all models'} billed at {shown} x the card's rate"
    return f"{billed}, which no other rate of the card is{states}"
