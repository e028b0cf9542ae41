"""Cells that a price list leaves out and that follow from its other cells: derived, and marked so.

- A list that has a price above a threshold and one of a tier, and none for both: the threshold's times what the tier
  is of the base.
- A meter without a price of a tier, whose parent has one: its own times what the tier does to the parent. A cached
  token is dearer in the priority tier as the input is.

Nothing is derived for a meter without any price above a threshold: audio may cost the same at any length.
"""

from __future__ import annotations

from ..core.dimensions import ordered
from ..core.meters import CACHE_READS, METERS, TOKEN_METERS
from ..core.notes import Note
from .batches import BATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.dimensions import Conditions
    from ..core.rate import Rate

    Cells = dict[tuple[str, Conditions], Rate]


def cross(cells: Cells) -> None:
    """Add the rate of a tier above a threshold; a given rate stays."""
    tiers = _tiers(cells)
    if not tiers:
        return
    for rate in list(cells.values()):
        if rate.meter in TOKEN_METERS and [kind for kind, _ in rate.conditions] == ["context"]:
            for tier in tiers.get(rate.meter, ()):
                _add(cells, rate, tier, ordered((*rate.conditions, *tier.conditions)))


def follow(cells: Cells) -> None:
    """Add the rate of a meter in a tier, if only its parent has a rate there; a given rate stays."""
    by_meter = _tiers(cells)
    if not by_meter:
        return
    for (meter, conditions), rate in list(cells.items()):
        if conditions or meter not in TOKEN_METERS:
            continue
        parent = next((name for name in METERS[meter].parents if (name, ()) in cells), None)
        for model in by_meter.get(parent or "", ()):
            # The discounts on cached tokens and on a batch do not stack, unless the seller lists the price or says so.
            if not (meter in CACHE_READS and BATCH in model.conditions):
                _add(cells, rate, model, model.conditions)
    cross(cells)


def _tiers(cells: Cells) -> dict[str, list[Rate]]:
    """Return the rates of tiers by their meter: a list may have as many thresholds as somebody writes."""
    found: dict[str, list[Rate]] = {}
    for rate in cells.values():
        if [kind for kind, _ in rate.conditions] == ["tier"]:
            found.setdefault(rate.meter, []).append(rate)
    return found


def _add(cells: Cells, rate: Rate, model: Rate, conditions: Conditions) -> None:
    """Add a rate under further conditions: times ``model``, a rate under these conditions, over its base rate."""
    base = cells.get((model.meter, ()))
    if (rate.meter, conditions) in cells or base is None or not base.numerator:
        return
    # A price of a list never scales an own price, and an own price never scales a price of a list.
    if len({(one.layer, one.map_key) for one in (rate, model, base)}) > 1:
        return
    factor = (model.numerator * base.denominator, model.denominator * base.numerator)
    if factor[0] == factor[1]:
        return
    said = f"{rate.price_key} x {model.price_key} / {base.price_key}"
    found = rate.times(factor, Note("derived_rate", said, rate.meter))
    found.conditions = conditions
    cells[rate.meter, conditions] = found
