"""Batch rows: the prices of a batch from the row that the seller has for it, as a whole.

The row is a product of its own: what it does not say of a long prompt or of an off-peak hour, it sells at its own base
price. https://openrouter.ai/docs/guides/features/batch-api
"""

from __future__ import annotations

from ..core.dimensions import ordered, strength
from ..core.meters import METERS
from ..core.notes import Note
from ..core.rate import PUBLIC
from .batches import BATCH
from .layers import Layer, compile_card

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.dimensions import Conditions
    from ..core.rate import Rate
    from .entry import Entry
    from .overlay import Overlay


class BatchRow:
    """Takes the prices of a batch from the seller's row for batches, after all layers are merged."""

    __slots__ = ("_entry",)

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def __call__(self, overlay: Overlay) -> None:
        """Put the rates of the batch row beside the standard ones; a price that somebody set stays as it is."""
        cells = overlay.cells
        name = self._entry.key
        card = compile_card((Layer(self._entry),), model=name, name=name, match_rule="")
        sold: dict[str, dict[Conditions, Rate]] = {}
        for (meter, conditions), rate in card.cells.items():
            if not any(kind == "tier" for kind, _ in conditions):
                sold.setdefault(meter, {})[conditions] = rate
        standard: dict[str, set[Conditions]] = {meter: set() for meter in sold}
        own = set()
        for (meter, conditions), rate in cells.items():
            if rate.layer not in PUBLIC and conditions in {(), (BATCH,)}:
                own.add(meter)
            if not any(kind == "tier" for kind, _ in conditions):
                standard.setdefault(meter, set()).add(conditions)
        note = Note("derived_rate", f"a batch is sold as {name}", name)
        for meter, wanted in standard.items():
            lender = next((one for one in (meter, *METERS[meter].parents) if one in own or one in sold), None)
            if lender is None or lender in own:
                continue
            said = [note]
            if lender != meter and meter not in card.repeats:
                said.append(Note("parent_rate", f"{meter} rate missing: {lender} rate used", meter))
            for conditions in wanted.union(sold[lender]):
                cell = meter, ordered((*conditions, BATCH))
                holding = [one for one in sold[lender] if _holds(one, conditions)]
                if cell not in cells and holding:
                    found = sold[lender][max(holding, key=strength)].times((1, 1), *said, meter=meter)
                    found.conditions = cell[1]
                    cells[cell] = found


def _holds(conditions: Conditions, where: Conditions) -> bool:
    """Return whether conditions hold wherever others do: a prompt above 272,000 tokens is above 200,000 too.

    >>> _holds((("context", 200_000),), (("context", 272_000),)), _holds((("context", 200_000),), ())
    (True, False)
    """
    stated = dict(where)
    return all(
        kind in stated and (stated[kind] >= value if kind == "context" else stated[kind] == value)  # type: ignore[operator]
        for kind, value in conditions
    )
