"""Answer: the bytes of one response on their way to the host, seen and settled once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .attempt import NOTHING
from .body import Body
from .failures import error_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .attempt import Attempt
    from .runs import Runs

# Bytes that are kept by reference until the last has come. They are the host's own; beyond this, events are read as
# they come, so that a long stream is not held twice.
_MOST_KEPT = 8 << 20


class Answer:
    """Keeps what the host reads, and settles the call when that has ended.

    Args:
        content_type, coding: headers of the response.
        polled: it is the answer to a later request, which asks whether the work is done.

    Attributes:
        attempt: the call.
        exhausted: whether the last byte was seen.
        over: whether the call is settled.
    """

    __slots__ = ("_body", "_kept", "_polled", "_size", "attempt", "exhausted", "over")

    def __init__(self, attempt: Attempt, content_type: str, coding: str, *, polled: bool = False) -> None:
        self.attempt, self._polled = attempt, polled
        self._body = Body(attempt.ledger.guard, content_type, coding)
        self._kept: list[bytes] = []
        self._size = 0
        self.exhausted = self.over = False

    def take(self, piece: bytes) -> None:
        """Take the next piece that the host gets."""
        if not self._size:
            self.attempt.first_byte()
        self._size += len(piece)
        self._kept.append(piece)
        if self._size > _MOST_KEPT:
            self.attempt.ledger.guard.call("response", self._read)

    def decoded(self, content: bytes) -> Sequence[Runs]:
        """Settle the call by the whole answer, which the HTTP library has decoded already."""
        self.attempt.first_byte()
        self.exhausted = True
        self.attempt.ledger.guard.call("response", lambda: self._body.feed(content, decoded=True))
        return self.end()

    def _read(self) -> None:
        kept, self._kept = self._kept, []
        self._body.feed(b"".join(kept))

    def _read_to_the_end(self) -> None:
        if self._kept:
            self._read()
        if self._body.streamed:
            self._body.ended(whole=self.exhausted)
        else:
            self._body.parse()

    def end(self, error: BaseException | None = None) -> Sequence[Runs]:
        """Settle the call: the answer has been read, or nobody reads on, or ``error`` has broken it off."""
        if self.over:
            return NOTHING
        self.over = True
        self.attempt.last_byte()
        left: Sequence[Runs] = self.attempt.ledger.guard.call("response", self._settled, error, default=NOTHING)
        return left

    def _settled(self, error: BaseException | None) -> Sequence[Runs]:
        attempt, body = self.attempt, self._body
        guard = attempt.ledger.guard
        guard.call("response", self._read_to_the_end)
        # OpenAI's client stops reading at the last event, before the bytes have ended.
        if error is not None or body.torn or not (self.exhausted or body.complete):
            if self._polled:
                return NOTHING
            return attempt.broke(None if error is None else error_of(error), body.cut)
        value = body.value
        # Work that is taken on and not done yet says so by a status.
        may_wait = type(value) is dict and ("status" in value or self._polled)
        if may_wait and guard.call("response", attempt.ledger.pending.put_off, attempt, body, default=False):
            return NOTHING
        streamed = body.streamed
        return attempt.answered(body.whole, body.value, streamed=streamed, ended=not streamed or body.complete)
