"""Database: connections to the log, one writer at a time, and its tables."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from contextlib import ExitStack, contextmanager
from threading import RLock
from typing import TYPE_CHECKING
from zlib import crc32

from sqlalchemy import create_engine, event, inspect
from sqlalchemy import text as sql
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from ..errors import SpendLogError, printable, shown
from .place import SQLITE
from .segments import FILE_MODE
from .versions import HEAD, check, make

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from sqlalchemy import Connection, Engine, Table
    from sqlalchemy.sql.expression import Executable

    from .place import Place

# The first whose tables can be strict.
_OLDEST_SQLITE = (3, 37, 0)
# Engines from before a fork. They are kept here, since the garbage collector would close their connections.
_LEFT: list[Engine] = []
_WATCHED: list[sqlite3.Connection] = []
# Of the lock that makes PostgreSQL have one writer at a time: the letters of the project's name.
_LOCK = 0x6C6C6D636F7374
# KiB of pages that each connection to SQLite keeps. A log of a million calls is stored and asked no faster with more.
_PAGES = 8000
# Seconds between two tries to change how a file of SQLite keeps its journal.
_BETWEEN_TRIES = 0.005


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Make SQLite keep a write-ahead log, once no other process writes to the file; wait ``patience`` seconds for that.

    SQLite waits by itself for the other statements. This one reads before it writes, and a transaction that has read
    gets no wait: https://www.sqlite.org/c3ref/busy_handler.html
    """
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Python 3.10 gives no code of an error.
            if str(error) != "database is locked" or time.monotonic() >= until:
                raise
            time.sleep(_BETWEEN_TRIES)
        else:
            return


