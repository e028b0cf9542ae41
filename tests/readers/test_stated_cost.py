"""A stated cost is not lost by an error: it is what is charged, whatever the counters mean."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, UnpricedUsageWarning, read_usage

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


@pytest.mark.parametrize("name", ["cost", "cost_in_usd_ticks"])
@pytest.mark.parametrize("stated", [-1, float("nan"), float("inf"), "1e400", "dear", True, ["0.1"]])
def test_a_cost_that_cannot_be_read_is_named(stated, name):
    """10 x 1e-06 + 10 x 2e-06 are billed by the card."""
    for body in (
        {**CHAT, "usage": {**COUNTERS, name: stated}},
        {**RESPONSE, "usage": {"input_tokens": 10, "output_tokens": 10, name: stated}},
    ):
        usage = read_usage(body)
        assert usage.reported is None
        assert [(note.code, note.about) for note in usage.notes] == [("cost_not_read", name)]
        cost = MAP.calculate({**body, "model": "m"}, provider="x")
        assert [str(line.amount) for line in cost.line_items] == ["0.00001", "0.00002"]


def test_a_cost_in_another_currency_is_named():
    """It is no amount of USD."""
    usage = read_usage({**CHAT, "usage": {**COUNTERS, "cost": {"total_cost": 0.5, "currency": "EUR"}}})
    assert usage.reported is None
    assert [note.code for note in usage.notes] == ["cost_not_read"]


@pytest.mark.parametrize("stated", [None, "", " ", 0, 0.0, "0", 0.25, "0.25"])
def test_a_cost_that_is_absent_or_read_has_no_note(stated):
    """A cost of 0 is an amount."""
    usage = read_usage({**CHAT, "usage": {**COUNTERS, "cost": stated}})
    assert usage.reported == (None if stated in {None, "", " "} else Decimal(stated))
    assert usage.notes == ()


def test_a_count_that_cannot_be_compared_is_left_out():
    """A quiet NaN of Decimal raises when it is compared. The stated cost stays the cost."""
    odd = {"prompt_tokens": 0, "completion_tokens": Decimal("NaN"), "total_tokens": 2266.5, "cost": 0.001}
    usage = read_usage({**CHAT, "usage": {**odd, "prompt_tokens_details": {"cached_tokens": 2161}}})
    assert (usage.quantities, usage.reported) == ({}, Decimal("0.001"))
    # The counters are understood, and contradict each other: the stated cost is no lower bound of anything.
    assert [note.code for note in usage.notes] == ["contradiction"]


def test_a_stated_cost_of_0_beside_a_contradiction_is_noted():
    """The counters say nothing that can be read, and the call used something: 118 tokens of reasoning at least."""
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "completion_tokens_details": {"reasoning_tokens": 118}}
    cost = MAP.calculate({**CHAT, "usage": {**usage, "cost": 0}})
    assert cost.total == 0
    assert {note.code for note in cost.notes} >= {"contradiction", "reported_zero"}
    with pytest.warns(UnpricedUsageWarning, match="a cost of 0"):
        MAP.completion_cost({**CHAT, "usage": {**usage, "cost": 0}})
