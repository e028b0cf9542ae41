"""Counters of an envelope under the names of another API."""

from __future__ import annotations

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage


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


_SPLITS = [
    {"cache_creation": {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 600}},
    {"cached_write_token_details": {"cached_write_tokens_5m": 400, "cached_write_tokens_1h": 600}},
    {"cache_creation_5m_input_tokens": 400, "cache_creation_1h_input_tokens": 600},
    {"claude_cache_creation_5_m_tokens": 400, "claude_cache_creation_1_h_tokens": 600},
    {"cacheWrite5mTokens": 400, "cacheWrite1hTokens": 600},
]
_BY_LIFETIME = {"input": 1000, "cache_write": 400, "cache_write_1h": 600, "output": 5}


@pytest.mark.parametrize("split", _SPLITS)
@pytest.mark.parametrize("whole", [{}, {"cache_write_tokens": 1000}, {"cache_creation_input_tokens": 1000}])
@pytest.mark.parametrize("inside", [False, True])
def test_what_is_written_for_an_hour(split, whole, inside):
    """Of 2000 tokens of a prompt 1000 are written, 600 of them for an hour, whether their sum is stated or not."""
    counters = {"prompt_tokens": 2000, "completion_tokens": 5, "total_tokens": 2005}
    parts = {**whole, **split}
    usage = read_usage(chat(**counters, **({"prompt_tokens_details": parts} if inside else parts)))
    assert (usage.quantities, usage.unread) == (_BY_LIFETIME, {})


@pytest.mark.parametrize("split", _SPLITS)
@pytest.mark.parametrize("whole", [{}, {"cache_write_tokens": 1000}])
def test_what_is_written_for_an_hour_in_responses(split, whole):
    """The same in the Responses API; more for an hour than is written at all is an error."""
    counters = {"input_tokens": 2000, "output_tokens": 5, "total_tokens": 2005}
    body = {"object": "response", "model": "m", "output": []}
    usage = read_usage({**body, "usage": {**counters, "input_tokens_details": {**whole, **split}}})
    assert (usage.quantities, usage.unread) == (_BY_LIFETIME, {})
    with pytest.raises(InconsistentUsageError, match="exceeds cache_write_tokens=500"):
        read_usage({**body, "usage": {**counters, "input_tokens_details": {"cache_write_tokens": 500, **split}}})


def test_written_tokens_on_top_of_the_prompt():
    """The total proves that reads and writes stand beside the prompt; 600 of the 1000 written are for an hour."""
    counters = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 3015, "cache_read_input_tokens": 2000}
    usage = read_usage(chat(**counters, cache_creation_input_tokens=1000, **_SPLITS[0]))
    assert usage.quantities == {"input": 10, "cache_read": 2000, "cache_write": 400, "cache_write_1h": 600, "output": 5}


def test_two_names_of_one_lifetime_that_differ():
    """600 and 500 tokens for an hour cannot both be true: the first in the alphabet is read, the other is named."""
    counters = {"prompt_tokens": 2000, "completion_tokens": 5, "total_tokens": 2005, "cache_write_tokens": 1000}
    usage = read_usage(chat(**counters, cache_write_1h_tokens=600, cacheWrite1hTokens=500))
    assert (usage.quantities["cache_write_1h"], usage.unread) == (500, {"cache_write_1h_tokens": 600})


@pytest.mark.parametrize(
    "response",
    [
        chat(input_tokens=1000),
        chat(output_tokens=5),
        {"object": "response", "model": "m", "output": [], "usage": {"prompt_tokens": 1000}},
        {"type": "message", "role": "assistant", "content": [], "model": "m", "usage": {"prompt_tokens": 1000}},
    ],
)
def test_a_whole_that_no_set_states_is_missing(response):
    """It is no 0: a call with 1000 tokens of a prompt has an answer, whatever it is."""
    with pytest.raises(MissingUsageError):
        read_usage(response)


def test_a_whole_of_0_that_one_set_states():
    """1000 in by the one, 0 out by the other."""
    assert read_usage(chat(input_tokens=1000, prompt_tokens=0, completion_tokens=0)).quantities == {"input": 1000}


def test_an_error_names_what_is_stated():
    """The envelope states no answer: its counter is not said to be 0."""
    with pytest.raises(InconsistentUsageError) as raised:
        read_usage(chat(prompt_tokens=10, input_tokens=10, output_tokens=5))
    assert str(raised.value) == "input_tokens=10 and output_tokens=5 are not prompt_tokens=10"
    assert (raised.value.whole, raised.value.parts) == ({"prompt_tokens": 10}, {"input_tokens": 10, "output_tokens": 5})
