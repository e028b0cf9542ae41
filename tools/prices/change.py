"""One change of a price, and how the values before and after it compare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .entries import round_price

# Two reports of one step may lie so many days apart.
NEAR = timedelta(days=75)


@dataclass(frozen=True)
class Change:
    """One price of one id that changed: the value before and after; None is "no such price"."""

    key: str
    start: str
    old: Any
    new: Any
    conf: str
    src: str
    assumed: bool = False
    # Whether `start` is the day on which somebody noticed the price, which changed on that day or before.
    noticed: bool = False


def plain(value: Any) -> Any:
    """Return a price as the files hold it: a rounded float; anything else as it is."""
    return round_price(value) if isinstance(value, (Decimal, int, float)) else value


def decimal(value: Any) -> Decimal:
    """Return a price as an exact decimal."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def same(one: Any, other: Any) -> bool:
    """Return whether two prices are one; a block is compared as it is written."""
    if one is None or other is None or isinstance(one, (dict, list)) or isinstance(other, (dict, list)):
        return bool(one == other)
    return bool(plain(one) == plain(other))


def text(value: Any) -> str:
    """Return a price as a message shows it."""
    return "none" if value is None else str(plain(value))


def day(text: str) -> date:
    """Return the day of a moment."""
    return date.fromisoformat(text[:10])
