"""OpenAI Assistants: a run of a thread, whole and streamed.

The run states the usage of all its steps together, under the names of a chat but for the details of the prompt.
https://platform.openai.com/docs/api-reference/runs/object
"""

from __future__ import annotations

from ..errors import UsageError, shown
from . import openai_chat
from .chunk_reader import ChunkReader, event_in
from .fields import sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_RUN, _STEP = "thread.run", "thread.run.step"
_ENDED = ("completed", "failed", "cancelled", "expired", "incomplete")


def read(fields: Fields) -> Usage:
    """Return the usage of a run.

    >>> usage = {"prompt_tokens": 900, "completion_tokens": 30, "prompt_token_details": {"cached_tokens": 512}}
    >>> read({"object": "thread.run", "model": "gpt-4o", "usage": usage}).quantities
    {'input': 388, 'cache_read': 512, 'output': 30}

    Raises:
        MissingUsageError: the run has not ended, and states no usage yet.
        UsageError: this is a step, which is inside its run.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    if fields.get("object") == _STEP:
        raise UsageError(f"a {_STEP} is inside its run, and the usage of the run contains all steps: pass the {_RUN}")
    counters = sub(fields, "usage")
    if counters is None:
        raise missing(f"this run (status {shown(text(fields, 'status'))})")
    facts = {
        "model": text(fields, "model"),
        "at": when(fields, "created_at"),
        "service_tier": text(fields, "service_tier"),
    }
    details = sub(counters, "prompt_tokens_details") or sub(counters, "prompt_token_details")
    usage = openai_chat.read_counters({**counters, "prompt_tokens_details": details}, facts, "run")
    # It holds as many requests as it has steps that ask the model, so that its prompt has no size.
    usage.aggregate, usage.context = True, None
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a run, or a step of one."""
    return fields.get("object") in (_RUN, _STEP)


def _is_event(chunk: Fields) -> bool:
    return (text(event_in(chunk), "object") or "").startswith("thread.")


class _Stream(ChunkReader):
    """The last run that states a usage counts; the first ones, which are queued, have none."""

    def __init__(self) -> None:
        self._run: Fields | None = None
        self._status: str | None = None

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        event = event_in(chunk)
        if event.get("object") == _RUN:
            self._status = text(event, "status")
            self.ended = self._status in _ENDED
            if sub(event, "usage") is not None:
                self._run = event

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether an event is about another run than the one that has ended."""
        event = event_in(chunk)
        run = self._run or {}
        return self.ended and event.get("object") == _RUN and event.get("id") != run.get("id")

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the run."""
        if self._run is None:
            raise missing(f"this stream of a run (status {shown(self._status)})")
        usage = read(self._run)
        del ended  # the status says it
        usage.partial = not self.ended
        return usage


_DETAILS = openai_chat.BLOCK.inner["prompt_tokens_details"]
_BLOCK = openai_chat.BLOCK.joined(Block(inner={"prompt_token_details": _DETAILS}))
READER = Reader(
    "OpenAI Assistants",
    recognises,
    read,
    {"usage": _BLOCK},
    objects=(_RUN, _STEP),
    chunk=_is_event,
    stream=_Stream,
    events={"data.usage": _BLOCK, "usage": _BLOCK},
    rank=40,
)
