"""Anthropic's usage report: rows, buckets and pages."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

# As the page of the API shows a row.
ROW = {
    "uncached_input_tokens": 1500,
    "cache_creation": {"ephemeral_1h_input_tokens": 1000, "ephemeral_5m_input_tokens": 500},
    "cache_read_input_tokens": 200,
    "output_tokens": 500,
    "server_tool_use": {"web_search_requests": 10},
    "api_key_id": "x",
    "workspace_id": "x",
    "model": "claude-x",
    "service_tier": "standard",
    "context_window": "0-200k",
}
BUCKET = {"starting_at": "2026-08-01T00:00:00Z", "ending_at": "2026-08-02T00:00:00Z", "results": [ROW]}
EMPTY = {**BUCKET, "results": []}
MAP = CostMap(
    {
        "claude-x": {
            "input_cost_per_token": 3e-6,
            "output_cost_per_token": 1.5e-5,
            "cache_read_input_token_cost": 3e-7,
            "cache_creation_input_token_cost": 3.75e-6,
            "cache_creation_input_token_cost_above_1hr": 6e-6,
            "search_context_cost_per_query": {"search_context_size_medium": 0.01},
            "input_cost_per_token_batches": 1.5e-6,
            "output_cost_per_token_batches": 7.5e-6,
            "cache_read_input_token_cost_batches": 1.5e-7,
            "cache_creation_input_token_cost_batches": 1.875e-6,
            "cache_creation_input_token_cost_above_1hr_batches": 3e-6,
        }
    }
)


@pytest.mark.parametrize(
    "report",
    [ROW, BUCKET, {"data": [EMPTY, BUCKET], "has_more": True, "next_page": "x"}],
    ids=["row", "bucket", "page"],
)
def test_a_row(report):
    """Everything stands beside the uncached input, and is the sum of many requests."""
    usage = read_usage(report)
    assert usage.quantities == {
        "input": 1500,
        "cache_read": 200,
        "cache_write": 500,
        "cache_write_1h": 1000,
        "output": 500,
        "web_searches": 10,
    }
    assert (usage.aggregate, usage.context, usage.named_provider, usage.unread) == (True, None, "anthropic", {})
    # 1500 x 3e-6 + 200 x 3e-7 + 500 x 3.75e-6 + 1000 x 6e-6 + 500 x 1.5e-5 + 10 x 0.01
    assert str(MAP.calculate(report).total) == "0.119935"


def test_rows_are_parts():
    """One of them in batches: half of 0.019935, and its searches at full price."""
    cost = MAP.calculate({**BUCKET, "results": [ROW, {**ROW, "service_tier": "batch"}]})
    assert str(cost.total) == "0.2299025"
    assert [part.batch for part in cost.usage.parts] == [False, True]


def test_what_is_unknown_is_said():
    """A counter that nobody knows is in no quantity."""
    assert read_usage({**ROW, "zzz_tokens": 7}).unread == {"zzz_tokens": 7}


def test_who_used_it_is_no_counter():
    """An id may consist of digits."""
    named = ("api_key_id", "workspace_id", "context_window", "account_id", "service_account_id")
    assert read_usage({**ROW, **dict.fromkeys(named, 12)}).unread == {}


def test_what_is_no_row():
    """A page without one, and a row without a side."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"data": [EMPTY], "has_more": False})
    with pytest.raises(MissingUsageError):
        read_usage({**ROW, "output_tokens": None})
