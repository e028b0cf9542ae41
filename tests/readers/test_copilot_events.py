"""Events of a session of GitHub Copilot."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, read_usage

from .billing import bill, lines

USED = {"inputTokens": 1000, "outputTokens": 100, "cacheReadTokens": 800, "cacheWriteTokens": 50, "reasoningTokens": 30}
CALL = {
    "id": "e",
    "timestamp": "2026-06-01T00:00:00Z",
    "type": "assistant.usage",
    "data": {
        "model": "any-model",
        **USED,
        "cost": 1,
        "duration": 2000,
        "maxOutputTokens": 64000,
        "copilotUsage": {"totalNanoAiu": 5},
    },
}
END = {
    "id": "f",
    "timestamp": "2026-06-01T00:01:00Z",
    "type": "session.shutdown",
    "data": {
        "shutdownType": "routine",
        "totalPremiumRequests": 2,
        "modelMetrics": {
            "any-model": {"requests": {"count": 1, "cost": 1}, "usage": USED},
            "claude-sonnet-4-6": {"requests": {"count": 3, "cost": 3}, "usage": {**USED, "reasoningTokens": None}},
            "gpt-4.1": {"requests": {"count": 0, "cost": 0}, "usage": dict.fromkeys(USED, 0)},
        },
    },
}
EVENTS = [CALL, {**CALL, "id": "e2"}, END]
SAME = {"input": 150, "cache_read": 800, "cache_write": 50, "output": 70, "reasoning": 30}


def test_a_call():
    """150 x 5e-6, 800 x 5e-7, 50 x 6.25e-6 and 100 x 3e-5; the multiple of a request is no cost."""
    row = {
        "input_cost_per_token": 5e-06,
        "cache_read_input_token_cost": 5e-07,
        "cache_creation_input_token_cost": 6.25e-06,
        "output_cost_per_token": 3e-05,
    }
    assert bill(row, CALL) == lines(
        ("input", 150, "0.00075"),
        ("cache_read", 800, "0.0004"),
        ("cache_write", 50, "0.0003125"),
        ("output", 70, "0.0021"),
        ("reasoning", 30, "0.0009"),
    )
    usage = read_usage(CALL)
    assert (usage.model, usage.named_provider, usage.reported) == ("any-model", "github_copilot", None)
    assert not usage.unread


def test_an_event_that_states_its_output_alone():
    """100 x 3e-5; what the model has read is missing, and so is the length of the prompt."""
    event = {**CALL, "data": {"model": "any-model", "outputTokens": 100}}
    assert bill({"input_cost_per_token": 5e-06, "output_cost_per_token": 3e-05}, event) == lines(
        ("output", 100, "0.003")
    )
    usage = read_usage(event)
    assert (usage.partial, usage.context) == (True, None)
    assert [str(note) for note in usage.notes] == ["the event leaves out what the model has read"]


def test_a_session():
    """Its end has a part for each model that was called, and the calls themselves are not added to it."""
    parts = read_usage(END).parts
    assert [(part.model, part.aggregate) for part in parts] == [("any-model", False), ("claude-sonnet-4-6", True)]
    assert parts[0].quantities == SAME
    assert [part.quantities for part in read_usage(EVENTS).parts] == [SAME, SAME]


def test_a_session_that_goes_on_is_a_lower_bound():
    """Its end says that no call follows."""
    assert not read_usage(EVENTS).partial
    assert read_usage(EVENTS[:2]).partial


def test_unknown_counters_are_noted():
    """In a call and at the end."""
    assert read_usage({**CALL, "data": {**CALL["data"], "zzzTokens": 7}}).unread == {"zzzTokens": 7}
    metrics = {"m": {"requests": {"count": 1}, "usage": {**USED, "zzz": 7}}}
    assert read_usage({**END, "data": {"modelMetrics": metrics}}).unread == {"zzz": 7}


def test_a_session_without_calls():
    """Nothing was counted, which is no call of 0 tokens."""
    with pytest.raises(MissingUsageError):
        read_usage({**END, "data": {"modelMetrics": {}}})


def test_a_model_of_which_only_an_unknown_counter_says_that_it_was_called():
    """It is not left out, and the counter is named."""
    metrics = {**END["data"]["modelMetrics"], "gpt-4.1": {"usage": {**dict.fromkeys(USED, 0), "zzzTokens": 7}}}
    usage = read_usage({**END, "data": {"modelMetrics": metrics}})
    assert [part.unread for part in usage.parts if part.model == "gpt-4.1"] == [{"zzzTokens": 7}]
