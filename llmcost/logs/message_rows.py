"""The messages of OpenCode's database, which newer versions write instead of a file for each message.

``message`` has a row for each message, whose ``data`` is what a file held. Version 2 writes ``session_message``, into
which it has copied the older rows under their ids. A row that is written again gets a new ``time_updated``.
https://github.com/anomalyco/opencode/blob/dev/packages/opencode/src/session/session.sql.ts
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import printable
from ..readers.opencode import stating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .session_format import Fields

# The tables of messages, with the SQL that tells the rows of an assistant from others.
_TABLES = {"message": "'assistant'", "session_message": "type"}
_SESSIONS = ("session", "session_v2")
# Milliseconds by which the clocks of two writers may differ.
_LEEWAY = 60_000


class Row(NamedTuple):
    """A message that was answered: the number of its row, the bytes that were read, and what it holds or why not."""

    number: int
    size: int
    message: Fields | str


class Passage(NamedTuple):
    """How far a table was read.

    Attributes:
        last, identity: the last row that was read, and its id: the rows of a table may be numbered anew.
        rows: how many rows there are up to it.
        until: changes before this time are read, in milliseconds since 1970.
    """

    last: int = 0
    identity: str = ""
    rows: int = 0
    until: int = 0


@contextmanager
def messages_of(path: str) -> Iterator[Messages]:
    """Give the messages of a database, which is only read.

    Raises OSError: it is no database of OpenCode, it is damaged, or in use for too long.
    """
    file, before = Path(path).absolute(), _written(path)
    # What a running program has written last stands in a file beside it. Where none is, nothing is locked: SQLite would
    # make files in the folder of the program, and leave them there.
    how = "mode=ro" if before[2] else "immutable=1"
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?{how}", uri=True, isolation_level=None)
        try:
            connection.execute("BEGIN")
            yield Messages(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise OSError(printable(error)) from error
    if not before[2] and _written(path) != before:
        raise OSError("it was written to while it was read; read it again")


def _written(path: str) -> tuple[int, int, int]:
    """Return the size of a database, when it was written, and the bytes of the file beside it."""
    info, beside = Path(path).stat(), Path(f"{path}-wal")
    return info.st_size, info.st_mtime_ns, beside.stat().st_size if beside.exists() else 0


class Messages:
    """The messages of a database, as they are at one moment.

    Attributes:
        rest: whether there are more of them than were asked for.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.rest = False
        self._execute = connection.execute
        known = {name for (name,) in self._execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        self._tables = [name for name in _TABLES if name in known]
        if not self._tables:
            raise OSError("it is no database of OpenCode: it has no table of messages")
        self._folders: dict[str, str] = {}
        for name in _SESSIONS:
            if name in known:
                self._folders.update(self._execute(f"SELECT id, directory FROM {name}").fetchall())

    def has(self, passages: dict[str, Passage]) -> bool:
        """Return whether all rows of some passages are there, also if they were written again."""
        return all(name in self._tables and self._passage(name, old) == old for name, old in passages.items())

    def _passage(self, name: str, passage: Passage) -> Passage:
        """Return the passage up to the same row as it is now."""
        rows, identity = self._execute(
            f"SELECT (SELECT COUNT(*) FROM {name}) - (SELECT COUNT(*) FROM {name} WHERE rowid > :last), "
            f"(SELECT id FROM {name} WHERE rowid = :last)",
            {"last": passage.last},
        ).fetchone()
        return passage._replace(rows=rows, identity=identity or "")

    def since(self, passages: dict[str, Passage], most: int | None = None) -> Iterator[Row]:
        """Yield the messages that are new, or were written again; the passages go on.

        Args:
            passages: by table, how far it was read.
            most: so many bytes of new messages, about; all if it is not given.
        """
        for name in self._tables:
            passage = passages.get(name, Passage())
            until = self._execute(f"SELECT COALESCE(MAX(time_updated), 0) FROM {name}").fetchone()[0] - _LEEWAY
            for again in (True, False):
                where = "rowid <= :last AND time_updated >= :until" if again else "rowid > :last"
                given = {"last": passage.last, "until": passage.until}
                for row in self._of(name, where, given) if passage.last or not again else ():
                    if most is not None and most <= 0 and not again:
                        self.rest = True
                        break
                    yield row
                    if not again:
                        passage = passage._replace(last=row.number)
                        most = None if most is None else most - row.size
            passages[name] = self._passage(name, passage)._replace(until=until)

    def _of(self, name: str, where: str, given: dict[str, int]) -> Iterator[Row]:
        """Yield rows in their order; one that holds no answer has an empty message."""
        if name == "session_message" and "message" in self._tables:
            # Of a message that version 1 has written, its row says more.
            where += " AND id NOT IN (SELECT id FROM message)"
        rows = self._execute(
            f"SELECT rowid, id, session_id, {_TABLES[name]}, data FROM {name} WHERE {where} ORDER BY rowid", given
        )
        for number, identity, session, kind, data in rows:
            text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
            known = {"id": identity, "sessionID": session}
            if name != "message":
                known["type"] = "assistant"
            yield Row(number, len(text), self._message(known, text) if kind == "assistant" else {})

    def _message(self, known: Fields, text: str) -> Fields | str:
        if '"tokens"' not in text:
            return {}
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            return f"no JSON: {error}"
        if not isinstance(found, dict):
            return f"expected an object, found {type(found).__name__}"
        if not _is_answered(found.get("tokens")):
            return {}
        message = {**known, **found}
        if stating(message) is None:
            return f"it counts tokens, and is no answer that is known (its keys: {printable(', '.join(found))[:200]})"
        folder = self._folders.get(str(known["sessionID"]))
        if folder is not None:
            message.setdefault("path", {"root": folder})
        return message


def _is_answered(tokens: object) -> bool:
    """Return whether anything is counted: an answer that has just begun has no counters, or zeros."""
    if isinstance(tokens, dict):
        return any(_is_answered(part) for part in tokens.values())
    return bool(tokens)
