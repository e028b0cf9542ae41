"""HourSums: what rows add to the sums per hour and axis, or take away from them."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, cast, delete, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert as into_sqlite

from .axes import ALL, COLUMNS, METER, NONE, SAVED, TAG
from .instants import HOUR_US
from .money import rest_of, rest_text, split, usd_of
from .schema import totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy import Connection, Table

    from .database import Database

    Key = tuple[str, int, int, int]
    # nano, atto and rest
    Amount = tuple[int, int, str | None]

_AXES = tuple(COLUMNS)
_AT_ONCE = 400
_KEY = (totals.c.axis, totals.c.hour, totals.c.value, totals.c.status)
_SUMS = ("calls", "input", "output", "nano", "atto")
_RESTS = select(*_KEY, totals.c.rest).where(
    tuple_(*_KEY).in_(bindparam("keys", expanding=True)), totals.c.rest.is_not(None)
)
_EMPTY = delete(totals).where(tuple_(*_KEY).in_(bindparam("keys", expanding=True)), totals.c.calls == 0)


class HourSums:
    """Sums by ``(axis, hour, value, status)``, as they change."""

    def __init__(self) -> None:
        self.sums: dict[Key, list[Any]] = {}

    def add(
        self,
        sign: int,
        at: int,
        status: int,
        codes: Sequence[int],
        tags: Iterable[int],
        tokens: tuple[int, int],
        money: Amount,
        meters: Iterable[tuple[int, Amount]],
        saving: Amount | None,
    ) -> None:
        """Add a call, or with the sign -1 take it away.

        Args:
            codes: of the axes that are columns, in their order.
            tags: the codes of its tags.
            meters: the code of the meter of each line, and its amount.
            saving: what caching saved; None for nothing.
        """
        hour = at // HOUR_US
        rest = None if money[2] is None else sign * rest_of(money[2])
        sums = (sign, sign * tokens[0], sign * tokens[1], sign * money[0], sign * money[1])
        keys: list[Key] = [(ALL, hour, NONE, status)]
        keys += [(axis, hour, code, status) for axis, code in zip(_AXES, codes, strict=True)]
        keys += [(TAG, hour, code, status) for code in tags or (NONE,)]
        for key in keys:
            self._change(key, sums, rest)
        for code, amount in meters:
            self.add_money((METER, hour, code, status), sign, amount)
        if saving is not None:
            self.add_money((SAVED, hour, NONE, status), sign, saving)

    def add_money(self, key: Key, calls: int, amount: Amount) -> None:
        """Add what some calls cost together; with a negative number of them, take it away."""
        nano, atto, rest = amount
        sign = 1 if calls > 0 else -1
        self._change(key, (calls, 0, 0, sign * nano, sign * atto), None if rest is None else sign * rest_of(rest))

    def merge(self, key: Key, sums: Iterable[int], rest: str | None) -> None:
        """Add sums that were kept under another key."""
        self._change(key, tuple(map(int, sums)), None if rest is None else rest_of(rest))

    def _change(self, key: Key, sums: Sequence[int], rest: Fraction | None) -> None:
        """Add calls, input, output, nano and atto to a sum, and what no 18 digits hold."""
        held = self.sums.get(key)
        if held is None:
            self.sums[key] = [*sums, rest]
            return
        calls, prompt, answer, nano, atto = sums
        held[0] += calls
        held[1] += prompt
        held[2] += answer
        held[3] += nano
        held[4] += atto
        if rest is not None:
            held[5] = rest + (held[5] or 0)

    def write(self, database: Database, connection: Connection) -> None:
        """Change the sums of the database, in the order of their keys."""
        rows = sorted(self.sums.items())
        _TOTALS.run(database, connection, [(*key, *held[:5]) for key, held in rows])
        self._write_rests(connection, [key for key, held in rows if held[5]])
        emptied = [key for key, held in rows if held[0] <= 0]
        for start in range(0, len(emptied), _AT_ONCE):
            connection.execute(_EMPTY, {"keys": emptied[start : start + _AT_ONCE]})

    def _write_rests(self, connection: Connection, keys: list[Key]) -> None:
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            before = {tuple(row[:4]): rest_of(row[4]) for row in connection.execute(_RESTS, {"keys": some})}
            for key in some:
                rest = before.get(key, Fraction(0)) + self.sums[key][5]
                connection.execute(
                    totals.update()
                    .where(*(column == value for column, value in zip(_KEY, key, strict=True)))
                    .values(rest=rest_text(rest))
                )


class Adding:
    """Adds to the sums of rows of a table, and makes those that are not there.

    Args:
        keys, sums: the columns of which the rows of ``run`` are.
    """

    def __init__(self, table: Table, keys: Sequence[Any], sums: Sequence[str]) -> None:
        self._table, self._keys, self._sums = table, keys, sums
        self._names = (*(key.name for key in keys), *sums)

    @cached_property
    def _one(self) -> Any:
        """A statement a row, for SQLite."""
        return self._adding(into_sqlite(self._table).values({name: bindparam(name) for name in self._names}))

    @cached_property
    def _all(self) -> Any:
        """One statement with an array for each column, for PostgreSQL, whose dialect a log in SQLite does not load."""
        from sqlalchemy.dialects.postgresql import ARRAY, insert

        arrays = [cast(bindparam(name), ARRAY(self._table.c[name].type)) for name in self._names]
        return self._adding(insert(self._table).from_select(list(self._names), select(*map(func.unnest, arrays))))

    def _adding(self, statement: Any) -> Any:
        sums = {name: self._table.c[name] + statement.excluded[name] for name in self._sums}
        return statement.on_conflict_do_update(index_elements=list(self._keys), set_=sums)

    def run(self, database: Database, connection: Connection, rows: list[tuple[Any, ...]]) -> None:
        """Add rows in the order of their keys; each key stands in one row."""
        if database.is_sqlite:
            database.many(connection, self._one, rows)
        elif rows:
            columns = map(list, zip(*rows, strict=True))
            connection.execute(self._all, dict(zip(self._names, columns, strict=True)))


_TOTALS = Adding(totals, _KEY, _SUMS)


def meter_amounts(lines: str | None) -> list[tuple[str, Amount]]:
    """Return meter and amount of each line, of the column ``lines``."""
    if lines is None:
        return []
    return [(meter, split(*usd_of(amount))) for meter, _, amount in json.loads(lines)]
