"""Removal: calls of some age and status, and calls of somebody who is to be forgotten."""

from __future__ import annotations

import json
import os
from operator import index
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from ..errors import ArgumentError, shown
from .axes import NONE, TAG
from .conditions import conditions_of, scope
from .hour_sums import Adding, HourSums
from .instants import HOUR_US
from .names import code_of, storable
from .schema import call_tags, calls, meta, names, removed, repriced, totals
from .segments import REFUSED
from .storing import EPOCH, OLD, take_away

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Connection

    from .conditions import Scope
    from .database import Database

_REMOVED = Adding(removed, (removed.c.hour,), ("calls",))
# Who can be forgotten.
_FORGETTABLE = ("user", "session", "team", "tag", "deployment")


def prune(database: Database, question: Scope, *, totals: bool, seconds: float | None, batch: int) -> int:
    """Delete calls in batches of a transaction each; return how many. With ``totals`` their sums go too."""
    if index(batch) < 1:
        raise ArgumentError(f"batch={batch}: it is how many calls are deleted at once, 1 or more")
    end = None if seconds is None else monotonic() + seconds
    number = 0
    while end is None or monotonic() < end:
        with database.writing() as connection:
            rows = _some(connection, question, batch)
            _delete(database, connection, rows, totals=totals)
        number += len(rows)
        if len(rows) < batch:
            break
        give_back(database, batch)
    give_back(database, 0)
    return number


def _some(connection: Connection, question: Scope, most: int) -> Sequence[Any]:
    query = select(*(calls.c[name] for name in OLD)).where(*conditions_of(question)).order_by(calls.c.at).limit(most)
    return connection.execute(query).all()


def _delete(database: Database, connection: Connection, rows: Sequence[Any], *, totals: bool) -> None:
    if not rows:
        return
    if totals:
        sums = HourSums()
        for row in rows:
            take_away(connection, sums, row)
        sums.write(database, connection)
    else:
        hours: dict[int, int] = {}
        for row in rows:
            hours[row.at // HOUR_US] = hours.get(row.at // HOUR_US, 0) + 1
        _REMOVED.run(database, connection, sorted(hours.items()))
    wanted = {"seqs": [row.seq for row in rows]}
    for table in (call_tags, repriced, calls):
        connection.execute(delete(table).where(table.c.seq.in_(bindparam("seqs", expanding=True))), wanted)


def give_back(database: Database, pages: int) -> None:
    """Give pages that are free to the system; SQLite keeps them otherwise. 0 gives all."""
    if database.is_sqlite:
        with database.alone() as connection:
            # A script is run to its end, where a statement would free one page.
            driver: Any = connection.connection.driver_connection
            driver.executescript(f"PRAGMA incremental_vacuum({pages})")


def forget(database: Database, folder: Path, where: Mapping[str, object]) -> int:
    """Delete the calls of somebody, the name, and its sums; return how many calls.

    What others say of the same calls stays: sums of models, hours and all calls. Those of the name's own axis are added
    to what is not stated, so that its groups add up to the total as before.

    Raises ArgumentError if ``where`` does not name one of those who can be forgotten.
    """
    axis, value = _one(where)
    number = 0
    while True:
        with database.writing() as connection:
            if database.is_sqlite:
                # What is deleted is overwritten.
                connection.exec_driver_sql("PRAGMA secure_delete = ON").close()
            rows = _some(connection, scope(connection, None, None, {axis: value}), 2000)
            sessions = {row.session for row in rows} - {NONE}
            _delete(database, connection, rows, totals=False)
            _forget_names(database, connection, "session", _unused(connection, sessions))
            if not rows:
                code = code_of(connection, axis, value)
                _forget_names(database, connection, axis, [] if code is None else [code])
                break
        number += len(rows)
    _forget_lines(folder / REFUSED, value)
    give_back(database, 0)
    return number


def _one(where: Mapping[str, object]) -> tuple[str, str]:
    if len(where) == 1:
        ((axis, value),) = where.items()
        if axis in _FORGETTABLE and isinstance(value, str):
            return axis, storable(value)
    raise ArgumentError(
        f"forget(where={shown(dict(where))}): it names one {', '.join(_FORGETTABLE[:-1])} or {_FORGETTABLE[-1]}, "
        'such as {"user": "u-17"}'
    )


def _unused(connection: Connection, sessions: set[int]) -> list[int]:
    """Return those of some sessions that no call has any more."""
    if not sessions:
        return []
    used = connection.execute(select(calls.c.session).distinct().where(calls.c.session.in_(sorted(sessions))))
    return sorted(sessions - set(used.scalars()))


def _forget_names(database: Database, connection: Connection, axis: str, codes: list[int]) -> None:
    """Take names away, and add what is summed up under them to what is not stated; not so of a tag."""
    if not codes:
        return
    of_them = (totals.c.axis == axis, totals.c.value.in_(codes))
    if axis != TAG:
        sums = HourSums()
        columns = (totals.c.hour, totals.c.status, *(totals.c[name] for name in ("calls", "input", "output")))
        for row in connection.execute(select(*columns, totals.c.nano, totals.c.atto, totals.c.rest).where(*of_them)):
            sums.merge((axis, row.hour, NONE, row.status), row[2:7], row.rest)
        sums.write(database, connection)
    connection.execute(delete(totals).where(*of_them))
    connection.execute(delete(names).where(names.c.code.in_(codes)))
    # Others may remember the code.
    epoch = connection.execute(select(meta.c.value).where(meta.c.name == EPOCH)).scalar()
    if epoch is None:
        connection.execute(meta.insert().values(name=EPOCH, value="1"))
    else:
        connection.execute(update(meta).where(meta.c.name == EPOCH).values(value=str(int(epoch) + 1)))


def _forget_lines(path: Path, value: str) -> None:
    """Overwrite lines that could not be stored and that name somebody.

    The file stays the same one, since other processes append to it meanwhile.
    """
    spelled = json.dumps(value)[1:-1].encode()
    try:
        with path.open("rb+") as file:
            lines, begin = file.read().splitlines(keepends=True), 0
            for line in lines:
                if spelled in line or value.encode("utf-8", "replace") in line:
                    file.seek(begin)
                    file.write(b" " * len(line.rstrip(b"\r\n")))
                begin += len(line)
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
