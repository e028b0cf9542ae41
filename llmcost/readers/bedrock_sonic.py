"""Nova Sonic: a session of speech, through Bedrock's bidirectional stream.

Usage events state running totals, speech apart from text, so the last one counts.
https://docs.aws.amazon.com/nova/latest/userguide/output-events.html
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import InconsistentUsageError
from .chunk_reader import ChunkReader
from .fields import count, sub
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_SIDES = (
    ("input", "totalInputTokens", "input", "input_audio"),
    ("output", "totalOutputTokens", "output", "output_audio"),
)
_SIDE = Block("textTokens", "speechTokens")
_TOTAL = Block(inner={"input": _SIDE, "output": _SIDE})
_TURN = "the change since the last event, which the running total holds"
_BLOCK = Block(
    "totalInputTokens",
    "totalOutputTokens",
    ignored={"totalTokens": "the sum of the two totals"},
    inner={"details": Block(ignored={"delta": _TURN}, inner={"total": _TOTAL})},
)
_EVENTS = frozenset(
    {
        "completionStart",
        "contentStart",
        "textOutput",
        "audioOutput",
        "toolUse",
        "contentEnd",
        "usageEvent",
        "completionEnd",
    }
)


def read(fields: Fields) -> Usage:
    """Return the usage of a session up to one usage event.

    Raises:
        MissingUsageError: the event does not tell speech from text.
        InconsistentUsageError: the two are not the total, or a counter is no count.
    """
    session = _Session()
    session.feed(fields)
    return session.usage()


def recognises(fields: Fields) -> bool:
    """Return whether this is a usage event."""
    return "usageEvent" in (sub(fields, "event") or ())


def _is_event(fields: Fields) -> bool:
    event = sub(fields, "event")
    return event is not None and any(name in event for name in _EVENTS)


class _Session(ChunkReader):
    """The last totals count; the session is whole once its completion has ended."""

    def __init__(self) -> None:
        self._counters: Fields | None = None

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        event = sub(chunk, "event") or {}
        self._counters = sub(event, "usageEvent") or self._counters
        self.ended = self.ended or "completionEnd" in event

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far. The session is a sum of turns, which has no context."""
        del ended  # the content says it
        if self._counters is None:
            raise missing("this session, in which there was no usageEvent,")
        totals = sub(sub(self._counters, "details") or {}, "total")
        if totals is None:
            raise missing("a usageEvent without details of speech and text")
        quantities = {}
        for side, name, text, audio in _SIDES:
            split = sub(totals, side) or {}
            quantities[text], quantities[audio] = count(split, "textTokens"), count(split, "speechTokens")
            stated = count(self._counters, name)
            if stated != quantities[text] + quantities[audio]:
                raise InconsistentUsageError(
                    f"speech and text of the {side} are not {name}={stated}: {split}", {name: stated}, dict(split)
                )
        usage = Usage.of(quantities, None, "sonic", {"provider": "bedrock"})
        usage.aggregate = True
        usage.partial = not self.ended
        return usage


READER = Reader("Nova Sonic", recognises, read, {"event.usageEvent": _BLOCK}, chunk=_is_event, stream=_Session)
