"""Vercel's AI SDK: the result of ``generateText`` as JSON, and its bare usage.

``inputTokens`` holds what was read from and written to a cache, ``outputTokens`` holds reasoning. Through the AI
Gateway the metadata states what was debited. https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text
"""

from __future__ import annotations

from .dialects.reported import usd
from .dialects.vercel import gateway_of
from .fields import count, items, sub, text, when
from .inclusive import split
from .openai_chat import REST
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_TOLD = ("cachedInputTokens", "reasoningTokens", "inputTokenDetails", "outputTokenDetails")
_RESULT = ("finishReason", "providerMetadata", "totalUsage")

_INSIDE = Block("cacheReadTokens", "cacheWriteTokens", ignored={"noCacheTokens": REST})
_BLOCK = Block(
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "cachedInputTokens",
    "reasoningTokens",
    inner={
        "inputTokenDetails": _INSIDE,
        "outputTokenDetails": Block("reasoningTokens", ignored={"textTokens": REST}),
    },
)
_BLOCKS = {"totalUsage": _BLOCK, "usage": _BLOCK, "": _BLOCK}


def read(fields: Fields) -> Usage:
    """Return the usage of a result, of all its steps together.

    >>> usage = {"inputTokens": 1000, "outputTokens": 50, "totalTokens": 1050, "cachedInputTokens": 800}
    >>> read({"text": "Hi", "finishReason": "stop", "usage": usage}).quantities
    {'input': 200, 'cache_read': 800, 'output': 50}

    Raises:
        MissingUsageError: tokens are not stated.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    facts: dict[str, object] = {}
    counters: Fields | None = fields
    if "inputTokens" not in fields:
        counters = sub(fields, "totalUsage") or sub(fields, "usage")
        about = sub(fields, "response") or {}
        stated = (("model", text(about, "modelId")), ("at", when(about, "timestamp")))
        facts = {name: value for name, value in stated if value}
    if counters is None or counters.get("inputTokens") is None or counters.get("outputTokens") is None:
        raise missing("this result of the AI SDK")
    inside, outside = sub(counters, "inputTokenDetails") or {}, sub(counters, "outputTokenDetails") or {}
    counts = {
        "cache_read": count(inside, "cacheReadTokens") or count(counters, "cachedInputTokens"),
        "cache_write": count(inside, "cacheWriteTokens"),
        "reasoning": count(outside, "reasoningTokens") or count(counters, "reasoningTokens"),
    }
    usage = split(
        counters["inputTokens"], counters["outputTokens"], counts, facts, "ai_sdk", counters.get("totalTokens")
    )
    steps = items(fields, "steps") or [fields]
    if len(steps) > 1 and "totalUsage" in fields:
        usage.aggregate, usage.context = True, None
    # The metadata is that of the last step; the gateway debits each.
    debits = [usd(gateway.get("cost")) for gateway in map(gateway_of, steps) if gateway is not None]
    known = [debit for debit in debits if debit]
    if known and len(known) == len(steps):
        usage.reported = sum(known[1:], known[0])
        usage.provider = "vercel_ai_gateway"
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a result, or a usage whose details only the AI SDK has."""
    if "inputTokens" in fields:
        return any(name in fields for name in _TOLD)
    if "stopReason" in fields or not any(name in fields for name in _RESULT):
        return False
    return any("inputTokens" in (sub(fields, name) or {}) for name in ("totalUsage", "usage"))


READER = Reader("Vercel AI SDK", recognises, read, _BLOCKS)
