"""What a response costs on one row of prices, line by line."""

from __future__ import annotations

from decimal import Decimal

from llmcost import CostMap


def bill(row: dict, response: object, **facts: object) -> list[tuple[str, Decimal, Decimal]]:
    """Return meter, quantity and amount of every line; nothing may be unpriced."""
    cost = CostMap({"m": row}).calculate(response, model="m", prefer="calculated", **facts)
    assert cost.unpriced == ()
    return [(line.meter, Decimal(str(line.quantity)), line.amount) for line in cost.line_items]


def lines(*expected: tuple[str, object, str]) -> list[tuple[str, Decimal, Decimal]]:
    """Return lines as bill() does, their amounts written as text."""
    return [(meter, Decimal(str(quantity)), Decimal(amount)) for meter, quantity, amount in expected]
