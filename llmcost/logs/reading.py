"""``read_log``: the calls of a log, one by one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from ..core.signatures import as_signed
from ..errors import ArgumentError, LogError, shown
from .calls import calls, read_calls
from .files import MOST_JOBS, Files
from .record import Record
from .sessions import counted_once
from .shapes import SCALARS
from .source import Source, add_counts, or_empty
from .values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ..api.costmap import CostMap


@as_signed
def read_log(
    path_or_lines: str | os.PathLike[str] | Iterable[object],
    *,
    cost_map: CostMap | None = None,
    jobs: int = 1,
    one_stream: bool = False,
    on_error: Callable[[LogError], object] | None = None,
) -> Log:
    """Return the calls of a log, one by one as they are read, each with its place.

    Session logs of coding agents are read too. A call of theirs is written over many lines, and copied from
    file to file: it counts once, and comes when everything else is read. Their lines that are no calls are counted in
    ``passed`` of what is returned.

    >>> lines = [
    ...     '{"time": "2026-01-02", "model": "gpt-4o", "usage": {"input": 1000, "output": 100}, "team": "search"}',
    ...     '{"time": "2026-01-02", "model": "gpt-4o", "usage": {"input": 2000, "output": 200}, "team": "docs"}',
    ... ]
    >>> [(record.line, record.own["team"], str(record.calculate())) for record in read_log(lines)]
    [(1, 'search', '0.0035'), (2, 'docs', '0.007')]

    Args:
        path_or_lines: a file, a folder (its ``*.json``, ``*.jsonl``, ``*.ndjson`` and ``*.sse``), or ``-`` for standard
            input; or an iterable of lines, such as an open file, or of records. It holds responses, chunks of streams,
            or records around a response with the keywords of ``calculate``, as JSON, JSON Lines, arrays or
            server-sent events.
        cost_map: whose prices ``Record.calculate`` applies; the default ones if it is not given.
        jobs: how many processes read the files; the calls come in the same order. The program needs the guard
            ``if __name__ == "__main__":`` that every program with processes of its own needs.
        one_stream: all chunks of a file, or of an array in it, are those of one response.
        on_error: called with every place at which no call can be read, in the order of the log; reading goes on.

    Raises:
        LogError: a place at which no call can be read, unless ``on_error`` is given; there is no such file.
        ArgumentError: the log is neither a path nor an iterable, ``jobs`` is no number of processes, or ``jobs`` is
            given without a file that can be cut into blocks.
    """
    if not isinstance(jobs, int) or isinstance(jobs, bool) or not 1 <= jobs <= MOST_JOBS:
        raise ArgumentError(f"jobs={shown(jobs)} is no number of processes: 1 to {MOST_JOBS:,}")
    passed: dict[str, int] = {}
    found = counted_once(_found(path_or_lines, jobs, passed, one_stream=one_stream), passed)
    return Log(_kept(found, cost_map, on_error), passed)


class Log(Iterator[Record]):
    """The calls of a log, one by one.

    >>> log = read_log([{"type": "user", "sessionId": "s1", "message": {"role": "user", "content": "Hello"}}])
    >>> list(log), log.passed, log.close()
    ([], {'user': 1}, None)

    Attributes:
        passed: how many lines of session logs are no calls, by what they are, as far as the log was read; ``copies of
            calls`` are lines that state a call once more.
    """

    def __init__(self, calls: Generator[Record, None, None], passed: dict[str, int]) -> None:
        self._calls, self.passed = calls, passed

    def __next__(self) -> Record:
        return next(self._calls)

    def close(self) -> None:
        """End the reading before its end; files are closed, and processes are ended."""
        self._calls.close()


def _found(
    log: str | os.PathLike[str] | Iterable[object], jobs: int, passed: dict[str, int], *, one_stream: bool
) -> Iterator[Record | LogError]:
    if isinstance(log, (str, os.PathLike)):
        path = str.__str__(log) if isinstance(log, str) else os.fsdecode(log)
        if path != "-" and not os.path.exists(path):  # noqa: PTH110 - Path raises for a name that no file can have
            raise LogError("no such file or folder", path)
        files = Files([path], one_stream=one_stream, empty="", passed=passed)
        if jobs == 1:
            return files.found()
        if one_stream:
            raise ArgumentError("jobs= cuts a file into blocks, and one_stream= joins all of it: give one of the two")
        from .workers import read_by_processes

        return read_by_processes(files, jobs)
    if isinstance(log, (bytes, dict)) or not issubclass(type(log), Iterable):
        raise ArgumentError(f"a log is a path, or an iterable of lines or records, not a {type(log).__name__}")
    if jobs > 1:
        raise ArgumentError(f"jobs={jobs}: several processes read files only; pass the path instead of lines")
    name = getattr(log, "name", None)
    source = Source(name if isinstance(name, str) else "log", by_line=True)
    return _counting(_of_lines(log, source, one_stream=one_stream), source, passed)


def _counting(
    found: Iterator[Record | LogError], source: Source, passed: dict[str, int]
) -> Iterator[Record | LogError]:
    yield from or_empty(found, source)
    add_counts(passed, source.passed)


def _kept(
    found: Iterator[Record | LogError], cost_map: CostMap | None, on_error: Callable[[LogError], object] | None
) -> Generator[Record, None, None]:
    for record in found:
        if isinstance(record, LogError):
            if on_error is None:
                raise record
            on_error(record)
            continue
        if cost_map is not None:
            record.cost_map = cost_map
        yield record


class _Lines:
    """Text from lines, each with its end; it counts them."""

    def __init__(self, lines: Iterable[object], line: int) -> None:
        self._lines = iter(lines)
        self.line = line

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        text = line.decode("utf-8-sig", "replace") if isinstance(line, bytes) else str(line)
        text = text if text.endswith("\n") else text + "\n"
        self.line += text.count("\n")
        return text


def _kind(item: object) -> str:
    if isinstance(item, (str, bytes)):
        return "text"
    return "value" if item is None or isinstance(item, (dict, list, *SCALARS)) else "object"


def _of_lines(lines: Iterable[object], source: Source, *, one_stream: bool) -> Iterator[Record | LogError]:
    """Yield the calls of lines of text and of records; a line of text and a record count as a line each."""
    line = 1
    for kind, group in groupby(lines, _kind):
        if kind == "text":
            text = _Lines(group, line)
            yield from read_calls(text, source, line, one_stream=one_stream)
            line = text.line
        elif kind == "value":
            numbered = (Value(number, item) for number, item in enumerate(group, line))
            counted = _Counted(numbered)
            yield from calls(counted, source, one_stream=one_stream)
            line += counted.count
        else:
            for item in group:
                yield Record(item, source.name, line)
                line += 1


class _Counted:
    """An iterator that says how many there were."""

    def __init__(self, items: Iterator[Value]) -> None:
        self._items, self.count = items, 0

    def __iter__(self) -> Iterator[Value]:
        for item in self._items:
            self.count += 1
            yield item
