"""What ``codex exec --json`` prints: counters of a thread so far, at the end of each turn."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, read_usage

# USD a million tokens: 1, 0.1 for what is cached, and 4; twice as much above 100,000 tokens of one prompt.
PRICES = CostMap(
    {
        "m": {
            "input_cost_per_token": 1e-06,
            "cache_read_input_token_cost": 1e-07,
            "output_cost_per_token": 4e-06,
            "input_cost_per_token_above_100k_tokens": 2e-06,
        }
    }
)
STARTED = {"type": "thread.started", "thread_id": "t1"}
ITEM = {"type": "item.completed", "item": {"id": "item_1", "type": "agent_message", "text": "Done."}}


def turn(entered, cached, answer, thought, **more):
    counters = {"input_tokens": entered, "cached_input_tokens": cached, "output_tokens": answer}
    return {"type": "turn.completed", "usage": {**counters, "reasoning_output_tokens": thought, **more}}


one = turn(1000, 800, 100, 20)


@pytest.mark.parametrize("response", [one, [one], [STARTED, {"type": "turn.started"}, ITEM, one]])
def test_one_turn(response):
    """200 x 1e-6 + 800 x 1e-7 + 100 x 4e-6: the cache is inside the input, and the thoughts in the output."""
    cost = PRICES.calculate(response, model="m")
    assert cost.usage.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}
    assert cost.total == Decimal("0.00068")


def test_counters_run_on():
    """The last turn holds the first; counters that are smaller began anew."""
    events = [STARTED, one, turn(3000, 2000, 300, 20), turn(500, 0, 50, 0)]
    assert read_usage(events).quantities == {"input": 1500, "cache_read": 2000, "output": 330, "reasoning": 20}


def test_a_turn_has_no_prompt_of_its_own():
    """150,000 tokens of many prompts cross no threshold: 0.15, a lower bound."""
    cost = PRICES.calculate(turn(150_000, 0, 0, 0), model="m")
    assert (cost.total, cost.lower_bound) == (Decimal("0.15"), True)


def test_two_threads_are_two_calls():
    with pytest.raises(InconsistentUsageError, match="2 calls in one list"):
        read_usage([STARTED, one, {**STARTED, "thread_id": "t2"}, one])


def test_a_counter_that_nobody_knows():
    response = turn(1000, 0, 100, 0, fancy_tokens=7, total_tokens=1100)
    assert read_usage(response).unread == {"fancy_tokens": 7}
    assert read_usage([STARTED, response]).unread == {"fancy_tokens": 7}


@pytest.mark.parametrize("response", [turn(0, 0, 0, 0), [STARTED, ITEM], [STARTED, {"type": "turn.failed"}]])
def test_nothing_counted(response):
    with pytest.raises(MissingUsageError):
        read_usage(response)


@pytest.mark.parametrize("response", [turn(-1, 0, 0, 0), turn("many", 0, 0, 0), turn(10, 11, 5, 0)])
def test_counters_that_are_none(response):
    with pytest.raises(InconsistentUsageError):
        read_usage(response)
