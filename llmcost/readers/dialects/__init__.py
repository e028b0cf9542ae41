"""Dialects: vendors that share OpenAI's envelope and deviate in it.

The base reader reads the standard counters; a key of these tables is the hint for which a dialect's module
is loaded. A dialect has one function, ``correct(fields, counters, usage)``, which returns the usage as that
vendor means it. ``usage`` is None where the response has no usage object of its own.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

# Keys of the response, and of its usage object, with the module that knows them.
_BY_KEY = {
    "x_groq": "groq",
    "usage_breakdown": "groq",
    "prompt_filter_results": "azure",
    "provider": "openrouter",
    "citations": "perplexity",
    "search_results": "perplexity",
}
_BY_COUNTER = {
    "cost": "openrouter",
    "num_sources_used": "xai",
    "cost_in_usd_ticks": "xai",
    "prompt_cache_hit_tokens": "deepseek",
    "prompt_cache_miss_tokens": "deepseek",
    "cache_creation_input_tokens": "litellm",
    "cache_read_input_tokens": "litellm",
    "search_context_size": "perplexity",
    "citation_tokens": "perplexity",
    "num_search_queries": "perplexity",
    "reasoning_tokens": "perplexity",
    "prompt_audio_seconds": "mistral",
}
HINTS = frozenset(_BY_KEY)
USAGE_HINTS = frozenset(_BY_COUNTER)


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage:
    """Return the usage corrected by every dialect that the keys hint at, each asked once."""
    from importlib import import_module  # noqa: PLC0415 - a dialect loads when its hint is seen

    modules = [module for key, module in _BY_COUNTER.items() if counters.get(key) is not None]
    modules += [module for key, module in _BY_KEY.items() if key in fields]
    for module in dict.fromkeys(modules):
        usage = import_module(f"{__name__}.{module}").correct(fields, counters, usage)
    return usage.mark() if usage is not None else usage  # type: ignore[return-value]
