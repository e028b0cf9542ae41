"""Expecting: what a charge comes to by the rate card, for the units that the bill states."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .cells import NOT_STATED, ZERO, Cell, Conditions, Counted

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from .cells import Charge, Other, Prices


class Expected(NamedTuple):
    """What a cell comes to.

    Attributes:
        cell: whose it is.
        rate: USD per unit, as the card prices the calls of the log; None where nothing is known.
        counted: USD of the units of the bill at that rate.
        stated: the same at the conditions that the bill states.
        mix: which conditions the bill has more of than the log, in words.
    """

    cell: Cell
    rate: Fraction | None
    counted: Fraction
    stated: Fraction
    mix: str


def expected(cell: Cell, day: date, prices: Prices) -> Expected:
    """Return what a cell comes to by the rate card."""
    quantity, priced = cell.quantity, cell.priced
    if cell.theirs is None:
        return Expected(cell, priced / quantity if quantity else ZERO, priced, priced, "")
    mean = priced / quantity if quantity else None
    if mean == 0 and prices.rate(cell.model, cell.meter, day, NOT_STATED) is None:
        # Units without a price cost nobody knows what, and not nothing.
        mean = None
    # What the log has without any units is no number of units times a rate: it stays beside them.
    beside = ZERO if quantity else priced
    stated = beside
    for conditions, units in cell.theirs.items():
        rate = _under(cell, conditions, day, prices)
        if rate is None and mean is None and units:
            return Expected(cell, None, priced, priced, "")
        stated += units * (rate if rate is not None else mean or ZERO)
    billed = cell.billed_quantity
    rate = mean if mean is not None else ((stated - beside) / billed if billed else ZERO)
    counted = billed * rate + beside
    return Expected(cell, rate, counted, stated, _mix(cell) if stated != counted else "")


def _under(cell: Cell, conditions: Conditions, day: date, prices: Prices) -> Fraction | None:
    """Return the rate under conditions: as the calls of the log were priced that met them, else as the card has it."""
    met = [
        part for counted, part in cell.ours.items() if _meets(counted.conditions, conditions, cell) and part.quantity
    ]
    if met:
        return sum((part.priced for part in met), ZERO) / sum((part.quantity for part in met), ZERO)
    return prices.rate(cell.model, cell.meter, day, conditions)


def _meets(ours: Conditions, line: Conditions, cell: Cell) -> bool:
    """Return whether calls of the log are among those that a line is for.

    A line that states no tier is for none of the tiers that other lines of the same cell state.
    """
    others = {other.tier for other in cell.theirs or {} if other.tier is not None} if line.tier is None else set()
    return ours.only(line.stated) == line and ours.tier not in others


def _mix(cell: Cell) -> str:
    """Return, in words, the conditions under which the bill has more units than the log."""
    more = []
    for conditions, units in (cell.theirs or {}).items():
        met = (part for counted, part in cell.ours.items() if _meets(counted.conditions, conditions, cell))
        logged = sum((part.quantity for part in met), ZERO)
        if units > logged and conditions != NOT_STATED:
            more.append(conditions.text)
    return " and ".join(sorted(more))


def at_other_rates(charge: Charge, other: Other) -> Fraction | None:
    """Return what a charge comes to at other rates; None if one of its meters has no such rate."""
    total = ZERO
    for cell in charge.cells:
        if not cell.quantity:
            # An amount without units is the same at any rate.
            total += cell.priced
        units = cell.billed_quantity
        if not units:
            continue
        parts = [(counted, part.quantity) for counted, part in cell.ours.items() if part.quantity]
        parts = parts or [(Counted(cell.meter, under), quantity) for under, quantity in (cell.theirs or {}).items()]
        amount = ZERO
        for counted, quantity in parts:
            rate = other.rate(counted.meter, counted.conditions)
            if rate is None:
                return None
            amount += quantity * rate
        total += amount * units / sum((quantity for _, quantity in parts), ZERO)
    return total
