"""Key words: which price key is meant by a key that other programs, or people, use for the same price."""

from __future__ import annotations

from ..core.meters import METERS, keys_per_many
from ..core.tiers import TIER_WORDS

# What is counted, by its words: a meter of tokens. The first that a key has a word of is meant.
_METERS = (
    (frozenset({"write", "creation"}), "cache_write"),
    (frozenset({"cache", "cached", "read"}), "cache_read"),
    (frozenset({"reasoning", "thinking"}), "reasoning"),
    (frozenset({"input", "prompt"}), "input"),
    (frozenset({"output", "completion"}), "output"),
)
_MILLIONS = frozenset({"1m", "million", "mtok", "1mtok"})
_TIERS = {word: f"_{TIER_WORDS[word]}" for word in ("batch", "batches", "flex", "priority")}
_REST = frozenset({"cost", "price", "rate", "per", "token", "tokens", "usd"})
_KNOWN = frozenset().union(*(words for words, _ in _METERS)) | _MILLIONS | _TIERS.keys() | _REST


def meant_by(key: str) -> str | None:
    """Return the price key that the words of another key mean; None unless every word is known, and one is a meter's.

    >>> meant_by("prompt_cost_per_token"), meant_by("cached_input_price_per_mtok")
    ('input_cost_per_token', 'cache_read_input_cost_per_million_tokens')
    >>> meant_by("batch_output_cost"), meant_by("input_cost_per_minute")
    ('output_cost_per_token_batches', None)
    """
    words = set(key.lower().replace("-", "_").split("_"))
    if not words <= _KNOWN:
        return None
    meter = next((found for those, found in _METERS if words & those), None)
    if meter is None:
        return None
    key = METERS[meter].keys[0]
    if words & _MILLIONS:
        key = keys_per_many(key)[0][0]
    return key + "".join(sorted({_TIERS[word] for word in words & _TIERS.keys()}))
