"""Open streams, whose next chunk may come: to which of them a chunk belongs, and which are over.

Streams whose ids tell them apart may be mixed.
"""

from __future__ import annotations

from .chunks import identity_of, in_session
from .open_stream import OpenStream
from .shapes import RECORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from ..readers.reader import Reader
    from .record import Record
    from .shapes import Shape
    from .source import Source
    from .values import Value

    Fields = dict[str, object]

# Streams at once; the oldest of more than these is taken for cut off.
_MOST_OPEN = 100
# Values that no reader knows, and that the chunk which tells their API may follow.
_MOST_UNTOLD = 10_000
# An event of any kind.
_ANY: dict[str, object] = {"type": ""}
# Keys that a chunk which tells has in common with those before it.
_ALIKE = 2


class OpenStreams:
    """All streams of a source whose next chunk may come.

    Attributes:
        open: whether there are any, so that the next value may be a chunk of one.
    """

    def __init__(self, source: Source) -> None:
        self._source, self.open = source, False
        self._streams: list[OpenStream] = []
        self._untold: list[tuple[Value, Fields]] = []

    def keeps(self, shape: Shape) -> bool:
        """Return whether an object that stands alone may be an event of a live session among the streams.

        An event may hold the response that it is about, as a record does.
        """
        return shape.typed and shape.way == RECORD and any(in_session(found.chunks[0], _ANY) for found in self._streams)

    def takes(self, item: Value, fields: Fields, reader: Reader | None, *, whole: bool = False) -> bool:
        """Return whether a value belongs to one of the streams; it is kept then."""
        own = identity_of(fields)
        for number in range(len(self._streams) - 1, -1, -1):
            stream = self._streams[number]
            # A value without an id can only belong to the last stream.
            if number < len(self._streams) - 1 and (own is None or own not in stream.ids):
                continue
            if not stream.takes(fields, reader, whole=whole):
                continue
            if own is not None:
                self._streams[number : number + 1] = stream.parted(own)
                stream = next(found for found in self._streams if own in found.ids or found is stream)
            stream.add(item, fields)
            # The streams stand in the order of their latest chunks.
            self._streams.remove(stream)
            self._streams.append(stream)
            return True
        return False

    def give_way(self, fields: Fields) -> Generator[Record, None, int | None]:
        """Yield the calls that are over before a whole response, and return the line where its own chunks begin.

        A stream whose call the response states once more is forgotten, so that it is counted once; None without one.
        """
        own = identity_of(fields)
        gone = [] if own is None else [found for found in self._streams if found.is_repeated_by(own, fields)]
        self._streams = [found for found in self._streams if found not in gone]
        since = min((found.first.line for found in gone), default=None)
        yield from self.ended(since)
        return since

    def only_one(self, identity: str | None) -> OpenStream | None:
        """Hand over the only stream, if its only chunk ends it for all values but those of its id; None otherwise."""
        found = self._streams[0] if len(self._streams) == 1 and not self._untold else None
        if found is None or found.own in {None, identity} or len(found.chunks) > 1:
            return None
        self._streams, self.open = [], False
        return found

    def begin(self, item: Value, fields: Fields, reader: Reader | None, own: str | None = None) -> Iterable[Record]:
        """Begin a stream with a chunk, for ``own`` see ``OpenStream``; yield the calls that are over then."""
        stream = OpenStream(item, fields, reader, own)
        if self.open:
            return self._begin_beside(stream, item, fields, reader)
        self._streams, self.open = [stream], True
        return ()

    def _begin_beside(self, stream: OpenStream, item: Value, fields: Fields, reader: Reader | None) -> Iterator[Record]:
        """Begin a stream while others are open."""
        mixed = bool(self._streams) and identity_of(fields) is not None
        over = [found for found in self._streams if not (mixed and found.open and found.ids)]
        if len(self._streams) - len(over) >= _MOST_OPEN:
            over.append(next(found for found in self._streams if found not in over))
        kept = [found for found in self._streams if found not in over]
        yield from self._records(over, min((found.first.line for found in kept), default=None))
        yield from self._told(stream, item, fields, reader)
        self._streams = [*kept, stream]

    def _told(self, stream: OpenStream, item: Value, fields: Fields, reader: Reader | None) -> Iterator[Record]:
        """Put the values that no reader knew in front of the chunk that tells their API, if it ends the stream.

        They belong to it if their keys are alike; otherwise each of them is a call of its own, which is yielded.
        """
        untold, self._untold = self._untold, []
        if untold and not stream.open and len(fields.keys() & untold[-1][1].keys()) >= _ALIKE:
            before = OpenStream(*untold[0], reader)
            for value, chunk in untold[1:]:
                before.add(value, chunk)
            before.add(item, fields)
            stream.__dict__.update(before.__dict__)
            return
        for value, chunk in untold:
            yield self._alone(value, chunk)

    def join(self, item: Value, fields: Fields) -> None:
        """Keep a chunk of the only stream that there is."""
        self._streams[-1].add(item, fields)

    @property
    def waits(self) -> bool:
        """Whether one more value that no reader knows is kept: the API of its stream may be told later."""
        return len(self._untold) < _MOST_UNTOLD

    def wait(self, item: Value, fields: Fields) -> Iterator[Record]:
        """Keep a value that no reader knows; yield the calls that are over then."""
        if self._streams:
            yield from self.ended()
        self._untold.append((item, fields))
        self.open = True

    def untold(self) -> list[tuple[Value, Fields]]:
        """Hand over the values that no reader knew; they are kept no longer."""
        found, self._untold = self._untold, []
        self.open = bool(self._streams)
        return found

    def ended(self, since: int | None = None) -> Iterator[Record]:
        """Yield the calls that the chunks make, and what no reader knew; start anew. ``since``: what gave way began."""
        streams, self._streams, self.open = self._streams, [], False
        yield from self._records(streams, since)
        untold, self._untold = self._untold, []
        for item, fields in untold:
            yield self._alone(item, fields)

    def _alone(self, item: Value, fields: Fields) -> Record:
        record = self._source.record(fields, item, item.element)
        if self._source.keeps_text:
            record.text = item.text
        record.streamed = True
        return record

    def _records(self, streams: list[OpenStream], unsettled: int | None) -> Iterator[Record]:
        """Yield the calls of streams that are over; the others begin in the line ``unsettled``, None without others."""
        if len(streams) > 1:
            streams = sorted(streams, key=lambda found: (found.first.line, found.first.element or 0))
        for stream in streams:
            record = stream.record(self._source)
            if unsettled is not None:
                record.unsettled = unsettled
            yield record
