"""new-api: counters that say themselves whose sense they have, Anthropic's or OpenAI's.

In Anthropic's the cache stands beside the prompt, and the total leaves it out.
https://github.com/QuantumNous/new-api/blob/main/relaykit/dto/openai_response.go
"""

from __future__ import annotations

from ..fields import count, sub, text
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

SEMANTIC, BESIDE = "usage_semantic", "anthropic"
_WRITTEN = ("cache_write_tokens", "cached_creation_tokens")
BLOCK = Block(SEMANTIC, "usage_source")


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with the cache inside the prompt, if they say that it stands beside it."""
    del fields
    if text(counters, SEMANTIC) != BESIDE or counters.get("prompt_tokens") is None:
        return counters
    details = sub(counters, "prompt_tokens_details") or {}
    cache = count(details, "cached_tokens") + max(count(details, name) for name in _WRITTEN)
    prompt, total = count(counters, "prompt_tokens"), counters.get("total_tokens")
    if total is not None and count(counters, "total_tokens") == prompt + count(counters, "completion_tokens"):
        total = count(counters, "total_tokens") + cache
    return {**counters, "prompt_tokens": prompt + cache, "total_tokens": total}


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage, which was read in OpenAI's sense."""
    del fields, counters
    return usage
