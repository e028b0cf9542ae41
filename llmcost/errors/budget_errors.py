"""The error of a budget that has no room for a call."""

from __future__ import annotations

from .base import LLMCostError
from .printing import shown, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

_MOST_DIGITS = 100


class BudgetExceededError(LLMCostError, RuntimeError):
    """A call was not made: a budget has no room for it, or nothing bounds what it may cost.

    Attributes:
        budget: the name of the budget.
        limit: of its period, in USD.
        spent: what calls of the period have cost, in USD.
        reserved: what calls that are under way may cost, in USD.
        asked: what the refused call may cost, in USD; None if nothing bounds it.
        reason: why nothing bounds it, or why the budget cannot be asked (its sums are 0 then); empty otherwise.

    >>> import llmcost
    >>> try:
    ...     llmcost.Budget("0.50", name="nightly").reserve("0.60")
    ... except llmcost.BudgetExceededError as error:
    ...     error.budget, str(error.limit), str(error.spent), str(error.reserved), str(error.asked), error.reason
    ('nightly', '0.5', '0', '0', '0.6', '')
    """

    def __init__(
        self,
        budget: str,
        limit: Decimal,
        spent: Decimal,
        reserved: Decimal,
        asked: Decimal | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(budget, limit, spent, reserved, asked, reason)
        self.budget, self.limit, self.spent, self.reserved = budget, limit, spent, reserved
        self.asked, self.reason = asked, reason

    def __str__(self) -> str:
        if self.asked is None:
            way = "unpriced='allow' lets such calls pass, unpriced='assume:0.10' reserves that much for each"
            return f"{told(self.budget)}: the call is not made: {told(self.reason)}. {way}"
        limit, spent, reserved, asked = map(_money, (self.limit, self.spent, self.reserved, self.asked))
        state = f"the limit is {limit} USD, {spent} are spent and {reserved} reserved"
        return f"{told(self.budget)}: a call that may cost {asked} USD is not made: {state}"


def _money(amount: object) -> str:
    from decimal import Decimal

    # Without an exponent, unless that is thousands of digits.
    plain = type(amount) is Decimal and abs(amount.adjusted()) < _MOST_DIGITS
    return f"{amount:f}" if plain else shown(amount)
