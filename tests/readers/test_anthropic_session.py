"""Sessions of Anthropic's managed agents: sums, and the events of single requests."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, UnrecognizedResponseError, read_usage
from tests.sdks import module

from .billing import bill, lines

USED = {
    "input_tokens": 1200,
    "output_tokens": 300,
    "cache_read_input_tokens": 50000,
    "cache_creation": {"ephemeral_5m_input_tokens": 4000, "ephemeral_1h_input_tokens": 1000},
    "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 3},
    "active_seconds": 90.5,
    "list_cost": {"amount": "7", "currency": "USD"},
}
SESSION = {
    "type": "session",
    "id": "sesn_x",
    "agent": {"type": "agent", "id": "agent_x", "model": {"id": "claude-opus-4-8", "speed": "standard"}},
    "created_at": "2026-05-01T10:00:00Z",
    "status": "idle",
    "stats": {"active_seconds": 120.0, "duration_seconds": 400.0},
    "usage": USED,
}
ONE = {
    "type": "span.model_request_end",
    "id": "evt_2",
    "model_request_start_id": "evt_1",
    "processed_at": "2026-05-01T10:00:09Z",
    "is_error": False,
    "model_usage": {
        "input_tokens": 100,
        "output_tokens": 30,
        "cache_read_input_tokens": 500,
        "cache_creation_input_tokens": 40,
        "speed": None,
    },
}
SUM = {"type": "session.usage", "id": "evt_9", "processed_at": "2026-05-01T10:05:00Z", "usage": USED}
IDLE = {"type": "session.status_idle", "id": "evt_10", "stop_reason": {"type": "end_turn"}}
START = {"type": "span.model_request_start", "id": "evt_1"}
EVENTS = [START, ONE, SUM, START, ONE, IDLE]
SUMMED = {
    "input": 1200,
    "cache_read": 50000,
    "cache_write": 4000,
    "cache_write_1h": 1000,
    "output": 300,
    "web_searches": 2,
    "compute_seconds": 90.5,
}
PRICES = {
    "input_cost_per_token": 5e-06,
    "output_cost_per_token": 2.5e-05,
    "cache_read_input_token_cost": 5e-07,
    "cache_creation_input_token_cost": 6.25e-06,
}


def test_a_session_is_a_sum():
    """It has the model of its agent, and no context; what ran is counted, and the cost in cents is not believed."""
    usage = read_usage(SESSION)
    assert usage.quantities == SUMMED
    assert (usage.model, usage.aggregate, usage.context, usage.reported) == ("claude-opus-4-8", True, None, None)
    assert not usage.unread


def test_a_request():
    """100 x 5e-6, 500 x 5e-7, 40 x 6.25e-6 and 30 x 2.5e-5, in a context of 640 tokens."""
    assert bill(PRICES, ONE) == lines(
        ("input", 100, "0.0005"),
        ("cache_read", 500, "0.00025"),
        ("cache_write", 40, "0.00025"),
        ("output", 30, "0.00075"),
    )
    assert read_usage(ONE).context == 640


def test_events():
    """The last sum and the request after it; without the event that ends it a session is a lower bound."""
    usage = read_usage(EVENTS)
    assert [part.quantities for part in usage.parts] == [SUMMED, read_usage(ONE).quantities]
    assert not usage.partial
    assert read_usage(EVENTS[:2]).partial
    with pytest.raises(MissingUsageError):
        read_usage([START, IDLE])


def test_the_objects_of_the_sdk():
    """As their dicts."""
    beta = module("anthropic.types.beta")
    event = beta.sessions.BetaManagedAgentsSpanModelRequestEndEvent.model_validate(ONE)
    assert read_usage(event).quantities == read_usage(ONE).quantities
    used = beta.BetaManagedAgentsSessionUsage.model_validate(USED)
    assert read_usage({**SESSION, "usage": used}) == read_usage(SESSION)


def test_nothing_is_counted_yet():
    """A session that did not begin to work has no counters, which is no call of 0 tokens."""
    with pytest.raises(MissingUsageError):
        read_usage({**SESSION, "usage": {"input_tokens": None}})


def test_unknown_counters():
    """They are noted in a session and in an event."""
    assert read_usage({**SESSION, "usage": {**USED, "zzz": 7}}).unread == {"zzz": 7}
    assert read_usage({**ONE, "model_usage": {**ONE["model_usage"], "zzz": 7}}).unread == {"zzz": 7}


def test_a_session_of_another_program():
    """An agent that is a name is no object of this API, whose model would be lost."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage(
            {"type": "session", "agent": "coder", "model": "gpt-5", "usage": {"input_tokens": 9, "output_tokens": 2}}
        )
