"""Questions: sums over a span of time, from the sums per hour where they answer, else from the calls themselves."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, literal_column, select

from .answers import Breakdown, Group, Tally, Total
from .axes import ALL, COLUMNS, HOURS, METER, NONE, SAVED, TAG
from .conditions import conditions_of
from .hour_sums import meter_amounts
from .instants import HOUR_US, moment_of
from .money import rest_of, split, usd_of
from .names import code_of, texts_of
from .schema import call_tags, calls, drops, repriced, totals

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Select, Table

    from .conditions import Scope

    Tallies = dict[int, Tally]

_SUMS = ("input", "output", "nano", "atto")
# Hours before and behind all time that a call can have.
_FIRST, _LAST = -(10**9), 10**9


def total(connection: Connection, question: Scope) -> Total:
    """Return what the calls cost together."""
    found = tallies(connection, question, ALL)
    return Total(found.get(NONE, Tally()), _dropped(connection, question), question.prices)


def breakdown(connection: Connection, question: Scope, axis: str) -> Breakdown:
    """Return what the calls of each value of an axis cost together."""
    found = tallies(connection, question, axis)
    if axis in HOURS:
        size = HOURS[axis] * HOUR_US
        groups = [Group(moment_of(value * size), found[value]) for value in sorted(found) if found[value].calls]
    else:
        texts = texts_of(connection, found)
        groups = [Group(texts.get(value, tally.name), tally) for value, tally in found.items() if tally.calls]
        groups.sort(key=lambda group: (-Fraction(*group.as_integer_ratio()), -group.calls, group.value or ""))
    return Breakdown(axis, groups, total(connection, question))


def _dropped(connection: Connection, question: Scope) -> int:
    """Return how many calls were dropped in the hours of a span; nobody knows whose they were."""
    query = select(func.coalesce(func.sum(drops.c.calls), 0))
    if question.since is not None:
        query = query.where(drops.c.hour >= question.since // HOUR_US)
    if question.until is not None:
        query = query.where(drops.c.hour < -(-question.until // HOUR_US))
    return int(connection.execute(query).scalar_one())


def tallies(connection: Connection, question: Scope, axis: str) -> Tallies:
    """Return the sums of each value of an axis, by its code; of hours and days by their number."""
    found: Tallies = {}
    _add_recorded(connection, question, axis, found)
    if question.repricing is not None:
        # Of the calls with another sum, the recorded cost is taken away and the new one is added.
        changed = [*conditions_of(question), repriced.c.version == question.repricing]
        for table, sign in ((calls, -1), (repriced, 1)):
            _add_calls(connection, axis, found, changed, table, sign)
    return found


def _add_recorded(connection: Connection, question: Scope, axis: str, found: Tallies) -> None:
    kept = _kept_axis(question, axis)
    first = _FIRST if question.since is None else -(-question.since // HOUR_US)
    last = _LAST if question.until is None else question.until // HOUR_US
    if kept is None or first > last:
        # No sums answer it, or it lies within one hour.
        _add_calls(connection, axis, found, conditions_of(question))
        return
    _add_totals(connection, question, kept, axis, found, first, last)
    # What lies outside whole hours.
    if question.since is not None and question.since < first * HOUR_US:
        _add_calls(connection, axis, found, conditions_of(question._replace(until=first * HOUR_US)))
    if question.until is not None and question.until > last * HOUR_US:
        _add_calls(connection, axis, found, conditions_of(question._replace(since=last * HOUR_US)))


def _kept_axis(question: Scope, axis: str) -> str | None:
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
    connection: Connection, question: Scope, kept: str, axis: str, found: Tallies, first: int, last: int
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
    _gather(connection, found, select(*keys, totals.c.status, *sums), keys, totals, totals, conditions)


def _number(value: int) -> ColumnElement[int]:
    """Return a number as a part of the statement: PostgreSQL takes no parameter for the one that it has grouped by."""
    return literal_column(str(value), Integer)


def _gather(
    connection: Connection,
    found: Tallies,
    query: Select[Any],
    keys: list[Any],
    table: Table,
    source: Any,
    conditions: list[Any],
    sign: int = 1,
) -> None:
    """Add the sums of a query, apart for each key and status, or take them away; ``table`` has the money."""
    for row in connection.execute(query.select_from(source).where(*conditions).group_by(*keys, table.c.status)):
        key, status, *sums = row if keys else (NONE, *row)
        found.setdefault(int(key), Tally()).add(status, *(sign * int(number) for number in sums))
    rests = select(*keys, table.c.rest).select_from(source).where(*conditions, table.c.rest.is_not(None))
    for row in connection.execute(rests):
        key, rest = row if keys else (NONE, *row)
        found.setdefault(int(key), Tally()).rest += sign * rest_of(rest)


def _add_calls(
    connection: Connection,
    axis: str,
    found: Tallies,
    conditions: list[Any],
    costs: Table | None = None,
    sign: int = 1,
) -> None:
    """Add the sums of the calls themselves, or take them away.

    With ``costs``, the table that has their money, only of those that a repricing has changed.
    """
    source: Any = calls if costs is None else calls.join(repriced, repriced.c.seq == calls.c.seq)
    table = calls if costs is None else costs
    if axis in {METER, SAVED}:
        _add_lines(connection, axis, found, table, source, conditions, sign)
        return
    keys: list[Any] = []
    if axis == TAG:
        source = source.outerjoin(call_tags, call_tags.c.seq == calls.c.seq)
        keys = [func.coalesce(call_tags.c.tag, _number(NONE))]
    elif axis in HOURS:
        keys = [calls.c.at // _number(HOURS[axis] * HOUR_US)]
    elif axis != ALL:
        keys = [calls.c[COLUMNS[axis]]]
    money = [func.sum(table.c[name]) for name in ("nano", "atto")]
    sums = [func.count(), func.sum(calls.c.input), func.sum(calls.c.output), *money]
    _gather(connection, found, select(*keys, table.c.status, *sums), keys, table, source, conditions, sign)


def _add_lines(
    connection: Connection, axis: str, found: Tallies, table: Table, source: Any, conditions: list[Any], sign: int
) -> None:
    """Add up the lines of calls by their meter, or what caching saved."""
    column = table.c.lines if axis == METER else table.c.saved
    query = select(table.c.status, column).select_from(source).where(*conditions, column.is_not(None))
    by_name: dict[str, Tally] = {}
    for status, text in connection.execute(query.execution_options(yield_per=5000)):
        amounts = meter_amounts(text) if axis == METER else [(SAVED, split(*usd_of(text)))]
        for meter, (nano, atto, rest) in amounts:
            tally = by_name.setdefault(meter, Tally())
            tally.add(status, sign, 0, 0, sign * nano, sign * atto)
            if rest is not None:
                tally.rest += sign * rest_of(rest)
    for meter, tally in by_name.items():
        code = NONE if axis == SAVED else code_of(connection, METER, meter)
        if code is None:
            # A meter that no recorded call has.
            code = -1 - len(found)
            found[code] = Tally(meter)
        found.setdefault(code, Tally()).include(tally)


def saved(connection: Connection, question: Scope) -> tuple[int, int]:
    """Return what caching saved in USD, as a fraction."""
    return tallies(connection, question, SAVED).get(NONE, Tally()).ratio()
