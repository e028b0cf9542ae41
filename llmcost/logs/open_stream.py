"""A stream of which the next chunk may come: whether a chunk belongs to it, and whether it is over.

A stream ends with its terminal event, and not with a change of id: some servers give the first chunk another id than
the rest, some give every chunk its own. So an id that two chunks share is the id of a stream, and an id that stands in
one chunk alone tells nothing, unless that chunk states a usage.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from ..errors import UnrecognizedResponseError, UsageError
from ..readers import stated_usage
from .chunks import (
    begins,
    begins_beside,
    counters_of,
    goes_on,
    identity_of,
    in_session,
    is_cut,
    is_other_object,
    is_typed,
    states_usage,
    trails,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..readers.chunk_reader import ChunkReader
    from ..readers.reader import Reader
    from .record import Record
    from .source import Source
    from .values import Value

    Fields = dict[str, object]


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

    @property
    def over(self) -> bool:
        """Whether the last event was seen; a session that has none goes on."""
        return self.state is not None and self.state.ended and not self.state.session


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

    def takes(self, fields: Fields, reader: Reader | None, *, whole: bool = False) -> bool:
        """Return whether a value is one more chunk of this stream; ``whole``: it would be a call if it stood alone."""
        heard = self._heard
        if in_session(self.chunks[0], fields):
            # What another API says once the session is over, or as a call begins, is none of its events.
            return reader in {None, self.reader} or not (heard.over or begins_beside(fields))
        if reader is None:
            return heard.open and not whole and not self._is_beside(fields)
        if reader is not self.reader or begins(fields) or heard.state is None or heard.state.begins_another(fields):
            return False
        if is_other_object(self.chunks[0], fields):
            return False
        own = identity_of(fields)
        if heard.state.session or (own is not None and own in heard.ids):
            return True
        # Typed events state by their type where a call begins. Chunks without a type are told apart by their ids alone.
        named = is_typed(fields)
        if not heard.open:
            before = heard.last or next(iter(heard.ids), None)
            return (named and not reader.recognises(fields)) or trails(fields, before)
        return own is None or heard.last is None or named or (heard.ids[heard.last] == 1 and not heard.counted)

    def _is_beside(self, fields: Fields) -> bool:
        """Return whether a value that is no chunk for any reader states the counters of a call of its own.

        A stream of chunks without types may end with counters alone. The events of a session, and of a stream whose
        chunks name their types, are told by these.
        """
        state = self._heard.state
        if state is not None and not state.session and (is_typed(fields) or not is_typed(self.chunks[0])):
            return False
        try:
            stated_usage(fields)
        except UnrecognizedResponseError:
            return False
        except UsageError:
            pass  # pricing the call says what is wrong with it
        return True

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
        if len(chunks) == 1 and not is_cut(chunks[0], reader):
            record = source.whole(chunks[0], first)
        else:
            record = source.record(chunks, first, first.element, chunks=len(chunks))
            if first.element is not None:
                # A call of several elements has no single element as its place.
                record.element, record.numbered = None, False
        record.streamed = True
        if first.element is None:
            record.lines = (first.line,) if len(chunks) == 1 else tuple([item.line for item, _ in self._heard.each])
        return record
