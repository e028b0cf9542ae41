"""Clocks: the time zones of people, by name, and when their days begin."""

from __future__ import annotations

from datetime import datetime, time, timezone, tzinfo
from typing import TYPE_CHECKING

from ..errors import ArgumentError, shown

if TYPE_CHECKING:
    from datetime import date


def zone_of(name: str) -> tzinfo:
    """Return a time zone: ``UTC``, or a name such as ``Europe/Berlin``.

    Raises ArgumentError if this system knows no such zone.
    """
    if name.upper() == "UTC":
        return timezone.utc
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ArgumentError(
            f"{shown(name)}: no time zone of this system; write UTC, or a name such as Europe/Berlin (where the system "
            "has none, the package tzdata brings them)"
        ) from None


def start_of(day: date, zone: tzinfo) -> datetime:
    """Return the start of a day in a zone; where the clock skips midnight, the first moment after it."""
    start = datetime.combine(day, time(), zone)
    return start.astimezone(timezone.utc).astimezone(zone)


def zone_name(zone: tzinfo) -> str:
    """Return the name of a zone as other programs know it too.

    >>> from datetime import timedelta
    >>> zone_name(timezone.utc), zone_name(timezone(timedelta(hours=2)))
    ('UTC', '+02:00')
    """
    name = str(zone)
    return name.removeprefix("UTC") or name
