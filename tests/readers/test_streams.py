"""Lists of chunks, whatever API they are of."""

from __future__ import annotations

import pytest

from llmcost import UnrecognizedResponseError, read_usage

CHUNKS = [
    {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}]},
    {"object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}},
]


def test_the_mark_after_the_last_event_is_no_chunk():
    for chunks in ([*CHUNKS, "[DONE]"], [*CHUNKS, " [DONE]\n"], ["[DONE]", *CHUNKS]):
        usage = read_usage(chunks)
        assert (usage.quantities, usage.partial) == ({"input": 9, "output": 2}, False)
    with pytest.raises(UnrecognizedResponseError, match="this list is empty"):
        read_usage(["[DONE]"])


def test_the_text_of_a_stream_is_read_elsewhere():
    """A log reads the lines of a stream; a number has no such way."""
    for chunk in ("data: {}", b"data: {}", ""):
        with pytest.raises(UnrecognizedResponseError, match=r"llmcost\.read_log reads the text of streams"):
            read_usage([*CHUNKS, chunk])
    with pytest.raises(UnrecognizedResponseError, match=r"this is int$"):
        read_usage([*CHUNKS, 7])
