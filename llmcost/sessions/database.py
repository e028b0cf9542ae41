"""The file of an index: made for its user alone, and made anew where it is damaged or of another version."""

from __future__ import annotations

import os
import sqlite3
import zlib
from contextlib import ExitStack, closing, contextmanager, suppress
from time import sleep, time

from ..prices.places import own_folder
from ..spend.locks import lock
from .schema import TABLES, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Seconds for which a process waits while another one writes.
PATIENCE = 60.0
# An index that was not asked for so many days is deleted.
_DAYS = 60
_DAY = 86_400
_PREFIX, _ENDING = "sessions-", ".db"
_SIDES = ("", "-wal", "-shm", "-journal")
_LOCK = "sessions.lock"
# Seconds between two looks at the lock.
_OFTEN = 0.01


def index_file(places: Iterable[str]) -> str:
    """Return the index of folders and files; "" if there is no place for it.

    Which calls are copies depends on the files that are looked at, so that other folders have another index.
    """
    folder = own_folder("XDG_CACHE_HOME", "Caches", ".cache")
    text = "\0".join(sorted(places)).encode(errors="surrogateescape")
    # Two numbers of 32 bits: hashlib takes a tenth of the time that a status line has.
    name = f"{zlib.crc32(text):08x}{zlib.crc32(text[::-1]):08x}"
    return os.path.join(folder, f"{_PREFIX}{name}{_ENDING}") if folder else ""


def opened(path: str, patience: float = PATIENCE) -> sqlite3.Connection:
    """Return the database of an index; an empty one where there is none that can be used. "" is one in memory.

    Raises:
        OSError: the file cannot be made.
        sqlite3.Error: it is in use for longer than ``patience``.
    """
    if not path:
        connection = sqlite3.connect("", isolation_level=None)
        connection.executescript(TABLES)
        return connection
    found = _usable(path, patience)
    if found is None:
        with _alone(path):
            # Another process may have made it by now.
            found = _usable(path, patience)
            if found is None:
                _remove(path)
                _make(path)
                found = _checked(path, patience)
    return found


def _usable(path: str, patience: float) -> sqlite3.Connection | None:
    """Return the database of a file; None if it is none of this version. Raise sqlite3.Error while it is in use."""
    try:
        return _checked(path, patience)
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            raise
        return None


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether another process is writing; any other error of a database is one of its file."""
    return isinstance(error, sqlite3.OperationalError) and ("locked" in str(error) or "busy" in str(error))


def _checked(path: str, patience: float) -> sqlite3.Connection:
    """Return the database of a file; raise sqlite3.DatabaseError if it is none of this version."""
    if not os.path.exists(path):
        raise sqlite3.DatabaseError("there is no index yet")
    with ExitStack() as undo:
        connection = sqlite3.connect(path, timeout=patience, isolation_level=None)
        undo.callback(connection.close)
        connection.execute("PRAGMA cache_size = -8000")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            raise sqlite3.DatabaseError(f"the index is of version {version}")
        connection.execute("PRAGMA synchronous = NORMAL")
        if os.stat(path).st_mtime < time() - _DAY:
            os.utime(path)
        undo.pop_all()
    return connection


def _make(path: str) -> None:
    """Make an empty index."""
    # SQLite makes a file that others may read, and its side files as the file is.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            connection.execute("BEGIN")
            for statement in TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def _alone(path: str) -> Iterator[None]:
    """Wait until no other process makes or deletes indexes: side files of a new one are not to be taken for old ones.

    Raises OSError where the file of the lock cannot be made.
    """
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    guard = os.open(os.path.join(folder, _LOCK), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not lock(guard):
            sleep(_OFTEN)
        yield
    finally:
        os.close(guard)


def discard(path: str, inode: int) -> None:
    """Delete an index that turned out to be damaged, unless another process has made it anew.

    Raises OSError where that is not allowed.
    """
    with _alone(path):
        if os.path.exists(path) and os.stat(path).st_ino == inode:
            _remove(path)


def sweep(folder: str) -> None:
    """Delete indexes that nobody has asked for a long time: those of folders that were looked at once."""
    before = time() - _DAYS * _DAY
    try:
        with os.scandir(folder) as entries:
            old = [
                entry.path
                for entry in entries
                if entry.name.startswith(_PREFIX) and entry.name.endswith(_ENDING) and entry.stat().st_mtime < before
            ]
    except OSError:
        return
    for path in old:
        with _alone(path):
            _remove(path)


def _remove(path: str) -> None:
    """Delete an index. A process that has it open goes on with what it has, and finds the new one next time."""
    for side in _SIDES:
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{side}")
