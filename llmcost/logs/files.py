"""The calls of files, folders and standard input."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import LogError
from ..prices.data_sets import open_regular
from .agent_homes import AgentHomes, of_agent
from .blocks import lines_of
from .calls import calls, read_calls
from .csv_rows import csv_values, is_csv, is_csv_log
from .folders import PACKED, walked
from .opening import encoding_of, opened, position, unread
from .session_formats import OTHER_FILES, is_store, store_of
from .sessions import counted_once
from .source import LINES, Source, add_counts, or_empty
from .values import Problem, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .lane import Sink
    from .record import Record

# Endings of the files that are read in a folder. A file that is named itself may have any ending.
_PLAIN = (".json", ".sse", *LINES)
# Processes that may read: Windows waits for no more of them at once.
MOST_JOBS = 61 if os.name == "nt" else 1000
_DATABASE = b"SQLite format 3\0"
ENDINGS = (*_PLAIN, *(ending + packed for ending in _PLAIN for packed in PACKED))


class Files:
    """The calls of files, folders and ``-``, read one by one.

    Attributes:
        files: their names, and what could not be found.
        passed: how many lines of session logs are no calls, by what they are, as far as they were read.
        empty: the message for a file that holds nothing.
        sink: takes most calls as they are read, each after what was yielded before it; None where all are yielded. It
            opens and writes no file, since an OSError would be taken for one of the file that is read.

    Args:
        paths: files, folders and ``-`` for standard input.
        one_stream: all chunks of a file, or of an array in it, are one call.
        empty: the message for a file that holds nothing; without a message such a file is no error.
        passed: where lines are counted that are no calls.
    """

    def __init__(
        self,
        paths: Iterable[str],
        *,
        one_stream: bool = False,
        empty: str = "is empty: there is no response in it",
        passed: dict[str, int] | None = None,
    ) -> None:
        self._one_stream, self.empty = one_stream, empty
        self.passed: dict[str, int] = {} if passed is None else passed
        self._of_agents: set[str] = set()
        self.files: list[str | LogError] = [file for path in paths for file in self._files_of(path)]
        self.sink: Sink | None = None
        self._before = 0
        self._binary: io.BufferedReader | None = None

    @property
    def total(self) -> int | None:
        """Bytes of all files; None if it is not known."""
        if "-" in self.files:
            return None
        return sum(Path(file).stat().st_size for file in self.files if isinstance(file, str))

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._before + (0 if self._binary is None else position(self._binary))

    def __iter__(self) -> Iterator[Record | LogError]:
        return counted_once(self.found(), self.passed)

    def found(self) -> Iterator[Record | LogError]:
        """Yield the calls of one file after the other, also those that stand in several lines or files."""
        for file in self.files:
            if isinstance(file, LogError):
                yield file
            else:
                yield from self.of_file(file)

    def of_file(self, file: str) -> Iterator[Record | LogError]:
        """Yield the calls of one file."""
        try:
            with self.opened(file) as binary:
                yield from self.calls_in(binary, file)
        except OSError as error:
            yield unread(file, error)

    def calls_in(self, binary: io.BufferedReader, file: str) -> Iterator[Record | LogError]:
        """Yield the calls of an open file."""
        source = self.source(file)
        if is_database(binary):
            form = store_of(file)
            if form is not None:
                source.session = form, form.lines()
            yield from or_empty(calls(_rows_of(file), source), source, self.empty)
            binary.seek(0, io.SEEK_END)
            add_counts(self.passed, source.passed)
            return
        one, encoding = self._one_stream, encoding_of(binary)
        table = None
        if is_csv(file):
            table = io.TextIOWrapper(binary, encoding=encoding, errors="replace", newline="")
            found = calls(csv_values(table), source, one_stream=one)
        else:
            found = read_calls(lines_of(binary, encoding), source, one_stream=one, sink=self.sink)
        try:
            # Agents make a file before there is anything to write.
            yield from or_empty(found, source, "" if source.of_agent else self.empty)
        finally:
            # Closing the wrapper would close standard input. If nobody reads on, the garbage collector may have closed
            # it.
            if table is not None and not table.closed:
                table.detach()
            add_counts(self.passed, source.passed)

    def source(self, file: str) -> Source:
        """Return what the records of a file are read from."""
        return Source(name_of(file), of_agent=file in self._of_agents)

    @contextmanager
    def opened(self, file: str) -> Iterator[io.BufferedReader]:
        """Give a file to read, as ``opening.opened`` does; what is read of it is counted in ``done``."""
        with opened(file) as binary:
            self._binary = binary
            try:
                yield binary
            finally:
                self._before, self._binary = self.done, None

    def _files_of(self, path: str) -> list[str | LogError]:
        """Return the files that a path means: itself, or those of a folder and the folders in it."""
        if path == "-":
            return [path]
        # By os.path: Path raises for a name that no file can have.
        if not os.path.exists(path):  # noqa: PTH110
            return [LogError("no such file or folder", path)]
        if not os.path.isdir(path):  # noqa: PTH112
            if of_agent(path, os.environ):
                self._of_agents.add(path)
            return [path]
        found: list[str | LogError] = []
        homes, others = AgentHomes(path, os.environ), 0
        for folder, names in walked(path, set(), hidden=False):
            kept = homes.sorted(folder, names)
            others += kept.others
            files = [str(Path(folder, name)) for name in kept.logs]
            # A table of CSV is a log where its columns are those of one.
            logs = [
                file for file in files if file.endswith(ENDINGS) or is_store(file) or (is_csv(file) and _is_log(file))
            ]
            found += logs
            if kept.of_agent:
                self._of_agents.update(logs)
        if others:
            add_counts(self.passed, {OTHER_FILES: others})
        return found or [LogError(f"the folder holds no {', '.join('*' + end for end in _PLAIN)}", path)]


def is_database(binary: io.BufferedReader) -> bool:
    """Return whether a file is a database of SQLite.

    https://www.sqlite.org/fileformat.html
    """
    return binary.peek(len(_DATABASE)).startswith(_DATABASE)


def is_database_file(file: str) -> bool:
    """Return whether a file of this name is a database; False for one that cannot be read."""
    try:
        # What is read of a pipe is gone for who reads it next.
        with open_regular(file) as binary:
            return is_database(binary)
    except (OSError, ValueError):
        return False


def _rows_of(file: str) -> Iterator[Value | Problem]:
    """Yield the messages of a database of OpenCode."""
    # Few logs are databases.
    from .message_rows import messages_of

    with messages_of(file) as messages:
        for number, _, message in messages.since({}):
            if isinstance(message, str):
                yield Problem(number, message)
            elif message:
                yield Value(number, message)


def name_of(file: str) -> str:
    """Return the name of a file, as places and errors show it."""
    return "stdin" if file == "-" else file


def _is_log(file: str) -> bool:
    try:
        return is_csv_log(file)
    except OSError:
        return True  # that it cannot be read is said when it is read
