"""Checking: the sums of a log are worked out anew from its calls, and compared with those that are kept."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, literal_column, select

from ..core.exact import plain
from .axes import ALL, COLUMNS, METER, NONE, SAVED, TAG
from .instants import HOUR_US, moment_of
from .money import decimal, joined, rest_of, usd_of_row
from .schema import call_tags, calls, names, removed, totals

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection, Select

    # axis, hour, code of the value, status -> calls, input, output, USD
    Sums = dict[tuple[str, int, int, int], list[Any]]

# Hours that are compared at once: what is in mind at a time.
_AT_ONCE = 24 * 7
_MOST_FAULTS = 100


class Verification:
    """What ``SpendLog.verify`` has found.

    Attributes:
        calls: how many were read.
        hours: how many hours were compared.
        incomplete: how many hours have lost calls that were deleted while their sums stay; they are not compared.
        faults: what is wrong, each in a sentence, the first 100; empty for a sound log.
    """

    def __init__(self) -> None:
        self.calls = self.hours = self.incomplete = 0
        self.faults: list[str] = []

    def __bool__(self) -> bool:
        return not self.faults

    def fault(self, said: str) -> None:
        """Add what is wrong."""
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(said)

    def __repr__(self) -> str:
        found = "sound" if self else f"{len(self.faults)} faults, first: {self.faults[0]}"
        return f"<Verification {self.calls:,} calls in {self.hours:,} hours, {found}>"


def verify(connection: Connection) -> Verification:
    """Compare every sum with the calls that it stands for, and every cost with its lines."""
    found = Verification()
    lost = set(connection.execute(select(removed.c.hour)).scalars())
    for week in _weeks(connection):
        start, end = week * _AT_ONCE, (week + 1) * _AT_ONCE
        _compare(found, _kept(connection, start, end), _anew(connection, found, start, end), lost)
    found.incomplete = len(lost)
    return found


def _weeks(connection: Connection) -> list[int]:
    """Return the weeks with calls in the log: years may lie between two calls."""
    weeks = {hour // _AT_ONCE for hour in connection.execute(select(totals.c.hour).distinct()).scalars()}
    length = _AT_ONCE * HOUR_US
    at = connection.execute(select(func.min(calls.c.at))).scalar_one()
    while at is not None:
        week = at // length
        weeks.add(week)
        at = connection.execute(select(func.min(calls.c.at)).where(calls.c.at >= (week + 1) * length)).scalar_one()
    return sorted(weeks)


def _compare(verification: Verification, kept: Sums, anew: Sums, lost: set[int]) -> None:
    verification.hours += len({key[1] for key in kept} - lost)
    for key in sorted(kept.keys() | anew.keys()):
        axis, hour, value, _ = key
        if hour in lost or kept.get(key) == anew.get(key):
            continue
        of = "all calls" if axis == ALL else f"{axis} {value}"
        verification.fault(
            f"{moment_of(hour * HOUR_US):%Y-%m-%d %H}h, {of}: {_words(kept.get(key))} are kept, and "
            f"{_words(anew.get(key))} follow from the calls"
        )


def _words(sums: list[Any] | None) -> str:
    if sums is None:
        return "no calls"
    return f"{sums[0]:,} calls, {sums[1]:,} + {sums[2]:,} tokens, ${plain(decimal(*sums[3].as_integer_ratio()))}"


def _kept(connection: Connection, start: int, end: int) -> Sums:
    """Return the sums of some hours as they are kept."""
    rows = connection.execute(select(totals).where(totals.c.hour >= start, totals.c.hour < end))
    return {
        (row.axis, row.hour, row.value, row.status): [
            row.calls,
            row.input,
            row.output,
            usd_of_row(row),
        ]
        for row in rows
    }


def _anew(connection: Connection, verification: Verification, start: int, end: int) -> Sums:
    """Return the sums of some hours as they follow from the calls."""
    anew: Sums = {}
    hour = calls.c.at // literal_column(str(HOUR_US), Integer)
    inside = (calls.c.at >= start * HOUR_US, calls.c.at < end * HOUR_US)
    tag = func.coalesce(call_tags.c.tag, literal_column(str(NONE), Integer))
    values = {ALL: literal_column(str(NONE), Integer), TAG: tag, **{a: calls.c[name] for a, name in COLUMNS.items()}}
    numbers = [func.count(), *(func.sum(calls.c[name]) for name in ("input", "output", "nano", "atto"))]
    for axis, value in values.items():
        source = calls.outerjoin(call_tags, call_tags.c.seq == calls.c.seq) if axis == TAG else calls
        keys = [hour, value, calls.c.status]
        # A number alone would be the place of a column to group by.
        grouped = [key for key in keys if axis != ALL or key is not value]
        sums = select(*keys, *numbers).select_from(source).where(*inside).group_by(*grouped)
        for at, code, status, count, prompt, answer, nano, atto in connection.execute(sums):
            amount = Fraction(*joined(int(nano), int(atto)))
            anew[axis, at, code, status] = [count, int(prompt), int(answer), amount]
        rests: Select[Any] = select(*keys, calls.c.rest).select_from(source).where(*inside, calls.c.rest.is_not(None))
        for at, code, status, rest in connection.execute(rests):
            anew[axis, at, code, status][3] += Fraction(*joined(0, 0, rest_of(rest)))
    _add_bills(connection, verification, inside, anew)
    return anew


def _add_bills(connection: Connection, verification: Verification, inside: tuple[Any, ...], anew: Sums) -> None:
    """Add up the lines of calls and what they saved, and compare each cost with the sum of its lines."""
    rows = connection.execute(select(names.c.text, names.c.code).where(names.c.kind == METER))
    codes = {row.text: row.code for row in rows}
    columns = ("id", "at", "status", "nano", "atto", "rest", "lines", "saved")
    query = select(*(calls.c[name] for name in columns)).where(*inside)
    for row in connection.execute(query.execution_options(yield_per=5000)):
        verification.calls += 1
        hour = row.at // HOUR_US
        lines = [] if row.lines is None else json.loads(row.lines)
        bill = Fraction(0)
        for meter, _, usd in lines:
            amount = Fraction(usd)
            bill += amount
            _add(anew, (METER, hour, codes.get(meter, NONE), row.status), amount)
        if row.saved is not None:
            _add(anew, (SAVED, hour, NONE, row.status), Fraction(row.saved))
        endless = row.rest is not None and "/" in row.rest
        if not endless and bill != usd_of_row(row):
            verification.fault(f"call {row.id}: its lines do not add up to its cost")


def _add(anew: Sums, key: tuple[str, int, int, int], amount: Fraction) -> None:
    sums = anew.setdefault(key, [0, 0, 0, Fraction(0)])
    sums[0] += 1
    sums[3] += amount
