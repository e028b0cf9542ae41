"""Bifrost: rows of its log, and what its gateway writes beside a response."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_log, read_usage

MAP = CostMap(
    {
        "anthropic/claude": {
            "input_cost_per_token": 3e-06,
            "output_cost_per_token": 1.5e-05,
            "cache_read_input_token_cost": 3e-07,
            "cache_creation_input_token_cost": 3.75e-06,
            "cache_creation_input_token_cost_above_1hr": 6e-06,
            "litellm_provider": "anthropic",
        },
        "openai/embedding": {"input_cost_per_token": 2e-08, "litellm_provider": "openai", "mode": "embedding"},
    }
)
ROW = {
    "id": "l",
    "timestamp": "2026-11-01T00:00:00Z",
    "object": "chat.completion",
    "provider": "anthropic",
    "model": "claude",
    "number_of_retries": 0,
    "fallback_index": 0,
    "selected_key_id": "k",
    "team_id": "search",
    "latency": 100.5,
    "cost": 0.5,
    "status": "success",
    "token_usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {
            "cached_read_tokens": 800,
            "cached_write_tokens": 100,
            "cached_write_token_details": {"cached_write_tokens_5m": 60, "cached_write_tokens_1h": 40},
        },
        "completion_tokens_details": {"reasoning_tokens": 10},
    },
}
USED = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
RESPONSE = {
    "id": "c",
    "object": "chat.completion",
    "model": "claude",
    "choices": [],
    "usage": USED,
    "extra_fields": {"request_type": "chat_completion", "provider": "anthropic", "latency": 100},
}
LOOKED = {"provider_used": "openai", "model_used": "embedding", "input_tokens": 1000}


def lines(cost):
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_a_row_of_the_log():
    """100 x 3 + 800 x 0.3 + 60 x 3.75 + 40 x 6 + 90 x 15 + 10 x 15, per million; the cost of the log is no bill."""
    cost = MAP.calculate(ROW)
    assert lines(cost) == [
        ("input", 100, Decimal("0.0003")),
        ("cache_read", 800, Decimal("0.00024")),
        ("cache_write", 60, Decimal("0.000225")),
        ("cache_write_1h", 40, Decimal("0.00024")),
        ("output", 90, Decimal("0.00135")),
        ("reasoning", 10, Decimal("0.00015")),
    ]
    assert (cost.complete, cost.reported, "cost_not_used" in {note.code for note in cost.notes}) == (True, None, True)


def test_a_row_in_a_log():
    """It is one call, with its time and with the cost that the log states."""
    (call,) = read_log([json.dumps(ROW)])
    assert (call.calculate(cost_map=MAP).total, call.cost) == (Decimal("0.002505"), Decimal("0.5"))
    assert call.stated().at == "2026-11-01T00:00:00Z"


def test_the_cache_of_the_gateway_answered():
    """What was kept is not billed again, in the log and beside the response."""
    hit = {"cache_hit": True, "hit_type": "direct", "cache_id": "x"}
    for response in ({**ROW, "cache_debug": hit}, {**RESPONSE, "extra_fields": {"cache_debug": hit}}):
        cost = MAP.calculate(response, model="claude")
        assert (cost.total, cost.complete, cost.usage.free) == (0, True, "answered from Bifrost's cache")


@pytest.mark.parametrize(("hit", "total"), [(True, "0.00002"), (False, "0.00452")])
def test_a_semantic_cache_embeds_the_prompt(hit, total):
    """1000 x 2e-08 for the prompt that was looked for, and 1000 x 3e-06 + 100 x 1.5e-05 if nothing was found."""
    response = {**RESPONSE, "extra_fields": {"provider": "anthropic", "cache_debug": {"cache_hit": hit, **LOOKED}}}
    assert MAP.calculate(response).total == Decimal(total)


def test_the_gateway_says_who_was_called():
    """1000 x 3e-06 + 100 x 1.5e-05, by the row of the provider that it names."""
    cost = MAP.calculate(RESPONSE)
    assert (cost.total, cost.matched_as) == (Decimal("0.0045"), "anthropic/claude")


def test_a_row_of_an_image():
    """10 x 5e-06 + 40 x 4e-05; such a row has the answer in the place of the counters."""
    used = {"total_tokens": 50, "input_tokens": 10, "output_tokens": 40}
    row = {name: value for name, value in ROW.items() if name != "token_usage"}
    answer = {"created": 1713833628, "data": [{"b64_json": "x"}], "usage": used}
    image = {**row, "object": "image_generation", "model": "m", "image_generation_output": answer}
    rates = {"input_cost_per_token": 5e-06, "output_cost_per_image_token": 4e-05}
    assert CostMap({"m": rates}).calculate(image, model="m").total == Decimal("0.00165")


def test_a_row_without_counters():
    """One of a request that failed is not billed; any other is an error."""
    row = {name: value for name, value in ROW.items() if name != "token_usage"}
    assert MAP.calculate({**row, "status": "error", "error_details": {}}).total == 0
    with pytest.raises(MissingUsageError, match="this row of Bifrost"):
        read_usage({**row, "status": "processing"})


def test_a_completion_with_a_foreign_field():
    """``fallback_index`` in a completion is no row of the log."""
    with pytest.raises(MissingUsageError, match="this completion"):
        read_usage({"object": "chat.completion", "choices": [], "fallback_index": 0})
