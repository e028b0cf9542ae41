"""Calls of which nothing reaches a line: either there is a reason for it, or it is an error."""

from __future__ import annotations

from decimal import Decimal

import pytest

import llmcost
from llmcost import CostMap, MissingUsageError, UnpricedUsageError, UnpricedUsageWarning, Usage
from llmcost.api import floats

PRICES = CostMap(
    {
        "tokens": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "mode": "chat"},
        "timed": {"input_cost_per_second": 0.001, "mode": "chat"},
        "zeros": {"input_cost_per_token": 1e-06, "output_cost_per_token": 0, "cache_read_input_token_cost": 0},
        "query": {"input_cost_per_token": 0, "output_cost_per_token": 0, "input_cost_per_query": 0.002},
        "gift": {"input_cost_per_token": 0, "output_cost_per_token": 0, "free": True},
    }
)
COUNTERS = {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010}


def response(model, **usage):
    return {"object": "chat.completion", "model": model, "choices": [], "usage": {**COUNTERS, **usage}}


def codes(cost):
    return [note.code for note in cost.notes]


@pytest.mark.parametrize(
    "facts",
    [
        {"usage": Usage()},
        {"usage": {"input": 0, "output": 0}},
        {"usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}},
        {"n": 0},
        {"characters": 0},
        {"web_searches": 0},
    ],
)
def test_zeros_that_are_stated_say_why_the_cost_is_zero(facts):
    """There is no line, nothing is unpriced, and the note is the reason."""
    cost = PRICES.calculate(model="tokens", **facts)
    assert (cost.total, cost.line_items, cost.complete, codes(cost)) == (0, (), True, ["nothing_used"])


def test_what_was_used_needs_no_such_note():
    """1000 x 1e-6 + 10 x 2e-6; a free model has lines that say free."""
    assert codes(PRICES.calculate(response("tokens"))) == []
    assert PRICES.calculate(response("tokens")).total == Decimal("0.00102")
    free = PRICES.calculate(response("gift"))
    assert (free.total, codes(free), [line.meter for line in free.line_items]) == (
        0,
        ["free_model"],
        ["input", "output"],
    )


def test_a_reason_that_is_stated_is_enough():
    """A usage that is free, a hit of the application's cache, a stream of which nothing is known yet."""
    assert codes(PRICES.calculate(usage=Usage(free="a refusal"), model="tokens")) == []
    assert codes(PRICES.calculate(usage=Usage(partial=True), model="tokens")) == ["broken_off"]
    cached = PRICES.calculate(response("tokens"), cache_hit=True)
    assert (cached.total, cached.waived) == (0, "answered from the application's own cache")


def test_a_measured_time_alone_is_no_usage():
    """It is billed by models that are sold by the time they take: 5 x 0.001; of others it says nothing."""
    assert PRICES.calculate(model="timed", elapsed=5).total == Decimal("0.005")
    for call in (
        lambda: PRICES.calculate(model="tokens", elapsed=5),
        lambda: PRICES.completion_cost(model="tokens", response_time_ms=5000),
    ):
        with pytest.raises(MissingUsageError, match="usage="):
            call()
    # Beside something that is counted it is one fact more.
    assert PRICES.calculate(response("tokens"), elapsed=5).total == Decimal("0.00102")
    assert PRICES.calculate(model="tokens", elapsed=5, web_searches=0).total == 0


def test_a_time_of_zero_beside_work_is_no_price():
    """A timer that failed: the seconds are unpriced, as if no time were stated."""
    cost = PRICES.calculate(usage=Usage(input=1000, output=100), model="timed", duration=0.0)
    assert (cost.total, cost.unpriced, cost.complete) == (0, ("input_seconds",), False)
    assert "duration_needed" in codes(cost)
    with pytest.raises(UnpricedUsageError):
        PRICES.completion_cost(response("timed"), duration=0.0)
    assert codes(PRICES.calculate(model="timed", duration=0)) == ["nothing_used"]


@pytest.mark.parametrize("model", ["nobody-knows-it", "tokens"])
def test_a_reported_cost_of_zero_beside_tokens_is_said(model):
    """The provider's 0 counts, and is no proof that nothing is billed: the note says so, and a float warns once."""
    cost = PRICES.calculate(response(model, cost=0))
    assert (cost.total, cost.reported, codes(cost)[0]) == (0, 0, "reported_zero")
    floats._warned.clear()
    with pytest.warns(UnpricedUsageWarning, match="reports a cost of 0"):
        assert PRICES.completion_cost(response(model, cost=0)) == 0.0


def test_a_reported_zero_that_is_right(recwarn):
    """A model that is free by the map as well, and a call that used nothing."""
    assert "reported_zero" not in codes(PRICES.calculate(response("gift", cost=0)))
    nothing = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    assert "reported_zero" not in codes(PRICES.calculate(response("tokens", cost=0, **nothing)))
    assert PRICES.completion_cost(response("gift", cost=0)) == 0.0
    assert recwarn.list == []


def test_a_zero_of_the_map_beside_prices_is_said_on_its_line():
    """Output at 0 beside input at 1e-6 may be a gap: 1000 x 1e-6. Tokens of a model that sells queries are free."""
    cost = PRICES.calculate(response("zeros"))
    assert cost.total == Decimal("0.001")
    assert [(line.meter, line.note.code) for line in cost.line_items] == [("input", ""), ("output", "zero_rate")]
    assert "zero_rate" not in codes(PRICES.calculate(usage=Usage(input=50, queries=1), model="query"))
    # A 0 of one's own is a price.
    assert codes(PRICES.calculate(response("tokens"), output_cost_per_token=0)) == []


def test_the_drop_in_functions_say_it_too():
    """A call that states zeros is a float of 0.0, as with LiteLLM."""
    assert llmcost.cost_per_token("gpt-4o", prompt_tokens=0, completion_tokens=0) == (0.0, 0.0)
