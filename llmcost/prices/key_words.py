"""Key words: which price key is meant by a key that other programs, or people, use for the same price."""

from __future__ import annotations

# What is counted, by its words. The first that a key has a word of is meant.
_METERS = (
    (frozenset({"write", "creation"}), "cache_creation_input_token_cost"),
    (frozenset({"cache", "cached", "read"}), "cache_read_input_token_cost"),
    (frozenset({"reasoning", "thinking"}), "output_cost_per_reasoning_token"),
    (frozenset({"input", "prompt"}), "input_cost_per_token"),
    (frozenset({"output", "completion"}), "output_cost_per_token"),
)
_MILLIONS = frozenset({"1m", "million", "mtok", "1mtok"})
_TIERS = {"batch": "_batches", "batches": "_batches", "flex": "_flex", "priority": "_priority"}
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
    if words & _MILLIONS:
        meter = _per_million(meter)
    return meter + "".join(sorted({_TIERS[word] for word in words & _TIERS.keys()}))


def _per_million(key: str) -> str:
    if key.endswith("_input_token_cost"):
        return key.removesuffix("_token_cost") + "_cost_per_million_tokens"
    return key.replace("_per_", "_per_million_") + "s"
