"""DeepSeek: the cache is stated as hit + miss = prompt; newer bodies repeat the hit as ``cached_tokens``.

https://api-docs.deepseek.com/guides/kv_cache
"""

from __future__ import annotations

from ...errors import InconsistentUsageError
from ..fields import count
from ..reader import Block
from .parts import take

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("prompt_cache_hit_tokens", "prompt_cache_miss_tokens")


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with the prompt, where only hit and miss state it."""
    del fields
    whole = sum([count(counters, name) for name in BLOCK.names])
    if not whole or counters.get("prompt_tokens"):
        return counters
    found = {**counters, "prompt_tokens": whole}
    if found.get("total_tokens") == found.get("completion_tokens"):
        # A sum without the prompt.
        found["total_tokens"] = None
    return found


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the hit taken out of the input once."""
    del fields
    quantities = usage.quantities
    hit, prompt = count(counters, "prompt_cache_hit_tokens"), count(counters, "prompt_tokens")
    miss = (
        count(counters, "prompt_cache_miss_tokens")
        if counters.get("prompt_cache_miss_tokens") is not None
        else prompt - hit
    )
    cached = quantities.get("cache_read", 0)
    if not hit and not counters.get("prompt_cache_miss_tokens"):
        # Hosts without a cache of this kind fill them in with 0, or leave the other one out.
        return usage
    if hit + miss != prompt or (cached and cached != hit):
        raise InconsistentUsageError(
            f"cache hit {hit} + miss {miss} is not prompt_tokens={prompt}, or cached_tokens={cached} is not the hit",
            {"prompt_tokens": prompt},
            {"prompt_cache_hit_tokens": hit, "prompt_cache_miss_tokens": miss, "cached_tokens": cached},
        )
    take(quantities, "input", "cache_read", hit, "prompt_cache_hit_tokens")
    return usage
