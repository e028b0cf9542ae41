"""Streams: a list or an iterable of the chunks or events of one call."""

from __future__ import annotations

from ..errors import UnrecognizedResponseError
from .fields import fields_of
from .known import COMMON, discovered, read_whole, unrecognized

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.usage import Usage
    from .reader import ChunkReader, Fields, Reader


# Chunks that are kept until one tells its API. A stream says what it is within its first few, or in its last: those
# between hold text.
_MOST_WAITING = 16
# Chunks that are looked at before a stream is given up, which may have no end.
_MOST_LOOKED_AT = 4096


class Stream:
    """A stream of any flavour, chunk by chunk, in constant memory.

    Attributes:
        reader: what takes its chunks; None until a chunk has told its API.
        waiting: the first chunks before that. They may be none of a stream, but a whole response in a list.
    """

    __slots__ = ("_looked_at", "reader", "waiting")

    def __init__(self) -> None:
        self.reader: ChunkReader | None = None
        self.waiting: list[Fields] = []
        self._looked_at = 0

    def feed(self, chunk: object) -> None:
        """Take the next chunk or event.

        Raises UnrecognizedResponseError for what is no object, or if thousands of chunks fit no API.
        """
        fields = None if isinstance(chunk, (str, bytes, int, float, type(None))) else fields_of(chunk)
        if fields is None:
            raise UnrecognizedResponseError(f"a chunk of a stream is an object, this is {type(chunk).__name__}")
        if self.reader is not None:
            self.reader.feed(fields)
            return
        found = find_reader(fields)
        self._looked_at += 1
        if found is not None or len(self.waiting) < _MOST_WAITING:
            self.waiting.append(fields)
        if found is not None:
            assert found.stream is not None  # noqa: S101 - find_reader() returns no other
            self.reader = found.stream()
            for earlier in self.waiting:
                self.reader.feed(earlier)
            self.waiting = []
        elif self._looked_at >= _MOST_LOOKED_AT:
            keys = ", ".join(str(key)[:40] for key in list(self.waiting[0])[:8])
            raise UnrecognizedResponseError(
                f"no reader knows this stream: none of its first {_MOST_LOOKED_AT} chunks tells its API "
                f"(keys of the first: {keys})"
            )

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far; ``ended`` is False for a stream that was cut off.

        Raises:
            MissingUsageError: no usage was stated yet.
            UnrecognizedResponseError: there was no chunk, or none that tells its API.
        """
        if self.reader is not None:
            return self.reader.usage(ended=ended)
        if len(self.waiting) == 1:
            # Where nothing is streamed, a loop over chunks sees one whole response.
            return read_whole(self.waiting[0])
        if not self.waiting:
            raise UnrecognizedResponseError("an empty list is neither a response nor a stream")
        raise unrecognized(self.waiting[0])


def read_stream(chunks: object) -> Usage:
    """Return the usage of a stream, or of a list that holds a single whole response."""
    stream = Stream()
    for chunk in _iterate(chunks):
        stream.feed(chunk)
    return stream.usage()


def _iterate(chunks: object) -> Iterable[object]:
    try:
        return iter(chunks)  # type: ignore[call-overload, no-any-return]
    except TypeError:
        raise UnrecognizedResponseError(f"expected a list of stream chunks, got {type(chunks).__name__}") from None


def find_reader(fields: Fields) -> Reader | None:
    """Return the reader whose stream a chunk belongs to, or None."""
    for reader in COMMON:
        if reader.stream is not None and reader.chunk(fields):
            return reader
    for reader in discovered():
        if reader.stream is not None and reader.chunk(fields):
            return reader
    return None
