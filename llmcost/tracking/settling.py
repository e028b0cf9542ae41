"""Settling: what the end of a call does to the budgets that it counts in."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.statuses import FAILED, MAYBE_BILLED, UNPRICED
from .context import Behalf
from .pricing import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .budget import Budget
    from .call import TrackedCall
    from .reservation import Reservation


def settle(held: Reservation | None, budgets: Sequence[Budget], call: TrackedCall) -> None:
    """Enter what a call has cost: in the place of what was reserved, else in the budgets that hold for it.

    A call whose cost is fully known is entered as it is. Where it may have cost more (a cut stream, an answer without a
    usage, a meter without a rate), the greater of the known part and of what was reserved counts.
    """
    cost = call.cost
    spent = Fraction(0) if cost is None else Fraction(*cost.as_integer_ratio())
    if held is None:
        who = Behalf(call.team, call.user, call.session, call.tags)
        facts = Facts(call.model, call.provider, call.deployment)
        for budget in budgets:
            if spent and budget.holds(who, facts):
                budget.charge(spent)
    elif call.status == FAILED:
        held.give_back()
    else:
        open_ended = call.status in {MAYBE_BILLED, UNPRICED} or cost is None or not cost.complete
        held.close(spent, at_least=open_ended)
