"""The events of a streamed message."""

from __future__ import annotations

from . import anthropic_writes
from .answers import in_blocks
from .anthropic import CACHE_OF_BEDROCK, READER
from .anthropic_quick import METRICS, PROMPT, RESULTS
from .chunk_reader import ChunkReader
from .fields import sub
from .reader import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


class Stream(ChunkReader):
    """The message's usage starts with ``message_start``; every value that a delta states replaces it.

    Deltas are cumulative. A delta whose prompt is 0 says nothing of it: gateways fill in 0 for what only the first
    event states. An output of 0 after one above 0 says nothing either. The split by time to live, the tier and the
    geography stand in the first event only. A block that begins blank and ends without a delta is no answer.
    """

    def __init__(self) -> None:
        self._message: dict[str, object] = {}
        self._counters: dict[str, object] = {}
        # What the server ran; whether a block began, is open and blank, and holds something of an answer.
        self._results: list[Fields] = []
        self._begun = self._blank = self._answered = False

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        kind = chunk.get("type")
        if kind == "message_start":
            self._message.update(sub(chunk, "message") or {})
            self._merge(sub(self._message, "usage"))
        elif kind == "message_delta":
            self._merge(sub(chunk, "usage"))
            delta = sub(chunk, "delta") or {}
            if delta.get("stop_reason"):
                self._message["stop_reason"] = delta["stop_reason"]
                self.ended = True
        elif kind == "content_block_delta":
            self._answered, self._blank = True, False
        elif kind == "content_block_start":
            self._begin(sub(chunk, "content_block") or {})
        elif kind == "content_block_stop":
            self._blank = False
        elif METRICS in chunk:
            found = anthropic_writes.beside_the_message(self._counters, sub(chunk, METRICS) or {}, CACHE_OF_BEDROCK)
            self._counters.update(found)

    def _begin(self, block: Fields) -> None:
        """Take the beginning of a block. A log may leave out what fills it, so that one without an end is no blank."""
        self._answered = self._answered or self._blank or not block or in_blocks([block])
        self._begun = self._blank = True
        if block.get("type") in RESULTS:
            self._results.append({name: block.get(name) for name in ("type", "content")})

    def _merge(self, counters: Fields | None) -> None:
        stated = counters or {}
        untold = () if any(stated.get(name) for name in PROMPT) else PROMPT
        for name, value in stated.items():
            filled_in = name in untold or (name == "output_tokens" and not value)
            if value is not None and not (filled_in and name in self._counters):
                self._counters[name] = value

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether an event starts a second message."""
        if chunk.get("type") != "message_start" or not self._message:
            return False
        its = (sub(chunk, "message") or {}).get("id")
        return its is None or its != self._message.get("id")

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far; before the last delta the output is a placeholder, so it is a lower bound."""
        del ended  # the content says it
        if not self._counters:
            raise missing("this stream of events")
        split, late = anthropic_writes.written_late(self._counters)
        message = {**self._message, "usage": {**self._counters, "cache_creation": split}}
        if self._begun:
            answer = {"type": "text", "text": "written" if self._answered or self._blank else ""}
            message["content"] = [*self._results, answer]
        usage = READER.read(message)
        usage.notes += late
        usage.partial = not self.ended
        return usage
