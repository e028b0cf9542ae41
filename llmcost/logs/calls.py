"""Calls among JSON values: which JSON values are one call each, and which are chunks of one stream.

- A whole response is a call.
- Chunks that follow each other and belong to the same stream are one call: the stream of one reader recognises
  them, and they have the same id, or none.
- A line of somebody's log is a call, with the facts that the line states.
"""

from __future__ import annotations

from ..errors import LogError
from .chunks import begins, goes_on, identity_of, in_session, is_unnamed_event, reader_of, trails
from .record import Record
from .values import Break, Problem, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..readers.reader import Reader

    Fields = dict[str, object]

# Files that hold a value a line.
LINES = (".jsonl", ".ndjson")


class Source:
    """What records are read from, and how their places in it are told.

    Attributes:
        name: the file as it was named, or ``stdin``.
        by_line: whether its values stand one a line, so that a place always has its line.
        first: the line of the first record.
        keeps_text: whether a record keeps the text of its line, from which it can be read again.
    """

    keeps_text = False

    def __init__(self, name: str, *, by_line: bool | None = None) -> None:
        self.name = name
        self.by_line = name.endswith(LINES) or name == "stdin" if by_line is None else by_line
        self.first: int | None = None

    def record(self, value: object, item: Value, element: int | None, *, chunks: int = 0) -> Record:
        """Return the record of a value; ``element`` is its place in an array.

        Raises ValueError if it contradicts itself.
        """
        found = Record(value, self.name, item.line)
        if chunks:
            found.chunks = chunks
        if element is not None:
            found.element = element
            return found
        if self.first is None:
            self.first = item.line
        if not self.by_line and item.line == self.first:
            found.numbered = False
        return found


def calls(
    found: Iterable[Value | Problem | Break], source: Source, *, one_stream: bool = False
) -> Iterator[Record | LogError]:
    """Yield the calls of one source, and what could not be read. ``one_stream``: all of its chunks are one call."""
    stream = _Stream(source)
    for item in found:
        if isinstance(item, Value):
            fields = item.value
            if isinstance(fields, dict):
                if one_stream:
                    stream.add(item, fields, None)
                    continue
                if stream.open:
                    if stream.takes(item, fields):
                        continue
                    yield from stream.ended()
                reader = reader_of(fields)
                if reader is not None:
                    stream.add(item, fields, reader)
                    continue
                try:
                    record = source.record(fields, item, item.element)
                except ValueError as error:
                    yield LogError(str(error), source.name, item.line)
                    continue
                if source.keeps_text:
                    record.text = item.text
                yield record
                continue
            yield from stream.ended()
            if isinstance(fields, list):
                yield source.record(fields, item, item.element, chunks=len(fields))
            else:
                reason = f"expected an object, found {type(fields).__name__}"
                yield LogError(reason, source.name, item.line)
            continue
        yield from stream.ended()
        if isinstance(item, Problem):
            yield LogError(item.message, source.name, item.line)
    yield from stream.ended()


class _Stream:
    """The chunks of one call, as long as they keep coming."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._first: Value | None = None
        self._chunks: list[Fields] = []
        self._reader: Reader | None = None
        self._identity: str | None = None
        self._open = False

    @property
    def open(self) -> bool:
        """Whether there are chunks, so that the next value may be one more."""
        return bool(self._chunks)

    def takes(self, item: Value, fields: Fields) -> bool:
        """Return whether a value belongs to the stream that is open; it is kept then."""
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
        # A chunk after the last word, such as the usage, does not open the stream again.
        self._open = self._open and (self._reader is None or goes_on(fields, self._reader))

    def ended(self) -> Iterator[Record]:
        """Yield the call that the chunks make, if there are any, and start anew."""
        if self._first is None:
            return
        first, chunks, reader = self._first, self._chunks, self._reader
        self._first, self._chunks = None, []
        alone = len(chunks) == 1 and (reader is None or reader.recognises(chunks[0]))
        record = self._source.record(chunks, first, first.element, chunks=0 if alone else len(chunks))
        if alone:
            record.value = record.response = chunks[0]
        elif first.element is not None:
            # A call that was joined from several elements has no element of its own.
            record.element, record.numbered = None, False
        record.streamed = True
        yield record
