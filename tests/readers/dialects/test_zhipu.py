"""Zhipu's completions that searched."""

from __future__ import annotations

from llmcost import read_usage
from tests.readers.billing import bill, lines

SEARCHED = {
    "object": "chat.completion",
    "model": "glm-x",
    "choices": [],
    "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    "web_search": [{"title": "a", "link": "https://example.com"}, {"title": "b", "link": "https://example.org"}],
}
PRICES = {
    "input_cost_per_token": 1e-06,
    "output_cost_per_token": 2e-06,
    "search_context_cost_per_query": {"search_context_size_medium": 0.01},
}


def test_results_prove_a_search():
    """100 x 1e-6, 10 x 2e-6 and one search for 0.01, however many results it had, with a note."""
    assert bill(PRICES, SEARCHED) == lines(
        ("input", 100, "0.0001"), ("output", 10, "0.00002"), ("web_searches", 1, "0.01")
    )
    assert "query_assumed" in [note.code for note in read_usage(SEARCHED).notes]


def test_an_empty_list_is_no_search():
    """And a chunk of a stream that has the results is remembered."""
    assert "web_searches" not in read_usage({**SEARCHED, "web_search": []}).quantities
    chunk = {"object": "chat.completion.chunk", "id": "c", "model": "glm-x"}
    stream = [
        {
            **chunk,
            "choices": [{"delta": {"content": "x"}, "finish_reason": None}],
            "web_search": SEARCHED["web_search"],
        },
        {**chunk, "choices": [{"delta": {}, "finish_reason": "stop"}], "usage": SEARCHED["usage"]},
    ]
    assert read_usage(stream).quantities["web_searches"] == 1
