"""OpenCode: a message as it keeps it, one with its parts, and the events of ``opencode run --format json``.

The input does not hold what was read from the cache, or written to it. The reasoning is a part of the output in older
versions, and stands beside it in newer ones: the total says which. ``cost`` is what the program calculated. An event
names no model. https://github.com/sst/opencode/tree/dev/packages/opencode/src/session
A message of version 2 names its model as an object, states no total, and has its reasoning beside the output.
https://github.com/anomalyco/opencode/blob/dev/packages/core/src/session/usage.ts
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.lower_bound import break_off, leave_out
from ..core.usage import Usage
from .chunk_reader import ChunkReader
from .dialects.reported import doubt_cost
from .fields import count, sub, text, when
from .framework import several
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_COUNTERS = ("input", "output", "reasoning", "total")
_CACHE = ("read", "write")
STEP = "step-finish"
_THOUSAND = 1000


def read(fields: Fields) -> Usage:
    """Return the usage of a message, or of one step.

    >>> tokens = {"input": 9, "output": 2, "reasoning": 0, "cache": {"read": 5, "write": 0}}
    >>> read({"role": "assistant", "sessionID": "s", "modelID": "gpt-4o", "tokens": tokens}).quantities
    {'input': 9, 'cache_read': 5, 'output': 2}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count.
    """
    message = stating(fields) or {}
    model = sub(message, "model") or {}
    usage = _counted(sub(message, "tokens") or {}, apart="id" in model)
    time = sub(message, "time")
    if time is not None:
        # A message without an end has the counters of what was answered so far.
        if time.get("completed") is None:
            break_off(usage)
        created = when(time, "created")
        if is_number(created):
            usage.at = int(created) // _THOUSAND
    usage.model = text(message, "modelID") or text(model, "id")
    usage.named_provider = text(message, "providerID") or text(model, "providerID")
    doubt_cost(usage, message, "cost")
    return usage


def _counted(tokens: Fields, *, apart: bool) -> Usage:
    """Return what is counted; ``apart``: without a total the reasoning stands beside the output."""
    cache = sub(tokens, "cache") or {}
    counts = {f"tokens.{name}": tokens.get(name) for name in _COUNTERS}
    counts.update({f"tokens.cache.{name}": cache.get(name) for name in _CACHE})
    entered, answer, thought, total, was_read, written = (count(counts, name) for name in counts)
    context = entered + was_read + written
    if not context and not answer and not thought:
        raise missing("this message of OpenCode, with all counters at 0,")
    whole = context + answer
    beside = thought > answer or total == whole + thought or (apart and not total)
    quantities = {
        "input": entered,
        "cache_read": was_read,
        "cache_write": written,
        "output": answer if beside else answer - thought,
        "reasoning": thought,
    }
    usage = Usage.of(quantities, context, "opencode", {})
    # Without a total the smaller reading is a lower bound.
    if thought and not beside and total != whole:
        said = "no total says whether the reasoning stands beside the output: it is counted inside"
        leave_out(usage, said, "reasoning")
    return usage


def stating(fields: Fields) -> Fields | None:
    """Return the message, or the step, that has the counters; None if these fields are neither."""
    for holder in (fields, sub(fields, "info"), sub(fields, "part")):
        if holder is not None and "tokens" in holder and _is_ours(holder):
            return holder
    return None


def _is_ours(holder: Fields) -> bool:
    if sub(holder, "tokens") is None:
        return False
    if holder.get("type") == STEP or (holder.get("role") == "assistant" and text(holder, "sessionID") is not None):
        return True
    return holder.get("type") == "assistant" and text(sub(holder, "model") or {}, "providerID") is not None


def recognises(fields: Fields) -> bool:
    """Return whether this is a message that was answered, or the end of a step."""
    return stating(fields) is not None


def is_event(fields: Fields) -> bool:
    """Return whether this is an event of a run."""
    return "part" in fields and text(fields, "sessionID") is not None and text(fields, "type") is not None


class _Run(ChunkReader):
    """The events of one run: a call of the model for each step."""

    def __init__(self) -> None:
        self._steps: list[Usage] = []

    def feed(self, chunk: Fields) -> None:
        if stating(chunk) is not None:
            self._steps.append(read(chunk))

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of all steps, each with its own context."""
        del ended
        if not self._steps:
            raise missing("this run of OpenCode, without a step that ended,")
        return several(self._steps, "opencode")


_TOKENS = Block(*_COUNTERS, inner={"cache": Block(*_CACHE)})

READER = Reader(
    "OpenCode",
    recognises,
    read,
    {"tokens": _TOKENS, "info.tokens": _TOKENS, "part.tokens": _TOKENS},
    chunk=is_event,
    stream=_Run,
    tells=("tokens",),
)
