"""Searches of the web by themselves."""

from __future__ import annotations

from llmcost import CostMap, read_usage
from tests.litellm_objects import made

from .billing import bill, lines

FOUND = {"object": "search", "results": [{"title": "a", "url": "https://example.com", "snippet": "b"}]}


def test_a_search_is_one_query():
    """Nothing in the response counts it, which a note says."""
    assert bill({"input_cost_per_query": 0.005}, FOUND) == lines(("queries", 1, "0.005"))
    assert [note.code for note in read_usage(FOUND).notes] == ["query_assumed"]


def test_litellms_object():
    """As its dict."""
    assert read_usage(made("SearchResponse", **FOUND)) == read_usage(FOUND)


def test_queries_that_are_stated():
    """Three queries x 0.005."""
    stated = {**FOUND, "usage": {"search_queries": 3}}
    assert bill({"input_cost_per_query": 0.005}, stated) == lines(("queries", 3, "0.015"))
    assert read_usage(stated).notes == ()


def test_the_number_of_results_may_select_the_price():
    """As the caller asked for them: 26 of them cost 0.025 a query here."""
    row = {
        "mode": "search",
        "tiered_pricing": [
            {"input_cost_per_query": 0.005, "max_results_range": [0, 25]},
            {"input_cost_per_query": 0.025, "max_results_range": [26, 100]},
        ],
    }
    assert str(CostMap({"s": row}).calculate(FOUND, model="s", n=26)) == "0.025"
