"""Pipecat: metrics of a language model or of a voice, alone or in the frame that carries them.

The counters of Anthropic's and Bedrock's services leave out what was cached, those of all others hold it. A voice
counts characters. https://docs.pipecat.ai/guides/fundamentals/metrics
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.usage import Usage
from .fields import items, sub, text, whole_number
from .framework import HANDED_ON, read_bare, several
from .reader import Reader, missing
from .words import EXCLUSIVE, INCLUSIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_COUNTER, _VOICE = "prompt_tokens", "TTS"
_NET = ("Anthropic", "AWS")


def read(fields: Fields) -> Usage:
    """Return the usage of metrics; those of a frame are calls of their own.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11, "cache_read_input_tokens": 4}
    >>> read({"processor": "OpenAILLMService#0", "model": "gpt-4o", "value": used}).quantities
    {'input': 5, 'cache_read': 4, 'output': 2}
    >>> read({"processor": "OpenAITTSService#0", "model": "tts-1", "value": 1032}).quantities
    {'input_characters': 1032}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    if _is_of_a_call(fields):
        return _of_one(fields)
    calls = [_of_one(row) for row in items(fields, "data") if _is_of_a_call(row)]
    if not calls:
        raise missing("this frame of metrics")
    return several(calls, "pipecat")


def _of_one(metrics: Fields) -> Usage:
    processor, model = text(metrics, "processor") or "", text(metrics, "model")
    counters = sub(metrics, "value")
    if counters is not None:
        beside = any(service in processor for service in _NET)
        return read_bare(counters, "these metrics", EXCLUSIVE if beside else INCLUSIVE, model=model)
    characters = whole_number("value", metrics["value"])
    return Usage.of({"input_characters": characters}, 0, "pipecat", {"model": model})


def _is_of_a_call(fields: Fields) -> bool:
    """Return whether these metrics count; the others measure a time, which is a fraction."""
    processor, value = text(fields, "processor"), fields.get("value")
    if processor is None:
        return False
    if is_number(value):
        return _VOICE in processor and float(value).is_integer()
    return _COUNTER in (sub(fields, "value") or ())


def recognises(fields: Fields) -> bool:
    """Return whether these are metrics of Pipecat."""
    return _is_of_a_call(fields) or any(text(row, "processor") and "value" in row for row in items(fields, "data"))


READER = Reader("Pipecat", recognises, read, HANDED_ON)
