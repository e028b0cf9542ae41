"""The rows of an index: what new lines state is written, and calls that have gone are taken out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..errors import printable, shown
from ..logs.session_call import SessionCall
from ..logs.session_format import Found
from ..logs.session_formats import NAMED
from ..prices.moments import moment
from ..spend.instants import MICROSECOND, microseconds
from .packing import as_json, packed, unpacked
from .pricing import priced
from .progress import COLUMNS
from .schema import CALLS, QUARTER_US

if TYPE_CHECKING:
    import sqlite3

    from ..api.costmap import CostMap
    from .progress import State
    from .reading import Batch, Line

_CALL = (
    "file",
    "line",
    "format",
    "name",
    "kin",
    "mark",
    "kept",
    "at",
    "session",
    "project",
    "shape",
    "numbers",
    "partial",
    "model",
    "input",
    "cached",
    "output",
    "nano",
    "atto",
    "rest",
    "bound",
    "failure",
)
_INSERT = f"INSERT INTO calls ({', '.join(_CALL)}) VALUES ({', '.join('?' * len(_CALL))})"
_COSTS = _CALL[_CALL.index("model") :]
_REPRICE = f"UPDATE calls SET {', '.join(f'{name} = ?' for name in _COSTS)} WHERE id = ?"
_KEEP = f"UPDATE files SET {', '.join(f'{name} = ?' for name in COLUMNS[1:])} WHERE id = ?"
_AT_ONCE = 5000
_1970 = datetime(1970, 1, 1)  # noqa: DTZ001 - compared with times that are UTC and do not say so
_MILLISECONDS = len("2026-01-05T10:00:00.000Z")


class Texts:
    """The texts of an index by their numbers, each looked up once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """Return the number of a text; 0 for an empty one."""
        found = self._known.get(text)
        if found is None:
            self._connection.execute("INSERT OR IGNORE INTO texts (text) VALUES (?)", (text,))
            found = self._connection.execute("SELECT id FROM texts WHERE text = ?", (text,)).fetchone()[0]
            self._known[text] = found
        return found


