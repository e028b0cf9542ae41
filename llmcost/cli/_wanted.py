"""Which calls of a log options ask for: ``--since``, ``--until``, ``--where`` and ``--tz`` as one question.

It loads nothing of the spend log, since ``llmcost price`` asks the same of files.
"""

from __future__ import annotations

from datetime import datetime, timezone, tzinfo
from typing import Any, NamedTuple

import click

from llmcost.errors import shown
from llmcost.spend.clocks import zone_of
from llmcost.spend.instants import moment_of, span_of
from llmcost.spend.wording import in_words

from ._times import on_clock
from ._wording import in_options


class Wanted(NamedTuple):
    """Which calls are looked at, and on whose clock.

    Attributes:
        since, until: moments, or None.
        where: axis -> values.
        zone: of days and hours.
        name: of the zone.
    """

    since: datetime | None
    until: datetime | None
    where: dict[str, list[str | None]]
    zone: tzinfo
    name: str

    @property
    def keywords(self) -> dict[str, Any]:
        """The question as keywords of ``SpendLog.total``."""
        return {"since": self.since, "until": self.until, "where": self.where or None}

    @property
    def words(self) -> str:
        """The question in words; empty for all calls."""
        return in_words(self.since, self.until, self.where, self.zone)


def wanted(since: str | None, until: str | None, where: tuple[str, ...], tz: str | None) -> Wanted:
    """Return which calls options ask for. Both bounds are moments from here on, so that all views have the same.

    Raises click.UsageError for what is none.
    """
    try:
        zone = zone_of(tz) if tz else timezone.utc
        first, last = span_of(on_clock(since, zone), on_clock(until, zone))
    except (ValueError, TypeError) as error:
        raise click.UsageError(in_options(str(error))) from error
    begin, end = (None if bound is None else moment_of(bound) for bound in (first, last))
    return Wanted(begin, end, conditions(where), zone, tz or "UTC")


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
