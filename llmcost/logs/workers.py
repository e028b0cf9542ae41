"""The calls of a file, read by several processes and handed on in their order.

A file is cut into blocks of whole lines. Where the last line of a block may be the chunk of a stream, or in the middle
of a value, the next block is read together with it, and after a few of those the rest of the file is read in one piece.
So the calls are the same as without the processes.
"""

from __future__ import annotations

import io
import multiprocessing
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import LogError
from .blocks import Joined, lines_of
from .calls import read_calls
from .csv_rows import is_csv
from .files import is_database_file
from .opening import unread
from .pieces import Block, Cutter
from .record import Record
from .sent import Sent
from .source import Source, add_counts, or_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .files import Files
    from .lane import Sink

    Reading = Callable[[Sink | None], Iterator[Record | LogError]]

# Blocks in a row that may end in the middle of something, before the rest is read in one piece.
_MOST_JOINED = 3
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
                    blocks = Cutter(source, binary, file, jobs if work is not None else 0)
                    reader = _File(source, binary, blocks, pool, jobs * _WAITING, read)
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
        blocks: Cutter,
        pool: ProcessPoolExecutor,
        waiting: int,
        read: Callable[[Block], Read],
    ) -> None:
        self._source, self._binary, self._blocks = source, binary, blocks
        self._pool, self._most, self._read = pool, waiting, read
        self._waiting: deque[tuple[Block, Future[Read]]] = deque()

    def calls(self) -> Iterator[Record | LogError]:
        """Yield the calls, and what could not be read; the source counts what is no call."""
        source = self._source
        if self._blocks.encoding == "utf-16":
            yield from _whole(self._blocks.rest(), self._binary, source)
            return
        held: Block | None = None
        joined = 0
        while self._fill():
            block, result = self._waiting.popleft()
            if held is None:
                read = result.result()
            else:
                result.cancel()
                block = held.joined(block)
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

    def _fill(self) -> bool:
        """Hand blocks to the processes as long as they have little to do; return whether any is left to be taken."""
        while len(self._waiting) < self._most:
            found = self._blocks.next()
            if found is None:
                break
            block, whole = found
            if whole:
                result: Future[Read] = Future()
                result.set_result(read_block(block))
            else:
                result = self._pool.submit(self._read, block)
            self._waiting.append((block, result))
        return bool(self._waiting)


def read_block(block: Block, do: Callable[[Reading], list[Any]] | None = None) -> Read:
    """Return the calls of a block, or what is made of them; each is read when the one before is done with."""
    source = Source(block.source, by_line=block.by_line, of_agent=block.of_agent)
    source.keeps_text = do is None
    with block.opened() as binary:
        text = lines_of(binary, block.encoding)
        found = _Noted(lambda sink: read_calls(text, source, block.line, sink=sink))
        items = _with_counters(found.read(None)) if do is None else do(found.read)
    in_order = source.session is not None and source.session[1].in_order
    clean = (
        not in_order
        and (block.last_line in {source.passed_line, source.taken} or _ends_cleanly(found.last, block.last_line))
        and not source.cut_off
        and block.ends_in_object
    )
    return Read(items, clean, (source.sums, source.first_sum), source.passed, in_order)


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
