"""Zones: days as a time zone has them, exact where their start is not the start of an hour in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .answers import Breakdown, Group, Tally
from .axes import ALL, NONE
from .clocks import start_of
from .instants import HOUR_US, microseconds, moment_of
from .questions import tallies, total

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from sqlalchemy import Connection

    from .conditions import Scope


def by_zone(connection: Connection, question: Scope, axis: str, zone: tzinfo) -> Breakdown:
    """Return what the calls of each hour or day of a zone cost together.

    Sums are kept by hours of UTC. Where a day begins within one, as in India, the calls of that hour are added up.
    """
    hours = tallies(connection, question, "hour")
    if axis == "hour":
        groups = [Group(_local(hour, zone), hours[hour]) for hour in sorted(hours) if hours[hour].calls]
        return Breakdown(axis, groups, total(connection, question))
    days: dict[date, Tally] = {}
    for hour in sorted(hours):
        first = _local(hour, zone).date()
        last = (moment_of((hour + 1) * HOUR_US) - timedelta(microseconds=1)).astimezone(zone).date()
        if first == last:
            days.setdefault(first, Tally()).include(hours[hour])
            continue
        middle = microseconds(start_of(last, zone))
        for day, since, until in ((first, hour * HOUR_US, middle), (last, middle, (hour + 1) * HOUR_US)):
            part = question._replace(since=_later(question.since, since), until=_earlier(question.until, until))
            found = tallies(connection, part, ALL).get(NONE)
            if found is not None:
                days.setdefault(day, Tally()).include(found)
    groups = [Group(start_of(day, zone), days[day]) for day in sorted(days) if days[day].calls]
    return Breakdown(axis, groups, total(connection, question))


def _local(hour: int, zone: tzinfo) -> datetime:
    return moment_of(hour * HOUR_US).astimezone(zone)


def _later(given: int | None, bound: int) -> int:
    return bound if given is None else max(given, bound)


def _earlier(given: int | None, bound: int) -> int:
    return bound if given is None else min(given, bound)
