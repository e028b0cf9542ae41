"""Agno: runs and their metrics."""

from __future__ import annotations

import pytest

from llmcost import UsageError, read_usage

METRICS = {
    "input_tokens": 1000,
    "output_tokens": 100,
    "total_tokens": 1100,
    "cache_read_tokens": 800,
    "cache_write_tokens": 0,
    "reasoning_tokens": 20,
    "audio_total_tokens": 0,
    "duration": 2.3,
    "time_to_first_token": 0.4,
}
RUN = {
    "run_id": "r",
    "agent_id": "a",
    "content": "x",
    "model": "gpt-4o",
    "model_provider": "OpenAI",
    "metrics": METRICS,
}
# Anthropic's input leaves the cache out, and so does the total.
CLAUDE = {
    "run_id": "r",
    "model": "claude-sonnet-4-5",
    "model_provider": "Anthropic",
    "metrics": {**METRICS, "reasoning_tokens": 0, "cache_write_tokens": 50},
}
# Former versions have a value for each message; in lower case, since the laws know no lists of counts.
former = {
    "input_tokens": [500, 600],
    "output_tokens": [50, 60],
    "total_tokens": [550, 660],
    "prompt_tokens": [500, 600],
    "completion_tokens": [50, 60],
    "time": [1.0, 2.0],
}


def test_a_run_of_openai():
    """The cache is inside the input; the requests of a run are added up."""
    usage = read_usage(RUN)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}
    assert (usage.model, usage.aggregate, usage.unread) == ("gpt-4o", True, {})
    assert read_usage(METRICS).quantities == usage.quantities


def test_a_run_of_anthropic():
    """The cache stands beside the input, whatever the total says."""
    assert read_usage(CLAUDE).quantities == {"input": 1000, "cache_read": 800, "cache_write": 50, "output": 100}


def test_lists_are_added_up():
    """Two messages are two requests."""
    usage = read_usage(former)
    assert (usage.quantities, usage.aggregate) == ({"input": 1100, "output": 110}, True)


def test_lists_of_no_counts():
    """What is no number is an error and no zero."""
    with pytest.raises(UsageError):
        read_usage({**former, "input_tokens": ["many"]})


def test_what_the_provider_states_beside_its_tokens():
    own = {"server_tool_use": {"web_search_requests": 2}, "service_tier": "batch"}
    metrics = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    usage = read_usage({"run_id": "r", "model": "m", "metrics": {**metrics, "provider_metrics": own}})
    assert (usage.quantities, usage.service_tier) == ({"input": 9, "output": 2, "web_searches": 2}, "batch")
    assert (
        read_usage({"run_id": "r", "model": "m", "metrics": {**metrics, "provider_metrics": {}}}).service_tier is None
    )
