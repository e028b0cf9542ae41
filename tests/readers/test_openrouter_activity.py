"""OpenRouter's activity by day and as CSV, and a generation: what is charged is stated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, read_usage
from llmcost.errors import InconsistentUsageError, MissingUsageError

DAY = {
    "date": "2026-01-05",
    "model": "openai/gpt-4.1",
    "model_permaslug": "openai/gpt-4.1-2025-04-14",
    "endpoint_id": "550e8400",
    "provider_name": "OpenAI",
    "usage": 0.015,
    "byok_usage_inference": 0,
    "requests": 5,
    "prompt_tokens": 50,
    "completion_tokens": 125,
    "reasoning_tokens": 25,
}
GENERATION = {
    "generation_id": "gen-1",
    "created_at": "2026-06-28 03:46:57.713",
    "cost_total": "0.0123",
    "byok_usage_inference": 0,
    "tokens_prompt": 1000,
    "tokens_completion": 100,
    "tokens_reasoning": 40,
    "tokens_cached": 800,
    "model_permaslug": "openai/gpt-oss-120b",
    "provider_name": "Groq",
    "variant": "standard",
}
API = {
    "id": "gen-2",
    "total_cost": 0.0015,
    "created_at": "2026-01-05T10:00:00Z",
    "model": "openai/gpt-4.1",
    "is_byok": False,
    "tokens_prompt": 9,
    "tokens_completion": 20,
    "native_tokens_prompt": 10,
    "native_tokens_completion": 25,
    "native_tokens_reasoning": 5,
    "native_tokens_cached": 4,
}


def test_a_day_is_a_sum_and_costs_what_is_charged():
    found = read_usage(DAY)
    assert found.quantities == {"input": 50, "output": 100, "reasoning": 25}
    assert (found.reported, found.aggregate, found.at) == (Decimal("0.015"), True, "2026-01-05")
    assert found.model == "openai/gpt-4.1-2025-04-14"
    assert CostMap.bundled().calculate(DAY).total == Decimal("0.015")


def test_a_day_of_one_request_is_a_call():
    assert read_usage({**DAY, "requests": 1}).aggregate is False


def test_the_names_of_its_sdk():
    camel = {
        "date": "2026-01-05",
        "model": "openai/gpt-4.1",
        "modelPermaslug": "openai/gpt-4.1-2025-04-14",
        "endpointId": "e",
        "usage": 0.015,
        "byokUsageInference": 0,
        "requests": 5,
        "promptTokens": 50,
        "completionTokens": 125,
        "reasoningTokens": 25,
    }
    assert read_usage(camel).to_dict() == read_usage(DAY).to_dict()


def test_an_own_key_is_billed_by_its_provider():
    notes = read_usage({**DAY, "byok_usage_inference": 0.5}).notes
    assert [(note.code, str(note)) for note in notes] == [
        ("own_key_apart", "own keys were billed 0.5 USD by their providers, which is not in it")
    ]


def test_a_row_of_the_csv():
    found = read_usage(GENERATION)
    assert found.quantities == {"input": 200, "cache_read": 800, "output": 60, "reasoning": 40}
    assert (found.reported, found.provider, found.at) == (Decimal("0.0123"), "openrouter", "2026-06-28 03:46:57.713")
    assert found.model == "openai/gpt-oss-120b"
    assert read_usage({**GENERATION, "variant": "free"}).model == "openai/gpt-oss-120b:free"


@pytest.mark.parametrize("row", [API, {"data": API}])
def test_a_generation_of_the_api_counts_native_tokens(row):
    found = read_usage(row)
    assert found.quantities == {"input": 6, "cache_read": 4, "output": 20, "reasoning": 5}
    assert (found.reported, found.model) == (Decimal("0.0015"), "openai/gpt-4.1")


def test_an_own_key_of_a_generation():
    own = {**API, "is_byok": True, "upstream_inference_cost": 0.25}
    assert [note.code for note in read_usage(own).notes] == ["own_key_apart"]


def test_nothing_stated_is_missing():
    with pytest.raises(MissingUsageError):
        read_usage({"generation_id": "gen-1", "cost_total": "", "tokens_prompt": 0})


def test_a_charge_is_not_lost_where_the_counters_contradict_each_other():
    """A day of 25 reasoning tokens and no answer: 0.015 is charged. Without a charge it is an error."""
    day = {**DAY, "completion_tokens": 0}
    cost = CostMap.bundled().calculate(day)
    assert (cost.total, cost.complete, "contradiction" in {note.code for note in cost.notes}) == (
        Decimal("0.015"),
        True,
        True,
    )
    with pytest.raises(InconsistentUsageError):
        read_usage({name: value for name, value in day.items() if name != "usage"})
