"""Lines of a log: read, and written again with another cost of the calls that stand in them."""

from __future__ import annotations

import json
from json.decoder import scanstring  # type: ignore[attr-defined]
from math import inf
from typing import NamedTuple

from .keywords import COSTS
from .shapes import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core.cost import Cost
    from .record import Record

_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_SPACE = " \t\n\r"
_TOO_DEEP = "no JSON that can be read: too deep"


class Member(NamedTuple):
    """A field of an object: its name, and where its value stands in the text."""

    name: str
    begin: int
    end: int


class CostedText:
    """The text of an object, to which a cost can be written; all else of it stays as it is.

    Numbers of any length, keys that stand twice, spaces and escapes are those of the text: a value that is read and
    written anew may have lost some of them.

    Attributes:
        value: the object.

    Args:
        text: a line that holds an object and nothing else.

    Raises ValueError for any other text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.value: dict[str, object] = {}
        self._members: list[Member] = []
        at = _space(text, len(text) - len(text.removeprefix("\ufeff")))
        self._begin, self._end = at, self._read(at)
        if _space(text, self._end) != len(text):
            raise ValueError("it goes on")

    def _read(self, at: int) -> int:
        """Read the object that begins there; return where it ends."""
        text, mark = self._text, "{"
        while text[at : at + 1] == mark:
            at, mark = _space(text, at + 1), ","
            if text[at : at + 1] == "}" and not self._members:
                break
            if text[at : at + 1] != '"':
                raise ValueError("no name")
            name, at = scanstring(text, at + 1)
            at = _space(text, at)
            if text[at : at + 1] != ":":
                raise ValueError("no value")
            begin = _space(text, at + 1)
            self.value[name], at = _value(text, begin)
            self._members.append(Member(name, begin, at))
            at = _space(text, at)
        if text[at : at + 1] != "}" or mark == "{":
            raise ValueError("no object")
        return at + 1

    @property
    def bare(self) -> str:
        """The text without what stands around the object, such as the end of the line."""
        return self._text[self._begin : self._end]

    def with_cost(self, cost: Cost) -> str:
        """Return the text with another recorded cost, written as the one before: a number, decimal text, or an object.

        >>> from llmcost import calculate
        >>> cost = calculate({"model": "gpt-4o", "usage": {"input": 1000, "output": 0}})
        >>> CostedText('{"usage":{}, "note": 1e400, "spend": "1" }').with_cost(cost)
        '{"usage":{}, "note": 1e400, "spend": "0.0025" }'
        """
        record = self.value
        if not shape_of(record).is_wrapped(record):
            return self.around(self.bare, cost)
        named = [name for name in COSTS if record.get(name) is not None] or COSTS[:1]
        parts: list[str] = []
        done = 0
        for member in self._members:
            if member.name in named:
                parts += self._text[done : member.begin], _written(cost, record[member.name])
                done = member.end
        if not parts:
            # Another field, behind the last one.
            done = self._members[-1].end
            parts += self._text[:done], f", {json.dumps(named[0])}: {_written(cost, None)}"
        return "".join((*parts, self._text[done:]))

    def around(self, response: str, cost: Cost) -> str:
        """Return the record of a response and its cost, as the line in the place of this one."""
        record = f'{{"response": {response}, "{COSTS[0]}": {_written(cost, None)}}}'
        return self._text[: self._begin] + record + self._text[self._end :]


def _space(text: str, at: int) -> int:
    """Return where the next character is that is no space."""
    while text[at : at + 1] in _SPACE and at < len(text):
        at += 1
    return at


def _value(text: str, at: int) -> tuple[object, int]:
    """Return the value that begins there, and where it ends."""
    try:
        value, end = _scan(text, at)
    except StopIteration:
        raise ValueError("no value") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    return value, end


def _written(cost: Cost, before: object) -> str:
    """Return a cost as JSON, in the form of the one before."""
    if isinstance(before, dict):
        return json.dumps(cost.to_dict())
    return json.dumps(str(cost) if isinstance(before, str) else cost.response_cost)


def line_of(text: str | bytes) -> object:
    """Return the record of a line of a log; raise ValueError if the line is no JSON."""
    try:
        # A file that is opened as UTF-8 has its byte order mark in its first line.
        return json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
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
            text = _object(line)
            # An element of an array, or a span of a trace, may stand in a line with others.
            if text is not None and (call.element is None or text.value == call.value):
                self.costed += 1
                self._write(text.with_cost(cost))
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
            chunks = [chunk for number in stream.lines if (chunk := _object(texts[number])) is not None]
            if len(chunks) < len(stream.lines):
                self.kept += 1
                continue
            self.costed += 1
            first, cost = chunks[0], stream.cost
            joined = f"[{', '.join(chunk.bare for chunk in chunks)}]"
            made.append(first.with_cost(cost) if stream.whole else first.around(joined, cost))
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


def _object(line: str) -> CostedText | None:
    """Return the object that a line holds and nothing else; None for any other line."""
    try:
        return CostedText(line)
    except ValueError:
        return None
