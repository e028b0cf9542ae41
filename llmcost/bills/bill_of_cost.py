"""The lines of one call's Cost: units and USD of each meter, with its share of the terms of a contract."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import ratio
from ..core.statement import REPORTED
from ..core.term import TERM_KINDS
from .cells import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.cost import Cost
    from ..core.lines import LineItem

# Terms that are a share of the lines before them; a fee of the contract is an amount of its own.
_SHARES = frozenset({"discount", "margin"})
# Whether the prompt was above a threshold stands in the conditions of the rate.
_LONG = "context >"


class CostLine(NamedTuple):
    """A meter of a call.

    Attributes:
        meter: what was counted; of a fee of the contract ``fee``, and of a sum that a provider states ``reported``.
        quantity: units.
        listed: USD before the terms of the contract.
        amount: USD.
        item: the line of the bill.
    """

    meter: str
    quantity: Fraction
    listed: Fraction
    amount: Fraction
    item: LineItem


def cost_lines(cost: Cost) -> list[CostLine]:
    """Return the lines of a Cost. Discounts and margins are in the lines of which they are shares.

    >>> import llmcost
    >>> cost = llmcost.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="gpt-4o")
    >>> [(line.meter, int(line.quantity), float(line.amount)) for line in cost_lines(cost)]
    [('input', 1000, 0.0025), ('output', 100, 0.001)]
    """
    items = cost.line_items
    if not any(item.meter in TERM_KINDS for item in items):
        amounts = [Fraction(item.amount) for item in items]
        return [
            CostLine(item.meter, Fraction(*ratio(item.quantity)), amount, amount, item)
            for item, amount in zip(items, amounts, strict=True)
        ]
    rated = [item for item in items if item.meter not in TERM_KINDS]
    listed = _sum(rated)
    share = (listed + _sum(item for item in items if item.meter in _SHARES)) / listed if listed else Fraction(1)
    found = []
    for item in items:
        if item.meter in _SHARES and listed:
            continue
        amount = Fraction(item.amount)
        agreed = amount if item.meter in TERM_KINDS else amount * share
        found.append(CostLine(item.meter, Fraction(*ratio(item.quantity)), amount, agreed, item))
    return found


def is_reported(cost: Cost) -> bool:
    """Return whether the cost is a sum that the provider states, which is for no meter."""
    return cost.counts == REPORTED


def is_long(cost: Cost) -> bool:
    """Return whether the prompt was above a threshold of the card."""
    return any(_LONG in item.conditions for item in cost.line_items)


def _sum(items: Iterable[LineItem]) -> Fraction:
    return sum((Fraction(item.amount) for item in items), ZERO)