class Writer:
    """Writes into an index, inside the transaction of its caller."""

    def __init__(self, connection: sqlite3.Connection, cost_map: CostMap) -> None:
        self._connection, self._prices = connection, cost_map
        self._texts = Texts(connection)

    def forget(self, file: int) -> None:
        """Take out the calls of a file, and what else it stated."""
        execute = self._connection.execute
        for name in ("name", "kin"):
            execute(
                f"INSERT OR IGNORE INTO gone SELECT DISTINCT format, {name} FROM calls "
                f"WHERE file = ? AND {name} IS NOT NULL",
                (file,),
            )
        self._stale("file = ? AND kept", file)
        for table in ("calls", "passed", "problems"):
            execute(f"DELETE FROM {table} WHERE file = ?", (file,))

    def write(self, state: State, batch: Batch, first: int, *, fresh: bool) -> None:
        """Write what lines of a file state, and how far it was read.

        Args:
            first: the first of the lines.
            fresh: whether nothing of the file is there yet.
        """
        execute = self._connection.execute
        file = state.id
        if not fresh:
            # The last line may have been unread because it was not whole yet.
            state.problems -= execute("DELETE FROM problems WHERE file = ? AND line >= ?", (file, first)).rowcount
        rows: list[tuple[Any, ...]] = []
        for line in batch.calls.values():
            if not fresh and not self._replaces(state, line):
                continue
            try:
                rows.append(self._row(state, line))
            except ValueError as error:
                # A value that is no time, or a fact of another type.
                batch.cannot(line.line, printable(error))
        self._connection.executemany(_INSERT, rows)
        for name in {line.format.name for line in batch.calls.values() if line.format.beside}:
            # Where there are sums of sessions it is looked whether the sessions are there too.
            execute("INSERT OR IGNORE INTO facts VALUES (?, '')", (name,))
        self._connection.executemany(
            "INSERT OR IGNORE INTO stale VALUES (?)",
            [(quarter,) for quarter in {row[_AT] // QUARTER_US for row in rows if row[_AT] is not None}],
        )
        for kind, count in batch.passed.items():
            execute(
                "INSERT INTO passed VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                (file, kind, count),
            )
        for number, reason in batch.problems:
            execute("INSERT OR REPLACE INTO problems VALUES (?, ?, ?)", (file, number, reason))
        state.problems += batch.unread
        execute(_KEEP, (*(getattr(state, name) for name in COLUMNS[1:]), state.id))

    def _replaces(self, state: State, line: Line) -> bool:
        """Return whether a line is that of a new call, or fuller than the one that is there; which is taken out."""
        mark = line.found.mark
        known = self._connection.execute(
            "SELECT id, mark, at FROM calls WHERE name = ? AND file = ? AND format = ?",
            (mark.name, state.id, line.format.name),
        )
        for number, kept, at in known.fetchall():
            before = line.format.mark(json.loads(kept))
            if before.key != mark.key:
                continue
            # A row that is written again is no copy.
            state.copies += not state.store
            if before.weight >= mark.weight:
                return False
            self._connection.execute("DELETE FROM calls WHERE id = ?", (number,))
            if at is not None:
                self._connection.execute("INSERT OR IGNORE INTO stale VALUES (?)", (at // QUARTER_US,))
            return True
        return True

    def _row(self, state: State, line: Line) -> tuple[Any, ...]:
        """Return the row of a call. Raises ValueError for a time or a fact that cannot be one."""
        found, form, number = line
        mark, number_of = found.mark, self._texts.number
        call = SessionCall(found, state.path, number, None, form)
        shape, numbers = packed(call)
        session, project = (_text(found.beside.get(name)) for name in ("session", "project"))
        cost = priced(call, self._prices)
        return (
            *(state.id, number, form.name, mark.name, mark.kin, as_json(mark), 1, _at(call.time)),
            *(number_of(session), number_of(project), number_of(shape), numbers, not found.ended),
            *(number_of(cost.model), *cost[1:-1], number_of(cost.failure)),
        )

    def reprice(self, where: str = "1") -> None:
        """Work out the costs of calls anew; ``where`` is a condition of SQL."""
        after = 0
        while True:
            rows = self._connection.execute(
                f"{CALLS} WHERE calls.id > ? AND {where} ORDER BY calls.id LIMIT {_AT_ONCE}", (after,)
            )
            found = rows.fetchall()
            if not found:
                break
            changed = []
            for row in found:
                cost = priced(call_of(row), self._prices)
                text = self._texts.number
                changed.append((text(cost.model), *cost[1:-1], text(cost.failure), row[0]))
            self._connection.executemany(_REPRICE, changed)
            after = found[-1][0]
        self._stale(f"kept AND {where}")

    def _stale(self, where: str, *given: object) -> None:
        self._connection.execute(f"{_QUARTERS} AND {where}", given)


_QUARTERS = f"INSERT OR IGNORE INTO stale SELECT DISTINCT at / {QUARTER_US} FROM calls WHERE at IS NOT NULL"
_AT = _CALL.index("at")


def call_of(row: tuple[object, ...]) -> SessionCall:
    """Return the call of a row, as far as its cost depends on it."""
    _, path, line, form, at, shape, numbers, partial, *_ = row
    response, facts = unpacked(str(shape), str(numbers))
    if at is not None:
        facts["time"] = int(at) // 1_000_000  # type: ignore[call-overload]
    found = Found(response, facts, None, not partial)
    return SessionCall(found, str(path), int(line), None, NAMED[str(form)])  # type: ignore[call-overload]


def _at(time: object) -> int | None:
    """Return a time in microseconds."""
    if time is None:
        return None
    if type(time) is str and len(time) == _MILLISECONDS and time[-1] == "Z":
        # As most logs write it; a general reader of times takes five times as long.
        try:
            return (datetime.fromisoformat(time[:-1]) - _1970) // MICROSECOND
        except ValueError:
            pass
    found = microseconds(moment(time))
    if found < 0:
        raise ValueError(f"time={shown(time)} is before 1970")
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
