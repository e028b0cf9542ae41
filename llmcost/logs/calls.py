"""Calls among JSON values: which JSON values are one call each, and which are chunks of one stream.

- A whole response is a call.
- Chunks that follow each other and belong to the same stream are one call: the stream of one reader recognises
  them, and they have the same id, or none.
- A line of somebody's log is a call, with the facts that the line states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import UsageError
from .chunks import begins, goes_on, identity_of, in_session, is_unnamed_event, reader_of, trails
from .record import COSTS, Record
from .values import Break, Problem, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..readers.reader import Reader

    Fields = dict[str, object]

# Files that hold a value a line.
LINES = (".jsonl", ".ndjson")


class Call(NamedTuple):
    """One call, ready for ``calculate(response, usage, **facts)``, and where it stands."""

    place: str
    source: str
    line: int
    response: object
    usage: object = None
    facts: Fields = {}  # noqa: RUF012 - never written to
    chunks: int = 0


class Unreadable(NamedTuple):
    """A place at which no call could be read, and why."""

    place: str
    source: str
    line: int | None
    message: str


class Places:
    """How the places of one source are written."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._by_line = source.endswith(LINES) or source == "stdin"
        self._first: int | None = None

    def of(self, item: Value) -> str:
        """Return ``file``, ``file:line`` or ``file[element]``, whatever tells the call apart."""
        if item.element is not None:
            return f"{self.source}[{item.element}]"
        if self._first is None:
            self._first = item.line
        return f"{self.source}:{item.line}" if self._by_line or item.line != self._first else self.source

    def unreadable(self, line: int, message: str) -> Unreadable:
        """Return what stands at a line and is no call."""
        return Unreadable(f"{self.source}:{line}", self.source, line, message)


def calls(
    found: Iterable[Value | Problem | Break], places: Places, *, one_stream: bool = False
) -> Iterator[Call | Unreadable]:
    """Yield the calls of one source, and what could not be read. ``one_stream``: all of its chunks are one call."""
    stream = _Stream(places)
    for item in found:
        if isinstance(item, Value) and isinstance(item.value, dict):
            fields = item.value
            if one_stream:
                stream.add(item, fields, None)
                continue
            if stream.takes(item, fields):
                continue
            yield from stream.ended()
            reader = reader_of(fields)
            if reader is not None:
                stream.add(item, fields, reader)
            else:
                yield _single(item, fields, places)
            continue
        yield from stream.ended()
        if isinstance(item, Problem):
            yield places.unreadable(item.line, item.message)
        elif isinstance(item, Value) and isinstance(item.value, list):
            yield Call(places.of(item), places.source, item.line, item.value, chunks=len(item.value))
        elif isinstance(item, Value):
            yield places.unreadable(item.line, f"expected an object, found {type(item.value).__name__}")
    yield from stream.ended()


class _Stream:
    """The chunks of one call, as long as they keep coming."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._first: Value | None = None
        self._chunks: list[Fields] = []
        self._reader: Reader | None = None
        self._identity: str | None = None
        self._open = False

    def takes(self, item: Value, fields: Fields) -> bool:
        """Return whether a value belongs to the stream that is being read; it is kept then."""
        if not self._chunks:
            return False
        if in_session(self._chunks[0], fields):
            belongs = True
        else:
            reader, identity = reader_of(fields), identity_of(fields)
            if reader is None:
                belongs = self._open and (item.event or is_unnamed_event(fields))
            elif reader is not self._reader or begins(fields):
                belongs = False
            elif identity and self._identity:
                belongs = identity == self._identity
            else:
                belongs = self._open or (identity is None and trails(fields, self._identity))
        if belongs:
            self.add(item, fields, self._reader)
        return belongs

    def add(self, item: Value, fields: Fields, reader: Reader | None) -> None:
        """Keep a chunk."""
        if not self._chunks:
            self._first, self._reader, self._identity, self._open = item, reader, None, True
        self._chunks.append(fields)
        self._identity = self._identity or identity_of(fields)
        # What follows up on the last word does not open the stream again.
        self._open = self._open and (self._reader is None or goes_on(fields, self._reader))

    def ended(self) -> Iterator[Call]:
        """Yield the call that the chunks make, if there are any, and start anew."""
        if self._first is None:
            return
        chunks = self._chunks
        alone = chunks[0] if len(chunks) == 1 and (self._reader is None or self._reader.recognises(chunks[0])) else None
        yield Call(
            self._places.of(self._first) if self._first.element is None or alone else self._places.source,
            self._places.source,
            self._first.line,
            alone or chunks,
            chunks=0 if alone else len(chunks),
        )
        self._first, self._chunks = None, []


def _single(item: Value, fields: Fields, places: Places) -> Call | Unreadable:
    """Return the call of a value that stands alone: a response, or a log line around one."""
    try:
        response, usage, facts = _opened(fields)
    except ValueError as error:
        return places.unreadable(item.line, str(error))
    return Call(places.of(item), places.source, item.line, response, usage, facts)


def _opened(fields: Fields) -> tuple[object, object, Fields]:
    """Return ``(response, usage, facts)`` of a value; one that a reader knows is the response itself.

    The time of the call is in the usage, unless the response states its own or the line calls it ``at``.

    Raises:
        ValueError: a fact has a type that it cannot have, or the time is none.
    """
    uncosted = {name: value for name, value in fields.items() if name not in COSTS}
    record = Record(uncosted)
    response = fields if record.response is uncosted else record.response
    facts, usage = dict(record.facts), record.usage
    if record.time is not None and record.overrides:
        facts["at"] = record.time
    elif record.time is not None:
        try:
            usage = record.stated()
        except UsageError:
            return response, usage, facts  # pricing says what is wrong with it
        if usage is None:
            facts["at"] = record.time
    return response, usage, facts
