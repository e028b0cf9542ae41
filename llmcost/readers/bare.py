"""Bare usage dicts: counters without the response around them.

The keys tell how they count. Where they do not, the total does; where nothing does, it is an error.
"""

from __future__ import annotations

from ..core.meters import METERS
from ..core.usage import Usage
from ..errors import MissingUsageError, UsageError
from . import anthropic, bedrock, gemini, openai_chat, openai_responses
from .dialects import USAGE_HINTS, correct
from .fields import count, sub, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .reader import Fields


def read(fields: Fields, dialect: str | None = None) -> Usage | None:
    """Return the usage of bare counters, or None if these are none. The choice made is ``usage.dialect``.

    ====================================  ==========================================================
    ``prompt_tokens``                     OpenAI: cache and reasoning are inside
    ``promptTokenCount``                  Gemini: cache is inside, thoughts are outside
    ``inputTokens``                       Bedrock Converse: cache is outside
    ``input_tokens`` with ``*_details``   Responses and LangChain: inside, unless the total proves otherwise
    ``input_tokens`` with ``cache_*``     Anthropic: cache is outside
    ``input_tokens``, ``output_tokens``   either, there is nothing to tell apart
    names of meters                       ``Usage(**counters)``
    ``total_tokens`` alone                input, of an embedding or a rerank
    ====================================  ==========================================================
    """
    stated = dialect or fields.get("dialect")
    if isinstance(stated, str):
        try:
            return _DIALECTS[stated.lower()](fields)
        except KeyError:
            known = ", ".join(_DIALECTS)
            raise UsageError(f"dialect={stated!r} is not known; the dialects are {known}") from None
    if fields.get("prompt_tokens") is not None:
        return _openai(fields)
    if any(name in fields for name in ("promptTokenCount", "prompt_token_count")):
        return _gemini(fields)
    if fields.get("inputTokens") is not None:
        return _converse(fields)
    if "input_tokens" in fields or "output_tokens" in fields:
        return _input_tokens(fields)
    if fields and all(isinstance(name, str) and name in METERS for name in fields):
        return Usage(**fields, dialect="meters")
    if fields.get("total_tokens") is not None and all(name in _TOTAL_ONLY for name in fields):
        return _total(fields)
    return None


_TOTAL_ONLY = frozenset({"total_tokens", "prompt_tokens", "completion_tokens", "cost", "model"})


def _openai(fields: Fields) -> Usage:
    usage = openai_chat.read_counters(fields, {})
    return usage if USAGE_HINTS.isdisjoint(fields) else correct({}, fields, usage)


def _gemini(fields: Fields) -> Usage:
    return gemini.read_counters(fields, {})


def _anthropic(fields: Fields) -> Usage:
    return anthropic.read_counters(fields, {})


def _responses(fields: Fields) -> Usage:
    return openai_responses.read_counters(fields, {})


def _converse(fields: Fields) -> Usage:
    return bedrock.read_counters(fields, {})


def _input_tokens(fields: Fields) -> Usage:
    if fields.get("input_tokens") is None or fields.get("output_tokens") is None:
        raise MissingUsageError(
            "input_tokens alone is a count before a call, not the usage of one: give output_tokens too "
            "(0 if the call has no output)"
        )
    if any(str(name).startswith("cache_") and value is not None for name, value in fields.items()):
        return _anthropic(fields)
    if fields.get("input_tokens_details") or fields.get("output_tokens_details"):
        return _responses(fields)
    if sub(fields, "input_token_details") or sub(fields, "output_token_details"):
        return _langchain(fields)
    if any(fields.get(name) for name in ("server_tool_use", "inference_geo", "speed", "iterations")):
        return _anthropic(fields)
    usage = _responses(fields)
    usage.dialect = "either"
    return usage


def _langchain(fields: Fields) -> Usage:
    """LangChain's ``usage_metadata``: cache details are inside, unless the total proves that they are not.

    https://python.langchain.com/api_reference/core/messages/langchain_core.messages.ai.UsageMetadata.html
    """
    prompt, answer = whole("input_tokens", fields["input_tokens"]), whole("output_tokens", fields["output_tokens"])
    details = sub(fields, "input_token_details") or {}
    outside = sub(fields, "output_token_details") or {}
    cache = count(details, "cache_read") + count(details, "cache_creation")
    total = fields.get("total_tokens")
    exclusive = cache > 0 and total is not None and whole("total_tokens", total) == prompt + cache + answer
    usage = openai_chat.read_counters(
        {
            "prompt_tokens": prompt + (cache if exclusive else 0),
            "completion_tokens": answer,
            "total_tokens": total,
            "prompt_tokens_details": {
                "cached_tokens": details.get("cache_read"),
                "cache_write_tokens": details.get("cache_creation"),
                "audio_tokens": details.get("audio"),
            },
            "completion_tokens_details": {
                "reasoning_tokens": outside.get("reasoning"),
                "audio_tokens": outside.get("audio"),
            },
        },
        {},
        "langchain",
    )
    if exclusive:
        usage.notes = (*usage.notes, "total_tokens proves that cached tokens are counted on top of input_tokens")
    return usage


def _total(fields: Fields) -> Usage:
    """A total alone is what embeddings and reranks state: input tokens."""
    tokens = whole("total_tokens", fields["total_tokens"])
    return Usage.of({"input": tokens} if tokens else {}, tokens, "total", {})


def _images(fields: Fields) -> Usage:
    from . import openai_images  # noqa: PLC0415 - a rarer shape

    return openai_images.read_counters(fields)


_DIALECTS: dict[str, Callable[[Fields], Usage]] = {
    "openai": _openai,
    "responses": _responses,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "converse": _converse,
    "langchain": _langchain,
    "total": _total,
    "images": _images,
}
