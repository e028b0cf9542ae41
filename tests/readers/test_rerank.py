"""Reranks: sold by the query or by the token, whatever is stated."""

from __future__ import annotations

import pytest

from llmcost.readers import read_usage

from .billing import bill, lines

RESULTS = [{"index": 3, "relevance_score": 0.999}]
QUERY, TOKEN = {"input_cost_per_query": 0.002}, {"input_cost_per_token": 5e-08}
# Maps give rows by the query a token rate of 0 too.
BOTH = {**QUERY, "input_cost_per_token": 0.0, "output_cost_per_token": 0.0}
COHERE = {"id": "r", "results": RESULTS, "meta": {"billed_units": {"search_units": 3}}}
TOKENS = [
    {"model": "jina-reranker-v2", "usage": {"total_tokens": 812}, "results": RESULTS},
    {"id": "r", "results": RESULTS, "meta": {"billed_units": {"search_units": None, "total_tokens": 812}}},
    {
        "object": "rerank",
        "id": "t",
        "model": "m",
        "results": [],
        "usage": {"prompt_tokens": 812, "completion_tokens": 0},
    },
]


@pytest.mark.parametrize("row", [QUERY, BOTH])
def test_search_units(row):
    """3 x 0.002."""
    assert bill(row, COHERE) == lines(("queries", 3, "0.006"))
    assert read_usage(COHERE).notes == ()


@pytest.mark.parametrize("response", TOKENS)
def test_tokens_alone(response):
    """By the token 812 x 5e-08; by the query one, which a note says; never 0."""
    assert bill(TOKEN, response) == lines(("input", 812, "0.0000406"))
    assert bill(QUERY, response) == bill(BOTH, response) == lines(("queries", 1, "0.002"))
    assert "it is 1 query" in read_usage(response).notes[0]
    assert read_usage(response).input_tokens == 812


def test_units_and_tokens():
    """Where both are stated the row decides."""
    response = {**COHERE, "meta": {"billed_units": {"search_units": 3, "total_tokens": 812}}}
    assert bill(QUERY, response) == lines(("queries", 3, "0.006"))
    assert bill(TOKEN, response) == lines(("input", 812, "0.0000406"))


def test_nothing_is_stated():
    """A rerank is a query all the same, and unpriced by the token."""
    assert bill(QUERY, {"id": "r", "results": RESULTS, "meta": None}) == lines(("queries", 1, "0.002"))
    usage = read_usage({"id": "r", "results": RESULTS})
    assert usage.alternatives == (({"queries": 1},),)


def test_documents_of_bedrock():
    """Its answer spells the relevance in another way, and is one query at least: 0.002."""
    response = {"results": [{"index": 0, "relevanceScore": 0.9}]}
    assert bill({"input_cost_per_query": 0.002}, response) == lines(("queries", 1, "0.002"))


def test_many_documents():
    """250 documents that came back are three queries of 100 each at most: 3 x 0.002; of 100 it is one."""
    many = [{"index": i, "relevanceScore": 0.5} for i in range(250)]
    assert bill(QUERY, {"results": many}) == lines(("queries", 3, "0.006"))
    assert bill(QUERY, {"results": many[:100]}) == lines(("queries", 1, "0.002"))
    assert "it is 3 queries" in read_usage({"results": many}).notes[0]


def test_the_bill_of_an_own_key():
    """OpenRouter's fee of 0.0001 and the upstream's bill of 0.002."""
    usage = {"search_units": 1, "cost": 0.0001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.002}}
    assert str(read_usage({"results": RESULTS, "usage": usage}).reported) == "0.0021"


def test_the_records_of_google():
    """One query for every 100 of them: https://cloud.google.com/generative-ai-app-builder/docs/ranking."""
    records = [{"id": str(number), "title": "x", "score": 0.5} for number in range(101)]
    assert read_usage({"records": records[:1]}).alternatives == (({"queries": 1},),)
    assert read_usage({"records": records}).alternatives == (({"queries": 2},),)
    assert read_usage({"records": records, "model": "semantic-ranker-512"}).alternatives == (({"queries": 2},),)
    # What was found for another work stands beside its counters.
    counters = {"input_tokens": 9, "output_tokens": 2}
    assert read_usage({"records": records, **counters}).quantities == {"input": 9, "output": 2}