class Database:
    """The database of a log. Writers wait for each other, so that sums are changed by one at a time.

    Args:
        place: where it is.
        durable: a commit waits for the disk.
        patience: seconds for which a statement waits for other processes.
    """

    def __init__(self, place: Place, *, durable: bool, patience: float) -> None:
        self._place, self._durable, self._patience = place, durable, patience
        self._lock = RLock()
        self._engine: Engine | None = None
        self._watch: sqlite3.Connection | None = None
        self._statements: dict[Any, str] = {}
        self._pid = os.getpid()

    def __del__(self) -> None:
        """Close the connections of a log that was never closed, or that a budget uses after it was closed."""
        if self._pid == os.getpid() and not sys.is_finalizing():
            self.close()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self._place.kind == SQLITE

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose questions all see the same state."""
        with self._raised(), self._used() as engine, engine.connect() as connection, connection.begin():
            if not self.is_sqlite:
                connection.execute(sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield connection

    @contextmanager
    def writing(self, what: str = "") -> Iterator[Connection]:
        """Give the connection of the one writer; what is done in it is done as a whole or not at all.

        Where a database can have several writers, ``what`` names the one thing that others do not write meanwhile.
        """
        lock = crc32(what.encode()) if what else _LOCK
        with self._raised(), self._used() as engine, self._one_writer(engine, lock) as connection:
            yield connection

    @contextmanager
    def _used(self) -> Iterator[Engine]:
        """Give the engine; a connection that comes back to it after it was closed is closed as well."""
        engine = self._made()
        pool = engine.pool
        try:
            yield engine
        finally:
            if engine is not self._engine:
                pool.dispose()
                engine.dispose()

    @contextmanager
    def _one_writer(self, engine: Engine, lock: int = _LOCK) -> Iterator[Connection]:
        with engine.connect().execution_options(immediate=True) as connection, connection.begin():
            if not self.is_sqlite:
                connection.execute(sql("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            yield connection

    @contextmanager
    def _raised(self) -> Iterator[None]:
        try:
            yield
        except (DataError, IntegrityError):
            # A value is wrong, and not the database.
            raise
        except DBAPIError as error:
            raise UnavailableError(f"{printable(self._place.shown)}: {error.orig}") from error

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Give a connection outside any transaction."""
        with (
            self._raised(),
            self._used() as engine,
            engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection,
        ):
            yield connection

    def mark(self) -> str:
        """Return a text that changes with every change of the database, whichever process makes it.

        It may change without one. SQLite counts the commits of others for a connection that makes none itself;
        PostgreSQL says which transactions are over.
        https://www.sqlite.org/pragma.html#pragma_data_version
        """
        if not self.is_sqlite:
            with self.reading() as connection:
                return str(connection.execute(sql("SELECT txid_current_snapshot()::text")).scalar_one())
        self._made()
        with self._lock, self._raised():
            if self._watch is None:
                self._watch = sqlite3.connect(str(self._place.file), timeout=self._patience, check_same_thread=False)
            return str(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def many(self, connection: Connection, statement: Executable, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run a statement for each row through the driver, which takes a fifth of the time.

        The values of a row have the order of the statement's parameters.
        """
        if not rows:
            return
        text = self._statements.get(statement)
        if text is None:
            text = self._statements[statement] = str(statement.compile(dialect=connection.dialect))  # type: ignore[attr-defined]
        connection.exec_driver_sql(text, list(rows))

    def insert(
        self, connection: Connection, table: Table, statement: Executable, rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert new rows, whose values have the order of the columns; by COPY where the database has it.

        COPY takes a quarter of the time of single statements.
        """
        if self.is_sqlite:
            self.many(connection, statement, rows)
        elif rows:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            driver: Any = connection.connection.driver_connection
            dialect: Any = connection.dialect
            errors = dialect.loaded_dbapi.Error
            try:
                with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row(row)
            except errors as error:
                raise DBAPIError.instance(None, None, error, errors) from error

    def _made(self) -> Engine:
        with self._lock:
            if self._engine is None:
                engine = self._sqlite() if self.is_sqlite else self._postgresql()
                with ExitStack() as undo:
                    undo.callback(engine.dispose)
                    self._prepare(engine)
                    undo.pop_all()
                self._engine = engine
            return self._engine

    def _sqlite(self) -> Engine:
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise SpendLogError(
                f"the log needs SQLite 3.37 or newer, and this Python has {sqlite3.sqlite_version}: take a newer "
                "Python, or a log in PostgreSQL"
            )
        file = self._place.file
        assert file is not None  # noqa: S101 - SQLite has a file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Made here, since SQLite would let others read it.
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, FILE_MODE))
        except OSError as error:
            raise SpendLogError(f"no log can stand at {shown(str(file))}: {error.strerror}") from error
        engine = create_engine(self._place.address, connect_args={"timeout": self._patience})

        @event.listens_for(engine, "connect")
        def connected(connection: Any, _: Any) -> None:
            # Transactions begin where this file says so, and not where the driver would begin them.
            connection.isolation_level = None
            # It has to be set while there is no table yet.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            _write_ahead(connection, self._patience)
            connection.execute(f"PRAGMA synchronous = {'FULL' if self._durable else 'NORMAL'}")
            connection.execute(f"PRAGMA cache_size = -{_PAGES}")

        @event.listens_for(engine, "begin")
        def begun(connection: Connection) -> None:
            now = connection.get_execution_options().get("immediate")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if now else "BEGIN")

        return engine

    def _postgresql(self) -> Engine:
        return create_engine(
            self._place.address,
            paramstyle="format",
            pool_pre_ping=True,
            connect_args={"connect_timeout": max(2, round(self._patience)), "application_name": "llmcost"},
        )

    def _prepare(self, engine: Engine) -> None:
        """Make the tables, or bring older ones up to date.

        Raises SpendLogError for tables of a later version.
        """
        with self._raised():
            with engine.connect() as connection, connection.begin():
                if check(connection, inspect(connection), self._place.shown) == HEAD:
                    return
            with self._one_writer(engine) as connection:
                make(connection, self._place.shown)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            engine, watch = self._engine, self._watch
            # This comes first: a thread that uses the engine meanwhile looks for it again afterwards.
            self._engine = self._watch = None
            if engine is not None:
                engine.dispose()
            if watch is not None:
                watch.close()

    def forked(self) -> None:
        """Leave the connections to the process that was forked: to close one here would break it there."""
        if self._engine is not None:
            _LEFT.append(self._engine)
            self._engine.dispose(close=False)
        if self._watch is not None:
            _WATCHED.append(self._watch)
            self._watch = None


class UnavailableError(SpendLogError):
    """The database is locked, away or full; what waits to be stored is stored later."""
