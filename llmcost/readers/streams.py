"""Streams: a list or an iterable of the chunks or events of one call."""

from __future__ import annotations

from ..errors import UnrecognizedResponseError
from . import COMMON, discovered
from .fields import fields_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.usage import Usage
    from .reader import Fields, Meter, Reader


def read_stream(chunks: object) -> Usage:
    """Return the usage of a stream, or of a list that holds a single whole response."""
    meter: Meter | None = None
    waiting: list[Fields] = []
    for chunk in _iterate(chunks):
        fields = fields_of(chunk) if not isinstance(chunk, (str, bytes, int, float)) and chunk is not None else None
        if fields is None:
            raise UnrecognizedResponseError(f"a chunk of the stream is no object but {type(chunk).__name__}")
        if meter is None:
            reader = find_reader(fields)
            if reader is None:
                # What comes before the first chunk that tells its API says nothing that is billed.
                waiting.append(fields)
                continue
            assert reader.stream is not None  # noqa: S101 - find_reader() returns no other
            meter = reader.stream()
            for earlier in waiting:
                meter.feed(earlier)
        meter.feed(fields)
    if meter is not None:
        return meter.usage()
    return _whole(waiting)


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


def _whole(chunks: list[Fields]) -> Usage:
    from . import read_usage, unrecognized  # noqa: PLC0415 - the package loads first

    if len(chunks) == 1:
        return read_usage(chunks[0])
    if not chunks:
        raise UnrecognizedResponseError("an empty list is neither a response nor a stream")
    raise unrecognized(chunks[0])
