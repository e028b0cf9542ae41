"""Genkit: what ``generate`` returns, and its usage alone.

Cached tokens are inside the input, but for those of Anthropic, which stand under its own names. Whether thoughts are
inside the output tells the total: those of Gemini are not.
https://genkit.dev/docs/reference/js/GenerationUsage
"""

from __future__ import annotations

from ..errors import UsageError
from . import openai_chat, read_usage
from .fields import count, sub
from .framework import read_bare
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_SIGNS = frozenset({"thoughtsTokens", "cachedContentTokens", "inputCharacters", "outputCharacters", "inputImages"})
_BODIES = ("raw", "custom")
_SAME_TEXT = "the text that the tokens count"
_SAME_MEDIA = "media that the tokens count"
_BESIDE = ("cache_read_input_tokens", "cache_creation_input_tokens")
_BLOCK = Block(
    *("inputTokens", "outputTokens", "totalTokens", "thoughtsTokens", "cachedContentTokens"),
    ignored={
        **dict.fromkeys(("inputCharacters", "outputCharacters"), _SAME_TEXT),
        **{f"{side}{kind}": _SAME_MEDIA for side in ("input", "output") for kind in ("Images", "Videos", "AudioFiles")},
        "custom": "what the provider counted: what these counts leave out is read",
    },
)


def read(fields: Fields) -> Usage:
    """Return the usage of a response; it names no model, but for what the provider's own response says.

    >>> used = {"inputTokens": 9, "outputTokens": 2, "thoughtsTokens": 5, "totalTokens": 16, "inputCharacters": 40}
    >>> read({"finishReason": "stop", "usage": used}).quantities
    {'input': 9, 'output': 2, 'reasoning': 5}

    Raises:
        MissingUsageError: the tokens are not counted.
        InconsistentUsageError: a part exceeds what holds it.
    """
    usage = _normalised(fields)
    own = _of_provider(fields)
    same = own is not None and (own.input_tokens, own.output_tokens) == (usage.input_tokens, usage.output_tokens)
    return own if own is not None and same else usage


def _of_provider(fields: Fields) -> Usage | None:
    """Return the usage of the provider's own response, which says more, where a plugin hands it on."""
    body = next((found for name in _BODIES if (found := sub(fields, name))), None)
    if body is None:
        return None
    try:
        return read_usage(body)
    except UsageError:
        return None


def _normalised(fields: Fields) -> Usage:
    counters = sub(fields, "usage") or fields
    if counters.get("inputTokens") is None or counters.get("outputTokens") is None:
        raise missing("this response of Genkit")
    custom = sub(counters, "custom") or {}
    if any(count(custom, name) for name in _BESIDE):
        totals = {"input_tokens": counters["inputTokens"], "output_tokens": counters["outputTokens"]}
        return read_bare({**custom, **totals}, "this response of Genkit")
    answer, thoughts = count(counters, "outputTokens"), count(counters, "thoughtsTokens")
    total = count(counters, "totalTokens") or None
    if total is None and thoughts > answer:
        # Those of Gemini alone may be more than the answer.
        answer += thoughts
    return openai_chat.read_counters(
        {
            "prompt_tokens": counters["inputTokens"],
            "completion_tokens": answer,
            "total_tokens": total,
            "prompt_tokens_details": {"cached_tokens": count(counters, "cachedContentTokens")},
            "completion_tokens_details": {"reasoning_tokens": thoughts},
        },
        {},
        "genkit",
    )


def recognises(fields: Fields) -> bool:
    """Return whether this is a response, or a usage with names that only Genkit has."""
    if "usage" in fields and "finishReason" not in fields:
        return False
    counters = sub(fields, "usage") or fields
    return "outputTokens" in counters and not _SIGNS.isdisjoint(counters)


READER = Reader("Genkit", recognises, read, {"usage": _BLOCK, "": _BLOCK}, rank=45)
