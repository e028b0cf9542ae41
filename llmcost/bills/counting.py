"""Counting: what part of a difference comes from other units, and which units they are.

The input tokens of a day that agree in their sum and not in their parts were counted under another meter. Days that
agree only together were parted at another hour. What is left are calls that one of both sides does not have.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from ..core.meters import INPUT, METERS, OUTPUT, token_side
from .causes import DAY_BOUNDARY, EXTRA, MAYBE_BILLED, MISSING, OTHER_METER, Piece
from .cells import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from fractions import Fraction

    from .cells import Charge, Day
    from .expecting import Expected

    ByDay = dict[date, list["_Delta"]]


class _Delta(NamedTuple):
    """Units that the bill has more than the log in one cell (fewer if negative), and USD of them."""

    charge: Charge
    meter: str
    units: Fraction
    amount: Fraction
    calls: int


def counted(charges: list[tuple[Charge, list[Expected]]], days: Mapping[tuple[date, str], Day]) -> Iterator[Piece]:
    """Yield the pieces of the difference that come from other units."""
    by_model: dict[str, ByDay] = {}
    for charge, cells in charges:
        for one in cells:
            units = one.cell.billed_quantity - one.cell.quantity
            if units and one.rate is not None:
                delta = _Delta(charge, one.cell.meter, units, units * one.rate, one.cell.calls)
                by_model.setdefault(one.cell.model, {}).setdefault(charge.day, []).append(delta)
    for model, by_day in sorted(by_model.items()):
        for day in by_day:
            for side in (INPUT, OUTPUT):
                moved = [delta for delta in by_day[day] if token_side(delta.meter) == side]
                if len(moved) > 1 and not sum(delta.units for delta in moved):
                    yield from _under_another_meter(model, moved)
                    by_day[day] = [delta for delta in by_day[day] if delta not in moved]
        for first in sorted(by_day):
            for day in _boundary(by_day, first):
                for delta in by_day[day]:
                    yield _piece(DAY_BOUNDARY, model, delta, "counted on the day before or after")
                by_day[day] = []
        for day, deltas in sorted(by_day.items()):
            yield from _calls(model, deltas, days.get((day, model)))


def _under_another_meter(model: str, moved: list[_Delta]) -> Iterator[Piece]:
    # In the order of the table of meters.
    fewer = [meter for meter in METERS if any(delta.meter == meter and delta.units < 0 for delta in moved)]
    more = [meter for meter in METERS if any(delta.meter == meter and delta.units > 0 for delta in moved)]
    text = f"tokens counted as {' or '.join(fewer)} instead of {' or '.join(more)}"
    for delta in moved:
        piece = _piece(OTHER_METER, model, delta, text)
        # What was moved counts once: where it has gone to.
        yield piece if delta.units > 0 else piece._replace(quantity=None)


def _boundary(by_day: ByDay, first: date) -> list[date]:
    """Return the days from the first on that agree only together, meter by meter; empty if there are none."""
    sums: dict[str, Fraction] = {}
    run: list[date] = []
    day = first
    while by_day.get(day):
        run.append(day)
        for delta in by_day[day]:
            sums[delta.meter] = sums.get(delta.meter, ZERO) + delta.units
        if not any(sums.values()):
            return run if len(run) > 1 else []
        day += timedelta(days=1)
    return []


def _calls(model: str, deltas: list[_Delta], day: Day | None) -> Iterator[Piece]:
    kind, text = MISSING, "calls that the log does not have"
    # Calls without a whole answer are the reason, unless the requests that the log lacks are more than those calls.
    if day is not None and day.maybe_billed and (day.requests or 0) - day.calls <= day.maybe_billed:
        kind, text = MAYBE_BILLED, "calls that may have been billed, and were"
    for delta in deltas:
        if delta.units > 0:
            yield _piece(kind, model, delta, text)
        else:
            yield _piece(EXTRA, model, delta, "calls that the bill does not have")


def _piece(kind: str, model: str, delta: _Delta, text: str) -> Piece:
    charge = delta.charge
    units = abs(delta.units)
    return Piece(kind, delta.amount, text, charge.day, model, delta.meter, units, delta.calls, charge.place, charge.key)
