"""Counters of an envelope under the names of another API."""

from __future__ import annotations

import pytest

from llmcost import read_usage


def chat(**counters):
    return {"object": "chat.completion", "model": "m", "choices": [], "usage": counters}


@pytest.mark.parametrize(
    ("prompt", "answer", "total"),
    [
        ("input_tokens", "output_tokens", "total_tokens"),
        ("promptTokens", "completionTokens", "totalTokens"),
        ("inputTokens", "outputTokens", "totalTokens"),
        ("promptTokenCount", "candidatesTokenCount", "totalTokenCount"),
        ("prompt_token_count", "candidates_token_count", "total_token_count"),
    ],
)
def test_the_names_of_every_api(prompt, answer, total):
    """100 in and 10 out, beside the envelope's own names that a client has filled in with 0."""
    counters = {prompt: 100, answer: 10, total: 110}
    usage = read_usage(chat(prompt_tokens=0, completion_tokens=0, **counters))
    assert (usage.quantities, usage.unread) == ({"input": 100, "output": 10}, {})


@pytest.mark.parametrize(
    ("name", "meter", "whole"),
    [
        ("cache_read_tokens", "cache_read", "input"),
        ("cache_write_tokens", "cache_write", "input"),
        ("input_audio_tokens", "input_audio", "input"),
        ("input_image_tokens", "input_image", "input"),
        ("reasoning_tokens", "reasoning", "output"),
        ("output_audio_tokens", "output_audio", "output"),
        ("output_image_tokens", "output_image", "output"),
    ],
)
def test_a_part_beside_the_wholes(name, meter, whole):
    """40 tokens of the 100 of its side are the part's."""
    usage = read_usage(chat(prompt_tokens=100, completion_tokens=100, total_tokens=200, **{name: 40}))
    assert (usage.quantities[whole], usage.quantities[meter], usage.unread) == (60, 40, {})
