"""PostHog: events of generations."""

from __future__ import annotations

import pytest

from llmcost import UsageError, read_usage

GENERATION = {
    "$ai_model": "gpt-4o",
    "$ai_provider": "openai",
    "$ai_input_tokens": 1000,
    "$ai_output_tokens": 100,
    "$ai_cache_read_input_tokens": 800,
    "$ai_reasoning_tokens": 20,
    "$ai_latency": 1.2,
    "$ai_http_status": 200,
    "$ai_total_cost_usd": 0.0025,
    "distinct_id": "d",
}
EVENT = {
    "event": "$ai_generation",
    "properties": {
        "$ai_model": "claude-sonnet-4-5",
        "$ai_provider": "anthropic",
        "$ai_input_tokens": 1000,
        "$ai_output_tokens": 100,
        "$ai_cache_read_input_tokens": 800,
        "$ai_cache_creation_input_tokens": 50,
    },
}


def test_an_embedding_has_no_answer():
    """Its event states the input alone."""
    properties = {"$ai_model": "text-embedding-3-small", "$ai_provider": "openai", "$ai_input_tokens": 1000}
    usage = read_usage({"event": "$ai_embedding", "properties": properties})
    assert (usage.quantities, usage.model) == ({"input": 1000}, "text-embedding-3-small")


def test_a_generation_of_openai():
    """The cache is inside the input; costs, times and states are no counters."""
    usage = read_usage(GENERATION)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}
    assert (usage.model, usage.named_provider, usage.unread, usage.reported) == ("gpt-4o", "openai", {}, None)


def test_an_event_of_anthropic():
    """The cache stands beside the input."""
    usage = read_usage(EVENT)
    assert usage.quantities == {"input": 1000, "cache_read": 800, "cache_write": 50, "output": 100}


def test_a_counter_that_nobody_knows():
    """It is named."""
    assert read_usage({**GENERATION, "$ai_zzz_tokens": 7}).unread == {"zzz_tokens": 7}


def test_no_output():
    """An input alone is no usage."""
    with pytest.raises(UsageError):
        read_usage({"$ai_model": "gpt-4o", "$ai_input_tokens": 5})


@pytest.mark.parametrize(
    ("model", "exclusive", "expected"),
    [("claude-toy", False, 200), ("gpt-toy", True, 1000), ("claude-toy", None, 1000)],
)
def test_the_flag_says_where_the_cache_is_counted(model, exclusive, expected):
    """It decides against the model; without it Claude's cache is beside the input."""
    row = {"$ai_model": model, "$ai_input_tokens": 1000, "$ai_output_tokens": 5, "$ai_cache_read_input_tokens": 800}
    found = read_usage({**row, "$ai_cache_reporting_exclusive": exclusive})
    assert found.quantities == {"input": expected, "cache_read": 800, "output": 5}
    assert not found.unread


def test_a_property_of_ones_own_is_no_counter():
    """Only the names that begin with $ai_ are PostHog's, whatever stands behind the first four letters of another."""
    usage = read_usage({**GENERATION, "our_cache_creation_input_tokens": 50})
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}


@pytest.mark.parametrize(("total", "notes"), [(1100, 0), (1950, 0), (2500, 1)])
def test_a_total_may_leave_the_cache_out(total, notes):
    """1000 + 100, with or without the 850 of the cache; what is above both is a doubt."""
    usage = read_usage({**EVENT, "properties": {**EVENT["properties"], "$ai_total_tokens": total}})
    assert usage.quantities == {"input": 1000, "cache_read": 800, "cache_write": 50, "output": 100}
    assert len(usage.notes) == notes


@pytest.mark.parametrize(
    "stated",
    [
        {"$ai_service_tier": "flex"},
        {"$ai_model_parameters": {"service_tier": "flex"}},
        {"$ai_model_parameters": '{"service_tier": "flex"}'},
        {"$ai_service_tier": "flex", "$ai_model_parameters": {"service_tier": "priority"}},
    ],
)
def test_the_tier_that_was_served(stated):
    """A property of its own goes before the parameters of the model, which some exports keep as JSON."""
    event = {"$ai_model": "gpt-5", "$ai_provider": "openai", "$ai_input_tokens": 9, "$ai_output_tokens": 2, **stated}
    usage = read_usage({"event": "$ai_generation", "properties": event})
    assert (usage.service_tier, usage.unread) == ("flex", {})


def test_the_gateway_of_vercel_counts_the_cache_inside():
    """Of the 1000 tokens 800 are read and 100 written, though the model is Anthropic's; a flag goes before that."""
    event = {
        "$ai_model": "anthropic/claude-sonnet-4.5",
        "$ai_provider": "gateway",
        "$ai_framework": "vercel",
        "$ai_input_tokens": 1000,
        "$ai_output_tokens": 50,
        "$ai_cache_read_input_tokens": 800,
        "$ai_cache_creation_input_tokens": 100,
    }
    expected = {"input": 100, "cache_read": 800, "cache_write": 100, "output": 50}
    assert read_usage(event).quantities == expected
    assert read_usage({**event, "$ai_cache_reporting_exclusive": True}).quantities == {**expected, "input": 1000}
    assert read_usage({**event, "$ai_framework": "langchain"}).quantities == {**expected, "input": 1000}
