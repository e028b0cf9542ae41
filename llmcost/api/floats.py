"""A Cost as a float. A float carries no mark: a lower bound warns, and a call without any price raises."""

from __future__ import annotations

from ..core.call_cost import is_quiet
from ..core.notes import DOUBTS
from ..core.term import has_price
from ..errors import (
    IgnoredArgumentWarning,
    StalePricesWarning,
    UnpricedUsageError,
    UnpricedUsageWarning,
    UnreadUsageWarning,
)
from ..prices.registry import Kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost

# What was warned of: (model or argument, reason) -> category. Names come from callers, hence the bound.
_warned, _MOST_WARNED = Kept(), 1024

# Code of a note -> the warning that stands for it beside a float: the cost may be higher, a stated fact did not select
# its price, or the price may not be today's.
CATEGORIES: dict[str, type[Warning]] = {
    **dict.fromkeys(("broken_off", "left_out", "aggregate_context", "aggregate_count"), UnpricedUsageWarning),
    **dict.fromkeys(("tier_unknown", "tier_without_rates", "call_type_unknown"), IgnoredArgumentWarning),
    "promise_over": StalePricesWarning,
}


def warn_of(cost: Cost) -> None:
    """Warn of what a float cannot say of a cost, such as that it is a lower bound: once for each model and reason.

    Raises UnpricedUsageError if nothing of the call has a rate.
    """
    if is_quiet(cost):
        return
    if cost.unpriced:
        names = ", ".join(cost.unpriced)
        if not has_price(cost.line_items):
            raise UnpricedUsageError(
                f"{cost.matched_as} has no rate for {names}. {'; '.join(cost.notes)}".rstrip(), cost.unpriced
            )
        for meter in cost.unpriced:
            said = f"{cost.matched_as} has no rate for {meter}: the cost is a lower bound (calculate() says more)"
            warn_once((cost.matched_as or cost.model, meter), said, UnpricedUsageWarning)
    doubts = cost.doubts
    if cost.reported is not None and not cost.total:
        # A float cannot tell a free call from one whose provider failed to state its cost.
        doubts = (*doubts, *(note for note in cost.notes if note.code == "reported_zero"))
    for doubt in doubts:
        category = UnreadUsageWarning if doubt.code in DOUBTS else UnpricedUsageWarning
        warn_once((cost.matched_as or cost.model, doubt.about or doubt), doubt, category)
    for note in cost.cautions:
        # A doubt about a price key names the unknown tier already.
        if note.code in CATEGORIES and not (doubts and note.code == "tier_unknown"):
            warn_once((cost.matched_as or cost.model, note), note, CATEGORIES[note.code])


def warn_once(about: tuple[str | None, str], said: str, category: type[Warning]) -> None:
    """Warn, unless the same was said of it before: ``about`` is a model or an argument, and the reason."""
    if about not in _warned:
        _warned.keep(about, category, _MOST_WARNED)
        # Few calls warn.
        from ..core.warned import warn_caller

        warn_caller(said, category)
