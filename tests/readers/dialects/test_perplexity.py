"""Perplexity Sonar: a fee per request, and deep research's own bill."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.readers import read_usage

from ..billing import bill, lines

FEES = {"search_context_size_low": 0.005, "search_context_size_medium": 0.008, "search_context_size_high": 0.012}
SONAR = {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-06, "search_context_cost_per_query": FEES}
RESEARCH = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "output_cost_per_reasoning_token": 3e-06,
    "citation_cost_per_token": 2e-06,
    "search_context_cost_per_query": dict.fromkeys(FEES, 0.005),
}


def body(model="sonar", **counters):
    usage = {"prompt_tokens": 14, "completion_tokens": 181, "total_tokens": 195, **counters}
    return {"object": "chat.completion", "model": model, "citations": ["https://e.x"], "usage": usage}


@pytest.mark.parametrize(("size", "fee"), [("low", "0.005"), ("medium", "0.008"), ("high", "0.012")])
def test_a_fee_by_search_context(size, fee):
    """One request, at the price of its search context."""
    assert bill(SONAR, body(search_context_size=size)) == lines(
        ("input", 14, "0.000014"), ("output", 181, "0.000181"), ("web_searches", 1, fee)
    )


def test_its_own_cost():
    """The stated total is the reported cost, and proves the provider."""
    cost = {"input_tokens_cost": 1.4e-05, "output_tokens_cost": 0.000181, "request_cost": 0.005, "total_cost": 0.005195}
    usage = read_usage(body(search_context_size="low", cost=cost))
    assert (usage.reported, usage.provider, usage.search_context_size) == (Decimal("0.005195"), "perplexity", "low")


def test_deep_research():
    """33 x 2e-06, 7163 x 8e-06, 20016 citations x 2e-06, 90305 reasoning x 3e-06, 20 searches x 0.005."""
    counters = {
        "prompt_tokens": 33,
        "completion_tokens": 7163,
        "total_tokens": 7196,
        "citation_tokens": 20016,
        "num_search_queries": 20,
        "reasoning_tokens": 90305,
    }
    expected = lines(
        ("input", 33, "0.000066"),
        ("output", 7163, "0.057304"),
        ("reasoning", 90305, "0.270915"),
        ("citation", 20016, "0.040032"),
        ("web_searches", 20, "0.1"),
    )
    assert bill(RESEARCH, body("sonar-deep-research", **counters)) == expected
    cost = {"total_cost": 0.468, "citation_tokens_cost": 0.04, "search_queries_cost": 0.1}
    assert bill(RESEARCH, body(None, **counters, cost=cost)) == expected
    assert bill(RESEARCH, body(None, **counters)) == expected


def test_citations_of_other_models_are_free():
    """Only deep research bills them; the others bill the request, however many searches it made."""
    usage = read_usage(body("sonar-pro", search_context_size="low", citation_tokens=500, num_search_queries=3))
    assert usage.quantities == {"input": 14, "output": 181, "web_searches": 1}


def test_citations_alone_are_no_sign():
    """A key that others use too adds no fee and proves no provider."""
    usage = read_usage(body())
    assert (usage.quantities, usage.provider) == ({"input": 14, "output": 181}, None)


@pytest.mark.parametrize("missing", [{}, {"completion_tokens": None}], ids=["absent", "null"])
def test_an_answer_that_only_the_total_tells(missing):
    """195 - 14 = 181 tokens were answered: it is a request with its fee, and no embedding, whatever else is missing."""
    response = body(cost={"total_cost": 0.005195})
    del response["usage"]["completion_tokens"]
    response["usage"] |= missing
    assert read_usage(response).quantities == {"input": 14, "output": 181, "web_searches": 1}
