"""Periods: the spans of time for which a budget has its limit. Days and months are those of UTC."""

from __future__ import annotations

from datetime import datetime, timezone
from time import time

from ..errors import ArgumentError, shown

PERIODS = ("day", "month", None)
# The one period of a budget that never begins anew.
ALWAYS = ""


def checked(period: object) -> str | None:
    """Return the word of a period.

    Raises ArgumentError for any other word.
    """
    if period not in PERIODS:
        raise ArgumentError(f"period={shown(period)}: it is 'day', 'month' or None")
    return period


def now() -> float:
    """Return the present moment in seconds since 1970."""
    return time()


def period_at(period: str | None, moment: float) -> str:
    """Return the name of the period in which a moment lies.

    >>> period_at("day", 1764201599.5), period_at("day", 1764201600), period_at("month", 1764201600)
    ('2025-11-26', '2025-11-27', '2025-11')
    """
    if period is None:
        return ALWAYS
    day = datetime.fromtimestamp(moment, timezone.utc).date().isoformat()
    return day if period == "day" else day[:7]
