"""Live sessions: the last total of seconds, and what was delegated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind

ServerEvent = Kind("openai.types.live.server_event.ServerEvent")

SESSION = {"id": "live_1", "model": "gpt-live-1", "status": "active", "expires_at": 1790000000}
STARTED = {"type": "session.started", "event_id": "e0", "session": SESSION}
DECISION = {
    "answers": [{"type": "choice", "choice": True, "confidence": 0.9, "probabilities": []}],
    "model": "judge",
    "usage": {"input_tokens": 400, "output_tokens": 2, "total_tokens": 402},
}
ANSWER = {
    "object": "response",
    "id": "resp_1",
    "model": "backend",
    "status": "completed",
    "output": [],
    "usage": {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100},
}
RATES = {
    "gpt-live-1": {"cost_per_second": 0.0008},
    "backend": {"input_cost_per_token": 1e-06, "output_cost_per_token": 1e-05},
    "judge": {
        "input_cost_per_token": 2e-07,
        "input_cost_per_token_decisions": 1e-07,
        "output_cost_per_token_decisions": 0,
    },
}


def spent(seconds):
    return {"type": "session.usage.updated", "event_id": "e", "usage": {"seconds": seconds}}


def closed(seconds):
    return {
        "type": "session.closed",
        "event_id": "e",
        "reason": "expired",
        "session": SESSION,
        "usage": {"seconds": seconds},
    }


def delegated(answer, kind="response.completed"):
    return {
        "type": "response.event",
        "event_id": "e",
        "delegation_id": "d",
        "event": {"type": kind, "response": answer},
    }


def decided(decision):
    return {"type": "decision.event", "event_id": "e", "event": {"type": "decision.completed", "decision": decision}}


def lines(cost):
    return [(line.model, line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_the_last_total_counts():
    """Seconds are totals and not increments: 30, 60.5 and 90 are 90."""
    events = [STARTED, spent(30.0), spent(60.5), spent(90.0), closed(90.0)]
    usage = read_usage(events)
    assert (usage.model, usage.duration, usage.partial) == ("gpt-live-1", 90, False)
    cost = CostMap(RATES).calculate(events)
    assert lines(cost) == [("gpt-live-1", "compute_seconds", 90, Decimal("0.072"))]


def test_without_its_end_it_is_a_lower_bound():
    """Only session.closed says that nothing follows."""
    assert read_usage([STARTED, spent(60.5)]).partial
    assert CostMap(RATES).calculate([STARTED, spent(60.5)]).lower_bound


def test_one_event():
    """An event with the total so far can be priced by itself."""
    assert read_usage(closed(12.5)).duration == 12.5
    assert read_usage(closed(12.5)).model == "gpt-live-1"
    assert CostMap(RATES).calculate(spent(10), model="gpt-live-1").total == Decimal("0.008")


def test_what_was_delegated_is_billed_on_its_own_model():
    """A backend's response and a decision are parts, each with the lines of its own card."""
    running = delegated({**ANSWER, "usage": None}, "response.in_progress")
    events = [STARTED, running, delegated(ANSWER), decided(DECISION), closed(90)]
    cost = CostMap(RATES).calculate(events)
    assert lines(cost) == [
        ("gpt-live-1", "compute_seconds", 90, Decimal("0.072")),
        ("backend", "input", 1000, Decimal("0.001")),
        ("backend", "output", 100, Decimal("0.001")),
        ("judge", "input", 400, Decimal("0.00004")),
        ("judge", "output", 2, Decimal(0)),
    ]
    assert cost.complete


def test_sdk_events():
    """The SDK's events give what their dicts give."""
    events = [STARTED, spent(30.0), delegated(ANSWER), decided(DECISION), closed(90.0)]
    assert read_usage([ServerEvent.event(event) for event in events]) == read_usage(events)


@pytest.mark.parametrize("answer", [{**ANSWER, "usage": None}, {**ANSWER, "model": None}])
def test_a_delegate_that_states_nothing_makes_a_lower_bound(answer):
    """What the backend cost is not known; the seconds are."""
    cost = CostMap(RATES).calculate([STARTED, delegated(answer), closed(90)])
    assert cost.total == Decimal("0.072")
    assert cost.lower_bound
    assert "1 delegated answers state no usage or no model" in cost.notes


@pytest.mark.parametrize("events", [[STARTED], [STARTED, delegated(ANSWER)], [spent(None)]])
def test_missing_seconds_raise(events):
    """A session without its seconds is not free."""
    with pytest.raises(MissingUsageError, match=r"session\.usage\.updated"):
        read_usage(events)


@pytest.mark.parametrize("seconds", [-1, "90", True, float("inf")])
def test_seconds_that_are_none_raise(seconds):
    """Only a finite number is a time."""
    with pytest.raises(InconsistentUsageError):
        read_usage([STARTED, spent(seconds)])


def test_an_answer_without_a_usage():
    """What is left out is said; that the session was not seen to close too."""
    silent = delegated({**ANSWER, "usage": None})
    for events, codes in (
        ([STARTED, silent, closed(90)], ["left_out"]),
        ([STARTED, silent, spent(9)], ["left_out", "broken_off"]),
    ):
        usage = read_usage(events)
        assert (usage.partial, [note.code for note in usage.notes]) == (True, codes)
