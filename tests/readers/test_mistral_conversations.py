"""Conversations: connector tokens are input on top, connector calls have fees."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

USAGE = {
    "prompt_tokens": 188,
    "completion_tokens": 55,
    "total_tokens": 7355,
    "connector_tokens": 7112,
    "connectors": {"web_search": 2},
}
OUTPUTS = [
    {"type": "tool.execution", "name": "web_search"},
    {"type": "message.output", "content": "Hi", "model": "mistral-medium-latest"},
]
BODY = {"object": "conversation.response", "conversation_id": "conv_1", "outputs": OUTPUTS, "usage": USAGE}
EVENTS = [
    {"type": "conversation.response.started", "conversation_id": "conv_1"},
    {"type": "tool.execution.started", "name": "web_search"},
    {"type": "message.output.delta", "content": "Hi", "model": "mistral-medium-latest"},
    {"type": "conversation.response.done", "usage": USAGE},
]


def test_priced():
    """7300 x 4e-07 + 55 x 2e-06 + 2 x 0.03: the total shows that connector tokens are on top."""
    fees = dict.fromkeys(("search_context_size_low", "search_context_size_medium", "search_context_size_high"), 0.03)
    row = {"input_cost_per_token": 4e-07, "output_cost_per_token": 2e-06, "search_context_cost_per_query": fees}
    assert bill(row, BODY) == lines(("input", 7300, "0.00292"), ("output", 55, "0.00011"), ("web_searches", 2, "0.06"))


def test_facts():
    """The model stands in the entries; the whole prompt is the context."""
    usage = read_usage(BODY)
    assert (usage.model, usage.context, usage.notes) == ("mistral-medium-latest", 7300, ())


def test_several_models():
    """Their tokens are not told apart, so that none is named."""
    usage = read_usage({**BODY, "outputs": [*OUTPUTS, {"type": "message.output", "model": "mistral-large-latest"}]})
    assert usage.model is None
    assert "pass model=" in usage.notes[0]


def test_other_connectors():
    """Built-in ones have fees; one of the user's own has none, which a note says."""
    connectors = {"document_library": 3, "code_interpreter": 1, "image_generation": 2, "my_crm": 5, "web_search": 0}
    usage = read_usage({**BODY, "usage": {**USAGE, "connectors": connectors}})
    assert usage.quantities == {
        "input": 7300,
        "output": 55,
        "file_searches": 3,
        "code_sessions": 1,
        "output_images": 2,
    }
    assert usage.notes == ("connector 'my_crm' was called 5 times and has no fee here",)


@pytest.mark.parametrize("nothing", [None, {}])
def test_no_connectors(nothing):
    """Absent connectors are none."""
    usage = {"prompt_tokens": 188, "completion_tokens": 55, "total_tokens": 243, "connectors": nothing}
    assert read_usage({**BODY, "usage": usage}).quantities == {"input": 188, "output": 55}


def test_stream():
    """Bare events, and events as the SDK wraps them, are the same call."""
    wrapped = [{"event": event["type"], "data": event} for event in EVENTS]
    assert read_usage(EVENTS) == read_usage(wrapped) == read_usage(BODY)


def test_no_usage():
    """Without a usage, or without the last event, there is an error."""
    with pytest.raises(MissingUsageError):
        read_usage({**BODY, "usage": None})
    with pytest.raises(MissingUsageError):
        read_usage({**BODY, "usage": {"connector_tokens": 5}})
    with pytest.raises(MissingUsageError):
        read_usage(EVENTS[:-1])
    with pytest.raises(InconsistentUsageError):
        read_usage({**BODY, "usage": {**USAGE, "connector_tokens": -1}})
