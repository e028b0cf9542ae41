"""Numbers in the columns of a table, as text: decimal points in one line, and shares of a sum."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class Amount(Protocol):
        """A number that is exact: an int, a Decimal, a Fraction, or a Cost."""

        def as_integer_ratio(self) -> tuple[int, int]:
            """Return the numerator and the denominator."""


def fraction(cell: str) -> str:
    """Return the decimal point and the digits after it; empty for a whole number and for a word.

    >>> fraction(">=0.0024"), fraction("1,920"), fraction("unpriced")
    ('.0024', '', '')
    """
    place = cell.rfind(".")
    return cell[place:] if place >= 0 and cell[place + 1 :].isdecimal() else ""


def pointed(cell: str, places: int) -> str:
    """Return a number padded at its right to so many characters behind its whole part; a word stays as it is.

    >>> pointed("0.5", 4), pointed("12", 4), pointed("error", 4)
    ('0.5  ', '12    ', 'error')
    """
    return cell + " " * (places - len(fraction(cell))) if cell[-1:].isdecimal() else cell


def on_the_point(cells: Iterable[str]) -> list[str]:
    """Return the cells of a column, to be written to the right, with their decimal points in one line.

    >>> on_the_point(["0.000215", "0.0024", "unpriced"])
    ['0.000215', '0.0024  ', 'unpriced']
    """
    found = list(cells)
    places = max((len(fraction(cell)) for cell in found), default=0)
    return [pointed(cell, places) for cell in found]


def share_of(part: Amount, whole: Amount) -> str:
    """Return how much of a whole a part is, to a tenth of a percent; nothing of a whole that is not above 0.

    >>> share_of(1, 3), share_of(-1, 8), share_of(1, 10**6), share_of(1, 0)
    ('33.3%', '-12.5%', '<0.1%', '')
    """
    (up, down), (all_up, all_down) = part.as_integer_ratio(), whole.as_integer_ratio()
    if all_up <= 0:
        return ""
    above, below = up * all_down * 1000, down * all_up
    if 0 < above < below:
        return "<0.1%"
    tenths = (2 * abs(above) + below) // (2 * below)
    return f"{'-' if above < 0 else ''}{tenths // 10}.{tenths % 10}%"
