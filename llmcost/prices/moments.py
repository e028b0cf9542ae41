"""Moments: text, dates, datetimes and seconds since 1970; and the only clock."""

from __future__ import annotations

import os
from time import time

from ..core.iso_time import as_iso
from ..errors import PriceDataError, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

# A span of time without a beginning and without an end.
ALWAYS = float("-inf"), float("inf")
# The end of the year 9998, in seconds since 1970; milliseconds lie beyond it.
LAST = 253_370_764_799


def moment(at: object) -> datetime:
    """Return a point in time from a datetime (numpy's too), a date, ISO text or seconds since 1970; UTC without a zone.

    Raises PriceDataError for anything else.
    """
    from datetime import date, datetime, timezone

    from ..core.scalars import own

    at = own(at)
    try:
        found = datetime.fromisoformat(as_iso(at)) if isinstance(at, str) else at
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            found = datetime.fromtimestamp(found, timezone.utc)
        elif isinstance(found, date) and not isinstance(found, datetime):
            found = datetime(found.year, found.month, found.day, tzinfo=timezone.utc)
        # At either end of the calendar the offset may lead out of the years that a datetime has.
        if isinstance(found, datetime) and 1 < found.year < 9999:
            return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError, OSError):
        pass
    raise PriceDataError(
        f"at={shown(at)} is no time: pass a datetime, a date, ISO text (2026-08-24T02:00:00Z) or seconds since 1970"
    )


# The day that counts as today, YYYY-MM-DD, for tests and for runs that repeat an earlier one.
TODAY = "LLMCOST_TODAY"


def _now() -> float:
    stated = os.environ.get(TODAY)
    if not stated:
        return time()
    try:
        return instant(stated)
    except PriceDataError:
        raise PriceDataError(f"{TODAY}={shown(stated)} is no day: it is written YYYY-MM-DD") from None


# The present, in seconds since 1970. Whether it is fixed is settled when the package is loaded: calls ask often.
clock = _now if os.environ.get(TODAY) else time


def now() -> datetime:
    """Return the present."""
    from datetime import datetime, timezone

    return datetime.fromtimestamp(_now(), timezone.utc)


def today() -> int:
    """Return the days from 1970-01-01 to the present day in UTC, without loading datetime."""
    return int(_now() // 86_400)


def seconds_of(at: object) -> float:
    """Return a point in time in seconds since 1970; see ``moment``."""
    return at if type(at) is int and 0 <= at <= LAST else moment(at).timestamp()


def day(seconds: float) -> str:
    """Return the day of a moment, in UTC, as ISO text."""
    return moment(seconds).date().isoformat()


def day_number(day: str) -> int:
    """Return the days from 1970-01-01 to a day in ISO text, without loading datetime.

    >>> day_number("1970-01-01"), day_number("2024-03-01"), day_number("2026-11-23")
    (0, 19783, 20780)
    """
    year, month, date = (int(part) for part in day[:10].split("-"))
    # Years that begin in March end with the leap day.
    year, month = (year, month - 3) if month > 2 else (year - 1, month + 9)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + date - 719_469


def is_day(text: object) -> bool:
    """Return whether something is a day in ISO text.

    >>> is_day("2026-11-30"), is_day("2026-13-01"), is_day("2026-11-30T00:00:00Z"), is_day(20261130)
    (True, False, False, False)
    """
    if not isinstance(text, str) or len(text) != len("2026-08-16"):
        return False
    try:
        instant(text)
    except PriceDataError:
        return False
    return True


def instant(text: object) -> float:
    """Return a day or an instant of the price history in seconds since 1970, without loading datetime where it can.

    >>> instant("1970-01-02"), instant("2026-08-16T16:00:00Z")
    (86400.0, 1786896000.0)
    """
    if isinstance(text, str) and len(text) == len("2026-08-16") and text.replace("-", "").isdecimal():
        year, month, date = text.split("-")
        if len(year) == 4 and 1 <= int(month) <= 12 and 1 <= int(date) <= 31:
            return float(day_number(text) * 86_400)
    return float(moment(text).timestamp())


def span_of(moments: Sequence[float], seconds: float) -> int:
    """Return the number of the span between moments in which a moment lies: how many of them have come.

    >>> span_of((10.0, 20.0), 5.0), span_of((10.0, 20.0), 20.0)
    (0, 2)
    """
    return sum(moment <= seconds for moment in moments)


def moments_of(spans: Iterable[Sequence[float]]) -> tuple[float, ...]:
    """Return the moments at which spans of time begin and end, in order, without what is infinite.

    >>> moments_of([(10.0, float("inf")), (5.0, 10.0)])
    (5.0, 10.0)
    """
    return tuple(sorted({moment for span in spans for moment in span if moment not in ALWAYS}))


def bounds(moments: Sequence[float], span: int) -> tuple[float, float]:
    """Return when a span begins, and when it has ended.

    >>> bounds((10.0, 20.0), 0), bounds((10.0, 20.0), 1)
    ((-inf, 10.0), (10.0, 20.0))
    """
    first, last = ALWAYS
    return moments[span - 1] if span else first, moments[span] if span < len(moments) else last
