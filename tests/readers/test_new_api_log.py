"""new-api and One API: rows of the log, and counters that say whose sense they have."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_log, read_usage

MAP = CostMap(
    {
        "m": {
            "input_cost_per_token": 3e-06,
            "output_cost_per_token": 1.5e-05,
            "cache_read_input_token_cost": 3e-07,
            "cache_creation_input_token_cost": 3.75e-06,
            "cache_creation_input_token_cost_above_1hr": 6e-06,
        }
    }
)
ROW = {
    "id": 7,
    "created_at": 1790000000,
    "type": 2,
    "username": "ada",
    "token_name": "t",
    "model_name": "m",
    "quota": 1234,
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "channel": 3,
    "group": "team",
}
RATIOS = {"model_ratio": 1.5, "group_ratio": 1, "completion_ratio": 5, "cache_ratio": 0.1, "frt": 700}


def row(other, **changed):
    return {**ROW, **changed, "other": json.dumps({**RATIOS, **other})}


def test_what_stands_in_other():
    """Each by hand: the cache is inside the prompt, but beside it where Anthropic was asked."""
    split = {"cache_creation_tokens_5m": 60, "cache_creation_tokens_1h": 30, "cache_creation_tokens": 100}
    claude = {"claude": True, "cache_tokens": 800, **split, "cache_write_tokens": 100}
    written = {"cache_read": 800, "cache_write": 70, "cache_write_1h": 30, "output": 100}
    tools = [{"name": "web_search", "count": 2, "price": 10}, {"name": "file_search", "count": 1, "price": 2.5}]
    for other, changed, right in (
        ({"cache_tokens": 800}, {}, {"input": 200, "cache_read": 800, "output": 100}),
        (claude, {}, {"input": 1000, **written}),
        ({**claude, "claude": False, "usage_semantic": "anthropic"}, {}, {"input": 1000, **written}),
        ({**claude, "usage_semantic": "openai"}, {}, {"input": 100, **written}),
        ({"image": True, "image_output": 300}, {}, {"input": 700, "input_image": 300, "output": 100}),
        (
            {"ws": True, "audio_input": 600, "audio_output": 80, "text_input": 400, "text_output": 20},
            {},
            {"input": 400, "input_audio": 600, "output": 20, "output_audio": 80},
        ),
        ({"web_search": True, "web_search_call_count": 3}, {}, {"input": 1000, "output": 100, "web_searches": 3}),
        ({"tool_surcharges": tools}, {}, {"input": 1000, "output": 100, "web_searches": 2, "file_searches": 1}),
        ({}, {"completion_tokens": 0}, {"input": 1000}),
        # As a table without types has it.
        ({}, {"type": "2", "prompt_tokens": "1000", "quota": "9"}, {"input": 1000, "output": 100}),
        ({}, {"type": None}, {"input": 1000, "output": 100}),
    ):
        usage = read_usage(row(other, **changed))
        assert (usage.quantities, usage.unread, usage.model) == (right, {}, "m")
    assert read_usage({**ROW, "token_name": "t"}).quantities == {"input": 1000, "output": 100}
    # 1000 x 3e-06 + 800 x 3e-07 + 70 x 3.75e-06 + 30 x 6e-06 + 100 x 1.5e-05
    assert MAP.calculate(row(claude)).total == Decimal("0.0051825")


def test_what_is_unknown_or_no_call():
    usage = read_usage(row({"novel_tokens": 5, "tool_surcharges": [{"name": "telepathy", "count": 2}]}))
    assert usage.unread == {"novel_tokens": 5, "tool_surcharges.telepathy": 2}
    assert read_usage(row({"upstream_model_name": "real"})).model == "real"
    none = {"prompt_tokens": 0, "completion_tokens": 0}
    assert read_usage(row({}, type=5, **none)).free == "the call failed: not billed"
    for kind in (1, 3, 4, 6):
        with pytest.raises(MissingUsageError, match=f"type {kind}"):
            read_usage(row({}, type=kind, **none))
    with pytest.raises(MissingUsageError, match="row of a gateway's log"):
        read_usage(row({"model_price": 0.04}, **none))
    with pytest.raises(MissingUsageError, match="without completion_tokens"):
        read_usage(row({}, completion_tokens=None))


def test_a_row_in_a_log():
    """It is one call of its model, at its time; its id is cut down for users, and tells it from no other."""
    calls = list(read_log([json.dumps(row({"cache_tokens": 800})), json.dumps(row({}))]))
    assert [call.calculate(cost_map=MAP).total for call in calls] == [Decimal("0.00234"), Decimal("0.0045")]
    assert calls[0].stated().at == 1790000000


def test_counters_in_the_sense_of_anthropic():
    """1000 beside 800 that were read and 100 that were written, 30 of them for an hour, in every envelope."""
    counters = {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 800, "cached_creation_tokens": 100, "text_tokens": 0},
        "claude_cache_creation_5_m_tokens": 70,
        "claude_cache_creation_1_h_tokens": 30,
        "usage_semantic": "anthropic",
        "usage_source": "anthropic",
    }
    body = {"object": "chat.completion", "model": "m", "choices": [], "usage": counters}
    whole = {"prompt_tokens": 1900, "total_tokens": 2000, "usage_semantic": "openai"}
    right = {"input": 1000, "cache_read": 800, "cache_write": 70, "cache_write_1h": 30, "output": 100}
    for response in (body, counters, {"model": "m", "usage": counters}, {**body, "usage": {**counters, **whole}}):
        usage = read_usage(response)
        assert (usage.quantities, usage.context, usage.notes) == (right, 1900, ())


def test_a_prompt_that_is_not_counted_is_not_zero():
    for usage in ({"completion_tokens": 5}, {"total_tokens": None}):
        with pytest.raises(MissingUsageError):
            read_usage({"object": "chat.completion", "model": "m", "usage": {**usage, "usage_semantic": "anthropic"}})
