"""Lines of a log: read, and written again with another cost of the calls that stand in them."""

from __future__ import annotations

import json
import re
from math import inf
from typing import NamedTuple

from .keywords import COSTS
from .shapes import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core.cost import Cost
    from .record import Record

# Halves of surrogate pairs, and those of them that "surrogateescape" makes of no byte.
_HALF, _NO_BYTE = re.compile("[\ud800-\udfff]"), re.compile("[\ud800-\udc7f\udd00-\udfff]")


def with_cost(record: object, cost: Cost) -> dict[str, object]:
    """Return a record with another recorded cost, written as the one before: a number, decimal text, or an object."""
    if not isinstance(record, dict) or not shape_of(record).is_wrapped(record):
        return {"response": record, COSTS[0]: cost.response_cost}
    found: dict[str, object] = dict(record)
    for name in [name for name in COSTS if record.get(name) is not None] or COSTS[:1]:
        before = record.get(name)
        if isinstance(before, dict):
            found[name] = cost.to_dict()
        else:
            found[name] = str(cost) if isinstance(before, str) else cost.response_cost
    return found


def line_of(text: str | bytes) -> object:
    """Return the record of a line of a log; raise ValueError if the line is no JSON."""
    try:
        # A file that is opened as UTF-8 has its byte order mark in its first line.
        return json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except RecursionError:
        raise ValueError("no JSON that can be read: too deep") from None
    except ValueError as error:
        raise ValueError(f"no JSON: {error}; a log holds one record a line") from None


class CostedLines:
    """The lines of a log, written again as its calls are read, each call with another recorded cost.

    A call gets its cost in its own line. The chunks of a stream become one line, the record of their call. It stands
    before the streams that it is mixed with, since a record between the chunks of a stream ends that stream. All other
    lines stay as they are.

    Attributes:
        costed: how many calls got a cost.
        kept: how many calls have one and could not get it, since their lines hold more or less than them.

    Args:
        lines: the text, each line with its end.
        write: takes the text that is written.
    """

    def __init__(self, lines: Iterable[str], write: Callable[[str], object]) -> None:
        self._lines, self._write = iter(lines), write
        self.costed = self.kept = 0
        self._done = 0
        self._streams: list[_Stream] = []

    def add(self, call: Record, cost: Cost | None) -> None:
        """Take the next call that was read, with its cost; None leaves its lines as they are."""
        if call.streamed and call.lines:
            self._settle(min(call.lines[0], call.unsettled))
            self._streams.append(_Stream(call.lines, call.lines[0], call.lines[-1], cost, whole=not call.chunks))
        elif call.streamed:
            self.kept += cost is not None
        else:
            line = call.line or 1
            if call.since is not None:
                self._streams.append(_Stream((), call.since, line - 1, None))
            self._settle(line)
            if cost is not None:
                self._in_its_line(call, line, cost)

    def end(self) -> None:
        """Write the lines that are left."""
        self._settle(inf)

    def _in_its_line(self, call: Record, number: int, cost: Cost) -> None:
        if self._done < number:
            line = self._next()
            value = _object(line)
            # An element of an array, or a span of a trace, may stand in a line with others.
            if value is not None and (call.element is None or value == call.value):
                self.costed += 1
                self._write(_text(with_cost(value, cost), line))
                return
            self._write(line)
        self.kept += 1

    def _settle(self, before: float) -> None:
        """Write all lines before one, but for those from a stream on that goes on at or after it."""
        streams = self._streams
        streams.sort(key=lambda stream: stream.first)
        while streams:
            mixed, first, last = 0, streams[0].first, streams[0].last
            while mixed < len(streams) and streams[mixed].first <= last:
                last = max(last, streams[mixed].last)
                mixed += 1
            if last >= before:
                before = min(before, first)
                break
            self._copy(first)
            self._write_streams(streams[:mixed], last)
            del streams[:mixed]
        self._copy(before)

    def _write_streams(self, streams: list[_Stream], last: int) -> None:
        """Write the lines of mixed streams, the next ones up to the last."""
        texts = {number: self._next() for number in range(self._done + 1, last + 1)}
        made = []
        for stream in streams:
            if stream.cost is None:
                continue
            chunks = [_object(texts[number]) for number in stream.lines]
            if None in chunks:
                self.kept += 1
                continue
            self.costed += 1
            record = with_cost(chunks[0] if stream.whole else chunks, stream.cost)
            made.append(_text(record, texts[stream.first]))
            for number in stream.lines:
                del texts[number]
        for text in (*made, *texts.values()):
            self._write(text)

    def _copy(self, before: float) -> None:
        """Write the lines before one as they are; those up to the end where that is infinite."""
        if before == inf:
            for line in self._lines:
                self._write(line)
            return
        while self._done + 1 < before:
            self._write(self._next())

    def _next(self) -> str:
        self._done += 1
        line = next(self._lines, None)
        if line is None:
            raise OSError("it became shorter while it was read")
        return line


class _Stream(NamedTuple):
    """The lines of the chunks of a call, the first and the last of them, its cost, and whether it is one chunk alone.

    Without lines it is a stream whose call another line states too.
    """

    lines: tuple[int, ...]
    first: int
    last: int
    cost: Cost | None
    whole: bool = False


def _object(line: str) -> dict[str, object] | None:
    """Return the object that a line holds and nothing else; None for any other line."""
    try:
        value = line_of(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _text(record: object, before: str) -> str:
    """Return a record as a line that ends as the one before."""
    text = json.dumps(record, ensure_ascii=False)
    if not _can_be_written(text):
        # JSON may hold half of a surrogate pair. What stands for a byte that is no UTF-8 stays where the line has some.
        odd = _HALF if _can_be_written(before) else _NO_BYTE
        text = odd.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    return text + before[len(before.rstrip("\r\n")) :]


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
