"""Chunks of a chat inside the events of Mistral's SDK."""

from __future__ import annotations

import pytest

from llmcost import read_log
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

USAGE = {"prompt_tokens": 16, "completion_tokens": 34, "total_tokens": 50}


def event(usage=None, finish=None):
    choices = [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": finish}]
    chunk = {"id": "1", "object": "chat.completion.chunk", "model": "mistral-small", "choices": choices, "usage": usage}
    return {"data": chunk}


def test_as_the_chunks_themselves():
    """Wrapped or not, it is one stream."""
    events = [event(), event(USAGE, "stop")]
    assert read_usage(events) == read_usage([wrapped["data"] for wrapped in events])
    assert read_usage(events).quantities == {"input": 16, "output": 34}


def test_the_last_event_alone():
    """It has the usage; another one has none."""
    assert read_usage(event(USAGE, "stop")).model == "mistral-small"
    with pytest.raises(MissingUsageError):
        read_usage(event())


def test_events_in_a_log():
    """The last chunk ends a call, and the next one begins another."""
    first = [event(), event(USAGE, "stop")]
    second = [{"data": {**wrapped["data"], "id": "2"}} for wrapped in first]
    calls = list(read_log([*first, *second]))
    assert [(call.chunks, call.stated().quantities) for call in calls] == [(2, {"input": 16, "output": 34})] * 2
