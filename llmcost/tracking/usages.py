"""StreamUsage: the usage of a stream, chunk by chunk, for somebody who must not be disturbed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import LLMCostError, MissingUsageError, UnrecognizedResponseError
from ..readers import read_usage
from ..readers.reader import FIRST
from ..readers.streams import Stream

if TYPE_CHECKING:
    from ..core.usage import Usage
    from ._guard import Guard


def usage_of(response: object) -> Usage:
    """Return the usage that a response states; see ``llmcost.read_usage``."""
    return read_usage(response)


class StreamUsage:
    """Takes the chunks of one stream; an error is kept until the usage is asked for.

    Attributes:
        begun: whether there was a chunk.
    """

    __slots__ = ("_error", "_first", "_guard", "_stream", "_tells", "begun")

    def __init__(self, guard: Guard) -> None:
        self._guard, self._stream = guard, Stream()
        self._error: LLMCostError | None = None
        self.begun = False
        self._first = FIRST
        self._tells: tuple[bytes, ...] | None = None

    def feed(self, chunk: object) -> None:
        """Take the next chunk; after an error, chunks are passed over."""
        self.begun = True
        if self._first:
            self._first -= 1
        if self._error is None:
            self._error = self._guard.call("response", self._feed, chunk, default=_UNREADABLE)

    @property
    def ended(self) -> bool:
        """Whether the content of the stream has said that it is complete."""
        return self._stream.ended

    def tells(self) -> tuple[bytes, ...]:
        """Return texts of which one stands in every event that can change the usage; none where any event can."""
        if self._first:
            return ()
        if self._tells is None:
            self._tells = tuple(text.encode() for text in self._stream.tells)
        return self._tells

    def needs(self, event: bytes) -> bool:
        """Return whether an event can change the usage, by a look at its bytes."""
        tells = self.tells()
        return not tells or any(text in event for text in tells)

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
        return usage.replaced(partial=True)


_UNREADABLE = UnrecognizedResponseError("a chunk of the stream could not be read")
