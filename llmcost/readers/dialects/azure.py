"""Azure: the body is the maker's with the results of Azure's content filter beside it.

https://learn.microsoft.com/azure/ai-services/openai/reference
"""

from __future__ import annotations

from ...core.notes import Note
from ..fields import count, sub, text
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block()


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters of Grok without its cached tokens.

    They count a hidden prefix too, which the prompt leaves out, so that they may exceed it. Azure sells Grok without a
    discount for the cache: as fresh tokens the prompt costs the same however many of it were cached.
    https://github.com/theopenco/llmgateway/issues/2168
    """
    details = sub(counters, "prompt_tokens_details") or {}
    if not _is_grok(fields) or not count(details, "cached_tokens"):
        return counters
    return {**counters, "prompt_tokens_details": {**details, "cached_tokens": 0}}


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with its provider: Azure has rows of its own, for models of other makers under another name."""
    if not _is_grok(fields):
        usage.provider = "azure"
        return usage
    usage.provider = "azure_ai"
    cached = count(sub(sub(fields, "usage") or {}, "prompt_tokens_details") or {}, "cached_tokens")
    if cached:
        prompt = count(counters, "prompt_tokens")
        said = (
            f"cached_tokens={cached} counts a hidden prefix too, and Azure has no price for Grok's cache: the prompt "
            f"of {prompt} tokens is taken as fresh, of which between 0 and {min(cached, prompt)} were cached"
        )
        usage.notes = (*usage.notes, Note("cached_above_prompt", said, "cached_tokens"))
    return usage


def _is_grok(fields: Fields) -> bool:
    named = (text(fields, "model") or "").startswith("grok-")
    return named and ("prompt_filter_results" in fields or is_of_foundry(sub(fields, "usage") or {}))


def is_of_foundry(counters: Fields) -> bool:
    """Return whether counters of Grok are Azure's, whose streams hold no results of the filter.

    xAI charges what it states, and its prompt is never shorter than what was read without a charge.
    https://docs.x.ai/developers/cost-tracking
    """
    cached = count(sub(counters, "prompt_tokens_details") or {}, "cached_tokens")
    return counters.get("cost_in_usd_ticks") == 0 and cached > count(counters, "prompt_tokens")
