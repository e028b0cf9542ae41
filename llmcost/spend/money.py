"""Money as a database keeps it: two whole numbers whose sums are exact in SQL, and what no 18 digits hold.

``nano`` counts whole billionths of a dollar, ``atto`` (0 to 999,999,999) billionths of those. ``rest`` is None, or the
digits behind the 18th as text; a fraction of 1e-18 USD such as ``1/3`` where there is no finite decimal.
"""

from __future__ import annotations

from ..core.exact import decimal_of, plain
from ..core.late import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import fractions
    from decimal import Decimal
    from typing import Any
else:
    # Nearly all amounts have 18 digits at most, and a status line waits for no more.
    fractions = Late("fractions")

_BASE = 10**9
_UNIT = 10**18
# What a signed integer of 64 bits holds.
_MOST_NANO = 2**63 - 1


def split(numerator: int, denominator: int) -> tuple[int, int, str | None]:
    """Return an amount in USD as nano, atto and rest.

    >>> split(5615, 1_000_000), split(1, 3), split(25, 10**20)
    ((5615000, 0, None), (333333333, 333333333, '1/3'), (0, 0, '25'))

    Raises OverflowError for more than 9.2 thousand million USD.
    """
    units, left = divmod(numerator * _UNIT, denominator)
    nano, atto = divmod(units, _BASE)
    if not -_MOST_NANO <= nano <= _MOST_NANO:
        raise OverflowError("an amount of more than 9.2e9 USD")
    return nano, atto, rest_text(fractions.Fraction(left, denominator)) if left else None


def rest_text(rest: fractions.Fraction) -> str | None:
    """Return a part of 1e-18 USD as it is kept; None for 0."""
    if not rest:
        return None
    number, exact = decimal_of(rest.numerator, rest.denominator)
    if not exact or rest >= 1 or rest < 0:
        return f"{rest.numerator}/{rest.denominator}"
    return plain(number, 0).partition(".")[2]


def rest_of(text: str) -> fractions.Fraction:
    """Return what ``rest_text`` has written.

    >>> rest_of("25"), rest_of("1/3")
    (Fraction(1, 4), Fraction(1, 3))
    """
    return fractions.Fraction(text) if "/" in text else fractions.Fraction(int(text), 10 ** len(text))


def joined(nano: int, atto: int, rest: fractions.Fraction | None = None) -> tuple[int, int]:
    """Return an amount, or a sum of amounts, as a fraction in USD.

    >>> joined(5615000, 0)
    (1123, 200000)
    """
    total = fractions.Fraction(nano * _BASE + atto + (rest or 0), _UNIT)
    return total.numerator, total.denominator


def usd_of_row(row: Any) -> fractions.Fraction:
    """Return the amount of a row of the database, in its columns ``nano``, ``atto`` and ``rest``."""
    return fractions.Fraction(*joined(row.nano, row.atto, None if row.rest is None else rest_of(row.rest)))


def usd_text(numerator: int, denominator: int) -> str:
    """Return an amount as exact text: a decimal, or a fraction where there is none.

    >>> usd_text(5615, 1_000_000), usd_text(2, 6)
    ('0.005615', '1/3')
    """
    number, exact = decimal_of(numerator, denominator)
    if exact:
        return plain(number, 0)
    fraction = fractions.Fraction(numerator, denominator)
    return f"{fraction.numerator}/{fraction.denominator}"


def usd_of(text: str) -> tuple[int, int]:
    """Return what ``usd_text`` has written, as a fraction."""
    amount = fractions.Fraction(text)
    return amount.numerator, amount.denominator


def decimal(numerator: int, denominator: int) -> Decimal:
    """Return an amount as a Decimal; 40 digits where there is no finite one."""
    return decimal_of(numerator, denominator)[0]
