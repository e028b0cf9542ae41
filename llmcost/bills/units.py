"""Units: how many of a meter one unit of a bill is, as data in ``grammars/units.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ..core.meters import METERS

if TYPE_CHECKING:
    from fractions import Fraction

    from .amounts import Field


# What is counted one by one, whatever it is called.
_OCCASIONS = frozenset({"request", "query", "search", "call", "prompt", "message", "session"})


@cache
def _names() -> tuple[dict[str, int], dict[str, tuple[int, str]]]:
    """Return how many a word in front of a unit means; and how many of what each unit is."""
    stated = json.loads(files(__package__ or "").joinpath("grammars").joinpath("units.json").read_text("utf-8"))
    return stated["many"], {unit: (size, of) for unit, (size, of) in stated["units"].items()}


def size_of(unit: str) -> tuple[int, str]:
    """Return how many of what a unit is; 0 for an unknown one.

    >>> size_of("1K tokens"), size_of("minutes"), size_of("1M"), size_of("dozens")
    ((1000, 'token'), (60, 'second'), (1000000, ''), (0, ''))
    """
    many, units = _names()
    first, _, rest = unit.lower().partition(" ")
    if first not in many:
        return units.get(unit.lower(), (0, ""))
    size, of = units.get(rest, (0, "")) if rest else (1, "")
    return many[first] * size, of


def units_of(quantity: Field, unit: Field, meter: str, amount: Fraction | None) -> Fraction | None:
    """Return units of a meter; None where the bill states none, or counts in others than the meter does.

    Args:
        amount: USD of the line; one that gives money back may give units back.

    Raises BillError for a quantity that is no number, or below 0.
    """
    count = quantity.units(amount)
    size, of = size_of(unit.text)
    if count is None or not size or not _is_of(of, METERS[meter].unit):
        return None
    return count * size


def _is_of(of: str, unit: str) -> bool:
    """Return whether a meter counts what a unit is of; a bare number is of anything."""
    return not of or of == unit or {of, unit} <= _OCCASIONS
