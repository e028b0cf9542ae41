"""OpenAI Live: a session is billed by the second, and delegated work by the models that do it.

The seconds are totals for the session so far, so the last counts. Delegated responses and decisions come as events
inside events, each with its own model and usage. https://developers.openai.com/api/docs/guides/live
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from ..core.usage import Usage
from . import openai_decision, openai_responses
from .chunk_reader import ChunkReader
from .fields import quantity, sub, text
from .openai_responses import ENDS
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantity
    from .reader import Fields

_TIMED = ("session.usage.updated", "session.closed")
_DELEGATED = ("response.event", "decision.event")
_EVENTS = (
    "session.started",
    *_TIMED,
    *_DELEGATED,
    "session.delegation.created",
    "session.input_transcript.delta",
    "session.output_transcript.delta",
    "session.output_audio.delta",
    "session.input_audio.append",
)


def read(fields: Fields) -> Usage:
    """Return the usage of a session up to one event that states its seconds.

    >>> read({"type": "session.usage.updated", "usage": {"seconds": 60.5}}).duration
    60.5

    Raises:
        MissingUsageError: the seconds are not stated.
        InconsistentUsageError: the seconds are no number.
    """
    session = _Stream()
    session.feed(fields)
    return session.usage()


def recognises(fields: Fields) -> bool:
    """Return whether this is an event that states the seconds of a session."""
    return fields.get("type") in _TIMED and "usage" in fields


def _is_event(fields: Fields) -> bool:
    return fields.get("type") in _EVENTS


class _Stream(ChunkReader):
    """The last seconds count; every delegated answer is a part. It is whole once the session was closed."""

    session = True

    def __init__(self) -> None:
        self._model: str | None = None
        self._seconds: Quantity | None = None
        self._parts: list[Usage] = []
        self._unstated = 0

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        kind = chunk.get("type")
        self._model = text(sub(chunk, "session") or {}, "model") or self._model
        if kind in _TIMED:
            counters = sub(chunk, "usage")
            if counters is not None and counters.get("seconds") is not None:
                self._seconds = quantity(counters, "seconds")
            self.ended = self.ended or kind == "session.closed"
        elif kind in _DELEGATED:
            self._delegated(sub(chunk, "event") or {})

    def _delegated(self, event: Fields) -> None:
        decision = sub(event, "decision")
        answer = decision or (sub(event, "response") if event.get("type") in ENDS else None)
        if answer is None:
            return
        # Without a name it can't be rated: what answers is never the live model itself.
        if sub(answer, "usage") is None or text(answer, "model") is None:
            self._unstated += 1
            return
        reader = openai_decision.READER if decision is not None else openai_responses.READER
        self._parts.append(reader.read(answer))

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far; a session that was not seen to close is a lower bound."""
        del ended  # the content says it
        if self._seconds is None:
            raise missing("this live session", "Its seconds come with session.usage.updated and session.closed.")
        usage = Usage.of({}, 0, "live", {} if self._model is None else {"model": self._model})
        usage.duration = self._seconds
        usage.parts = tuple(self._parts)
        usage.partial = not self.ended
        if self._unstated:
            leave_out(usage, f"{self._unstated} delegated answers state no usage or no model")
        return usage


READER = Reader("OpenAI Live", recognises, read, {"usage": Block("seconds")}, chunk=_is_event, stream=_Stream)
