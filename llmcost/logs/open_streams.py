"""Streams of which the next chunk may come: to which of them a chunk belongs, and which are over.

A stream ends with its terminal event, and not with a change of id: some servers give the first chunk another id than
the rest, some give every chunk its own. So an id that two chunks share is the id of a stream, and an id that stands in
one chunk alone tells nothing, unless that chunk states a usage. Streams whose ids tell them apart may be mixed.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from ..errors import UsageError
from .chunks import begins, counters_of, goes_on, identity_of, in_session, states_usage, trails

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..readers.chunk_reader import ChunkReader
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


class _Heard:
    """What the chunks of a stream have said so far.

    Attributes:
        ids: the ids that chunks have stated, with how many did.
        each: every chunk with its id.
        open: whether more chunks are awaited.
        state: what reads the chunks, or None.
        last: the id of the last chunk, or None.
        counted: whether a chunk has stated a usage.
    """

    def __init__(self, reader: Reader | None) -> None:
        self.ids: dict[str, int] = {}
        self.each: list[tuple[Value, str | None]] = []
        self.open, self.counted = True, False
        self.last: str | None = None
        self.state: ChunkReader | None = reader.stream() if reader is not None and reader.stream is not None else None
        self._reader = reader

    def hear(self, item: Value, fields: Fields) -> None:
        """Take the next chunk."""
        own = identity_of(fields)
        self.each.append((item, own))
        if own is not None:
            self.ids[own] = self.ids.get(own, 0) + 1
        self.last = own
        if self.state is None or self._reader is None:
            return
        with suppress(UsageError):  # pricing the call says what is wrong with it
            self.state.feed(fields)
        self.counted = self.counted or states_usage(fields)
        # A chunk that follows the end of a stream does not open the stream again.
        if not self.state.session:
            self.open = self.open and not self.state.ended and goes_on(fields, self._reader)


class OpenStream:
    """The chunks of one call, as long as they keep coming; ``own`` is what ``ended_under`` says of the first."""

    def __init__(self, item: Value, fields: Fields, reader: Reader | None, own: str | None = None) -> None:
        self.first, self.reader, self.own = item, reader, own
        self.chunks = [fields]

    @cached_property
    def _heard(self) -> _Heard:
        """Made when it is first needed. A whole response whose API has chunks that look the same does not need it."""
        heard = _Heard(self.reader)
        heard.hear(self.first, self.chunks[0])
        return heard

    @property
    def ids(self) -> dict[str, int]:
        """The ids that chunks have stated, with how many did."""
        return self._heard.ids

    @property
    def open(self) -> bool:
        """Whether more chunks are awaited."""
        return self._heard.open

    def add(self, item: Value, fields: Fields) -> None:
        """Keep a chunk."""
        self._heard.hear(item, fields)
        self.chunks.append(fields)

    def takes(self, item: Value, fields: Fields, reader: Reader | None, *, whole: bool = False) -> bool:
        """Return whether a value is one more chunk of this stream; ``whole``: it would be a call if it stood alone."""
        if in_session(self.chunks[0], fields):
            return True
        heard = self._heard
        if reader is None:
            return heard.open and (item.event or not whole)
        if reader is not self.reader or begins(fields) or heard.state is None or heard.state.begins_another(fields):
            return False
        own = identity_of(fields)
        if heard.state.session or (own is not None and own in heard.ids):
            return True
        # Typed events state by their type where a call begins. Chunks without a type are told apart by their ids alone.
        named = isinstance(fields.get("type"), str) or isinstance(fields.get("event_type"), str)
        if not heard.open:
            before = heard.last or next(iter(heard.ids), None)
            return (named and not reader.recognises(fields)) or trails(fields, before)
        return own is None or heard.last is None or named or (heard.ids[heard.last] == 1 and not heard.counted)

    def is_repeated_by(self, identity: str, fields: Fields) -> bool:
        """Return whether a whole response with this id is the call of this stream once more, put together from it.

        Its counts are those that the stream has stated. A stream that stated none, as it was not asked to, says nothing
        against it. Some servers give every response the same id, so that the id alone tells nothing.
        """
        if len(self.chunks) == 1 and identity_of(self.chunks[0]) != identity:
            return False  # a whole response whose API has chunks that look the same
        heard = self._heard
        if identity not in heard.ids or (heard.state is not None and heard.state.session):
            return False
        stated = next((found for chunk in reversed(self.chunks) if (found := counters_of(chunk))), {})
        whole = counters_of(fields)
        return bool(whole) and all(whole.get(name, count) == count for name, count in stated.items())

    def parted(self, own: str) -> list[OpenStream]:
        """Return the streams that this one is made of, if an id comes back after others: they were several calls."""
        heard = self._heard
        if own not in heard.ids or heard.last in {own, None} or len(heard.ids) < 2:
            return [self]
        found: dict[str, OpenStream] = {}
        before = next(iter(heard.ids))
        for (item, identity), fields in zip(heard.each, self.chunks, strict=True):
            before = identity or before
            stream = found.get(before)
            if stream is None:
                found[before] = OpenStream(item, fields, self.reader)
            else:
                stream.add(item, fields)
        return list(found.values())

    def record(self, source: Source) -> Record:
        """Return the call that the chunks make."""
        first, chunks, reader = self.first, self.chunks, self.reader
        if len(chunks) == 1 and (reader is None or reader.recognises(chunks[0])):
            record = source.whole(chunks[0], first)
        else:
            record = source.record(chunks, first, first.element, chunks=len(chunks))
            if first.element is not None:
                # A call of several elements has no single element as its place.
                record.element, record.numbered = None, False
        record.streamed = True
        return record


class OpenStreams:
    """All streams of a source whose next chunk may come.

    Attributes:
        open: whether there are any, so that the next value may be a chunk of one.
    """

    def __init__(self, source: Source) -> None:
        self._source, self.open = source, False
        self._streams: list[OpenStream] = []
        self._untold: list[tuple[Value, Fields]] = []

    def may_take(self, item: Value, shape: Shape) -> bool:
        """Return whether a call that stands alone may be of one of the streams: of a session, or among its events."""
        return item.event or self.keeps(shape)

    def keeps(self, shape: Shape) -> bool:
        """Return whether a call that stands alone may be of a live session among the streams."""
        return shape.typed and any(in_session(found.chunks[0], _ANY) for found in self._streams)

    def takes(self, item: Value, fields: Fields, reader: Reader | None, *, whole: bool = False) -> bool:
        """Return whether a value belongs to one of the streams; it is kept then."""
        own = identity_of(fields)
        for number in range(len(self._streams) - 1, -1, -1):
            stream = self._streams[number]
            # A value without an id can only belong to the last stream.
            if number < len(self._streams) - 1 and (own is None or own not in stream.ids):
                continue
            if not stream.takes(item, fields, reader, whole=whole):
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

    def give_way(self, fields: Fields) -> None:
        """Forget the stream whose call a whole response states once more, so that it is counted once."""
        own = identity_of(fields)
        if own is not None:
            self._streams = [found for found in self._streams if not found.is_repeated_by(own, fields)]

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
        yield from self._records(over)
        yield from self._told(stream, item, fields, reader)
        self._streams = [*(found for found in self._streams if found not in over), stream]

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

    def ended(self) -> Iterator[Record]:
        """Yield the calls that the chunks make, and what no reader knew; start anew."""
        streams, self._streams, self.open = self._streams, [], False
        yield from self._records(streams)
        untold, self._untold = self._untold, []
        for item, fields in untold:
            yield self._alone(item, fields)

    def _alone(self, item: Value, fields: Fields) -> Record:
        record = self._source.record(fields, item, item.element)
        if self._source.keeps_text:
            record.text = item.text
        record.streamed = True
        return record

    def _records(self, streams: list[OpenStream]) -> Iterator[Record]:
        if len(streams) > 1:
            streams = sorted(streams, key=lambda found: (found.first.line, found.first.element or 0))
        for stream in streams:
            yield stream.record(self._source)
