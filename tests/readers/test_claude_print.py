"""What ``claude -p`` prints, and the result of the Agent SDK: the counts of a session, a part for each model."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, StreamMeter, calculate, read_usage
from tests.agent_prices import row

# Twice as much above 100,000 tokens of one prompt.
PRICES = CostMap(
    {
        name: row(
            "anthropic",
            times,
            input_cost_per_token_above_100k_tokens=times * 2e-06,
            output_cost_per_token_above_100k_tokens=times * 8e-06,
            search_context_cost_per_query={"search_context_size_medium": 0.01},
        )
        for name, times in (("small-1", 1), ("large-1", 2))
    }
)
small = {
    "inputTokens": 1000,
    "outputTokens": 100,
    "cacheReadInputTokens": 5000,
    "cacheCreationInputTokens": 0,
    "webSearchRequests": 2,
    "costUSD": 0.03,
    "contextWindow": 200_000,
    "maxOutputTokens": 32_000,
}
large = {"inputTokens": 100, "outputTokens": 10, "cacheReadInputTokens": 0, "cacheCreationInputTokens": 0}
result = {
    "type": "result",
    "subtype": "success",
    "is_error": False,
    "duration_ms": 2847,
    "num_turns": 2,
    "result": "Done.",
    "session_id": "s1",
    "total_cost_usd": 0.5,
    "usage": {"input_tokens": 1, "output_tokens": 1, "service_tier": "standard"},
    "modelUsage": {"small-1": small, "large-1": large},
}
SAID = {
    "type": "assistant",
    "session_id": "s1",
    "message": {"type": "message", "role": "assistant", "id": "m", "model": "small-1", "usage": {"output_tokens": 1}},
}
events = [{"type": "system", "subtype": "init", "session_id": "s1", "model": "small-1"}, SAID, result]


@pytest.mark.parametrize("response", [result, events], ids=["result", "events"])
def test_a_part_for_each_model(response):
    """0.001 + 0.0005 + 0.0004 + 2 searches of 0.01 for small-1, 0.0002 + 0.00008 for large-1; no placeholder counts."""
    cost = PRICES.calculate(response)
    assert [(line.model, line.meter, line.amount) for line in cost.line_items] == [
        ("large-1", "input", Decimal("0.0002")),
        ("large-1", "output", Decimal("0.00008")),
        ("small-1", "input", Decimal("0.001")),
        ("small-1", "cache_read", Decimal("0.0005")),
        ("small-1", "output", Decimal("0.0004")),
        ("small-1", "web_searches", Decimal("0.02")),
    ]
    assert any(note.code == "cost_not_used" and "total_cost_usd=0.5" in note for note in cost.notes)


def test_a_session_has_no_prompt_of_its_own():
    """150,000 tokens of many prompts cross no threshold: 0.15 + 0.004, a lower bound."""
    row = {**large, "inputTokens": 150_000, "outputTokens": 1000}
    cost = PRICES.calculate({**result, "modelUsage": {"small-1": row}})
    assert (cost.total, cost.lower_bound) == (Decimal("0.154"), True)


def test_the_last_result_holds_all():
    first = {**result, "modelUsage": {"small-1": {**small, "inputTokens": 1}}}
    assert read_usage([*events[:2], first, SAID, result]) == read_usage(result)


def test_another_session_is_another_call():
    with pytest.raises(InconsistentUsageError, match="2 calls in one list"):
        read_usage([result, {**result, "session_id": "s2"}])


def test_writes_of_an_unknown_time_are_a_lower_bound():
    row = {**large, "cacheCreationInputTokens": 80}
    cost = PRICES.calculate({**result, "modelUsage": {"small-1": row}})
    assert (cost.total, cost.lower_bound) == (Decimal("0.00024"), True)
    assert "ttl_assumed" in [note.code for note in cost.notes]


def test_a_counter_that_nobody_knows():
    usage = read_usage({**result, "modelUsage": {"small-1": {**large, "fancyTokens": 7, "thinkingTokens": 3}}})
    assert usage.unread == {"modelUsage.fancyTokens": 7}


def test_an_older_version_names_no_model():
    """100 in, 1000 written and 10 out: 0.0001 + 0.00125 + 0.00004."""
    used = {"input_tokens": 100, "cache_creation_input_tokens": 1000, "output_tokens": 10}
    older = {name: value for name, value in result.items() if name != "modelUsage"}
    cost = PRICES.calculate({**older, "usage": used}, model="small-1")
    assert cost.total == Decimal("0.00139")
    assert read_usage({**older, "usage": {**used, "fancy_tokens": 7}}).unread == {"fancy_tokens": 7}


def test_an_object_of_the_sdk():
    """The SDK for Python has no type field, and another spelling."""
    fields = {name: value for name, value in result.items() if name not in {"type", "modelUsage"}}
    found = SimpleNamespace(**fields, model_usage=result["modelUsage"])
    assert read_usage(found) == read_usage(result)
    assert read_usage([SimpleNamespace(type="system", session_id="s1"), found]) == read_usage(result)


@pytest.mark.parametrize(
    "response", [events[:2], {**result, "modelUsage": {}, "usage": {}}, {**result, "modelUsage": {}, "usage": None}]
)
def test_nothing_counted(response):
    with pytest.raises(MissingUsageError):
        read_usage(response)


@pytest.mark.parametrize("value", [-1, "many", 1.5])
def test_a_count_that_is_none(value):
    with pytest.raises(InconsistentUsageError, match=r"modelUsage\.small-1\.inputTokens"):
        read_usage({**result, "modelUsage": {"small-1": {**small, "inputTokens": value}}})


def test_a_meter_in_a_loop():
    """The usage is there as soon as the result is."""
    meter = StreamMeter(model="small-1", cost_map=PRICES)
    for event in events:
        meter.feed(event)
    assert meter.finish().total == PRICES.calculate(result).total


def test_the_bundled_prices():
    """1000 x 3e-6 + 100 x 15e-6."""
    used = {"inputTokens": 1000, "outputTokens": 100}
    cost = calculate({**result, "modelUsage": {"claude-sonnet-4-6": used}}, at="2026-06-01")
    assert cost.total == Decimal("0.0045")


def test_a_time_to_live_that_is_left_out():
    """1,000 tokens were written for five minutes or for an hour: nothing broke off, and more may be billed."""
    row = {**large, "cacheCreationInputTokens": 1000}
    usage = read_usage({**result, "modelUsage": {"small-1": row}})
    (part,) = usage.walk()
    assert (part.partial, [note.code for note in part.notes][:2]) == (True, ["ttl_assumed", "left_out"])
