"""What agents print in their modes for scripts: sums of sessions, which count where no log holds the session itself."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, read_log
from tests.session_logs import PRICES, message, rollout

INIT = {"type": "system", "subtype": "init", "session_id": "s1", "cwd": "/project/shop", "model": "small-1"}


def result(*, session="s1", more=None, **models):
    """A result: 1000 tokens of input and 100 of output for each model, unless it is given."""
    used = {"inputTokens": 1000, "outputTokens": 100, "cacheReadInputTokens": 0, "cacheCreationInputTokens": 0}
    usage = {name.replace("_", "-"): {**used, **counts} for name, counts in models.items()}
    found = {"type": "result", "subtype": "success", "is_error": False, "session_id": session, "modelUsage": usage}
    return {**found, "total_cost_usd": 0.5, "usage": {"input_tokens": 1, "output_tokens": 1}, **(more or {})}


def read(*lines):
    log = read_log([json.dumps(line) for line in lines], cost_map=PRICES)
    return list(log), log.passed


def test_a_result_is_a_call_for_each_model():
    """0.0014 for small-1, and 0.0028 for large-1; the messages before it have placeholders."""
    said = {"type": "assistant", "session_id": "s1", "message": {"id": "m", "usage": {"output_tokens": 1}}}
    found, passed = read(INIT, said, result(small_1={}, large_1={"costUSD": 0.003, "contextWindow": 200_000}))
    assert [(call.calculate().matched_as, call.calculate().total) for call in found] == [
        ("small-1", Decimal("0.0014")),
        ("large-1", Decimal("0.0028")),
    ]
    assert found[1].cost == Decimal("0.003")
    assert not any(call.calculate().lower_bound for call in found)
    assert found[0].own == {"agent": "claude_code", "id": "s1:small-1", "session": "s1", "project": "/project/shop"}
    assert passed == {"system": 1, "assistant": 1}


def test_the_last_result_of_a_session_holds_the_others():
    found, passed = read(result(small_1={}), result(small_1={"inputTokens": 3000, "outputTokens": 300}))
    assert [call.calculate().total for call in found] == [Decimal("0.0042")]
    assert passed == {"copies of calls": 1}


def test_what_is_not_told_makes_a_lower_bound():
    """Writes of the cache may be for an hour, and a counter that nobody knows may be billed."""
    for counts in ({"cacheCreationInputTokens": 10}, {"fancyTokens": 5}):
        (call,), _ = read(result(small_1=counts))
        assert call.calculate().lower_bound


def test_a_session_whose_log_is_there_counts_once():
    found, passed = read(result(small_1={}), result(session="s2", small_1={}), message("m1"), message("m2"))
    assert sorted(call.own["session"] for call in found) == ["s1", "s1", "s2"]
    assert passed == {"copies of calls": 1}


def turn(entered, answer):
    usage = {"input_tokens": entered, "cached_input_tokens": 0, "output_tokens": answer, "reasoning_output_tokens": 0}
    return {"type": "turn.completed", "usage": usage}


def test_turns_of_codex_are_differences():
    """The counters are of the thread since it began; the model is the caller's to say."""
    started = {"type": "thread.started", "thread_id": "t1"}
    item = {"type": "item.completed", "item": {"type": "agent_message", "text": "Hi"}}
    found, passed = read(started, {"type": "turn.started"}, item, turn(1000, 100), turn(3000, 300), turn(500, 50))
    with pytest.raises(UnknownModelError):
        found[0].calculate()
    costs = [call.calculate(model="small-1").total for call in found]
    assert costs == [Decimal("0.0014"), Decimal("0.0028"), Decimal("0.0007")]
    assert {call.own["session"] for call in found} == {"t1"}
    assert passed == {"thread.started": 1, "turn.started": 1, "item.completed": 1}


def test_a_thread_whose_log_is_there_counts_once():
    from tests.session_logs import event

    found, _ = read({"type": "thread.started", "thread_id": "c1"}, turn(1000, 100), *rollout("c1", event(1, 1)))
    assert [call.calculate().total for call in found] == [Decimal("0.0014")]


def test_sums_of_sessions_cross_no_threshold():
    """150,000 tokens of many prompts: 0.15 and 0.1 USD at the plain rate, each a lower bound."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "input_cost_per_token_above_100k_tokens": 2e-06}})
    lines = [result(m={"inputTokens": 150_000, "outputTokens": 0}), turn(100_001, 0)]
    costs = [call.calculate(model="m", cost_map=prices) for call in read_log(map(json.dumps, lines))]
    assert [(cost.total, cost.lower_bound) for cost in costs] == [
        (Decimal("0.15"), True),
        (Decimal("0.100001"), True),
    ]


def test_a_model_without_a_count_is_no_call():
    found, _ = read(result(small_1={}, large_1={"inputTokens": 0, "outputTokens": 0}))
    assert [call.calculate().matched_as for call in found] == ["small-1"]


def step(identity, session="o1"):
    tokens = {"input": 1000, "output": 100, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    part = {"id": identity, "sessionID": session, "messageID": "msg_1", "type": "step-finish", "tokens": tokens}
    event = {"type": "step_finish", "timestamp": 1767607205000, "sessionID": session}
    return {**event, "part": {**part, "cost": 0.003}}


def test_steps_of_opencode():
    """Each step is a call, whose model the caller names; where the session is kept, its messages count."""
    text = {"type": "text", "timestamp": 1, "sessionID": "o1", "part": {"type": "text", "text": "Done."}}
    found, passed = read(text, step("prt_1"), step("prt_2"), step("prt_2"))
    assert [call.calculate(model="small-1").total for call in found] == [Decimal("0.0014")] * 2
    assert found[0].own == {"agent": "opencode", "id": "prt_1", "session": "o1"}
    assert (found[0].time, found[0].cost) == (1767607205, Decimal("0.003"))
    assert passed == {"text": 1, "copies of calls": 1}
    kept = {"id": "msg_1", "sessionID": "o1", "role": "assistant", "modelID": "small-1", "tokens": {"input": 1000}}
    found, _ = read(step("prt_1"), kept, step("prt_9", "o2"))
    assert [(call.own["id"], call.own["session"]) for call in found] == [("msg_1", "o1"), ("prt_9", "o2")]
