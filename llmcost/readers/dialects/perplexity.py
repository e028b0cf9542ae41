"""Perplexity Sonar: a fee per request by search context, or searches, citations and reasoning on top.

https://docs.perplexity.ai/getting-started/pricing
"""

from __future__ import annotations

from ...errors import InconsistentUsageError
from ..fields import count, sub, text
from .reported import usd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_SIGNS = ("search_context_size", "citation_tokens", "num_search_queries")


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with citations, reasoning, searches and the stated cost."""
    del fields
    if usage is None:
        return None
    quantities = usage.quantities
    sonar = any(counters.get(sign) is not None for sign in _SIGNS) or isinstance(counters.get("cost"), dict)
    reasoning = count(counters, "reasoning_tokens")
    if reasoning and "reasoning" not in quantities:
        parts = sum(count(counters, f"{name}_tokens") for name in ("prompt", "completion"))
        on_top = sonar or counters.get("total_tokens") == parts + reasoning
        if not on_top:
            answer = quantities.get("output", 0) - reasoning
            if answer < 0:
                raise InconsistentUsageError(
                    f"reasoning_tokens={reasoning} exceeds completion_tokens={counters.get('completion_tokens')}",
                    {"completion_tokens": counters.get("completion_tokens")}, {"reasoning_tokens": reasoning},
                )  # fmt: skip
            quantities["output"] = answer
        quantities["reasoning"] = reasoning
    if not sonar:
        return usage
    citations = count(counters, "citation_tokens")
    if citations:
        quantities["citation"] = citations
    usage.search_context_size = text(counters, "search_context_size")
    # Deep research, which counts citations, is billed by its searches; the other models by a fee per request.
    searches = count(counters, "num_search_queries") if counters.get("citation_tokens") is not None else 1
    if searches:
        quantities["web_searches"] = searches
    stated = sub(counters, "cost")
    if stated is not None:
        usage.reported = usd(stated.get("total_cost"))
    usage.provider = "perplexity"
    return usage
