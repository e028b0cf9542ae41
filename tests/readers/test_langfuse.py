"""Observations of Langfuse: each usage type is billed by itself, unless the total says that it is inside another."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, read_usage
from llmcost.errors import InconsistentUsageError, MissingUsageError, UsageError

MAP = CostMap(
    {
        "m": {
            "input_cost_per_token": 2e-6,
            "cache_read_input_token_cost": 1e-6,
            "cache_creation_input_token_cost": 3e-6,
            "output_cost_per_token": 1e-5,
            "output_cost_per_reasoning_token": 2e-5,
        }
    }
)
ROW = {"id": "o1", "traceId": "t1", "type": "GENERATION", "startTime": "2026-01-05T10:00:00.000Z", "model": "m"}


def usage(**details):
    return read_usage({**ROW, "usageDetails": details})


def test_types_are_disjoint():
    """200 x 2 + 800 x 1 + 60 x 10 + 40 x 20 per million: what was taken out of the prompt has a type of its own."""
    row = {
        **ROW,
        "usageDetails": {"input": 200, "input_cached_tokens": 800, "output": 60, "output_reasoning_tokens": 40},
    }
    row["usageDetails"]["total"] = 1100
    cost = MAP.calculate(row)
    assert [(line.meter, line.quantity) for line in cost.line_items] == [
        ("input", 200),
        ("cache_read", 800),
        ("output", 60),
        ("reasoning", 40),
    ]
    assert cost.total == Decimal("0.0026")
    assert cost.usage.at == "2026-01-05T10:00:00.000Z"
    assert cost.usage.context == 1000


def test_a_total_of_both_sides_alone_proves_that_the_rest_is_inside():
    assert usage(input=1000, input_cached_tokens=800, output=100, total=1100).quantities == {
        "input": 200,
        "cache_read": 800,
        "output": 100,
    }


def test_a_total_that_proves_nothing_leaves_both_readings():
    row = {**ROW, "usageDetails": {"input": 1000, "input_cached_tokens": 800, "output": 100, "total": 1500}}
    with pytest.raises(InconsistentUsageError, match="total=1500") as error:
        MAP.calculate(row)
    assert [reading.quantities["input"] for reading in error.value.readings] == [200, 1000]


def test_parts_that_no_prompt_holds_stand_beside_it():
    assert usage(input=10, cache_read_input_tokens=800, output=100, total=999).quantities == {
        "input": 10,
        "cache_read": 800,
        "output": 100,
    }


def test_writes_of_both_lives():
    found = usage(input=5, input_cache_creation_5m=100, input_cache_creation_1h=50, output=7, total=162)
    assert found.quantities == {"input": 5, "cache_write": 100, "cache_write_1h": 50, "output": 7}


def test_text_and_predictions_are_of_their_side():
    found = usage(input=0, input_text_tokens=90, output=0, output_accepted_prediction_tokens=7, total=97)
    assert found.quantities == {"input": 90, "output": 7}


def test_a_type_that_nobody_knows_is_said():
    found = usage(input=5, output=7, frobnications=3, total=15)
    assert found.unread == {"usageDetails.frobnications": 3}
    assert found.quantities == {"input": 5, "output": 7}


def test_blob_storage_keeps_objects_as_text():
    row = {
        "id": "o1",
        "trace_id": "t1",
        "type": "GENERATION",
        "start_time": "2026-01-05 10:00:00.000000",
        "provided_model_name": "m",
        "usage_details": json.dumps({"input": 200, "input_cached_tokens": 800, "output": 100, "total": 1100}),
        "cost_details": json.dumps({"total": 0.0022}),
        "model_parameters": '{"service_tier": "flex"}',
    }
    found = read_usage(row)
    assert found.quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert (found.model, found.at, found.service_tier) == ("m", "2026-01-05 10:00:00.000000", "flex")


@pytest.mark.parametrize("details", [{}, {"input": 0, "output": 0}, {"input": 7}, {"output": 7, "total": 7}])
def test_what_is_missing_is_not_zero(details):
    with pytest.raises(MissingUsageError):
        usage(**details)


def test_the_former_usage_has_a_unit():
    """1,000 and 100 tokens; characters are refused."""
    former = {
        "type": "GENERATION",
        "model": "m",
        "usage": {"input": 1000, "output": 100, "total": 1100, "unit": "TOKENS"},
    }
    assert read_usage(former).quantities == {"input": 1000, "output": 100}
    with pytest.raises(UsageError, match="CHARACTERS"):
        read_usage({**former, "usage": {"input": 1000, "output": 100, "unit": "CHARACTERS"}})


def test_an_observation_without_a_trace():
    """Tokens of text are input, and those of audio have a rate of their own: 20 and 10."""
    details = {"input": 0, "input_text_tokens": 20, "input_audio_tokens": 10, "output": 5, "total": 35}
    assert read_usage({"type": "GENERATION", "usageDetails": details}).quantities == {
        "input": 20,
        "input_audio": 10,
        "output": 5,
    }


@pytest.mark.parametrize("kind", ["GENERATION", "EMBEDDING"])
def test_an_observation_of_little_more_than_its_counts(kind):
    """Its type says what it is, where it names neither trace nor costs."""
    row = {"type": kind, "model": "m", "usageDetails": {"input": 7, "output": 2, "total": 9}}
    assert read_usage(row).quantities == {"input": 7, "output": 2}


@pytest.mark.parametrize("total", [{}, {"total": 1910}])
def test_counters_that_stand_twice_count_once(total):
    """OpenTelemetry's ``details`` repeat the provider's counters beside the types of Langfuse."""
    details = {"input": 1000, "output": 110, "details.cache_read_tokens": 800, "details.input_tokens": 1000}
    assert usage(**details, **total).quantities == {"input": 1000, "cache_read": 800, "output": 110}


def test_the_total_of_the_provider_is_the_one_that_proves():
    """Counters of DeepSeek are passed on as they are, and Langfuse adds all of them up as its ``total``."""
    details = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    cache = {"prompt_cache_hit_tokens": 800, "prompt_cache_miss_tokens": 200, "total": 3200}
    assert usage(**details, **cache).quantities == {"input": 200, "cache_read": 800, "output": 100}


@pytest.mark.parametrize(
    ("total", "written"),
    [(1015, {"cache_write": 100}), (1115, {"cache_write": 200}), (None, {"cache_write": 200})],
)
def test_what_was_written_for_five_minutes_is_a_part_where_the_total_proves_it(total, written):
    details = {"input": 10, "output": 5, "input_cache_read": 900, "input_cache_creation": 100}
    found = usage(**details, input_cache_creation_5m=100, **({} if total is None else {"total": total}))
    assert found.quantities == {"input": 10, "cache_read": 900, **written, "output": 5}


def test_a_total_above_two_sides_is_a_note_and_an_output_that_is_missing_is_what_it_leaves():
    found = usage(input=100, output=10, total=150)
    assert (found.quantities, [note.code for note in found.notes]) == ({"input": 100, "output": 10}, ["total_above"])
    assert usage(input=100, total=150).quantities == {"input": 100, "output": 50}
    assert usage(input=100, output=None, total=150).quantities == {"input": 100, "output": 50}
    with pytest.raises(MissingUsageError, match="without output, states no usage"):
        usage(input=100, output=None)


def test_thoughts_are_no_part_of_the_prompt():
    """20 thoughts fit into an output of 50, though the input is 10: a total of 65 proves neither reading."""
    with pytest.raises(InconsistentUsageError, match="total=65") as error:
        usage(input=10, output=50, output_reasoning_tokens=20, total=65)
    assert [reading.quantities for reading in error.value.readings] == [
        {"input": 10, "output": 30, "reasoning": 20},
        {"input": 10, "output": 50, "reasoning": 20},
    ]


def test_searches_are_billed_whatever_the_total():
    """They are no tokens, and a part of no side: the total may hold them or not, or be left out."""
    for total in ({"total": 1100}, {"total": 1102}, {}):
        details = {"input": 1000, "output": 100, "web_search": 2, **total}
        usage = read_usage({"type": "GENERATION", "model": "m", "usageDetails": details})
        assert (usage.quantities, usage.unread) == ({"input": 1000, "output": 100, "web_searches": 2}, {})
    details = {"input": 1000, "output": 100, "input_cached_tokens": 800, "web_search": 2, "total": 1100}
    usage = read_usage({"type": "GENERATION", "model": "m", "usageDetails": details})
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100, "web_searches": 2}


def test_the_tools_of_an_answer_that_was_kept():
    """Items of OpenAI and blocks of Anthropic show a search, unless a usage type counts it; nothing else does."""
    call = {"type": "web_search_call", "id": "w", "status": "completed", "action": {"type": "search", "query": "q"}}
    blocks = [{"type": "server_tool_use"}, {"type": "web_search_tool_result", "content": []}, {"type": "text"}]
    row = {"type": "GENERATION", "model": "m", "usageDetails": {"input": 9, "output": 2}}
    for output, searches in (
        ([call, {"type": "message"}], 1),
        ({"output": [call], "tools": [{"type": "web_search"}]}, 1),
        ({"role": "assistant", "content": blocks}, 1),
        ({"role": "assistant", "content": "web_search_call"}, None),
        ([{"type": "function_call"}], None),
        ("Hi", None),
        (None, None),
    ):
        for kept in (output, json.dumps(output)):
            assert read_usage({**row, "output": kept}).quantities.get("web_searches") == searches
    counted = {**row["usageDetails"], "web_search": 3}
    assert read_usage({**row, "usageDetails": counted, "output": [call]}).quantities["web_searches"] == 3
