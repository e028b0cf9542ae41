"""Searches of the web by themselves."""

from __future__ import annotations

import pytest

from llmcost import CostMap, LLMCostError, read_usage
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


def test_results_as_the_providers_give_them():
    """Perplexity and Tavily count nothing: 1 query x 0.008, whatever credits are stated beside it."""
    perplexity = {"id": "s", "results": [{"title": "a", "url": "https://example.com", "snippet": "b", "date": None}]}
    tavily = {"query": "q", "results": [], "response_time": 1.2, "usage": {"credits": 2}}
    for found in (perplexity, tavily):
        assert bill({"input_cost_per_query": 0.008}, found) == lines(("queries", 1, "0.008"))
        assert [note.code for note in read_usage(found).notes] == ["query_assumed"]
        assert not read_usage(found).unread


def test_credits_of_serper():
    """A search with more results costs 2 credits: 2 x 0.001."""
    found = {"searchParameters": {"q": "a", "num": 20}, "organic": [], "credits": 2}
    assert bill({"input_cost_per_query": 0.001}, found) == lines(("queries", 2, "0.002"))


def test_what_exa_charged():
    """0.007 is what the response says, and what is billed."""
    found = {"requestId": "r", "results": [], "costDollars": {"total": 0.007, "search": {"neural": 0.007}}}
    assert str(read_usage(found).reported) == "0.007"


def test_an_answer_that_cites_results_is_no_search():
    """It has tokens beside them."""
    cited = {"results": [{"url": "u", "snippet": "s"}]}
    assert read_usage(cited).quantities == {"queries": 1}
    with pytest.raises(LLMCostError):
        read_usage({**cited, "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}})
