"""LiteLLM's completions of Google's models, with what grounded them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, read_usage

GROUNDED = {
    "id": "x",
    "object": "chat.completion",
    "model": "gemini-2.5-flash",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}],
    "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    "vertex_ai_grounding_metadata": [{"webSearchQueries": ["a", "b", "a"], "groundingChunks": [{"web": {"uri": "x"}}]}],
}
_COUNTED = {**GROUNDED["usage"], "prompt_tokens_details": {"web_search_requests": 3}}


@pytest.mark.parametrize("counters", [GROUNDED["usage"], _COUNTED])
@pytest.mark.parametrize(
    ("model", "total"),
    [
        # 100 x 3e-7 + 10 x 2.5e-6, and 0.035 for a prompt that was grounded
        ("gemini-2.5-flash", "0.035055"),
        # 100 x 5e-7 + 10 x 3e-6, and 0.014 for each of the two queries
        ("gemini-3-flash-preview", "0.02808"),
    ],
)
def test_searches_that_the_metadata_names(counters, model, total):
    """LiteLLM may count no search, or a query twice that was asked twice."""
    cost = CostMap.bundled().calculate({**GROUNDED, "model": model, "usage": counters})
    assert (cost.total, cost.complete, cost.unpriced) == (Decimal(total), True, ())


def test_metadata_without_a_query():
    """Nothing was searched: the count of the usage stays."""
    empty = {**GROUNDED, "vertex_ai_grounding_metadata": [{}]}
    assert read_usage(empty).quantities == {"input": 100, "output": 10}
    assert read_usage({**empty, "usage": _COUNTED}).quantities == {"input": 100, "output": 10, "web_searches": 3}


def test_maps_that_are_counted():
    """A count of the usage is better than the one query that is assumed of a chunk of a map."""
    mapped = {**GROUNDED, "vertex_ai_grounding_metadata": [{"groundingChunks": [{"maps": {"uri": "x"}}]}]}
    assert read_usage(mapped).quantities["maps_queries"] == 1
    counters = {**GROUNDED["usage"], "prompt_tokens_details": {"google_maps_grounding_requests": 2}}
    assert read_usage({**mapped, "usage": counters}).quantities["maps_queries"] == 2


def test_a_stream():
    """The metadata stands in a chunk before the last."""
    chunk = {"id": "x", "object": "chat.completion.chunk", "model": "gemini-2.5-flash"}
    chunks = [
        {**chunk, "choices": GROUNDED["choices"], "vertex_ai_grounding_metadata": [{"webSearchQueries": ["a"]}]},
        {**chunk, "choices": [], "usage": GROUNDED["usage"]},
    ]
    assert read_usage(chunks).alternatives == (({"grounded_prompts": 1}, {"web_searches": 1}),)
