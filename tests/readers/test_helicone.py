"""Requests of Helicone: the body counts where it was kept, and its counters where they can be read in one way."""

from __future__ import annotations

import json

import pytest

from llmcost import CostMap, read_usage
from llmcost.errors import InconsistentUsageError, MissingUsageError

BODY = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "model": "m-2026-08-06",
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 800},
    },
}
ROW = {
    "request_id": "q1",
    "request_created_at": "2026-01-05T10:00:00.000Z",
    "response_status": 200,
    "response_model": "m",
    "request_model": "m",
    "provider": "OPENAI",
    "costUSD": 0.0022,
}
COUNTS = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
# Counters of a row, and no response of their own.
cached_counts = {**COUNTS, "prompt_cache_read_tokens": 800, "prompt_cache_write_tokens": 0}
SPLIT = {"input": 200, "cache_read": 800, "output": 100}


@pytest.mark.parametrize("body", [BODY, json.dumps(BODY)])
def test_the_body_counts(body):
    found = read_usage({**ROW, **COUNTS, "response_body": body})
    assert found.quantities == SPLIT
    assert (found.model, found.at) == ("m-2026-08-06", "2026-01-05T10:00:00.000Z")


def test_zeros_of_the_body_beside_counters():
    """The set that counts is read."""
    body = {**BODY, "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}
    assert read_usage({**ROW, **COUNTS, "response_body": body}).quantities == {"input": 1000, "output": 100}
    nothing = read_usage({**ROW, "prompt_tokens": 0, "completion_tokens": 0, "response_body": body})
    assert (nothing.quantities, nothing.unread) == ({}, {})


def test_counters_without_a_cache():
    found = read_usage({**ROW, **COUNTS, "response_body": None})
    assert found.quantities == {"input": 1000, "output": 100}
    assert (found.model, found.named_provider, found.at) == ("m", "openai", "2026-01-05T10:00:00.000Z")


def test_a_cache_of_which_nothing_tells_where_it_counts():
    """Helicone's total leaves the cache out in some versions, so that it proves nothing."""
    prices = CostMap(
        {"m": {"input_cost_per_token": 2e-6, "cache_read_input_token_cost": 1e-6, "output_cost_per_token": 1}}
    )
    with pytest.raises(InconsistentUsageError, match="inside the input of 1000 or beside it"):
        prices.calculate({**ROW, **cached_counts})


def test_anthropic_counts_its_cache_beside_the_prompt():
    found = read_usage({**ROW, **cached_counts, "provider": "ANTHROPIC"})
    assert found.quantities == {"input": 1000, "cache_read": 800, "output": 100}


def test_a_total_with_the_cache_proves_that_it_stands_beside():
    found = read_usage({**ROW, **cached_counts, "total_tokens": 1900})
    assert found.quantities == {"input": 1000, "cache_read": 800, "output": 100}


def test_an_answer_from_its_own_cache_is_free():
    assert read_usage({**ROW, **COUNTS, "cache_reference_id": "q0"}).free == "answered from Helicone's cache"
    nobody = "00000000-0000-0000-0000-000000000000"
    assert read_usage({**ROW, **COUNTS, "cache_reference_id": nobody}).free is None


def test_a_request_that_failed():
    failed = {**ROW, "prompt_tokens": 0, "completion_tokens": 0, "response_status": 429, "response_body": {"error": {}}}
    assert read_usage(failed).free == "the request failed (429): not billed"
    with pytest.raises(MissingUsageError):
        read_usage({**failed, "response_status": 200})
