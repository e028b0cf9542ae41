"""OpenAI's Agents API: sessions, turns and their events."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_usage

USED = {
    "input_tokens": 1000,
    "input_tokens_details": {"cached_tokens": 600},
    "output_tokens": 100,
    "output_tokens_details": {"reasoning_tokens": 20},
    "total_tokens": 1100,
}
QUANTITIES = {"input": 400, "cache_read": 600, "output": 80, "reasoning": 20}
AGENT = {"id": "agent_1", "model": "m", "service_tier": "flex"}
SESSION = {
    "id": "sess_1",
    "object": "agent.session",
    "status": "idle",
    "agent": AGENT,
    "usage": USED,
    "created_at": 1790000000,
}
TURN = {"id": "turn_1", "object": "agent.session.turn", "status": "completed", "session_id": "sess_1", "usage": USED}
COMPLETED = {
    "type": "agent.session.turn.completed",
    "event_id": "e1",
    "session_id": "sess_1",
    "turn_id": "turn_1",
    "turn": {**TURN, "usage": None},
    "usage": USED,
}
WITHIN = {**COMPLETED, "usage": None, "turn": TURN}
CREATED = {"type": "agent.session.created", "event_id": "e0", "session": {**SESSION, "usage": None}}
IDLE = {"type": "agent.session.idle", "event_id": "e9", "session": SESSION}


@pytest.mark.parametrize("response", [SESSION, TURN, COMPLETED, WITHIN])
def test_a_sum_of_requests(response):
    """Its prompt has no size, and it is a lower bound: writes to the cache are not counted."""
    usage = read_usage(response)
    assert (usage.quantities, usage.aggregate, usage.context, usage.partial) == (QUANTITIES, True, None, True)
    assert [note.code for note in usage.notes] == ["left_out"]


def test_the_agent_of_a_session():
    """It names the model and the tier: (400 x 1e-6 + 600 x 1e-7 + 100 x 2e-6) / 2."""
    row = {"input_cost_per_token": 1e-06, "cache_read_input_token_cost": 1e-07, "output_cost_per_token": 2e-06}
    flex = {f"{key}_flex": price / 2 for key, price in row.items()}
    cost = CostMap({"m": {**row, **flex}}).calculate(SESSION)
    assert (cost.total, cost.billed_tier, cost.lower_bound) == (Decimal("0.00033"), "flex", True)


def test_a_stream():
    """Each turn is a part; the sum of the session, which may be older than the stream, is not added to them."""
    usage = read_usage([CREATED, COMPLETED, {**COMPLETED, "event_id": "e2", "turn_id": "turn_2"}, IDLE])
    assert [part.quantities for part in usage.parts] == [QUANTITIES, QUANTITIES]
    assert (usage.model, usage.service_tier) == ("m", "flex")
    assert read_usage([CREATED, COMPLETED, IDLE]).quantities == QUANTITIES
    with pytest.raises(MissingUsageError):
        read_usage([CREATED, IDLE])


@pytest.mark.parametrize("response", [{**SESSION, "usage": None}, {**TURN, "usage": None}])
def test_a_usage_that_is_not_known(response):
    """It is null, and no 0."""
    with pytest.raises(MissingUsageError):
        read_usage(response)
