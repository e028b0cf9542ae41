"""Body: the bytes of an answer, and the usage that they state."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..errors import MissingUsageError, UnrecognizedResponseError
from ..readers import stated_usage
from .decoding import decoders
from .framing import FRAMINGS, DamagedStreamError, ServerSentEvents
from .json_text import value_of
from .usages import StreamUsage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.usage import Usage
    from ._guard import Guard
    from .decoding import Decoder
    from .framing import Framing

# Bytes of a whole answer that are read at most; pictures and sound among its texts make it long.
_MOST_WHOLE = 256 << 20
# How a stream of events begins that has no header to say so.
_EVENTS = (b"data:", b"event:", b"id:", b"retry:", b":")
# What begins a whole answer, and no event.
_WHOLE = (b"{", b"[")
_BINARY = ("audio/", "image/", "video/", "application/octet-stream", "application/pdf", "application/zip")


class Body:
    """The bytes of one answer, fed in pieces as they came.

    Attributes:
        streamed: whether it is a stream of events.
        torn: whether a stream has ended in the middle of an event.
        value: the parsed answer, if it is no stream; None until ``parse``.
    """

    __slots__ = (
        "_begun",
        "_binary",
        "_coding",
        "_decoders",
        "_error",
        "_events",
        "_framing",
        "_guard",
        "_pieces",
        "_size",
        "streamed",
        "torn",
        "value",
    )

    def __init__(self, guard: Guard, content_type: str, coding: str) -> None:
        self._guard, self._coding = guard, coding
        self._events: StreamUsage | None = None
        self._framing: Framing | None = None
        kind = content_type.partition(";")[0].strip().lower()
        self._binary = kind.startswith(_BINARY)
        self.streamed = False
        if kind in FRAMINGS:
            self._stream(FRAMINGS[kind]())
        self._begun = self.torn = False
        self._decoders: list[Decoder] | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._error: UnrecognizedResponseError | None = None
        self.value: Any = None

    def _stream(self, framing: Framing) -> None:
        self._framing, self._events, self.streamed = framing, StreamUsage(self._guard), True

    def feed(self, data: bytes, *, decoded: bool = False) -> None:
        """Take the next piece; what cannot be decoded is an error when the usage is asked for."""
        if self._binary or self._error is not None:
            return
        if self._coding and not decoded:
            try:
                if self._decoders is None:
                    self._decoders = decoders(self._coding)
                for decoder in self._decoders:
                    data = decoder.decode(data)
            except UnrecognizedResponseError as error:
                self._error = error
                return
        if not self._begun and data:
            self._look(data)
        if self._framing is not None and self._events is not None:
            try:
                self._take(self._events, self._framing.feed(data, self._events.tells))
            except DamagedStreamError:
                self._error = UnrecognizedResponseError("a frame of the stream could not be read")
                self._events.refuse()
        elif self._size <= _MOST_WHOLE:
            self._pieces.append(data)
            self._size += len(data)

    def _look(self, data: bytes) -> None:
        """Tell events from a whole answer by the first bytes, whatever the header says: gateways get it wrong."""
        start = data[:100].lstrip()
        if not start:
            return
        self._begun = True
        if self._framing is None and start.startswith(_EVENTS):
            self._stream(ServerSentEvents())
        elif isinstance(self._framing, ServerSentEvents) and start.startswith(_WHOLE):
            self._framing = self._events = None
            self.streamed = False

    @staticmethod
    def _take(usage: StreamUsage, events: Iterable[bytes], *, each: bool = False) -> None:
        for event in events:
            if (each or usage.needs(event)) and not usage.feed_text(event):
                usage.refuse()

    def ended(self, *, whole: bool) -> None:
        """Say that no more pieces come; ``whole`` says that the last byte was one of them."""
        if self._framing is not None and self._events is not None:
            self._take(self._events, self._framing.last(), each=True)
            if whole:
                for event in self._framing.rest():
                    self.torn = not self._events.feed_text(event)

    @property
    def complete(self) -> bool:
        """Whether a stream has said itself that it is complete."""
        return self._framing is not None and (self._framing.done or (self._events is not None and self._events.ended))

    def parse(self) -> Any:
        """Return the answer as JSON; None if it is a stream, or no JSON."""
        if self._framing is None and self._pieces and self.value is None and self._size <= _MOST_WHOLE:
            with suppress(ValueError, RecursionError):
                self.value = value_of(b"".join(self._pieces))
        return self.value

    def whole(self) -> Usage:
        """Return the usage of an answer that arrived whole.

        Raises UsageError if it states none that can be billed.
        """
        if self._error is not None:
            raise self._error
        if self._events is not None:
            return self._events.whole()
        found = self.parse()
        if found is None:
            if self._binary:
                raise MissingUsageError("an answer of sound or pictures states no usage")
            raise UnrecognizedResponseError("the answer is no JSON")
        return stated_usage(found)

    def cut(self) -> Usage:
        """Return what an answer stated until it was cut off: a lower bound.

        Raises UsageError if it stated none.
        """
        if self._events is None:
            raise MissingUsageError("the answer was cut off before it stated any usage")
        return self._events.cut()
