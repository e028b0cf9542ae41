"""OpenRouter: the cost is the bill, and an own key's upstream comes on top."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.readers import read_usage

USAGE = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
ROW = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}


def body(**counters):
    return {
        "id": "gen-1",
        "provider": "Anthropic",
        "object": "chat.completion",
        "model": "anthropic/claude-x",
        "usage": {**USAGE, **counters},
    }


def test_the_cost_is_reported_and_the_provider_proven():
    """Identity and provider together are OpenRouter's; either alone is not."""
    usage = read_usage(body(cost=0.012042, is_byok=False))
    assert (usage.reported, usage.provider) == (Decimal("0.012042"), "openrouter")
    assert read_usage({**body(cost=0.1), "id": "chatcmpl-1"}).provider is None
    assert read_usage({**body(cost=0.1), "provider": None}).provider is None


@pytest.mark.parametrize(
    ("counters", "expected"),
    [
        ({"cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.02}}, "0.021"),
        ({"cost": 0.001, "is_byok": False, "cost_details": {"upstream_inference_cost": 0.02}}, "0.001"),
        ({"cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.02}}, "0.02"),
        ({"cost": 0.0}, "0"),
    ],
)
def test_the_upstream_is_added_for_an_own_key_alone(counters, expected):
    """Adding it always doubles the books; a cost of 0 is a cost."""
    assert read_usage(body(**counters)).reported == Decimal(expected)


def test_an_own_key_without_the_upstream_bill():
    """The gateway's fee is not the whole cost: it is not reported as one, and the tokens are priced."""
    cost = CostMap({"openrouter/anthropic/claude-x": ROW}).calculate(body(cost=0, is_byok=True))
    assert (cost.reported, cost.total) == (None, Decimal("0.00012"))
    assert any("fee alone" in note for note in cost.notes)


@pytest.mark.parametrize("cost", [None, -0.01, "free", float("nan"), True])
def test_no_cost(cost):
    """What is no amount is not reported, and the tokens are priced."""
    assert read_usage(body(cost=cost)).reported is None


def test_reported_and_calculated():
    """The reported cost is the one line; our own figure stands beside it."""
    cost = CostMap({"openrouter/anthropic/claude-x": ROW}).calculate(body(cost=0.0002))
    assert [(line.meter, line.amount) for line in cost.line_items] == [("reported", Decimal("0.0002"))]
    # 100 x 1e-06 + 10 x 2e-06
    assert cost.calculated.total == Decimal("0.00012")


def test_storage_of_googles_cache_is_a_fee_on_what_is_read():
    """1,490 tokens were read and stored: 10 x 3e-7 + 1490 x 3e-8 + 1490 x 8.3333e-8 + 10 x 2.5e-6, of 1,500."""
    details = {"cached_tokens": 1490, "cache_write_tokens": 1490}
    body = {
        "id": "gen-4",
        "object": "chat.completion",
        "model": "google/gemini-2.5-flash",
        "provider": "Google AI Studio",
        "usage": {
            "prompt_tokens": 1500,
            "completion_tokens": 10,
            "total_tokens": 1510,
            "cost": 0.000196867,
            "prompt_tokens_details": details,
        },
    }
    usage = read_usage(body)
    assert usage.quantities == {"input": 10, "cache_read": 1490, "cache_write": 1490, "output": 10}
    assert (usage.context, str(usage.reported), usage.notes[0].code) == (1500, "0.000196867", "storage_fee")
    # Of others nothing says so, and the cost is the stated one.
    other = read_usage({**body, "provider": "Anthropic"})
    assert str(other.reported) == "0.000196867"
    assert "exceed prompt_tokens=1500" in other.undecided


def test_searches_of_a_server_tool():
    """Two, each of which is billed."""
    counters = {"prompt_tokens": 10, "completion_tokens": 1, "server_tool_use_details": {"web_search_requests": 2}}
    usage = read_usage({"object": "chat.completion", "model": "openai/gpt-4o-mini", "usage": counters})
    assert usage.quantities == {"input": 10, "output": 1, "web_searches": 2}


@pytest.mark.parametrize(
    ("tools", "searches", "unread"),
    [
        ({"web_search_requests": 2, "tool_calls_executed": 2, "tool_calls_requested": 3}, 2, {}),
        (
            {"tool_calls_executed": 1, "tool_calls_requested": 1},
            None,
            {"server_tool_use_details.tool_calls_executed": 1},
        ),
        ({"web_search_requests": 1, "tool_calls_executed": 3}, 1, {"server_tool_use_details.tool_calls_executed": 2}),
    ],
)
def test_tools_that_have_no_name(tools, searches, unread):
    """An advisor is billed in the stated cost alone, so that our own calculation is a lower bound."""
    usage = read_usage(body(cost=0.01, server_tool_use_details=tools))
    assert (usage.quantities.get("web_searches"), usage.unread) == (searches, unread)


OWN_KEY = {"cost": 0.001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.02}}
TOKENS = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}


@pytest.mark.parametrize(
    "response",
    [
        {"object": "response", "model": "a/b", "status": "completed", "output": [], "usage": {**TOKENS, **OWN_KEY}},
        {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, **OWN_KEY},
        {**TOKENS, **OWN_KEY},
    ],
)
def test_an_own_key_in_other_forms(response):
    """Responses, and counters alone, with or without the envelope: 0.001 and the upstream's 0.02."""
    usage = read_usage(response)
    assert str(usage.reported) == "0.021"
    assert not usage.unread


def test_a_fee_alone_is_noted_in_other_forms():
    """Without the upstream's bill there is no cost to report, only the fee."""
    usage = read_usage(
        {"object": "response", "model": "a/b", "output": [], "usage": {**TOKENS, **OWN_KEY, "cost_details": None}}
    )
    assert usage.reported is None
    assert [note.code for note in usage.notes] == ["fee_of_gateway_only"]
