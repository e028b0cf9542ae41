"""Dialects: vendors that share OpenAI's envelope and deviate in it.

The base reader reads the standard counters; a key of these tables is the hint for which a dialect's module
is loaded. A dialect has one function, ``correct(fields, counters, usage)``, which returns the usage as that
vendor means it, and a ``BLOCK`` of the names that it reads or ignores in a usage object. Where counters may stand
outside of a usage object, ``elsewhere(fields)`` returns the usage that they state, or None. A hint is no proof: others
may use the same key, so a dialect states a provider only where the response leaves no doubt.
"""

from __future__ import annotations

from ..fields import sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ...core.usage import Usage
    from ..reader import Block, Fields

    Restate = Callable[[Fields, Fields], Fields]
    Correct = Callable[[Fields, Fields, Usage], Usage]
    Elsewhere = Callable[[Fields], Usage | None]

# Keys of the usage object, and of the response, with the module that knows them. Modules are asked in this order.
_BY_COUNTER = {
    "usage_semantic": "new_api",
    "prompt_cache_hit_tokens": "deepseek",
    "prompt_cache_miss_tokens": "deepseek",
    "cache_creation_input_tokens": "litellm",
    "cache_read_input_tokens": "litellm",
    "server_tool_use": "litellm",
    "iterations": "litellm",
    "service_tier": "served",
    "inference_geo": "served",
    "speed": "served",
    "extra_properties": "served",
    "num_sources_used": "xai",
    "cost_in_usd_ticks": "xai",
    "server_side_tool_usage_details": "xai",
    "num_server_side_tools_used": "xai",
    "prompt_audio_seconds": "mistral",
    "num_cached_tokens": "mistral",
    "prompt_token_details": "mistral",
    "cost": "openrouter",
    "server_tool_use_details": "openrouter",
    "search_context_size": "perplexity",
    "citation_tokens": "perplexity",
    "num_search_queries": "perplexity",
    "cached_tokens": "flat",
    "reasoning_tokens": "flat",
}
_BY_KEY = {
    "x_groq": "groq",
    "usage_breakdown": "groq",
    "prompt_filter_results": "azure",
    "provider": "openrouter",
    "generationId": "vercel",
    "citations": "perplexity",
    "search_results": "perplexity",
    "web_search": "zhipu",
    "timings": "local",
    "stats": "local",
    "vertex_ai_grounding_metadata": "grounded",
    "_hidden_params": "hidden",
    "extra_fields": "bifrost",
    "fallback_index": "bifrost",
}
# Keys of the details of the prompt; stored usages have lost the counters that stand above them.
_BY_DETAIL = {"cache_creation_token_details": "litellm", "cache_type": "dashscope"}
HINTS = frozenset(_BY_KEY)
USAGE_HINTS = frozenset(_BY_COUNTER)

_ORDER = tuple(dict.fromkeys((*_BY_COUNTER.values(), *_BY_KEY.values(), *_BY_DETAIL.values())))
_loaded: dict[str, Correct] = {}
_restating: dict[str, Restate] = {}
_elsewhere: dict[str, Elsewhere] = {}
_blocks: dict[str, Block] = {}
# What several together know, by the block that they add to; there are few that stand in one response.
_joined: dict[tuple[Block, frozenset[str]], Block] = {}


def restated(fields: Fields, counters: Fields, hinted: frozenset[str] | None = None) -> Fields:
    """Return the counters in the sense that they have for OpenAI, by every hinted dialect that counts otherwise.

    Such a dialect has a function ``restate(fields, counters)``, which returns the same counters where nothing differs.
    It is asked before the counters are read, since they would contradict each other. ``hinted`` is what ``hinted_by``
    says of the two, where that was asked already.
    """
    hinted = hinted_by(fields, counters) if hinted is None else hinted
    for name in hinted if len(hinted) == 1 else sorted(hinted, key=_ORDER.index):
        if name not in _loaded:
            _load(name)
        restate = _restating.get(name)
        if restate is not None:
            counters = restate(fields, counters)
    return counters


def correct(fields: Fields, counters: Fields, usage: Usage, hinted: frozenset[str] | None = None) -> Usage:
    """Return the usage corrected by every dialect that the keys hint at, each asked once."""
    hinted = hinted_by(fields, counters) if hinted is None else hinted
    for name in hinted if len(hinted) == 1 else sorted(hinted, key=_ORDER.index):
        usage = (_loaded.get(name) or _load(name))(fields, counters, usage)
    return usage


def read_elsewhere(fields: Fields) -> Usage | None:
    """Return the usage of a response without a usage object, by the hinted dialects; None if none of them finds it."""
    usage: Usage | None = None
    for name in sorted(hinted_by(fields, {}), key=_ORDER.index):
        found = _loaded.get(name) or _load(name)
        if usage is not None:
            usage = found(fields, {}, usage)
        elif name in _elsewhere:
            usage = _elsewhere[name](fields)
    return usage


def with_dialects(block: Block, fields: Fields, counters: Fields, hinted: frozenset[str] | None = None) -> Block:
    """Return a block of a usage object with the names that the hinted dialects read or ignore."""
    hinted = hinted_by(fields, counters) if hinted is None else hinted
    found = _joined.get((block, hinted))
    if found is None:
        found = block
        for name in hinted:
            if name not in _blocks:
                _load(name)
            found = found.joined(_blocks[name])
        if found is block:
            found = block.joined(block)
        _joined[block, hinted] = found
    return found


def hinted_by(fields: Fields, counters: Fields) -> frozenset[str]:
    """Return the dialects at which the keys of a response and of its counters hint."""
    hinted = {_BY_COUNTER[key] for key in USAGE_HINTS.intersection(counters) if counters[key] is not None}
    hinted.update([_BY_KEY[key] for key in HINTS.intersection(fields)])
    hinted.update([_BY_DETAIL[key] for key in _of_details(counters)])
    if "openrouter" in hinted and sub(counters, "cost") is not None:
        # Only Perplexity states its parts.
        hinted.add("perplexity")
    return frozenset(hinted)


def is_hinted(counters: Fields) -> bool:
    """Return whether a usage object has a key, at its top or among the details of the prompt, that a dialect knows."""
    return not USAGE_HINTS.isdisjoint(counters) or bool(_of_details(counters))


def _of_details(counters: Fields) -> list[str]:
    details = counters.get("prompt_tokens_details")
    if not details:
        return []
    fields = details if type(details) is dict else sub(counters, "prompt_tokens_details")
    return [key for key in _BY_DETAIL if key in fields] if fields else []


def _load(name: str) -> Correct:
    from importlib import import_module

    module = import_module(f"{__name__}.{name}")
    found: Correct = module.correct
    _loaded[name], _blocks[name] = found, module.BLOCK
    if hasattr(module, "restate"):
        _restating[name] = module.restate
    if hasattr(module, "elsewhere"):
        _elsewhere[name] = module.elsewhere
    return found
