"""A Cost as a float, which cannot carry a mark: nothing priced raises, a part unpriced warns."""

from __future__ import annotations

from ..errors import UnpricedUsageError, UnpricedUsageWarning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost

_warned: set[tuple[str | None, str]] = set()


def as_float(cost: Cost) -> float:
    """Return the cost as a float, which cannot carry a mark: so nothing priced raises, a part unpriced warns."""
    if cost.unpriced:
        names = ", ".join(cost.unpriced)
        if not any(line.meter not in {"discount", "margin", "fee"} for line in cost.line_items):
            raise UnpricedUsageError(
                f"{cost.matched_as} has no rate for {names}. {'; '.join(cost.notes)}".rstrip(), cost.unpriced
            )
        for meter in cost.unpriced:
            key = (cost.matched_as, meter)
            if key not in _warned:
                _warned.add(key)
                import warnings

                warnings.warn(
                    f"{cost.matched_as} has no rate for {meter}: the cost is a lower bound (calculate() says more)",
                    UnpricedUsageWarning,
                    stacklevel=3,
                )
    doubts = cost.doubts
    if cost.reported is not None and not cost.total:
        # A float cannot tell a free call from one whose provider failed to state its cost.
        doubts = (*doubts, *(note for note in cost.notes if note.code == "reported_zero"))
    for doubt in doubts:
        if (cost.model, doubt) not in _warned:
            _warned.add((cost.model, doubt))
            import warnings

            warnings.warn(doubt, UnpricedUsageWarning, stacklevel=3)
    return cost.response_cost
