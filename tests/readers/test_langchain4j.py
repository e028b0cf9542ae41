"""LangChain4j: a response as JSON."""

from __future__ import annotations

import pytest

from llmcost import UsageError, read_usage

TOKENS = {
    "inputTokenCount": 1000,
    "outputTokenCount": 100,
    "totalTokenCount": 1100,
    "inputTokensDetails": {"cachedTokens": 800},
    "outputTokensDetails": {"reasoningTokens": 20},
}
RESPONSE = {
    "aiMessage": {"text": "x"},
    "metadata": {"id": "x", "modelName": "gpt-4o-2024-08-06", "tokenUsage": TOKENS, "finishReason": "STOP"},
}
FORMER = {"content": {"text": "x"}, "tokenUsage": TOKENS, "finishReason": "STOP"}
# Anthropic counts the cache beside the input, and the total leaves it out.
ANTHROPIC = {
    "inputTokenCount": 10,
    "outputTokenCount": 5,
    "totalTokenCount": 15,
    "cacheCreationInputTokens": 100,
    "cacheReadInputTokens": 1000,
}


def test_a_response():
    """Details are inside their wholes."""
    usage = read_usage(RESPONSE)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}
    assert usage.model == "gpt-4o-2024-08-06"
    assert read_usage(FORMER).quantities == usage.quantities
    assert read_usage(TOKENS).quantities == usage.quantities


def test_the_cache_of_anthropic():
    """More was cached than the input holds."""
    quantities = {"input": 10, "cache_read": 1000, "cache_write": 100, "output": 5}
    assert read_usage({**FORMER, "tokenUsage": ANTHROPIC}).quantities == quantities


def test_nothing_counted():
    """A response without a usage is none that is known."""
    with pytest.raises(UsageError):
        read_usage({"aiMessage": {"text": "x"}, "metadata": {"tokenUsage": None}})
