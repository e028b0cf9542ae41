"""Azure OpenAI: known by the results of its content filter."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

FILTER = [{"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False}}}]
USAGE = {"prompt_tokens": 12, "completion_tokens": 5, "total_tokens": 17}


def test_provider():
    """The filter's results are Azure's own."""
    body = {"object": "chat.completion", "model": "gpt-4o", "usage": USAGE, "prompt_filter_results": FILTER}
    assert (read_usage(body).provider, read_usage(body).quantities) == ("azure", {"input": 12, "output": 5})


def test_empty_chunks_say_nothing():
    """The first chunk has an empty model, and chunks after the usage have none: neither is taken."""
    empty = {"object": "", "id": "", "model": "", "choices": []}
    text = {"object": "chat.completion.chunk", "model": "gpt-4o", "choices": [{"delta": {}, "finish_reason": "stop"}]}
    counted = {**text, "choices": [], "usage": USAGE}
    late = {**empty, "choices": [{"index": 0, "finish_reason": None, "content_filter_results": {}}], "usage": None}
    usage = read_usage([{**empty, "prompt_filter_results": FILTER}, text, counted, late])
    assert (usage.model, usage.provider, usage.partial) == ("gpt-4o", "azure", False)
    assert usage.quantities == {"input": 12, "output": 5}


def test_without_usage():
    """The filter's results are no usage."""
    with pytest.raises(MissingUsageError):
        read_usage({"object": "chat.completion", "model": "gpt-4o", "usage": None, "prompt_filter_results": FILTER})


GROK = {
    "object": "chat.completion",
    "model": "grok-4-1-fast-reasoning",
    "choices": [],
    "prompt_filter_results": [],
    "usage": {
        "prompt_tokens": 31,
        "completion_tokens": 12,
        "total_tokens": 43,
        "prompt_tokens_details": {"cached_tokens": 150, "audio_tokens": 0, "text_tokens": 31, "image_tokens": 0},
        "num_sources_used": 0,
    },
}


def test_grok_counts_a_hidden_prefix_as_cached():
    """150 cached tokens of a prompt of 31: the prompt is fresh, which costs the same; the note has both bounds."""
    usage = read_usage(GROK)
    assert (usage.quantities, usage.context, usage.provider) == ({"input": 31, "output": 12}, 31, "azure_ai")
    assert [note.code for note in usage.notes] == ["cached_above_prompt"]
    assert "between 0 and 31" in usage.notes[0]


def test_cached_text_of_grok_is_no_cached_image():
    """256 of 300 tokens are an image, 160 are cached: none of the image's is taken for cached."""
    details = {"cached_tokens": 160, "text_tokens": 44, "image_tokens": 256}
    counters = {"prompt_tokens": 300, "completion_tokens": 12, "total_tokens": 312, "prompt_tokens_details": details}
    usage = read_usage({**GROK, "usage": counters})
    assert usage.quantities == {"input": 44, "input_image": 256, "output": 12}


def test_a_stream_of_grok():
    """The last chunk states the same."""
    chunk = {**GROK, "object": "chat.completion.chunk"}
    assert read_usage([chunk]).quantities == {"input": 31, "output": 12}


def test_grok_without_a_cache():
    """There is nothing to note."""
    counters = {"prompt_tokens": 31, "completion_tokens": 12, "total_tokens": 43}
    assert read_usage({**GROK, "usage": counters}).notes == ()


def test_a_stream_of_grok_without_results_of_the_filter():
    """A charge of 0 is none of xAI's: 7 fresh tokens, of which the hidden prefix of 161 is no part."""
    counters = {"prompt_tokens": 7, "completion_tokens": 8, "total_tokens": 15, "num_sources_used": 0}
    counters |= {"cost_in_usd_ticks": 0, "prompt_tokens_details": {"cached_tokens": 161, "text_tokens": 7}}
    chunk = {"object": "chat.completion.chunk", "model": "grok-4-1-fast-reasoning"}
    last = {"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}
    usage = read_usage([{**chunk, "choices": [last]}, {**chunk, "choices": [], "usage": counters}])
    assert (usage.quantities, usage.context, usage.provider) == ({"input": 7, "output": 8}, 7, "azure_ai")
    assert [note.code for note in usage.notes] == ["cached_above_prompt"]
    assert read_usage({**GROK, "prompt_filter_results": [], "usage": counters}).quantities == usage.quantities
    charged = {key: value for key, value in GROK.items() if key != "prompt_filter_results"}
    usage = read_usage({**charged, "usage": {**counters, "cost_in_usd_ticks": 90000}})
    assert (usage.quantities, usage.provider) == ({"input": 7, "cache_read": 161, "output": 8}, "xai")
