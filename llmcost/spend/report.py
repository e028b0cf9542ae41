"""Report: what the page shows, as one JSON-safe dict; all of it of the same state of the log."""

from __future__ import annotations

from datetime import datetime, timezone
from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.exact import plain
from .clocks import zone_name
from .instants import moment_of, now
from .money import decimal, joined, rest_of, split
from .questions import breakdown, saved
from .stored import last_calls
from .wording import in_words
from .zones import by_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo
    from typing import Any

    from sqlalchemy import Connection

    from .answers import Breakdown
    from .conditions import Scope
    from .stored import StoredCall

SCHEMA = 1
_GROUPS = ("model", "team", "user", "tag", "meter")
# Names of people, and what tells them apart.
_PERSONAL = ("user", "session")
_NAMED = ("model", "provider", "deployment", "team", "user", "session")


def report_of(
    connection: Connection,
    question: Scope,
    zone: tzinfo,
    where: Mapping[str, object] | None,
    *,
    users: bool,
    most: int,
) -> dict[str, Any]:
    """Return what the page shows.

    Args:
        where: the conditions of the question by their names, for its words.
        users: whether users and sessions are in it.
        most: how many calls at most; the sums are of all.
    """
    days = by_zone(connection, question, "day", zone)
    since, until = (None if bound is None else moment_of(bound) for bound in (question.since, question.until))
    return {
        "schema": SCHEMA,
        "made": moment_of(now()).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        "zone": zone_name(zone),
        "asked": in_words(since, until, where, zone),
        "users": users,
        "total": {**days.total.to_dict(), "reasons": days.total.reasons},
        "saved": plain(decimal(*saved(connection, question)), 0),
        "days": [{**day.to_dict(), "value": _day(day.value)} for day in days],
        "groups": [_group(breakdown(connection, question, axis)) for axis in _GROUPS if users or axis not in _PERSONAL],
        "calls": columns(last_calls(connection, question, most), users=users),
    }


def _day(value: datetime) -> str:
    return value.date().isoformat()


def _group(breakdown: Breakdown) -> dict[str, Any]:
    stated = breakdown.to_dict()
    return {"by": stated["by"], "rows": stated["rows"], "overlap": stated["overlap"]}


def columns(calls: Iterable[StoredCall], *, users: bool) -> dict[str, Any]:
    """Return calls by columns, which take a third of the room of rows. A text that repeats is a number in ``names``."""
    axes = [name for name in _NAMED if users or name not in _PERSONAL]
    plain_columns = ("id", "at", "status", "input", "output", "cost", "latency", "error", "tags", "lines")
    found: dict[str, list[Any]] = {name: [] for name in (*plain_columns, *axes)}
    codes: dict[str, int] = {}

    def code(text: str | None) -> int:
        return -1 if text is None else codes.setdefault(text, len(codes))

    whole = part = 0
    left = Fraction(0)
    for call in calls:
        for axis in axes:
            found[axis].append(code(getattr(call, axis)))
        found["tags"].append([code(tag) for tag in call.tags])
        found["lines"].append([[code(meter), quantity, usd] for meter, quantity, usd in call.lines])
        found["at"].append(round(call.at.astimezone(timezone.utc).timestamp() * 1000))
        found["cost"].append(plain(call.cost, 0))
        found["latency"].append(call.latency_us)
        for name in ("id", "status", "input", "output", "error"):
            found[name].append(getattr(call, name))
        nano, atto, rest = split(*call.as_integer_ratio())
        whole, part = whole + nano, part + atto
        left += 0 if rest is None else rest_of(rest)
    costs = plain(decimal(*joined(whole, part, left)), 0)
    return {**found, "names": list(codes), "sum": costs}
