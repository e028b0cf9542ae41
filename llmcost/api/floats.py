"""A Cost as a float. A float carries no mark: a lower bound warns, and a call without any price raises."""

from __future__ import annotations

from ..core.notes import DOUBTS
from ..errors import UnpricedUsageError, UnpricedUsageWarning, UnreadUsageWarning
from ..prices.registry import Kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost

# What was warned of, by the model and the reason. Names are a caller's, so that only so many are remembered.
_warned, _MOST_WARNED = Kept(), 1024


def as_float(cost: Cost) -> float:
    """Return the cost as a float. A lower bound warns, once for each model and reason.

    Raises UnpricedUsageError if nothing of the call has a rate.
    """
    if cost.unpriced:
        names = ", ".join(cost.unpriced)
        if not any(line.meter not in {"discount", "margin", "fee"} for line in cost.line_items):
            raise UnpricedUsageError(
                f"{cost.matched_as} has no rate for {names}. {'; '.join(cost.notes)}".rstrip(), cost.unpriced
            )
        for meter in cost.unpriced:
            said = f"{cost.matched_as} has no rate for {meter}: the cost is a lower bound (calculate() says more)"
            _warn_once(cost, meter, said, UnpricedUsageWarning)
    doubts = cost.doubts
    if cost.reported is not None and not cost.total:
        # A float cannot tell a free call from one whose provider failed to state its cost.
        doubts = (*doubts, *(note for note in cost.notes if note.code == "reported_zero"))
    for doubt in doubts:
        category = UnreadUsageWarning if doubt.code in DOUBTS else UnpricedUsageWarning
        _warn_once(cost, doubt.about or doubt, doubt, category)
    return cost.response_cost


def _warn_once(cost: Cost, reason: str, said: str, category: type[Warning]) -> None:
    key = (cost.matched_as or cost.model, reason)
    if key not in _warned:
        _warned.keep(key, True, _MOST_WARNED)  # noqa: FBT003 - that it was said is all there is to keep
        import warnings

        warnings.warn(said, category, stacklevel=4)
