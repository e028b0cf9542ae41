"""Ollama: generate, chat and embed, whole and streamed.

Counters stand at the top, in the chunk that says ``done``. Cached tokens are among those of the prompt. Durations
are nanoseconds. https://docs.ollama.com/api/usage
"""

from __future__ import annotations

from ..core.usage import Usage
from .chunk_reader import LastChunkReader
from .dialects.parts import take
from .fields import count, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_NANOSECONDS = 10**9
_INSIDE = "a part of the total duration"
_BLOCK = Block(
    "model",
    "created_at",
    "done",
    "prompt_eval_count",
    "prompt_eval_cached_count",
    "eval_count",
    "total_duration",
    ignored={
        **dict.fromkeys(("response", "message", "embeddings", "thinking", "logprobs"), "what was answered"),
        "done_reason": "why the answer ended",
        "load_duration": _INSIDE,
        "prompt_eval_duration": _INSIDE,
        "eval_duration": _INSIDE,
        "context": "the tokens of the conversation, for the next request",
        "remote_model": "a name",
        "remote_host": "a name",
    },
)


def read(fields: Fields) -> Usage:
    """Return the usage of a finished generation, with its time in ``usage.elapsed``.

    >>> usage = read({"model": "gemma3", "response": "Hi", "done": True, "prompt_eval_count": 11, "eval_count": 18})
    >>> usage.quantities
    {'input': 11, 'output': 18}

    Raises:
        MissingUsageError: it is not done, or a counter is absent (servers leave out what they took from a cache).
        InconsistentUsageError: a counter is no count, or more is cached than there is.
    """
    # The names of its models are those of makers, whose prices do not hold for it.
    facts = {"provider": "ollama", "model": text(fields, "model"), "at": when(fields, "created_at")}
    if fields.get("done") is False:
        raise missing("this chunk", "The one with done=true has the counters.")
    if fields.get("prompt_eval_count") is None and fields.get("done_reason") in ("load", "unload"):
        usage = Usage.of({}, 0, "ollama", facts)
        usage.free = "the call only loaded or unloaded the model"
        return usage
    embeds = "embeddings" in fields
    for name in ("prompt_eval_count",) if embeds else ("prompt_eval_count", "eval_count"):
        if fields.get(name) is None:
            raise missing(f"an Ollama response without {name}")
    prompt, answer = count(fields, "prompt_eval_count"), count(fields, "eval_count")
    quantities: dict[str, int | float] = {"input": prompt, "output": answer}
    usage = Usage.of(quantities, prompt, "ollama", facts)
    take(usage.quantities, "input", "cache_read", count(fields, "prompt_eval_cached_count"), "prompt_eval_cached_count")
    time = count(fields, "total_duration")
    if time:
        usage.elapsed = time / _NANOSECONDS
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a generation, a chat, an embedding, or a chunk of one."""
    if "choices" in fields or "object" in fields:
        return False
    if "prompt_eval_count" in fields or "eval_count" in fields:
        return True
    return type(fields.get("done")) is bool and "model" in fields and ("response" in fields or "message" in fields)


def _last(chunk: Fields) -> Fields | None:
    """Return the chunk that says done, which holds the usage."""
    return chunk if chunk.get("done") else None


READER = Reader(
    "Ollama",
    recognises,
    read,
    {"": _BLOCK},
    chunk=recognises,
    stream=lambda: LastChunkReader(read, _last, {"done": False}),
    events={"": _BLOCK},
    tells=('"done":true', '"done": true'),
)
