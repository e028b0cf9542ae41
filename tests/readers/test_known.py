"""One event of a stream, as a value of its own."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

COMPLETED = {
    "type": "response.completed",
    "sequence_number": 9,
    "response": {
        "object": "response",
        "model": "gpt-4o",
        "status": "completed",
        "output": [],
        "usage": {"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 800}, "output_tokens": 100},
    },
}
DELTA = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn"},
    "usage": {"input_tokens": 10, "cache_read_input_tokens": 90, "output_tokens": 5},
}


def test_an_event_that_holds_the_response():
    """It is read as the stream of which it is the last event."""
    usage = read_usage(COMPLETED)
    assert usage == read_usage([COMPLETED])
    assert (usage.quantities, usage.model, usage.partial) == (
        {"input": 200, "cache_read": 800, "output": 100},
        "gpt-4o",
        False,
    )


def test_an_event_that_holds_the_last_counters():
    """Anthropic's last event repeats all counters."""
    assert read_usage(DELTA).quantities == {"input": 10, "cache_read": 90, "output": 5}


def test_an_event_without_counters():
    """The first event of a stream states none."""
    created = {"type": "response.created", "response": {**COMPLETED["response"], "usage": None}}
    with pytest.raises(MissingUsageError):
        read_usage(created)
