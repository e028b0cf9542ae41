"""Vercel's AI SDK: the parts of a stream, as ``fullStream`` and the stream of messages have them.

Each step ends with its own usage, and the stream with the sum of all steps.
https://ai-sdk.dev/docs/reference/ai-sdk-core/stream-text
"""

from __future__ import annotations

from . import ai_sdk
from .chunk_reader import ChunkReader
from .fields import sub, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_STEPS = frozenset({"finish-step", "step-finish"})
_LAST = "finish"
# Events before the last one. No stream of another API has them.
_OTHERS = frozenset(
    {"start-step", "step-start", "text-start", "text-delta", "text-end", "reasoning-delta", "tool-call", "stream-start"}
)
# The stream of a model, which has no steps, names the model in a part of its own.
_ABOUT = "response-metadata"
# The first part of others, which has no field but these.
_FIRST, _OF_THE_FIRST = "start", frozenset({"type", "messageId", "messageMetadata"})


def read(fields: Fields) -> Usage:
    """Return the usage of the last part of a stream alone, or of one step.

    >>> used = {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11}
    >>> read({"type": "finish", "finishReason": "stop", "totalUsage": used}).quantities
    {'input': 9, 'output': 2}

    Raises UsageError if the counters are missing or contradict each other.
    """
    return ai_sdk.READER.read(fields)


def recognises(fields: Fields) -> bool:
    """Return whether this is the last part of a stream or of a step."""
    if "finishReason" not in fields or "type" not in fields:
        return False
    kind = text(fields, "type")
    return kind in _STEPS or kind == _LAST


def _is_part(fields: Fields) -> bool:
    kind = text(fields, "type") if "type" in fields else None
    if kind == _FIRST:
        return fields.keys() <= _OF_THE_FIRST
    return recognises(fields) or kind in _OTHERS or kind == _ABOUT or (kind == _LAST and "messageMetadata" in fields)


class _Stream(ChunkReader):
    """The steps are read as those of a result; one that is broken off has those that ended."""

    def __init__(self) -> None:
        self._steps: list[Fields] = []
        self._last: Fields = {}
        self._about: dict[str, object] = {}

    def feed(self, chunk: Fields) -> None:
        """Take the next part."""
        kind = text(chunk, "type")
        # What an application adds to the stream of a message; the docs of the SDK put model and usage there.
        added = sub(chunk, "messageMetadata") or {}
        if text(added, "model"):
            self._about = {"response": {"modelId": added["model"]}}
        if kind in _STEPS:
            self._steps.append(chunk)
        elif kind == _LAST:
            self._last, self.ended = {**added, **chunk}, True
        elif kind == _ABOUT:
            self._about = {"response": chunk}

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a part follows the last one."""
        return self.ended and text(chunk, "type") != "abort"

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of all steps so far."""
        del ended  # the content says it
        if len(self._steps) > 1 or not self._last:
            if not self._steps:
                raise missing("this stream of the AI SDK")
            usage = ai_sdk.READER.read({**self._steps[-1], "steps": self._steps})
        else:
            usage = ai_sdk.READER.read({**self._about, **(self._steps[0] if self._steps else {}), **self._last})
        usage.partial = not self.ended
        return usage


READER = Reader(
    "Vercel AI SDK stream",
    recognises,
    read,
    "its parts are handed on to the reader of a result",
    chunk=_is_part,
    stream=_Stream,
    rank=48,
)
