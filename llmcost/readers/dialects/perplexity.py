"""Perplexity Sonar: a fee per request by search context, or searches, citations and reasoning on top.

https://docs.perplexity.ai/getting-started/pricing
"""

from __future__ import annotations

from ..fields import count, sub, text
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_SIGNS = ("search_context_size", "citation_tokens", "num_search_queries")
_RESEARCH = ("citation_tokens_cost", "reasoning_tokens_cost", "search_queries_cost")

BLOCK = Block("cost", "citation_tokens", "num_search_queries", "search_context_size", "reasoning_tokens")


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with the reasoning, which stands beside the completion, inside it."""
    del fields
    details = sub(counters, "completion_tokens_details") or {}
    reasoning, answer = count(counters, "reasoning_tokens"), counters.get("completion_tokens")
    if not reasoning or answer is None or count(details, "reasoning_tokens") or not _is_its(counters):
        return counters
    prompt, completion, total = (count(counters, f"{name}_tokens") for name in ("prompt", "completion", "total"))
    same = {
        **counters,
        "completion_tokens": completion + reasoning,
        "completion_tokens_details": {**details, "reasoning_tokens": reasoning},
    }
    if total == prompt + completion:
        same["total_tokens"] = total + reasoning
    return same


def _is_its(counters: Fields) -> bool:
    return sub(counters, "cost") is not None or any(counters.get(sign) is not None for sign in _SIGNS)


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with citations, reasoning, searches and the stated cost."""
    if not _is_its(counters):
        return usage
    cost = sub(counters, "cost")
    signs = any(counters.get(sign) is not None for sign in _SIGNS)
    quantities = usage.quantities
    reasoning = count(counters, "reasoning_tokens")
    if reasoning and "reasoning" not in quantities:
        quantities["reasoning"] = reasoning
    usage.search_context_size = text(counters, "search_context_size")
    searches = 1
    if _is_research(text(fields, "model"), counters, cost):
        # Deep research is billed by its searches and the citations it reads; the other models by a fee per request.
        searches = count(counters, "num_search_queries")
        citations = count(counters, "citation_tokens")
        if citations:
            quantities["citation"] = citations
    # An embedding states its cost alike, and searches nothing. An answer may be told by the total alone.
    answered = counters.get("completion_tokens") is not None or bool(usage.output_tokens)
    if searches and (signs or answered):
        quantities["web_searches"] = searches
    if cost is not None or (usage.search_context_size and ("citations" in fields or "search_results" in fields)):
        usage.provider = "perplexity"
    return usage


def _is_research(model: str | None, counters: Fields, cost: Fields | None) -> bool:
    if cost is not None:
        return any(cost.get(name) for name in _RESEARCH)
    if model is not None:
        return "deep-research" in model
    return counters.get("citation_tokens") is not None
