"""The calls of a file, read by several processes and handed on in their order.

A file is cut into blocks of whole lines, after a line that is a call of its own where there is one near. Where the last
line of a block may be the chunk of a stream, or in the middle of a value, the next block is read together with it, and
after a few of those the rest of the file is read in one piece. So the calls are the same as without the processes.
"""

from __future__ import annotations

import io
import json
import multiprocessing
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import LogError
from .blocks import Joined, lines_of
from .calls import read_calls
from .chunks import stands_alone
from .csv_rows import is_csv
from .files import is_database_file
from .opening import encoding_of, unread
from .pieces import Block, Piece
from .record import Record
from .sent import Sent
from .shapes import shape_of
from .source import Source, add_counts, or_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .files import Files
    from .lane import Sink

    Reading = Callable[[Sink | None], Iterator[Record | LogError]]

_BLOCK = 1 << 20
# Blocks in a row that may end in the middle of something, before the rest is read in one piece.
_MOST_JOINED = 3
# So many lines after a block are searched for one that stands alone: the block ends there.
_MOST_LOOKED_AT = 64
# Blocks that wait for each process: enough to keep it busy, and few enough for the memory.
_WAITING = 2


class Read(NamedTuple):
    """What was read of a block.

    Attributes:
        items: its calls and what could not be read, or what was made of them.
        clean: whether what follows the block cannot belong to the last of them.
        sums: its spans that add up others, and the line of the first of them.
        passed: its lines of session logs that are no calls.
        in_order: whether what follows the block can only be read together with it.
    """

    items: list[Any]
    clean: bool
    sums: tuple[int, int]
    passed: dict[str, int]
    in_order: bool


class Work(NamedTuple):
    """What the processes do with the calls of a block, instead of handing them on.

    Attributes:
        begin: called once in each process, with ``given``; all three travel, so that the functions are of a module.
        given: its arguments.
        do: makes of what is read what travels back. It is given a function that starts the reading, with a sink for the
            calls or None, and reads to the end.
    """

    begin: Callable[..., None]
    given: tuple[object, ...]
    do: Callable[[Reading], list[Any]]


def read_by_processes(inputs: Files, jobs: int, work: Work | None = None) -> Iterator[Any]:
    """Yield the calls of files, and what could not be read, in their order; count in ``passed`` what is no call.

    With ``work`` some of them come as what it makes of a block; the others were read here, and have to be worked on.
    """
    pool = ProcessPoolExecutor(
        jobs,
        _context(),
        initializer=None if work is None else work.begin,
        initargs=() if work is None else work.given,  # type: ignore[arg-type]
    )
    read = read_block if work is None else partial(read_block, do=work.do)
    try:
        for file in inputs.files:
            if isinstance(file, LogError):
                yield file
                continue
            if is_csv(file) or is_database_file(file):
                # A cell may hold line breaks, so that the table is read in one piece.
                yield from inputs.of_file(file)
                continue
            try:
                with inputs.opened(file) as binary:
                    source = inputs.source(file)
                    reader = _File(source, binary, file, pool, jobs * _WAITING, read)
                    yield from or_empty(reader.calls(), source, "" if source.of_agent else inputs.empty)
                    add_counts(inputs.passed, source.passed)
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
        source: Source,
        binary: io.BufferedReader,
        file: str,
        pool: ProcessPoolExecutor,
        waiting: int,
        read: Callable[[Block], Read],
    ) -> None:
        self._source, self._binary, self._pool, self._most, self._read = source, binary, pool, waiting, read
        self._encoding = encoding_of(binary)
        # The other processes may be in another folder than this one.
        plain = type(binary) is io.BufferedReader and Path(file).is_file()
        self._plain = str(Path(file).absolute()) if plain else None
        self._offset, self._line = 0, 1
        self._by_line: bool | None = None
        self._waiting: deque[tuple[Block, Future[Read]]] = deque()

    def calls(self) -> Iterator[Record | LogError]:
        """Yield the calls, and what could not be read; the source counts what is no call."""
        source = self._source
        if self._encoding == "utf-16":
            # In UTF-16 the byte of a line break may be a part of another character.
            yield from _whole(self._block(b""), self._binary, source)
            return
        held: Block | None = None
        joined = 0
        while self._fill():
            block, result = self._waiting.popleft()
            if held is None:
                read = result.result()
            else:
                result.cancel()
                block = held._replace(data=held.content() + block.content())
                read = read_block(block)
            if read.clean or not self._fill():
                source.leaves_out(*read.sums)
                add_counts(source.passed, read.passed)
                yield from read.items
                held, joined = None, 0
                continue
            held, joined = block, joined + 1
            if read.in_order or joined > _MOST_JOINED:
                data = b"".join([block.content(), *(waiting.content() for waiting, _ in self._waiting)])
                self._waiting.clear()
                source.by_line = source.by_line if block.by_line is None else block.by_line
                yield from _whole(block._replace(data=data), self._binary, source)
                return

    def _block(self, data: bytes) -> Block:
        """Return the next lines of the file."""
        return Block(data, self._source.name, self._encoding, self._line, self._by_line, self._source.of_agent)

    def _fill(self) -> bool:
        """Hand blocks to the processes as long as they have little to do; return whether any is left to be taken."""
        while len(self._waiting) < self._most:
            data = self._binary.read(_BLOCK)
            if not data:
                break
            data = self._up_to_a_call(data + self._binary.readline())
            block = self._block(data)
            if self._line == 1 and len(data) < _BLOCK:
                # All of the file: starting a process takes longer.
                result: Future[Read] = Future()
                result.set_result(read_block(block))
            else:
                if self._plain is not None:
                    block = block._replace(data=Piece(self._plain, self._offset, len(data)))
                result = self._pool.submit(self._read, block)
            self._waiting.append((block, result))
            self._offset += len(data)
            self._line += _line_ends(data)
            # Only the first block may begin with a byte-order mark, and only the first call may have no line.
            self._encoding, self._by_line = "utf-8", True
        return bool(self._waiting)

    def _up_to_a_call(self, data: bytes) -> bytes:
        """Return lines, and those after them up to one that stands alone. If no such line is near, a stream is cut."""
        lines = [data]
        last = data[data.rfind(b"\n", 0, len(data) - 1) + 1 :]
        while len(lines) <= _MOST_LOOKED_AT and not _stands_alone(last):
            last = self._binary.readline()
            if not last:
                break
            lines.append(last)
        return data if len(lines) == 1 else b"".join(lines)


