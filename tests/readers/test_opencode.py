"""OpenCode: a message, one with its parts, and the events of a run."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, read_usage
from tests.agent_prices import row

PRICES = CostMap({"m": row("anthropic"), "openrouter/m": row("openrouter", 2)})
TOKENS = {"input": 1000, "output": 100, "reasoning": 0, "cache": {"read": 500, "write": 200}}
message = {
    "id": "msg_1",
    "sessionID": "ses_1",
    "role": "assistant",
    "modelID": "m",
    "providerID": "anthropic",
    "time": {"created": 1767607200000, "completed": 1767607205000},
    "cost": 0.25,
    "tokens": TOKENS,
}
# As version 2 keeps it: the model is an object, and there is neither a role nor a total.
second = {
    "id": "msg_2",
    "type": "assistant",
    "agent": "build",
    "model": {"id": "m", "providerID": "anthropic", "variant": "default"},
    "content": [{"type": "text", "id": "text-0", "text": "Done."}],
    "finish": "stop",
    "time": {"created": 1767607200000, "completed": 1767607205000},
    "cost": 0.25,
    "tokens": {**TOKENS, "reasoning": 40},
}
# 1000 x 1e-6 + 500 x 1e-7 + 200 x 1.25e-6 + 100 x 4e-6
ONE = Decimal("0.0017")


def step(number, **tokens):
    part = {"id": f"prt_{number}", "messageID": "msg_1", "sessionID": "ses_1", "type": "step-finish", "cost": 0}
    event = {"type": "step_finish", "timestamp": 1767607205000, "sessionID": "ses_1"}
    return {**event, "part": {**part, "tokens": {**TOKENS, **tokens}}}


TEXT = {"type": "text", "timestamp": 1, "sessionID": "ses_1", "part": {"type": "text", "text": "Done."}}


@pytest.mark.parametrize("response", [message, {"info": message, "parts": [TEXT["part"]]}], ids=["message", "parts"])
def test_a_message(response):
    """The cache stands beside the input; the cost of the program is no bill."""
    cost = PRICES.calculate(response)
    assert (cost.total, cost.lower_bound, cost.usage.context, cost.usage.at) == (ONE, False, 1700, 1767607200)
    assert any(note.code == "cost_not_used" for note in cost.notes)
    assert PRICES.calculate({**message, "providerID": "openrouter"}).total == 2 * ONE


def test_a_message_of_version_2():
    """Its reasoning is beside its output: 40 x 4e-6 more."""
    cost = PRICES.calculate(second)
    assert (cost.total, cost.lower_bound, cost.usage.at) == (ONE + Decimal("0.00016"), False, 1767607200)
    assert cost.usage.quantities == {
        "input": 1000,
        "cache_read": 500,
        "cache_write": 200,
        "output": 100,
        "reasoning": 40,
    }
    dearer = {**second, "model": {"id": "m", "providerID": "openrouter"}}
    assert PRICES.calculate(dearer).total == 2 * cost.total
    # A total says that it is an older message, which version 2 has copied.
    older = {**second, "tokens": {**second["tokens"], "total": 1800}}
    assert PRICES.calculate(older).usage.quantities["output"] == 60


def test_the_steps_of_a_run():
    """Each step is a call with a prompt of its own, of a model that the caller names."""
    cost = PRICES.calculate([TEXT, step(1), TEXT, step(2, output=200)], model="m")
    assert cost.total == 2 * ONE + Decimal("0.0004")
    assert [part.context for part in cost.usage.parts] == [1700, 1700]
    assert PRICES.calculate(step(1), model="m").total == ONE


@pytest.mark.parametrize(
    ("total", "output", "quantities", "bound"),
    [
        # 1700 in. The total holds the thoughts beside the output, or inside it; without one the smaller is a bound.
        (1840, 100, {"output": 100, "reasoning": 40}, False),
        (1800, 100, {"output": 60, "reasoning": 40}, False),
        (None, 10, {"output": 10, "reasoning": 40}, False),
        (None, 100, {"output": 60, "reasoning": 40}, True),
    ],
)
def test_where_the_thoughts_are(total, output, quantities, bound):
    usage = read_usage({**message, "tokens": {**TOKENS, "output": output, "reasoning": 40, "total": total}})
    assert {name: usage.quantities[name] for name in quantities} == quantities
    assert usage.partial is bound
    assert ["left_out"] * bound == [note.code for note in usage.notes if note.code == "left_out"]


def test_a_message_that_is_not_done():
    """Its counters are those of what was answered so far; what else is not known of them is said too."""
    running = {**message, "time": {"created": 1767607200000}}
    assert read_usage(running).partial
    assert [note.code for note in read_usage(running).notes if note.code != "cost_not_used"] == []
    doubtful = read_usage({**running, "tokens": {**TOKENS, "output": 100, "reasoning": 40, "total": None}})
    assert [note.code for note in doubtful.notes if note.code != "cost_not_used"] == ["left_out", "broken_off"]


def test_a_counter_that_nobody_knows():
    assert read_usage({**message, "tokens": {**TOKENS, "fancy": 7}}).unread == {"fancy": 7}
    assert read_usage({**message, "tokens": {**TOKENS, "cache": {"read": 1, "kept": 7}}}).unread == {"cache.kept": 7}
    assert read_usage([step(1, fancy=7), step(2)]).unread == {"fancy": 7}


@pytest.mark.parametrize("response", [{**message, "tokens": {"input": 0, "output": 0}}, [TEXT, TEXT]])
def test_nothing_counted(response):
    with pytest.raises(MissingUsageError):
        read_usage(response)


@pytest.mark.parametrize("name", ["input", "output", "reasoning", "total"])
def test_a_count_that_is_none(name):
    with pytest.raises(InconsistentUsageError, match=rf"tokens\.{name}"):
        read_usage({**message, "tokens": {**TOKENS, name: "many"}})


def test_a_message_of_a_user_is_no_call():
    with pytest.raises(Exception, match="no reader knows"):
        read_usage({"id": "msg_0", "sessionID": "ses_1", "role": "user", "time": {"created": 1767607200000}})
