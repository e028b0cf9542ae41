"""What LiteLLM logs of a realtime session."""

from __future__ import annotations

import pytest

from llmcost import read_usage
from llmcost.errors import MissingUsageError
from tests.litellm_objects import class_of, made

from .billing import bill, lines

ROW = {
    "input_cost_per_token": 4e-6,
    "input_cost_per_audio_token": 32e-6,
    "output_cost_per_token": 16e-6,
    "output_cost_per_audio_token": 64e-6,
}
DONE = {
    "type": "response.done",
    "response": {
        "usage": {
            "input_tokens": 100,
            "output_tokens": 50,
            "total_tokens": 150,
            "input_token_details": {"text_tokens": 60, "audio_tokens": 40, "cached_tokens": 0},
            "output_token_details": {"text_tokens": 10, "audio_tokens": 40},
        }
    },
}
SUM = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
LOGGED = {"results": [{"type": "session.created", "session": {"model": "m"}}, DONE], "usage": SUM}
BILL = lines(
    ("input", 60, "0.00024"), ("input_audio", 40, "0.00128"), ("output", 10, "0.00016"), ("output_audio", 40, "0.00256")
)


def test_the_events_are_the_bill():
    """By their modalities, which the sum has lost."""
    assert bill(ROW, LOGGED) == BILL


def test_litellms_object():
    """As its dict."""
    logged = made(
        "LiteLLMRealtimeStreamLoggingObject",
        {"custom_llm_provider": "openai"},
        results=LOGGED["results"],
        usage=class_of("Usage")(**SUM),
    )
    assert bill(ROW, logged) == BILL
    assert read_usage(logged).provider == "openai"


def test_the_sum_counts_where_no_event_states_a_usage():
    """It is one of several requests, so that no threshold can be told."""
    usage = read_usage({**LOGGED, "results": LOGGED["results"][:1]})
    assert (usage.quantities, usage.aggregate, usage.context) == ({"input": 100, "output": 50}, True, None)


def test_a_session_without_a_turn_states_no_usage():
    """A sum of 0 is what LiteLLM writes then."""
    with pytest.raises(MissingUsageError):
        read_usage({"results": LOGGED["results"][:1], "usage": dict.fromkeys(SUM, 0)})
