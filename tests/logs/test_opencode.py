"""Session logs of OpenCode: a message a file; its reasoning is inside the output, or beside it, as the total says.

Prices are 1 USD a million for input, 0.1 for what is read from the cache, 1.25 for what is written, and 4 for output.
"""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, read_log
from llmcost.logs.opencode import Lines
from tests.agent_prices import row

PRICES = CostMap({"model-a": row("anthropic"), "openrouter/model-a": row("openrouter", 2)})


def message(identity="msg_1", *, total=None, reasoning=0, output=100, provider="anthropic", **beside):
    """1000 in, 500 read, 200 written, and the output: 0.001 + 0.00005 + 0.00025 + 100 x 4e-6."""
    tokens = {"input": 1000, "output": output, "reasoning": reasoning, "cache": {"read": 500, "write": 200}}
    if total is not None:
        tokens["total"] = total
    found = {"id": identity, "sessionID": "ses_1", "role": "assistant", "modelID": "model-a", "providerID": provider}
    time = {"created": 1767607200000, "completed": 1767607205000}
    path = {"cwd": "/project/shop/src", "root": "/project/shop"}
    return {**found, "time": time, "path": path, "cost": 0, "tokens": tokens, **beside}


ONE = Decimal("0.0017")
USER = {"id": "msg_0", "sessionID": "ses_1", "role": "user", "time": {"created": 1767607199000}}


@pytest.fixture
def folder(tmp_path):
    """Write a file for each message and return the folder."""

    def write(*messages):
        for number, one in enumerate(messages):
            path = tmp_path / "message" / one["sessionID"] / f"msg_{number}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(one, indent=2))
        return tmp_path / "message"

    return write


def test_a_session(folder):
    log = read_log(folder(USER, message()), cost_map=PRICES)
    (call,) = log
    cost = call.calculate()
    assert (cost.total, cost.lower_bound, cost.matched_as) == (ONE, False, "model-a")
    assert call.own == {"agent": "opencode", "id": "msg_1", "session": "ses_1", "project": "/project/shop"}
    assert (call.time, call.stated().context) == (1767607200, 1700)
    assert log.passed == {"user": 1}


@pytest.mark.parametrize(
    ("total", "output", "quantities", "bound"),
    [
        # 1700 in; the total holds the reasoning beside the output, or inside it.
        (1840, 100, {"output": 100, "reasoning": 40}, False),
        (1800, 100, {"output": 60, "reasoning": 40}, False),
        # More than the output is not inside it. Without a total nobody says which: the smaller is a lower bound.
        (None, 10, {"output": 10, "reasoning": 40}, False),
        (None, 100, {"output": 60, "reasoning": 40}, True),
        (1799, 100, {"output": 60, "reasoning": 40}, True),
    ],
)
def test_where_the_reasoning_is(folder, total, output, quantities, bound):
    (call,) = read_log(folder(message(total=total, output=output, reasoning=40)), cost_map=PRICES)
    cost = call.calculate()
    found = call.stated().quantities
    assert {name: found[name] for name in quantities} == quantities
    assert cost.total == Decimal("0.0013") + sum(quantities.values()) * Decimal("0.000004")
    assert cost.lower_bound is bound


def test_the_seller_that_is_named(folder):
    """A seller with a price of its own is billed by it; a plan is none, and the maker's price holds, with a note."""
    first, second = read_log(
        folder(message(provider="openrouter"), message("msg_2", provider="some-plan")), cost_map=PRICES
    )
    assert (first.calculate().matched_as, first.calculate().total) == ("openrouter/model-a", 2 * ONE)
    assert (second.calculate().matched_as, second.calculate().total) == ("model-a", ONE)
    assert any("some-plan" in note for note in second.calculate().notes)


def test_a_message_that_has_just_begun_and_one_that_broke_off(folder):
    """Without tokens there is no call yet; without an end its counters are a lower bound."""
    begun = message(tokens={"input": 0, "output": 0, "reasoning": 0, "cache": {"read": 0, "write": 0}})
    broken = message("msg_2", time={"created": 1767607200000})
    log = read_log(folder(begun, broken), cost_map=PRICES)
    (call,) = log
    assert (call.calculate().total, call.calculate().lower_bound, log.passed) == (ONE, True, {"assistant": 1})


def test_the_cost_of_the_program_is_the_recorded_one(folder):
    (call,) = read_log(folder(message(cost=0.25)), cost_map=PRICES)
    assert (call.cost, call.calculate().total) == (Decimal("0.25"), ONE)


def test_a_copy_is_no_call(folder):
    assert len(list(read_log(folder(message(), message()), cost_map=PRICES))) == 1


def test_a_count_that_is_none_is_an_error(folder):
    errors = []
    wrong = message(tokens={"input": 1, "output": "many"})
    assert list(read_log(folder(wrong), cost_map=PRICES, on_error=errors.append)) == []
    assert "tokens.output='many'" in errors[0].reason


def test_numbers_that_are_none():
    """Python writes NaN into JSON: as a time it states none, and a message with such a count is no call yet."""
    nan = float("nan")
    (call,) = Lines().read(message(time={"created": nan, "completed": nan}), ("msg_1.json", 1))
    assert (call.beside["time"], call.mark.name, call.mark.weight[:12]) == (None, "msg_1", "000000001800")
    tokens = {"input": nan, "output": 5, "reasoning": 0, "cache": {"read": 0, "write": 0}}
    assert Lines().read(message(tokens=tokens), ("msg_1.json", 1)) == "assistant"
