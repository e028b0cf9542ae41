"""Points in time as the log keeps them: whole microseconds since 1970, UTC."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from time import time_ns

from ..core.iso_time import as_iso
from ..errors import ArgumentError, shown

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US
_DAY_US = 24 * HOUR_US
_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"([0-9]{1,6})([mhdw])", re.ASCII)
# Years 1 to 9999.
_LEAST, _MOST = -62_135_596_800 * SECOND_US, 253_402_300_800 * SECOND_US


def microseconds(moment: datetime) -> int:
    """Return a moment in microseconds; one without a zone is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - EPOCH) // MICROSECOND


def now() -> int:
    """Return the time."""
    return time_ns() // 1000


def moment_of(microseconds: int) -> datetime:
    """Return microseconds as a moment in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def instant(name: str, value: object) -> int:
    """Return a moment, a date (its start), ISO text, or seconds since 1970, in microseconds. No zone is UTC.

    >>> instant("at", "2026-11-20T12:00:00Z"), instant("at", 1795176000)
    (1795176000000000, 1795176000000000)

    Raises:
        ArgumentError: it is of another type, or its text is no such time.
    """
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, date):
        return microseconds(datetime(value.year, value.month, value.day, tzinfo=timezone.utc))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not _LEAST <= value * SECOND_US < _MOST:
            raise ArgumentError(f"{name}={shown(value)}: a number is seconds since 1970")
        return value * SECOND_US if isinstance(value, int) else round(value * SECOND_US)
    if not isinstance(value, str):
        raise ArgumentError(f"{name}={shown(value)}: a time is a datetime, a date, ISO text, or seconds since 1970")
    try:
        return microseconds(datetime.fromisoformat(as_iso(value)))
    except ValueError:
        raise ArgumentError(f"{name}={shown(value)}: write 2026-11-20 or 2026-11-20T12:00:00Z") from None


def bound(name: str, value: object, present: int) -> int | None:
    """Return a bound of a question in microseconds; None for none. ``7d`` is seven times 24 hours before ``present``.

    >>> bound("since", "7d", 1795176000000000) == instant("since", "2026-11-13T12:00:00Z")
    True

    Raises ArgumentError as ``instant`` does.
    """
    if value is None:
        return None
    if isinstance(value, timedelta):
        found = present - value // MICROSECOND
    elif isinstance(value, str) and (span := _SPAN.fullmatch(value)) is not None:
        found = present - int(span[1]) * _UNITS[span[2]] * SECOND_US
    else:
        try:
            found = instant(name, value)
        except ArgumentError as error:
            raise ArgumentError(f"{error}; 7d is the last 7 x 24 hours") from None
    # A bound beyond the calendar of some zone is the last moment of it: no call was made there.
    return min(max(found, _LEAST + _DAY_US), _MOST - _DAY_US)


def span_of(since: object, until: object) -> tuple[int | None, int | None]:
    """Return both bounds of a question in microseconds.

    Raises as ``bound`` does.
    """
    present = now()
    return bound("since", since, present), bound("until", until, present)
