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
