"""Spring AI: a response as JSON, and its usage alone."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, read_usage

OPENAI = {
    "promptTokens": 1000,
    "completionTokens": 100,
    "totalTokens": 1100,
    "nativeUsage": {
        "completion_tokens": 100,
        "prompt_tokens": 1000,
        "total_tokens": 1100,
        "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 800},
        "completion_tokens_details": {"reasoning_tokens": 0},
    },
}
# The counts of Spring AI leave the cache of Anthropic out.
ANTHROPIC = {
    "promptTokens": 10,
    "completionTokens": 5,
    "totalTokens": 15,
    "nativeUsage": {
        "input_tokens": 10,
        "output_tokens": 5,
        "cache_creation_input_tokens": 100,
        "cache_read_input_tokens": 1000,
    },
}
RESPONSE = {
    "result": {"output": {"text": "x", "messageType": "ASSISTANT"}, "metadata": {"finishReason": "STOP"}},
    "results": [],
    "metadata": {
        "id": "x",
        "model": "gpt-4o-2024-08-06",
        "rateLimit": {"requestsLimit": 5, "tokensRemaining": 100},
        "usage": OPENAI,
        "promptMetadata": [],
    },
}


def test_what_the_provider_counted():
    """800 of 1,000 are cached; a response names its model."""
    assert read_usage(OPENAI).quantities == {"input": 200, "cache_read": 800, "output": 100}
    usage = read_usage(RESPONSE)
    assert (usage.quantities, usage.model) == (read_usage(OPENAI).quantities, "gpt-4o-2024-08-06")
    assert not usage.unread


def test_the_cache_of_anthropic_stands_beside_the_input():
    """It is in the provider's usage alone."""
    assert read_usage(ANTHROPIC).quantities == {"input": 10, "cache_read": 1000, "cache_write": 100, "output": 5}


@pytest.mark.parametrize("native", [None, {}])
def test_without_the_providers_usage(native):
    """The counts of Spring AI are what there is."""
    assert read_usage({**OPENAI, "nativeUsage": native}).quantities == {"input": 1000, "output": 100}


def test_nothing_counted():
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({"nativeUsage": None})


def test_an_unknown_counter_beside_the_providers_usage():
    """It is named; the counts that Spring AI makes of the provider's are not, whatever they are."""
    usage = {**ANTHROPIC, "cacheReadInputTokens": 1000, "zzzTokens": 7}
    assert read_usage({**RESPONSE, "metadata": {"usage": usage}}).unread == {"zzzTokens": 7}
