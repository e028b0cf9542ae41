"""OpenRouter's Agent SDK: counters in which cache and reasoning are inside, with what was charged.

https://openrouter.ai/docs/agent-sdk/overview
"""

from __future__ import annotations

from .dialects.reported import charge
from .fields import count
from .inclusive import disjoint
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a call.

    >>> read({"inputTokens": 160, "cachedTokens": 40, "outputTokens": 100, "cost": "0.000524"}).reported
    Decimal('0.000524')

    Raises:
        MissingUsageError: input or output tokens are not stated.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    if fields.get("inputTokens") is None or fields.get("outputTokens") is None:
        raise missing("this usage of OpenRouter's Agent SDK")
    counts = {"cache_read": count(fields, "cachedTokens"), "reasoning": count(fields, "reasoningTokens")}
    usage = disjoint(
        fields["inputTokens"], fields["outputTokens"], counts, {}, "openrouter_agent", fields.get("totalTokens")
    )
    cost = charge(usage, fields.get("cost"), "cost")
    if cost is not None:
        usage.reported, usage.named_provider = cost, "openrouter"
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether these are its counters: nobody else calls cached tokens so beside these names."""
    return "inputTokens" in fields and "cachedTokens" in fields


_BLOCK = Block(
    "inputTokens",
    "cachedTokens",
    "outputTokens",
    "reasoningTokens",
    ignored={"totalTokens": "the sum of the two, which is checked"},
)
# Before the AI SDK, which has the same name for reasoning.
READER = Reader("OpenRouter Agent SDK", recognises, read, {"": _BLOCK}, rank=45)
