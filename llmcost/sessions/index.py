"""The index of the logs of sessions: brought up to date, and asked."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager

from ..core.late import Late
from ..errors import LogError, MissingDependencyError, printable
from ..logs.session_formats import NAMED, stores_of
from .database import PATIENCE, discard, index_file, is_busy, opened, sweep
from .progress import COLUMNS, Info, Seen, State, goes_on, info_of, is_as_before, proof_of
from .settling import SETTLED, settle
from .stamp import stamp
from .sums import renew

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeVar

    from ..api.costmap import CostMap
    from .reading import Batch
    from .writing import Writer

    T = TypeVar("T")

# Loaded where there is anything to write, with all that reads counters and prices them.
_reading, _writing_calls = Late("llmcost.sessions.reading"), Late("llmcost.sessions.writing")
_stores = Late("llmcost.sessions.stores")
# Bytes that are read in one transaction. After a process was killed, the next one reads so many once more.
_STEP = 16 << 20
_BUFFER = 1 << 18
_PRICES = "prices"
# Beyond the number of any line: rows that are written again leave the errors of others as they are.
_NO_LINE = 1 << 62


def _prices_in_use() -> CostMap:
    # Prices load when there is something to price.
    from ..api.costmap import CostMap

    return CostMap()


def ask(
    places: Iterable[str | os.PathLike[str]],
    files: Iterable[str],
    question: Callable[[SessionIndex], T],
    *,
    cost_map: Callable[[], CostMap] = _prices_in_use,
    patience: float = PATIENCE,
) -> T:
    """Return the answer of the index of some folders to a question; one that turns out to be damaged is made anew.

    Raises sqlite3.Error if another process writes for longer than ``patience``.
    """
    places, files = list(places), list(files)
    # A new file may be damaged too, as on a full disk: the last try keeps the index in memory.
    for kept in (True, True, False):
        index = SessionIndex(places, files, cost_map, patience=patience, kept=kept)
        try:
            return question(index)
        except sqlite3.DatabaseError as error:
            if is_busy(error) or not kept:
                raise
        finally:
            index.close()
        if index.path:
            discard(index.path, index.inode)
    raise AssertionError("the last of them is not kept")


class SessionIndex:
    """The calls of the sessions in some folders and files, as far as their logs were read.

    Attributes:
        cost_map: makes the prices in use.
        errors: files that cannot be read.
        path: its file; "" if it is not kept for the next time, and ``inode`` what tells the file from one in its place.

    Args:
        places: the folders and files.
        files: the files of sessions in them.
        cost_map: the prices in use; made when they are needed.
        patience: seconds to wait for another process that writes.
        kept: whether it is kept for the next time, where there is a place for it.

    Raises:
        sqlite3.Error: another process writes for longer than that.
    """

    def __init__(
        self,
        places: Iterable[str | os.PathLike[str]],
        files: Iterable[str],
        cost_map: Callable[[], CostMap] = _prices_in_use,
        *,
        patience: float = PATIENCE,
        kept: bool = True,
    ) -> None:
        self._files, self.cost_map = list(dict.fromkeys(_absolute(files))), cost_map
        self.errors: list[LogError] = []
        # Where another format is known, lines that were none of any are to be read anew.
        self.path = index_file([*(os.path.abspath(place) for place in places), *NAMED]) if kept else ""
        try:
            self.connection = opened(self.path, patience)
        except OSError:
            self.path = ""
            self.connection = opened("")
        self.inode = os.stat(self.path).st_ino if self.path else 0

    def close(self) -> None:
        """Close the database."""
        self.connection.close()

    def update(self, most: int | None = None, tell: Callable[[int, int], object] | None = None) -> int:
        """Read what was written since the last time; return how many bytes are left to be read.

        Args:
            most: bytes that are read; all if it is not given.
            tell: called with the bytes that were read, and all that are to be read.

        Raises:
            PriceDataError: ``LLMCOST_PRICES`` names nothing that can be read.
            sqlite3.Error: another process writes for longer than this one waits.
        """
        prices, files = stamp(), self._present()
        known = self._known()
        before = self.connection.execute("SELECT value FROM facts WHERE name = ?", (_PRICES,)).fetchone()
        lost = [state for path, state in known.items() if path not in files]
        fresh = [path for path, info in files.items() if path not in known or not is_as_before(known[path], info)]
        undated = self.connection.execute("SELECT 1 FROM calls WHERE at IS NULL LIMIT 1").fetchone()
        if not (lost or fresh or undated) and before == (prices,) and not self._pending():
            return 0
        writer: Writer = _writing_calls.Writer(self.connection, self.cost_map())
        with self._writing():
            if before != (prices,):
                writer.reprice()
                self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (_PRICES, prices))
            elif undated:
                # A call without a time is priced by the day of the question.
                writer.reprice("at IS NULL")
            for state in lost:
                writer.forget(state.id)
                self.connection.execute("DELETE FROM files WHERE id = ?", (state.id,))
        sizes = {path: _new_bytes(known.get(path), files[path]) for path in fresh}
        left = self._read(sizes, writer, most, tell)
        with self._writing():
            settle(self.connection)
            renew(self.connection)
        if self.path and not known:
            sweep(os.path.dirname(self.path))
        return left

    def behind(self) -> int:
        """Return how many bytes are not read."""
        known, files = self._known(), self._present()
        fresh = [path for path, info in files.items() if path not in known or not is_as_before(known[path], info)]
        return sum(_new_bytes(known.get(path), files[path]) for path in fresh)

    def _read(
        self, sizes: dict[str, int], writer: Writer, most: int | None, tell: Callable[[int, int], object] | None
    ) -> int:
        """Read new lines of files in steps; return how many bytes are left."""
        total, done = sum(sizes.values()), 0
        waiting = list(reversed(sizes))
        while waiting and (most is None or done < most):
            with self._writing():
                step = _STEP if most is None else min(_STEP, most - done)
                while waiting and step > 0:
                    try:
                        read, whole = self._next(waiting[-1], writer, step)
                    except (OSError, MissingDependencyError) as error:
                        why = getattr(error, "strerror", None) or error
                        self.errors.append(LogError(printable(f"cannot be read: {why}"), waiting[-1]))
                        read, whole = 0, True
                    if whole:
                        waiting.pop()
                    done, step = done + read, step - max(read, 1)
            if tell is not None:
                tell(done, total)
        return max(1, total - done) if waiting else 0

    def _next(self, path: str, writer: Writer, most: int) -> tuple[int, bool]:
        """Read new lines of a file, of so many bytes; return how many were read, and whether that is all."""
        state = self._state(path)
        if state.store:
            return self._next_rows(state, writer, most)
        with open(path, "rb", buffering=_BUFFER) as binary:
            stat = os.fstat(binary.fileno())
            info = Info(stat.st_size, stat.st_mtime_ns, stat.st_ino)
            fresh = state.offset == 0
            if is_as_before(state, info):
                # Another process has read it.
                return 0, True
            if not goes_on(state, binary, info):
                if state.offset or state.size:
                    writer.forget(state.id)
                state, fresh = State(path, state.id), True
            begin, first = state.offset, state.line
            binary.seek(0)
            batch: Batch = _reading.read_on(state, binary, most)
            read = state.offset - begin
            whole = read < most or state.offset >= info.size
            state.inode, state.proof = info.inode, proof_of(binary, state.offset)
            state.size, state.changed = (info.size, info.changed) if whole else (-1, 0)
            writer.write(state, batch, first, fresh=fresh)
        return read, whole

    def _next_rows(self, state: State, writer: Writer, most: int) -> tuple[int, bool]:
        """Read new rows of a database, as ``_next`` does with lines."""
        info = info_of(state.path, store=True)
        if is_as_before(state, info):
            return 0, True
        rows = _stores.read_rows(state, most)
        if rows.anew and (state.offset or state.size):
            writer.forget(state.id)
            state.copies = state.problems = 0
        state.inode, state.offset = info.inode, info.size if rows.whole else 1
        state.size, state.changed = (info.size, info.changed) if rows.whole else (-1, 0)
        writer.write(state, rows.batch, _NO_LINE, fresh=rows.anew)
        return rows.size, rows.whole

    def _present(self) -> dict[str, Info]:
        """Return the files that are there."""
        found, stores = {}, stores_of(self._files)
        for path in self._files:
            try:
                path.encode()
                found[path] = info_of(path, store=path in stores)
            except UnicodeEncodeError:
                self.errors.append(LogError("its name is no UTF-8, in which the index keeps names: rename it", path))
            except OSError as error:
                self.errors.append(LogError(f"cannot be read: {error.strerror or error}", path))
        return found

    def _known(self) -> dict[str, Seen]:
        """Return the files that were read."""
        rows = self.connection.execute("SELECT path, id, size, changed, inode, offset FROM files")
        return {path: Seen(*row) for path, *row in rows}

    def _state(self, path: str) -> State:
        """Return how far a file was read; a new row for one that was not."""
        execute, found = self.connection.execute, State(path)
        execute("INSERT OR IGNORE INTO files VALUES (NULL, ?, 0, 0, 0, 0, 1, '', NULL, '[]', 0, 0)", (path,))
        row = execute(f"SELECT {', '.join(COLUMNS)} FROM files WHERE path = ?", (path,)).fetchone()
        for name, value in zip(COLUMNS, row, strict=True):
            setattr(found, name, value)
        return found

    def _pending(self) -> bool:
        """Return whether a process ended before its sums were made."""
        found = self.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM stale) OR EXISTS (SELECT 1 FROM gone) OR (SELECT COALESCE(MAX(id), 0) FROM "
            "calls) > (SELECT CAST(value AS INTEGER) FROM facts WHERE name = ?)",
            (SETTLED,),
        ).fetchone()[0]
        return bool(found)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        with self.connection:
            yield


def _absolute(files: Iterable[str]) -> Iterator[str]:
    """Yield the absolute paths of files; each folder is asked for once, since thousands of files are in few folders."""
    folders: dict[str, str] = {}
    for file in files:
        folder, _, name = file.rpartition(os.sep)
        if not folder or name in {"", os.curdir, os.pardir} or (os.altsep is not None and os.altsep in name):
            yield os.path.abspath(file)
            continue
        if folder not in folders:
            folders[folder] = os.path.join(os.path.abspath(folder), "")
        yield folders[folder] + name


def _new_bytes(state: Seen | None, info: Info) -> int:
    """Return how many bytes of a file are to be read, as far as that is known without reading it."""
    if state is None or info.size < state.offset or info.size == state.size:
        return info.size
    return info.size - state.offset
