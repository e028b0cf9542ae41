"""Costs that a response states itself."""

from __future__ import annotations

from decimal import Decimal

from ...core.exact import decimal_of, ratio


def usd(value: object, per: int = 1) -> Decimal | None:
    """Return a stated cost in USD, exact; None if it is absent, negative or no number.

    ``per`` is how many of the stated units make one USD.
    """
    try:
        numerator, denominator = ratio(value)
    except (TypeError, ValueError):
        return None
    return decimal_of(numerator, denominator * per)[0] if numerator >= 0 else None
