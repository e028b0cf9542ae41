"""Which calls of a log options ask for: ``--since``, ``--until``, ``--where`` and ``--tz`` as one question.

It loads nothing of the spend log, since ``llmcost price`` asks the same of files.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timezone, tzinfo
from typing import Any, NamedTuple

import click

from llmcost.core.iso_time import as_iso
from llmcost.errors import shown
from llmcost.spend.clocks import start_of, zone_of
from llmcost.spend.instants import microseconds, moment_of, span_of
from llmcost.spend.wording import in_words

from ._wording import in_options

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

SINCE = click.option(
    "--since", metavar="TIME", help="Only calls from this time on: 5h, 7d (the last 7 x 24 hours), or 2026-11-01."
)
UNTIL = click.option("--until", metavar="TIME", help="Only calls before this time.")
# The options that ``wanted`` reads.
CALLS = (
    SINCE,
    UNTIL,
    click.option(
        "--where",
        multiple=True,
        metavar="AXIS=VALUE",
        help="Only these calls: team=search. team= means calls without a team. Repeatable.",
    ),
    click.option(
        "--tz", metavar="ZONE", help="The time zone of days and hours, such as Europe/Berlin; by default UTC."
    ),
)


class Wanted(NamedTuple):
    """Which calls are looked at, and on whose clock.

    Attributes:
        since, until: moments, or None.
        where: axis -> values.
        zone: of days and hours.
        name: of the zone.
        words: the question in words; empty for all calls.
    """

    since: datetime | None
    until: datetime | None
    where: dict[str, list[str | None]]
    zone: tzinfo
    name: str
    words: str

    @property
    def keywords(self) -> dict[str, Any]:
        """The question as keywords of ``SpendLog.total``."""
        return {"since": self.since, "until": self.until, "where": self.where or None}

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """Both moments in microseconds since 1970, or None."""
        first, last = (None if bound is None else microseconds(bound) for bound in (self.since, self.until))
        return first, last


def wanted(since: str | None, until: str | None, where: tuple[str, ...], tz: str | None) -> Wanted:
    """Return which calls options ask for. Both bounds are moments from here on, so that all views have the same.

    Raises click.UsageError for a time, a zone or a condition that is not valid.
    """
    try:
        zone = zone_of(tz) if tz else timezone.utc
        begin, end = map(_moment, span_of(_on_clock(since, zone), _on_clock(until, zone)))
        asked = conditions(where)
        return Wanted(begin, end, asked, zone, tz or "UTC", in_words(begin, end, asked, zone))
    except (ValueError, TypeError) as error:
        raise click.UsageError(in_options(str(error))) from error
    except OverflowError as error:
        # Such as the first day of the year 1 in Tokyo, where it began in the year before.
        raise click.UsageError(f"--since, --until: {error}") from error


def zone_named(name: str | None) -> tzinfo | None:
    """Return the zone that an option names; None if it names none. Raises click.UsageError for no such zone."""
    try:
        return None if name is None else zone_of(name)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _moment(bound: int | None) -> datetime | None:
    return None if bound is None else moment_of(bound)


def _on_clock(text: str | None, zone: tzinfo) -> object:
    """Return a date as its start in a zone, and a time without a zone as one of it; any other text as it is."""
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return start_of(date.fromisoformat(text), zone)
        moment = datetime.fromisoformat(as_iso(text))
    except ValueError:
        # A span, or what is refused later with a better message.
        return text
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def conditions(where: tuple[str, ...]) -> dict[str, list[str | None]]:
    """Return which calls ``--where`` asks for: axis -> values.

    Raises click.UsageError for what is no condition.
    """
    found: dict[str, list[str | None]] = {}
    for text in where:
        axis, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"--where {shown(text)}: write AXIS=VALUE, such as team=search")
        found.setdefault(axis.strip(), []).append(value or None)
    return found
