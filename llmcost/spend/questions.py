"""Questions: sums over a span of time, from the sums per hour where they answer, else from the calls themselves."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, func, literal_column, select

from ..errors import shown
from .answers import Breakdown, Group, Tally, Total
from .axes import ALL, COLUMNS, FILTERS, HOURS, METER, NONE, SAVED, STATUS_CODES, TAG
from .instants import HOUR_US, moment_of
from .money import rest_of, split
from .names import code_of, texts_of
from .schema import call_tags, calls, drops, totals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Select

    Tallies = dict[int, Tally]

_SUMS = ("input", "output", "nano", "atto")
# Hours before and behind all time that a call can have.
_FIRST, _LAST = -(10**9), 10**9


class Asked(NamedTuple):
    """A question.

    Attributes:
        since, until: microseconds; the first is of the span, the second is behind it. None for no bound.
        where: axis -> the codes of the values that count.
        statuses: the codes of the statuses that count, or None for all.
    """

    since: int | None
    until: int | None
    where: dict[str, list[int]]
    statuses: list[int] | None


def asked(connection: Connection, since: int | None, until: int | None, where: Mapping[str, object] | None) -> Asked:
    """Return a question with the names of ``where`` as codes.

    Raises:
        ValueError: ``where`` names something else than an axis or ``status``, or a status that does not exist.
        TypeError: a value is no text, no None and no list of them.
    """
    found: dict[str, list[int]] = {}
    statuses: list[int] | None = None
    for axis, value in (where or {}).items():
        if axis not in FILTERS:
            raise ValueError(f"where={{{shown(axis)}: ...}}: it names one of {', '.join(FILTERS)}")
        values = _values(axis, value)
        if axis == "status":
            unknown = [one for one in values if one not in STATUS_CODES]
            if unknown:
                raise ValueError(f"where={{'status': {shown(unknown[0])}}}: the statuses are {', '.join(STATUS_CODES)}")
            statuses = [STATUS_CODES[one] for one in values if one is not None]
            continue
        codes = [NONE if one is None else code_of(connection, axis, one) for one in values]
        # A name that no call has is a code that none has.
        found[axis] = [-1 if code is None else code for code in codes]
    return Asked(since, until, found, statuses)


def _values(axis: str, given: object) -> list[str | None]:
    found: list[str | None] = []
    for value in given if isinstance(given, (list, tuple, set, frozenset)) else (given,):
        if value is not None and not isinstance(value, str):
            raise TypeError(f"where={{{shown(axis)}: {shown(value)}}}: a value is a text, a list of texts, or None")
        found.append(value)
    return found


def total(connection: Connection, question: Asked) -> Total:
    """Return what the calls cost together."""
    tallies = _tallies(connection, question, ALL)
    return Total(tallies.get(NONE, Tally()), _dropped(connection, question))


def breakdown(connection: Connection, question: Asked, axis: str) -> Breakdown:
    """Return what the calls of each value of an axis cost together."""
    tallies = _tallies(connection, question, axis)
    if axis in HOURS:
        size = HOURS[axis] * HOUR_US
        groups = [Group(moment_of(value * size), tallies[value]) for value in sorted(tallies)]
    else:
        texts = texts_of(connection, tallies)
        groups = [Group(texts.get(value), tally) for value, tally in tallies.items() if tally.counts]
        groups.sort(key=lambda group: (-Fraction(*group.as_integer_ratio()), -group.calls, group.value or ""))
    return Breakdown(axis, groups, total(connection, question))


def _dropped(connection: Connection, question: Asked) -> int:
    """Return how many calls were dropped in the hours of a span; nobody knows whose they were."""
    query = select(func.coalesce(func.sum(drops.c.calls), 0))
    if question.since is not None:
        query = query.where(drops.c.hour >= question.since // HOUR_US)
    if question.until is not None:
        query = query.where(drops.c.hour < -(-question.until // HOUR_US))
    return int(connection.execute(query).scalar_one())


def _tallies(connection: Connection, question: Asked, axis: str) -> Tallies:
    """Return the sums of each value of an axis, by its code; of hours and days by their number."""
    found: Tallies = {}
    kept = _kept_axis(question, axis)
    if kept is None:
        _add_calls(connection, question, axis, found, question.since, question.until)
        return found
    first = _FIRST if question.since is None else -(-question.since // HOUR_US)
    last = _LAST if question.until is None else question.until // HOUR_US
    if first > last:
        # Within one hour.
        _add_calls(connection, question, axis, found, question.since, question.until)
        return found
    _add_totals(connection, question, kept, axis, found, first, last)
    # What lies outside whole hours.
    if question.since is not None and question.since < first * HOUR_US:
        _add_calls(connection, question, axis, found, question.since, first * HOUR_US)
    if question.until is not None and question.until > last * HOUR_US:
        _add_calls(connection, question, axis, found, last * HOUR_US, question.until)
    return found


def _kept_axis(question: Asked, axis: str) -> str | None:
    """Return the axis whose sums per hour answer a question; None if only the calls do."""
    by_time = axis in HOURS or axis == ALL
    if not question.where:
        return ALL if by_time else axis
    if len(question.where) > 1:
        return None
    (filtered,) = question.where
    # Several tags of one call would count it several times.
    if filtered == TAG and len(question.where[TAG]) > 1:
        return None
    return filtered if by_time or (axis == filtered and axis != TAG) else None


def _add_totals(
    connection: Connection, question: Asked, kept: str, axis: str, found: Tallies, first: int, last: int
) -> None:
    """Add the sums of whole hours."""
    conditions = [totals.c.axis == kept, totals.c.hour >= first, totals.c.hour < last]
    if question.where:
        conditions.append(totals.c.value.in_(question.where[kept]))
    if question.statuses is not None:
        conditions.append(totals.c.status.in_(question.statuses))
    if axis == ALL:
        keys: list[Any] = []
    else:
        keys = [totals.c.hour // _number(HOURS[axis]) if axis in HOURS else totals.c.value]
    sums = [func.sum(totals.c[name]) for name in ("calls", *_SUMS)]
    _gather(connection, found, select(*keys, totals.c.status, *sums), keys, totals, conditions)


def _number(value: int) -> ColumnElement[int]:
    """Return a number as a part of the statement: PostgreSQL takes no parameter for the one that it has grouped by."""
    return literal_column(str(value), Integer)


def _gather(
    connection: Connection, found: Tallies, query: Select[Any], keys: list[Any], source: Any, conditions: list[Any]
) -> None:
    """Add the sums of a query, apart for each key and status."""
    table = totals if source is totals else calls
    for row in connection.execute(query.select_from(source).where(*conditions).group_by(*keys, table.c.status)):
        key, *sums = row if keys else (NONE, *row)
        found.setdefault(int(key), Tally()).add(*sums)
    rests = select(*keys, table.c.rest).select_from(source).where(*conditions, table.c.rest.is_not(None))
    for row in connection.execute(rests):
        key, rest = row if keys else (NONE, *row)
        found.setdefault(int(key), Tally()).rest += rest_of(rest)


def _add_calls(
    connection: Connection, question: Asked, axis: str, found: Tallies, since: int | None, until: int | None
) -> None:
    """Add the sums of the calls themselves."""
    conditions = _of_calls(question, since, until)
    if axis in {METER, SAVED}:
        _add_lines(connection, axis, found, conditions)
        return
    source: Any = calls
    keys: list[Any] = []
    if axis == TAG:
        source = calls.outerjoin(call_tags, call_tags.c.seq == calls.c.seq)
        keys = [func.coalesce(call_tags.c.tag, _number(NONE))]
    elif axis in HOURS:
        keys = [calls.c.at // _number(HOURS[axis] * HOUR_US)]
    elif axis != ALL:
        keys = [calls.c[COLUMNS[axis]]]
    sums = [func.count(), *(func.sum(calls.c[name]) for name in _SUMS)]
    _gather(connection, found, select(*keys, calls.c.status, *sums), keys, source, conditions)


def _of_calls(question: Asked, since: int | None, until: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions on calls that a question and a span make."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(calls.c.at >= since)
    if until is not None:
        conditions.append(calls.c.at < until)
    for axis, codes in question.where.items():
        if axis == TAG:
            own = call_tags.alias()
            tagged = own.c.seq == calls.c.seq
            stated = select(own.c.seq).where(tagged, own.c.tag.in_(codes)).exists()
            untagged = ~select(own.c.seq).where(tagged).exists()
            conditions.append(stated | untagged if NONE in codes else stated)
        else:
            conditions.append(calls.c[COLUMNS[axis]].in_(codes))
            if axis == "session" and NONE not in codes:
                # As the index on sessions says it.
                conditions.append(calls.c.session != NONE)
    if question.statuses is not None:
        conditions.append(calls.c.status.in_(question.statuses))
    return conditions


def _add_lines(connection: Connection, axis: str, found: Tallies, conditions: list[ColumnElement[bool]]) -> None:
    """Add up the lines of calls by their meter, or what caching saved."""
    column = calls.c.lines if axis == METER else calls.c.saved
    query = select(calls.c.status, column).where(*conditions, column.is_not(None))
    by_name: dict[str, Tally] = {}
    for status, text in connection.execute(query.execution_options(yield_per=5000)):
        for meter, amount in _amounts(axis, text):
            usd = Fraction(amount)
            nano, atto, rest = split(usd.numerator, usd.denominator)
            tally = by_name.setdefault(meter, Tally())
            tally.add(status, 1, 0, 0, nano, atto)
            if rest is not None:
                tally.rest += rest_of(rest)
    for meter, tally in by_name.items():
        code = NONE if axis == SAVED else code_of(connection, METER, meter)
        assert code is not None  # noqa: S101 - a meter of a stored line has a name
        found.setdefault(code, Tally()).include(tally)


def _amounts(axis: str, text: str) -> list[tuple[str, str]]:
    if axis == SAVED:
        return [(SAVED, text)]
    return [(meter, amount) for meter, _, amount in json.loads(text)]


def saved(connection: Connection, question: Asked) -> tuple[int, int]:
    """Return what caching saved in USD, as a fraction."""
    return _tallies(connection, question, SAVED).get(NONE, Tally()).ratio()
