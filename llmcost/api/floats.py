"""A Cost as a float, which cannot carry a mark: nothing priced raises, a lower bound warns."""

from __future__ import annotations

from ..core.notes import NOT_UNDERSTOOD
from ..errors import UnpricedUsageError, UnpricedUsageWarning, UnreadUsageWarning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost

_warned: set[tuple[str | None, str]] = set()
# Names of counters and keys come from responses and maps, so that there is no end to them.
_MOST_WARNED = 4096


def as_float(cost: Cost) -> float:
    """Return the cost as a float, which cannot carry a mark: so nothing priced raises, a lower bound warns."""
    if cost.unpriced:
        names = ", ".join(cost.unpriced)
        if not any(line.meter not in {"discount", "margin", "fee"} for line in cost.line_items):
            raise UnpricedUsageError(
                f"{cost.matched_as} has no rate for {names}. {'; '.join(cost.notes)}".rstrip(), cost.unpriced
            )
        for meter in cost.unpriced:
            said = f"{cost.matched_as} has no rate for {meter}: the cost is a lower bound (calculate() says more)"
            _warn(cost, meter, said, UnpricedUsageWarning)
    for doubt in cost.doubts:
        category = UnreadUsageWarning if doubt.code == NOT_UNDERSTOOD else UnpricedUsageWarning
        _warn(cost, doubt.about or doubt, doubt, category)
    return cost.response_cost


def _warn(cost: Cost, about: str, said: str, category: type[Warning]) -> None:
    """Warn once of a meter, a price key or a counter of a model."""
    key = (cost.matched_as, about)
    if key in _warned:
        return
    if len(_warned) >= _MOST_WARNED:
        _warned.clear()
    _warned.add(key)
    import warnings

    warnings.warn(said, category, stacklevel=4)
