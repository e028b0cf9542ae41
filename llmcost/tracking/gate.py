"""Gate: what a tracked call has to pass before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BudgetExceededError
from .bounds import Asking, Unbounded, bound_of
from .budget import reserve_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .attempt import Attempt

_FAILED_BOUND = Unbounded("its request could not be read")


def admitted(
    attempt: Attempt, asking: Callable[[], tuple[Mapping[str, Any], int | None]]
) -> BudgetExceededError | None:
    """Reserve what a call may cost in every budget that holds for it; return the error if one of them refuses it.

    ``asking`` returns the fields of its request, and the bytes of their text, or None where that is not known.
    """
    ledger, guard = attempt.ledger, attempt.ledger.guard
    facts, who = attempt.stated()
    attempt.passes_on()
    budgets = [budget for budget in attempt.budgets() if budget.holds(who, facts)]
    if not budgets:
        return None
    request = guard.call("request", asking)
    bound = (
        _FAILED_BOUND if request is None else guard.call("budget", bound_of, ledger.cost_map, facts, Asking(*request))
    )
    bound = _FAILED_BOUND if bound is None else bound
    try:
        attempt.held = reserve_all([(budget, budget.wanted(bound)) for budget in budgets])
    except BudgetExceededError as error:
        return error
    return None
