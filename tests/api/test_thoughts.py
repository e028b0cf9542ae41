"""Thoughts that only the total states: Gemini's endpoint in OpenAI's shape leaves them out of the answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

import llmcost
from llmcost import CostMap

ANSWER = {
    "object": "chat.completion",
    "model": "gemini-2.5-flash",
    "choices": [],
    "usage": {"prompt_tokens": 30, "completion_tokens": 10, "total_tokens": 240},
}
ROW = {"input_cost_per_token": 3e-07, "output_cost_per_token": 2.5e-06, "mode": "chat"}


def prices(provider):
    return CostMap({"m": {**ROW, "litellm_provider": provider}})


@pytest.mark.parametrize("provider", ["gemini", "vertex_ai", "vertex_ai-language-models"])
def test_they_are_billed_as_reasoning(provider):
    """240 - 30 - 10 = 200 thoughts: 30 x 3e-07 + 210 x 2.5e-06 = 0.000534."""
    cost = prices(provider).calculate(ANSWER, model="m")
    assert (cost.total, cost.complete) == (Decimal("0.000534"), True)
    assert {line.meter: line.quantity for line in cost.line_items} == {"input": 30, "output": 10, "reasoning": 200}
    assert [note.code for note in cost.notes if note.about == "total_tokens"] == ["thoughts_in_total"]


def test_they_are_beside_the_thoughts_that_are_counted():
    """4 of the 10 tokens of the answer are reasoning, and 200 more are in the total: the sum is the same 0.000534."""
    counters = {**ANSWER["usage"], "completion_tokens_details": {"reasoning_tokens": 4}}
    cost = prices("gemini").calculate({**ANSWER, "usage": counters}, model="m")
    assert {line.meter: line.quantity for line in cost.line_items} == {"input": 30, "output": 6, "reasoning": 204}
    assert cost.total == Decimal("0.000534")


def test_another_seller_says_that_something_is_missing():
    """30 x 3e-07 + 10 x 2.5e-06 = 0.000034, and more may be due."""
    cost = prices("openai").calculate(ANSWER, model="m")
    assert (cost.total, cost.complete) == (Decimal("0.000034"), False)
    assert "total_above" in {note.code for note in cost.notes}
    assert cost.usage.above == 200


def test_by_the_map():
    """10 x 3e-07 + 120 x 2.5e-06 = 0.000303."""
    usage = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 130}
    cost = llmcost.calculate({**ANSWER, "usage": usage}, model="gemini/gemini-2.5-flash")
    assert cost.total == Decimal("0.000303")


def test_a_total_that_agrees():
    """Nothing is above it."""
    usage = {"prompt_tokens": 30, "completion_tokens": 10, "total_tokens": 40}
    cost = prices("gemini").calculate({**ANSWER, "usage": usage}, model="m")
    assert (cost.total, cost.usage.above) == (Decimal("0.000034"), None)
