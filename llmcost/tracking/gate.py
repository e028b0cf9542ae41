"""Gate: what a tracked call has to pass before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BudgetExceededError
from .bounds import Asking, Unbounded, bound_of
from .budget import reserve_all
from .counting import counted
from .limits import TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction
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
    bounds: dict[str, Unbounded | Fraction] = {}
    for count in {budget.count for budget in budgets}:
        found = None
        if request is not None:
            fields, size = request
            if count == TOKENS and size is not None:
                # Where nothing counts them, the bytes bound the tokens still.
                model = facts.given.get("model") or facts.model
                size = min(size, guard.call("budget", counted, model, fields) or size)
            found = guard.call("budget", bound_of, ledger.cost_map, facts, Asking(fields, size))
        bounds[count] = _FAILED_BOUND if found is None else found
    try:
        attempt.held = reserve_all([(budget, budget.wanted(bounds[budget.count])) for budget in budgets])
    except BudgetExceededError as error:
        return error
    return None
