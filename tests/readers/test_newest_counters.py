"""Counters that the newest SDKs of providers declare, each read as its page says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, read_usage


def test_what_was_written_is_one_sum_over_both_times():
    """OpenAI's usage API: 100 written, 40 of them for 12 hours and 60 for 30 minutes; 600 of 1,000 are fresh."""
    row = {
        "object": "organization.usage.completions.result",
        "model": "gpt-6-sol",
        "input_tokens": 1000,
        "output_tokens": 10,
        "input_cached_tokens": 300,
        "input_cache_write_tokens": 100,
        "input_cache_write_12h_tokens": 40,
        "input_cache_write_30m_tokens": 60,
        "num_model_requests": 2,
    }
    usage = read_usage(row)
    parts = {"input": 600, "cache_read": 300, "cache_write": 60, "output": 10, "cache_write_12h": 40}
    assert (usage.quantities, usage.unread) == (parts, {})
    del row["input_cache_write_tokens"]
    assert read_usage(row).quantities == parts
    with pytest.raises(InconsistentUsageError, match="input_cache_write_12h_tokens=40 exceeds"):
        read_usage({**row, "input_cache_write_tokens": 39})
    # 99 are not 40 and 60: which of them is wrong nobody knows.
    with pytest.raises(InconsistentUsageError, match="input_cache_write_tokens=99 is not the sum of"):
        read_usage({**row, "input_cache_write_tokens": 99})


@pytest.mark.parametrize("kind", ["file_searches", "web_searches"])
def test_searches_of_the_usage_api(kind):
    row = {"object": f"organization.usage.{kind}.result", "num_requests": 5, "num_model_requests": 3}
    assert read_usage(row).quantities == {kind: 5}


def test_an_embedding_of_perplexity_searches_nothing():
    """It states its cost as a chat does: 10 x 1e-6, which is what is reported."""
    cost = {"currency": "USD", "input_cost": 0.00001, "total_cost": 0.00001}
    usage = read_usage(
        {
            "object": "list",
            "model": "pplx-embed-v1",
            "data": [{"object": "embedding", "embedding": [0.1]}],
            "usage": {"prompt_tokens": 10, "total_tokens": 10, "cost": cost},
        }
    )
    assert (usage.quantities, usage.reported) == ({"input": 10}, Decimal("0.00001"))


def test_a_rerank_of_openrouter_states_its_units_and_its_bill():
    response = {
        "id": "gen-rerank-1",
        "model": "cohere/rerank-v3.5",
        "results": [{"index": 0, "relevance_score": 0.9}],
        "usage": {"cost": 0.004, "search_units": 2, "total_tokens": 50},
    }
    usage = read_usage(response)
    assert usage.alternatives == (({"queries": 2}, {"input": 50}),)
    assert (usage.reported, usage.unread, usage.notes) == (Decimal("0.004"), {}, ())


def test_what_deepgram_made_of_a_text_is_sold_by_tokens():
    """They are no part of the price of the audio, and make a lower bound."""
    response = {
        "metadata": {"duration": 10.0, "channels": 1, "summary_info": {"input_tokens": 40, "output_tokens": 5}},
        "results": {"channels": [{}]},
    }
    cost = CostMap({"m": {"input_cost_per_second": 0.0001}}).calculate(response, model="m")
    assert (cost.total, cost.lower_bound) == (Decimal("0.001"), True)
    assert cost.usage.unread == {"metadata.summary_info.input_tokens": 40, "metadata.summary_info.output_tokens": 5}


def test_a_cost_of_copilot_is_a_multiple_of_a_request():
    """200 x 2e-6 + 800 x 1e-6 + 100 x 1e-5, and not 3 USD."""
    row = {"input_cost_per_token": 2e-6, "cache_read_input_token_cost": 1e-6, "output_cost_per_token": 1e-5}
    event = {"model": "m", "inputTokens": 1000, "outputTokens": 100, "cacheReadTokens": 800, "cacheWriteTokens": 0}
    cost = CostMap({"m": row}).calculate(usage={**event, "cost": 3}, model="m")
    assert (cost.total, cost.reported) == (Decimal("0.0022"), None)


def test_the_input_of_the_first_turn_is_inside_the_total():
    usage = {"total_input_tokens": 30, "initial_input_tokens": 12, "total_output_tokens": 6, "total_tokens": 36}
    response = {"object": "interaction", "status": "completed", "model": "gemini-3-flash-preview", "usage": usage}
    assert (read_usage(response).quantities, read_usage(response).unread) == ({"input": 30, "output": 6}, {})
