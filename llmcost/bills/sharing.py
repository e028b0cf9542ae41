"""Sharing: one ratio between a bill and the rate card, over all that a model was billed for."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import decimal_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from .cells import Charge

# Decimal places of a share that somebody has agreed on.
_MOST_PLACES = 8


class Rest(NamedTuple):
    """A charge, and what it comes to by the rate card for what the bill counts.

    Attributes:
        open: whether no known rate gives what is billed.
        within: whether it equals what is billed, up to rounding.
    """

    charge: Charge
    stated: Fraction
    open: bool
    within: bool


class Share(NamedTuple):
    """Charges that are all billed at one share of the card's rates."""

    ratio: Fraction
    charges: list[Rest]

    @property
    def text(self) -> str:
        """The share as a person reads it: ``discount 12 %``."""
        off = abs(self.ratio - 1) * 100
        per_cent = plain(decimal_of(off.numerator, off.denominator)[0], 0)
        return f"{'discount' if self.ratio < 1 else 'surcharge'} {per_cent} %"


def shares(rests: Iterable[Rest]) -> Iterator[Share]:
    """Yield the shares at which models are billed over runs of days.

    A share has to hold for every charge of the days, within their rounding: at one charge alone it says nothing, and a
    charge that another rate explains is no part of it.
    """
    by_model: dict[str, dict[date, list[Rest]]] = {}
    for rest in rests:
        if rest.charge.model is not None and rest.stated > 0:
            by_model.setdefault(rest.charge.model, {}).setdefault(rest.charge.day, []).append(rest)
    for by_day in by_model.values():
        run: list[Rest] = []
        bounds: tuple[Fraction, Fraction] | None = None
        for day in sorted(by_day):
            found = by_day[day]
            narrowed = _narrowed(bounds, found)
            if narrowed is None:
                yield from _share(run, bounds)
                run, narrowed = [], _narrowed(None, found)
            if narrowed is not None:
                run += found
            bounds = narrowed
        yield from _share(run, bounds)


def _narrowed(bounds: tuple[Fraction, Fraction] | None, rests: list[Rest]) -> tuple[Fraction, Fraction] | None:
    """Return the bounds of a share that holds for more charges too; None if there is none."""
    for rest in rests:
        if not (rest.open or rest.within):
            return None
        charge = rest.charge
        low, high = ((charge.billed + sign * charge.slack) / rest.stated for sign in (-1, 1))
        bounds = (low, high) if bounds is None else (max(low, bounds[0]), min(high, bounds[1]))
        if bounds[0] > bounds[1]:
            return None
    return bounds


def _share(run: list[Rest], bounds: tuple[Fraction, Fraction] | None) -> Iterator[Share]:
    if bounds is not None and sum(rest.open for rest in run) > 1 and not bounds[0] <= 1 <= bounds[1]:
        yield Share(_shortest(*bounds), run)


def _shortest(low: Fraction, high: Fraction) -> Fraction:
    """Return the number between two with the fewest decimal places.

    >>> _shortest(Fraction("0.87995"), Fraction("0.88004")), _shortest(Fraction(1, 3), Fraction(1, 3))
    (Fraction(22, 25), Fraction(1, 3))
    """
    for places in range(_MOST_PLACES + 1):
        found = Fraction(ceil(low * 10**places), 10**places)
        if found <= high:
            return found
    return low