def _stands_alone(line: bytes) -> bool:
    """Return whether a line holds a call for certain, and nothing that the next line may go on with."""
    if not line.startswith(b"{"):
        return False
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(fields, dict) and stands_alone(fields, shape_of(fields).way)


def read_block(block: Block, do: Callable[[Reading], list[Any]] | None = None) -> Read:
    """Return the calls of a block, or what is made of them; each is read when the one before is done with."""
    data = block.content()
    written = data.rstrip()
    last = written[max(written.rfind(b"\n"), written.rfind(b"\r")) + 1 :]
    source = Source(block.source, by_line=block.by_line, of_agent=block.of_agent)
    source.keeps_text = do is None
    found = _Noted(lambda sink: read_calls(_lines_in(data, block.encoding), source, block.line, sink=sink))
    items = _with_counters(found.read(None)) if do is None else do(found.read)
    last_line = block.line + _line_ends(written)
    in_order = source.session is not None and source.session[1].in_order
    clean = (
        not in_order
        and (last_line in {source.passed_line, source.taken} or _ends_cleanly(found.last, last_line))
        and not source.cut_off
        and last.startswith(b"{")
    )
    return Read(items, clean, (source.sums, source.first_sum), source.passed, in_order)


def _line_ends(data: bytes) -> int:
    """Return how many lines end in some text, by any of the three breaks."""
    ends = data.count(b"\n")
    return ends + data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else ends


def _lines_in(data: bytes, encoding: str) -> Iterator[str | bytes]:
    return lines_of(io.BufferedReader(io.BytesIO(data)), encoding)


def _with_counters(found: Iterable[Record | LogError]) -> list[Record | LogError]:
    """Return calls whose counters are read here, so that another process need not."""
    items = list(found)
    for call in items:
        if isinstance(call, Record):
            call.given()
            if call.text is not None:
                call.__class__ = Sent
    return items


class _Noted:
    """What is read, of which the last that was yielded is kept."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.last: Record | LogError | None = None

    def read(self, sink: Sink | None) -> Iterator[Record | LogError]:
        """Yield what the sink does not take."""
        for item in self._reading(sink):
            self.last = item
            yield item


def _ends_cleanly(last: Record | LogError | None, line: int) -> bool:
    """Return whether the last call of a block is a line of its own."""
    return isinstance(last, Record) and not last.streamed and last.element is None and last.line == line


def _whole(block: Block, rest: io.BufferedReader, source: Source) -> Iterator[Record | LogError]:
    """Yield the calls of a block and all that follows it."""
    binary = io.BufferedReader(Joined(block.content(), rest))
    yield from read_calls(lines_of(binary, block.encoding), source, block.line)
