"""Which calls of the files count: of a call that stands in several files one does, and the others are copies."""

from __future__ import annotations

from ..core.late import Late
from ..logs.session_formats import NAMED
from .schema import QUARTER_US

TYPE_CHECKING = False
if TYPE_CHECKING:
    import json
    import sqlite3
    from collections.abc import Iterator
    from typing import Any
else:
    # It loads regular expressions, and a status line finds nothing to settle.
    json = Late("json")

# Up to here calls are settled, by their id.
SETTLED = "settled"
# Names whose calls may have become copies, or may be copies no more.
_TOUCHED = """
CREATE TEMP TABLE touched AS
SELECT format, name FROM calls WHERE id > :settled UNION SELECT format, name FROM gone
"""
# A name of one call that counts is settled. A name that has kin is looked at with all of its kin.
_OPEN = """
SELECT format, name FROM calls JOIN touched USING (format, name)
GROUP BY format, name HAVING COUNT(*) > 1 OR MIN(kept) = 0 OR MAX(kin) IS NOT NULL
UNION
SELECT touched.format, calls.name FROM touched JOIN calls ON calls.kin = touched.name AND calls.format = touched.format
"""


class _Row:
    """A call of a file, by its id."""

    __slots__ = ("id", "kept", "mark", "quarter")

    def __init__(self, id: int, mark: Any, at: int | None, kept: int) -> None:
        self.id, self.mark, self.kept = id, mark, kept
        self.quarter = None if at is None else at // QUARTER_US


def settle(connection: sqlite3.Connection) -> None:
    """Look at the copies of all calls that are new, and of those that have gone; inside the caller's transaction."""
    execute = connection.execute
    settled = execute("SELECT value FROM facts WHERE name = ?", (SETTLED,)).fetchone()
    last = execute("SELECT COALESCE(MAX(id), 0) FROM calls").fetchone()[0]
    execute("DROP TABLE IF EXISTS temp.touched")
    execute(_TOUCHED, {"settled": int(settled[0]) if settled else 0})
    seen: set[tuple[str, str]] = set()
    for form, name in execute(_OPEN).fetchall():
        if (form, name) not in seen:
            family = _family(connection, form, name)
            if len(family) > 1:
                seen.update((form, one) for one in family)
            _settle(connection, form, family)
    execute("DROP TABLE temp.touched")
    for other in NAMED.values():
        if other.beside and execute("SELECT 1 FROM facts WHERE name = ?", (other.name,)).fetchone():
            _beside(connection, other.name, other.beside)
    execute("DELETE FROM gone")
    execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (SETTLED, str(last)))


def _beside(connection: sqlite3.Connection, form: str, whole: str) -> None:
    """Let sums of a session count where no calls of it are there, and only there."""
    names = connection.execute("SELECT DISTINCT name FROM calls WHERE format = ?", (form,)).fetchall()
    for (name,) in names:
        _settle(connection, form, [name])
    sessions = connection.execute("SELECT DISTINCT session FROM calls WHERE format = ? AND session <> 0", (form,))
    for (session,) in sessions.fetchall():
        there = connection.execute(
            "SELECT 1 FROM calls WHERE format = ? AND session = ? AND kept LIMIT 1", (whole, session)
        )
        if there.fetchone() is not None:
            connection.execute("UPDATE calls SET kept = 0 WHERE format = ? AND session = ?", (form, session))
            connection.execute(
                f"INSERT OR IGNORE INTO stale SELECT DISTINCT at / {QUARTER_US} FROM calls "
                "WHERE format = ? AND session = ? AND at IS NOT NULL",
                (form, session),
            )


def _family(connection: sqlite3.Connection, form: str, name: str) -> list[str]:
    """Return the names whose calls may be copies of each other: a name, its kin, the kin of those, and so on."""
    found = {name: None}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        near = connection.execute(
            "SELECT DISTINCT kin FROM calls WHERE name = :one AND format = :form AND kin IS NOT NULL "
            "UNION SELECT DISTINCT name FROM calls WHERE kin = :one AND format = :form",
            {"one": one, "form": form},
        )
        new = [other for (other,) in near if other not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return list(found)


def _settle(connection: sqlite3.Connection, form: str, family: list[str]) -> None:
    calls, rows = NAMED[form].calls(), []
    for row in _rows(connection, form, family):
        calls.add(row)
        rows.append(row)
    kept = {row.id for row in calls.settled()[0]}
    changed = [row for row in rows if bool(row.kept) != (row.id in kept)]
    connection.executemany("UPDATE calls SET kept = ? WHERE id = ?", [(row.id in kept, row.id) for row in changed])
    quarters = {(row.quarter,) for row in changed if row.quarter is not None}
    connection.executemany("INSERT OR IGNORE INTO stale VALUES (?)", quarters)


def _rows(connection: sqlite3.Connection, form: str, family: list[str]) -> Iterator[_Row]:
    mark_of = NAMED[form].mark
    for name in family:
        found = connection.execute(
            "SELECT id, mark, at, kept FROM calls WHERE name = ? AND format = ? ORDER BY id", (name, form)
        )
        for number, mark, at, kept in found.fetchall():
            yield _Row(number, mark_of(json.loads(mark)), at, kept)
