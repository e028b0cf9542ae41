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
def _sizes() -> dict[str, tuple[int, str]]:
    text = files(__package__ or "").joinpath("grammars").joinpath("units.json").read_text("utf-8")
    return {unit: (size, of) for unit, (size, of) in json.loads(text).items()}


def units_of(quantity: Field, unit: Field, meter: str, amount: Fraction | None) -> Fraction | None:
    """Return units of a meter; None where the bill states none, or counts in others than the meter does.

    Args:
        amount: USD of the line; one that gives money back may give units back.

    Raises BillError for a quantity that is no number, or below 0.
    """
    count = quantity.units(amount)
    size, of = _sizes().get(unit.text.lower(), (0, ""))
    if count is None or not size or not _is_of(of, METERS[meter].unit):
        return None
    return count * size


def _is_of(of: str, unit: str) -> bool:
    """Return whether a meter counts what a unit is of; a bare number is of anything."""
    return not of or of == unit or {of, unit} <= _OCCASIONS
