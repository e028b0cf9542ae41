"""The calls of a file, read by several processes and handed on in their order.

A file is cut into blocks of whole lines. A block ends cleanly where its last line is a call of its own; where it may be
the chunk of a stream, or in the middle of a value, the next block is read together with it, and after a few of those
the rest of the file is read in one piece. So the calls are the same as without the processes.
"""

from __future__ import annotations

import io
import multiprocessing
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import LogError
from .calls import calls
from .csv_rows import is_csv
from .files import Files, name_of
from .opening import encoding_of, opened, unread
from .record import Record
from .source import Source, add_counts, or_sums
from .values import Problem, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK = 1 << 20
# Blocks in a row that may end in the middle of something, before the rest is read in one piece.
_MOST_JOINED = 3
# Blocks that wait for each process: enough to keep it busy, and few enough for the memory.
_WAITING = 2


class Block(NamedTuple):
    """Whole lines of a file."""

    data: bytes
    source: str
    encoding: str
    line: int
    by_line: bool | None


class Read(NamedTuple):
    """What was read of a block.

    Attributes:
        items: its calls, and what could not be read.
        clean: whether what follows the block cannot belong to the last of them.
        sums: its spans that add up others, and the line of the first of them.
        passed: its lines of session logs that are no calls.
        in_order: whether what follows the block can only be read together with it.
    """

    items: list[Record | LogError]
    clean: bool
    sums: tuple[int, int]
    passed: dict[str, int]
    in_order: bool


def read_by_processes(
    files: Iterable[str | LogError], jobs: int, passed: dict[str, int]
) -> Iterator[Record | LogError]:
    """Yield the calls of files, and what could not be read, in their order; count in ``passed`` what is no call."""
    pool = ProcessPoolExecutor(jobs, mp_context=_context())
    try:
        for file in files:
            if isinstance(file, LogError):
                yield file
                continue
            if is_csv(file):
                # A cell may hold line breaks, so that the table is read in one piece.
                yield from Files([file], empty="", passed=passed).found()
                continue
            try:
                with opened(file) as binary:
                    source = Source(name_of(file))
                    yield from or_sums(_File(file, binary, pool, jobs * _WAITING).calls(source), source)
                    add_counts(passed, source.passed)
            except OSError as error:
                yield unread(file, error)
    finally:
        pool.shutdown(cancel_futures=True)


def _context() -> multiprocessing.context.BaseContext:
    """Return how processes are started: as the program has set it, else without copying one that may have threads."""
    chosen = multiprocessing.get_start_method(allow_none=True)
    if not chosen:
        chosen = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return multiprocessing.get_context(chosen)


class _File:
    """The calls of one file."""

    def __init__(
        self,
        file: str,
        binary: io.BufferedReader,
        pool: ProcessPoolExecutor,
        waiting: int,
        *,
        by_line: bool | None = None,
    ) -> None:
        self._name, self._binary, self._pool, self._most = name_of(file), binary, pool, waiting
        self._encoding = encoding_of(binary)
        self._line, self._by_line = 1, by_line
        self._waiting: deque[tuple[Block, Future[Read]]] = deque()

    def calls(self, source: Source) -> Iterator[Record | LogError]:
        """Yield the calls, and what could not be read; the source counts what is no call."""
        if self._encoding == "utf-16":
            # In UTF-16 the byte of a line break may be a part of another character.
            yield from _whole(Block(b"", self._name, self._encoding, 1, None), self._binary, source)
            return
        held: Block | None = None
        joined = 0
        while self._fill():
            block, result = self._waiting.popleft()
            if held is None:
                read = result.result()
            else:
                result.cancel()
                block = held._replace(data=held.data + block.data)
                read = read_block(block)
            if read.clean or not self._fill():
                source.leaves_out(*read.sums)
                add_counts(source.passed, read.passed)
                yield from read.items
                held, joined = None, 0
                continue
            held, joined = block, joined + 1
            if read.in_order or joined > _MOST_JOINED:
                data = b"".join([block.data, *(waiting.data for waiting, _ in self._waiting)])
                self._waiting.clear()
                source.by_line = source.by_line if block.by_line is None else block.by_line
                yield from _whole(block._replace(data=data), self._binary, source)
                return

    def _fill(self) -> bool:
        """Hand blocks to the processes as long as they have little to do; return whether any is left to be taken."""
        while len(self._waiting) < self._most:
            data = self._binary.read(_BLOCK)
            if not data:
                break
            data += self._binary.readline()
            block = Block(data, self._name, self._encoding, self._line, self._by_line)
            if self._line == 1 and len(data) < _BLOCK:
                # All of the file: starting a process takes longer.
                result: Future[Read] = Future()
                result.set_result(read_block(block))
            else:
                result = self._pool.submit(read_block, block)
            self._waiting.append((block, result))
            self._line += data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
            # Only the first block may begin with a byte-order mark, and only the first call may have no line.
            self._encoding, self._by_line = "utf-8", True
        return bool(self._waiting)


def read_block(block: Block) -> Read:
    """Return the calls of a block."""
    text = io.StringIO(block.data.decode(block.encoding, "replace"), newline=None).getvalue()
    source = Source(block.source, by_line=block.by_line)
    source.keeps_text = True
    parts = list(values(io.StringIO(text), block.line))
    found = list(calls(iter(parts), source))
    for call in found:
        if isinstance(call, Record):
            call.given()
    written = text.rstrip()
    last_line = block.line + written.count("\n")
    in_order = source.session is not None and source.session[1].in_order
    clean = (
        not in_order
        and (source.passed_line == last_line or (bool(found) and _ends_cleanly(found[-1], last_line)))
        and not any(isinstance(part, Problem) and part.open for part in parts)
        and written.startswith("{", written.rfind("\n") + 1)
    )
    return Read(found, clean, (source.sums, source.first_sum), source.passed, in_order)


def _ends_cleanly(last: Record | LogError, line: int) -> bool:
    """Return whether the last call of a block is a line of its own."""
    return isinstance(last, Record) and not last.streamed and last.element is None and last.line == line


class _Joined(io.RawIOBase):
    """What was read of a file already, and then the rest of it."""

    def __init__(self, first: bytes, rest: io.BufferedReader) -> None:
        self._first, self._rest = io.BytesIO(first), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self._first.read(len(view)) or self._rest.read(len(view))
        view[: len(data)] = data
        return len(data)


def _whole(block: Block, rest: io.BufferedReader, source: Source) -> Iterator[Record | LogError]:
    """Yield the calls of a block and all that follows it."""
    text = io.TextIOWrapper(io.BufferedReader(_Joined(block.data, rest)), encoding=block.encoding, errors="replace")
    yield from calls(values(text, block.line), source)
