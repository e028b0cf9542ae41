"""Columns of numbers as text: their decimal points stand in one line."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


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
