"""What ``claude -p --output-format json`` and ``stream-json`` print, and the result of the Agent SDK.

``modelUsage`` holds the calls of the session so far, those of sub-agents and of small models included, so that the last
of several results of one session holds all. The counters of the messages before it are placeholders. A result is a sum
of calls, of which no length of a prompt is known. It does not say which writes of the cache are for an hour, and its
costs were calculated by the program. Older versions have the counters of the main model alone, which is not named.
https://code.claude.com/docs/en/headless
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from ..core.notes import Note
from ..core.usage import Usage
from . import anthropic
from .chunk_reader import ChunkReader
from .dialects.reported import doubt_cost
from .fields import count, nested, sub, text
from .framework import several, summed
from .looking import with_unread
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantity
    from .reader import Fields

RESULT = "result"
_KINDS = frozenset({"system", "assistant", "user", "stream_event", "rate_limit_event"})
# As the program prints it, and as the SDK for Python calls it.
_MODELS = ("modelUsage", "model_usage")
# What each counter is called among meters.
_COUNTERS = {
    "inputTokens": "input",
    "cacheReadInputTokens": "cache_read",
    "cacheCreationInputTokens": "cache_write",
    "outputTokens": "output",
    "webSearchRequests": "web_searches",
}


def read(fields: Fields) -> Usage:
    """Return the usage of a session: a part for each of its models.

    >>> used = {"claude-sonnet-4-5": {"inputTokens": 9, "outputTokens": 2}}
    >>> read({"type": "result", "session_id": "s", "modelUsage": used}).quantities
    {'input': 9, 'output': 2}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count.
    """
    models = models_of(fields)
    rows = {str(name): nested(models[name]) or {} for name in models}
    found = [usage for name, row in sorted(rows.items()) if (usage := _of_model(name, row)) is not None]
    if found:
        usage = several(found, "claude_code")
    else:
        counters = sub(fields, "usage")
        if not counters:
            raise missing("this result of Claude Code, without a model that counted anything,")
        usage = with_unread(summed(anthropic.read_counters(counters)), fields, {"usage": anthropic.BLOCK})
    doubt_cost(usage, fields, "total_cost_usd")
    return usage


def _of_model(model: str, row: Fields) -> Usage | None:
    path = f"modelUsage.{model}"
    counts = {f"{path}.{name}": row.get(name) for name in _COUNTERS}
    numbers = [count(counts, name) for name in counts]
    quantities: dict[str, Quantity] = {
        meter: number for meter, number in zip(_COUNTERS.values(), numbers, strict=True) if number
    }
    if not quantities:
        return None
    usage = summed(Usage.of(quantities, None, "claude_code", {"model": model}))
    if "cache_write" in quantities:
        # An hour's write costs more than the five minutes' that is assumed.
        usage.notes = (Note("ttl_assumed", "ttl unknown, 5m rate used", "cache_write"),)
        leave_out(usage, "the result leaves out how long the cache keeps what was written", "cache_write")
    return usage


def models_of(fields: Fields) -> Fields:
    """Return what each model has used, by its name; empty if that is not stated."""
    return next((found for name in _MODELS if (found := sub(fields, name))), {})


def _is_result(fields: Fields) -> bool:
    return fields.get("type") == RESULT or ("num_turns" in fields and "total_cost_usd" in fields)


def recognises(fields: Fields) -> bool:
    """Return whether this is a result of a session."""
    if not _is_result(fields) or text(fields, "session_id") is None:
        return False
    return any(name in fields for name in _MODELS) or sub(fields, "usage") is not None


def is_event(fields: Fields) -> bool:
    """Return whether an event proves by itself that this program printed it."""
    kind = text(fields, "type")
    if text(fields, "session_id") is None:
        return False
    return kind in _KINDS if kind != RESULT else _MODELS[0] in fields


class _Session(ChunkReader):
    """The events of one session, which may state any number of results."""

    session = True

    def __init__(self) -> None:
        self._result: Fields | None = None
        self._id: str | None = None

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a chunk is of another session."""
        return None not in (self._id, text(chunk, "session_id")) and text(chunk, "session_id") != self._id

    def feed(self, chunk: Fields) -> None:
        self._id = self._id or text(chunk, "session_id")
        if recognises(chunk):
            self._result = chunk

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage that the last result states."""
        del ended
        if self._result is None:
            raise missing("this session of Claude Code, which has printed no result,")
        return read(self._result)


def _rows(models: Fields) -> list[Fields]:
    return [row for value in models.values() if (row := nested(value)) is not None]


_ROWS = Block(
    *_COUNTERS,
    ignored={
        "thinkingTokens": "inside the output, at its price",
        "maxOutputTokens": "a limit of the model",
        "contextWindow": "a limit of the model",
    },
    view=_rows,
    label="modelUsage",
)

READER = Reader(
    "Claude Code",
    recognises,
    read,
    dict.fromkeys(_MODELS, _ROWS),
    chunk=lambda fields: is_event(fields) or (text(fields, "type") is None and recognises(fields)),
    stream=_Session,
    tells=("total_cost_usd",),
)
