"""Genkit: a response and its usage."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, read_usage

# Of Gemini: the thoughts stand beside the output, as the total says.
USAGE = {
    "inputTokens": 100,
    "outputTokens": 10,
    "totalTokens": 140,
    "thoughtsTokens": 30,
    "cachedContentTokens": 50,
    "inputCharacters": 400,
    "outputCharacters": 40,
    "inputImages": 1,
    "outputImages": 0,
}
RESPONSE = {
    "message": {"role": "model", "content": [{"text": "x"}]},
    "finishReason": "stop",
    "usage": USAGE,
    "latencyMs": 800,
    "custom": {"usageMetadata": {"promptTokenCount": 100}},
}


@pytest.mark.parametrize("response", [USAGE, RESPONSE])
def test_thoughts_beside_the_output(response):
    """Characters and images are the same work again."""
    usage = read_usage(response)
    assert usage.quantities == {"input": 50, "cache_read": 50, "output": 10, "reasoning": 30}
    assert not usage.unread


def test_thoughts_inside_the_output():
    """Of OpenAI's models the total holds no more than the two."""
    inside = {**USAGE, "outputTokens": 40}
    assert read_usage(inside).quantities == {"input": 50, "cache_read": 50, "output": 10, "reasoning": 30}


def test_no_tokens():
    """Characters alone are no usage of a model that is sold by tokens."""
    with pytest.raises(MissingUsageError):
        read_usage({"inputCharacters": 40, "outputTokens": None, "inputTokens": None})


def test_the_cache_of_anthropic_is_beside_the_input():
    """Its counters stand in ``custom`` alone, under the names of the provider."""
    custom = {"cache_read_input_tokens": 900, "cache_creation_input_tokens": 100}
    used = {"inputTokens": 10, "outputTokens": 5, "inputCharacters": 4, "custom": custom}
    found = read_usage({"finishReason": "stop", "usage": used})
    assert found.quantities == {"input": 10, "cache_read": 900, "cache_write": 100, "output": 5}
    assert not found.unread


def test_the_response_of_the_provider_says_more():
    """What plugins hand on as raw or custom is billed, where it counts the same tokens."""
    counters = {"promptTokenCount": 9, "candidatesTokenCount": 2, "totalTokenCount": 11}
    grounded = {"candidates": [{"groundingMetadata": {"webSearchQueries": ["a", "b"]}}], "usageMetadata": counters}
    used = {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11, "inputCharacters": 3}
    result = {"message": {}, "finishReason": "stop", "usage": used}
    for name in ("raw", "custom"):
        usage = read_usage({**result, name: {**grounded, "modelVersion": "m"}})
        assert (usage.quantities, usage.model) == ({"input": 9, "output": 2}, "m")
        assert usage.alternatives == (({"grounded_prompts": 1}, {"web_searches": 2}),)
    other = {**grounded, "usageMetadata": {**counters, "promptTokenCount": 5, "totalTokenCount": 7}}
    for body in (other, {"candidates": []}, {"x": 1}, {"usageMetadata": {"promptTokenCount": -1}}):
        usage = read_usage({**result, "raw": body})
        assert (usage.quantities, usage.alternatives) == ({"input": 9, "output": 2}, ())


def test_thoughts_above_the_output_without_a_total():
    """Only Gemini's can be more than the answer, and they stand beside it."""
    usage = read_usage({name: value for name, value in USAGE.items() if name != "totalTokens"})
    assert usage.quantities == {"input": 50, "cache_read": 50, "output": 10, "reasoning": 30}
