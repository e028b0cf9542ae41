"""LangChain: messages whose usage stands in their metadata alone."""

from __future__ import annotations

import pytest

from llmcost import UsageError, read_usage

MESSAGE = {
    "content": "x",
    "type": "ai",
    "response_metadata": {
        "token_usage": {
            "completion_tokens": 100,
            "prompt_tokens": 1000,
            "total_tokens": 1100,
            "prompt_tokens_details": {"cached_tokens": 800},
        },
        "model_name": "gpt-4o-2024-08-06",
        "finish_reason": "stop",
    },
}
ANTHROPIC = {
    "type": "ai",
    "response_metadata": {
        "id": "m",
        "model": "claude-sonnet-4-5",
        "usage": {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 1000},
    },
}
JAVASCRIPT = {
    "lc": 1,
    "type": "constructor",
    "kwargs": {
        "content": "x",
        "response_metadata": {"tokenUsage": {"promptTokens": 100, "completionTokens": 10, "totalTokens": 110}},
    },
}


def test_the_counters_are_those_of_the_provider():
    """So is the name of the model."""
    usage = read_usage(MESSAGE)
    assert (usage.quantities, usage.model) == ({"input": 200, "cache_read": 800, "output": 100}, "gpt-4o-2024-08-06")
    assert read_usage(ANTHROPIC).quantities == {"input": 10, "cache_read": 1000, "output": 5}
    assert read_usage(JAVASCRIPT).quantities == {"input": 100, "output": 10}


def test_usage_metadata_counts_where_it_is():
    """It is what LangChain makes of the same."""
    known = {**MESSAGE, "usage_metadata": {"input_tokens": 7, "output_tokens": 2, "total_tokens": 9}}
    assert read_usage(known).quantities == {"input": 7, "output": 2}
    assert read_usage({**MESSAGE, "usage_metadata": None}).quantities["cache_read"] == 800


def test_no_counters():
    """A missing usage is not zero."""
    with pytest.raises(UsageError):
        read_usage({"type": "ai", "content": "x", "response_metadata": {"finish_reason": "stop"}})


def test_a_result_of_javascript():
    """Its usage stands beside the answers."""
    used = {"promptTokens": 100, "completionTokens": 10, "totalTokens": 110}
    result = {"generations": [[{"text": "x"}]], "llmOutput": {"tokenUsage": used}}
    assert read_usage(result).quantities == {"input": 100, "output": 10}
