"""Units: how many of a meter one unit of a bill is, as data in ``grammars/units.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from .amounts import Field


@cache
def _sizes() -> dict[str, int]:
    text = files(__package__ or "").joinpath("grammars").joinpath("units.json").read_text("utf-8")
    found: dict[str, int] = json.loads(text)
    return found


def units_of(quantity: Field, unit: Field) -> Fraction | None:
    """Return units of a meter; None where the bill states none, or a unit that is not known.

    Raises BillError for a quantity that is no number.
    """
    count = quantity.units()
    size = _sizes().get(unit.text.lower())
    return None if count is None or size is None else count * size
