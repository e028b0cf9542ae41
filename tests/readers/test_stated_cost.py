"""A stated cost is not lost by an error: it is what is charged, whatever the counters mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, read_usage

MAP = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}})
# 50 cached of 10.
COUNTERS = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}
CHAT = {"object": "chat.completion", "id": "gen-1", "provider": "X", "model": "m", "choices": []}
DETAILS = {"prompt_tokens_details": {"cached_tokens": 50}}
RESPONSE = {
    "object": "response",
    "model": "m",
    "output": [],
    "usage": {"input_tokens": 10, "output_tokens": 10, "input_tokens_details": {"cached_tokens": 50}},
}


def stating(**cost: object) -> list[dict]:
    return [
        {**CHAT, "usage": {**COUNTERS, **DETAILS, **cost}},
        {**RESPONSE, "usage": {**RESPONSE["usage"], **cost}},
    ]


@pytest.mark.parametrize("model", ["m", "unknown/model"])
@pytest.mark.parametrize("body", [*stating(cost=0.001), *stating(cost_in_usd_ticks=10_000_000)[1:]])
def test_the_stated_cost_is_the_cost(body, model):
    """0.001, once as it is and once as 10,000,000 x 1e-10; the contradiction is a note and there is no calculation."""
    cost = MAP.calculate({**body, "model": model})
    assert cost.total == Decimal("0.001")
    assert cost.calculated is None
    assert "contradiction" in {note.code for note in cost.notes}
    assert cost.usage.quantities == {"input": 10, "output": 10}
    assert read_usage(body).reported == Decimal("0.001")


def test_without_a_stated_cost_it_is_an_error():
    """So it is where the caller wants a calculation, and where the cost is none."""
    body = {**CHAT, "usage": {**COUNTERS, **DETAILS}}
    with pytest.raises(InconsistentUsageError, match="exceed prompt_tokens=10"):
        read_usage(body)
    for bad in stating(cost="x"):
        with pytest.raises(InconsistentUsageError):
            MAP.calculate(bad)
    for good in stating(cost=0.001):
        with pytest.raises(InconsistentUsageError, match="exceed"):
            MAP.calculate(good, prefer="calculated")


def test_a_count_that_is_none_is_left_out():
    """True is a number to Python, and no count: what is left is one that can be added up."""
    usage = read_usage({**CHAT, "usage": {**COUNTERS, "prompt_tokens": True, "cost": 0.001}})
    assert (usage.quantities, usage.total_tokens, usage.reported) == ({"output": 10}, 10, Decimal("0.001"))
    usage = read_usage({**CHAT, "usage": {**COUNTERS, "completion_tokens": 10**5000, "cost": 0.001}})
    assert (usage.quantities, usage.reported) == ({"input": 10}, Decimal("0.001"))
