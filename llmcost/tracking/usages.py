"""StreamUsage: the usage of a stream, chunk by chunk, for somebody who must not be disturbed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.lower_bound import break_off
from ..errors import LLMCostError, MissingUsageError, UnrecognizedResponseError
from ..readers import stated_usage
from ..readers.reader import FIRST, Names
from ..readers.streams import Stream
from .framing import SameNames
from .json_text import value_of

if TYPE_CHECKING:
    from ..core.usage import Usage
    from ._guard import Guard
    from .framing import Marks


def usage_of(response: object) -> Usage:
    """Return the usage that a response states; see ``llmcost.read_usage``."""
    return stated_usage(response)


class StreamUsage:
    """Takes the chunks of one stream; an error is kept until the usage is asked for.

    Attributes:
        begun: whether there was a chunk.
    """

    __slots__ = ("_error", "_first", "_guard", "_marks", "_stream", "begun")

    def __init__(self, guard: Guard) -> None:
        self._guard, self._stream = guard, Stream()
        self._error: LLMCostError | None = None
        self.begun = False
        self._first = FIRST
        self._marks: Marks | None = None

    def feed(self, chunk: object) -> None:
        """Take the next chunk; after an error, chunks are passed over."""
        self.begun = True
        if self._first:
            self._first -= 1
        if self._error is None:
            self._error = self._guard.call("response", self._feed, chunk, default=_UNREADABLE)

    def feed_text(self, event: bytes) -> bool:
        """Take the next chunk as it comes, in JSON; a word that only keeps a connection open is none.

        Return False for a chunk that is damaged.
        """
        try:
            chunk = value_of(event)
        except (ValueError, RecursionError):
            return not event.lstrip().startswith((b"{", b"["))
        self.feed(chunk)
        return True

    def refuse(self) -> None:
        """Say that a chunk is damaged: it may have stated anything."""
        self._error = self._error or _UNREADABLE

    @property
    def ended(self) -> bool:
        """Whether the content of the stream has said that it is complete."""
        return self._stream.ended

    def tells(self) -> Marks:
        """Return what marks the events that can change the usage, as ``Reader.tells``; nothing where any event can."""
        if self._first:
            return ()
        if self._marks is None:
            self._marks = tuple([_in_bytes(mark) for mark in self._stream.tells])
        return self._marks

    def needs(self, event: bytes) -> bool:
        """Return whether an event can change the usage, by a look at its bytes."""
        tells = self.tells()
        return not tells or any(
            mark in event if isinstance(mark, bytes) else any(text in event for text in mark) for mark in tells
        )

    def _feed(self, chunk: object) -> LLMCostError | None:
        try:
            self._stream.feed(chunk)
        except LLMCostError as error:
            return error
        return None

    def whole(self) -> Usage:
        """Return the usage of a stream that has ended.

        Raises UsageError if it stated none that can be billed.
        """
        if self._error is not None:
            raise self._error
        return self._stream.usage()

    def cut(self) -> Usage:
        """Return what a stream stated until it was cut off: a lower bound.

        Raises UsageError if it stated none.
        """
        if self._error is not None:
            raise self._error
        try:
            usage = self._stream.usage(ended=False)
        except UnrecognizedResponseError:
            raise MissingUsageError("the stream was cut off before it told its API") from None
        usage = usage.replaced()
        break_off(usage)
        return usage


def _in_bytes(mark: str | tuple[str, ...]) -> bytes | tuple[bytes, ...]:
    if isinstance(mark, tuple):
        return tuple([text.encode() for text in mark])
    return SameNames(mark.encode()) if isinstance(mark, Names) else mark.encode()


_UNREADABLE = UnrecognizedResponseError("a chunk of the stream could not be read")
