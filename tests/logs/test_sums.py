"""Sums of costs: exact, and with the tokens as they were counted."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from llmcost import CostMap, Usage
from llmcost.core.call_cost import of_segments
from llmcost.core.meters import METERS
from llmcost.logs.sums import Sum, Sums, tokens
from tests import responses

PRICES = CostMap(
    {
        "small-1": {
            "input_cost_per_token": 1e-06,
            "cache_read_input_token_cost": 1e-07,
            "output_cost_per_token": 4e-06,
        },
        "hour-1": {"cost_per_hour": 1},
    }
)


def cost(model="small-1", **usage):
    return PRICES.calculate(usage=Usage(**usage), model=model)


def test_a_sum_is_exact_and_counts_tokens():
    """(90 + 10 x 0.1 + 5 x 4) x 1e-6 = 0.000111, twice, in whatever context."""
    total = Sum()
    with localcontext() as context:
        context.prec = 2
        for _ in range(2):
            total.add(cost(input=90, cache_read=10, output=3, reasoning=2))
        assert str(total.total) == "0.000222"
    assert (total.calls, total.input, total.cached, total.output) == (2, 200, 20, 10)
    assert (total.exact, total.bound) == (True, False)


def test_sums_are_those_of_fractions():
    """A second of an hour is no finite decimal; 3,600 of them are."""
    total, whole = Sum(), Fraction(0)
    for seconds in (1, 7, 3592):
        found = PRICES.calculate(model="hour-1", duration=seconds)
        assert not PRICES.calculate(model="hour-1", duration=7).exact
        whole += Fraction(*found.as_integer_ratio())
        total.add(found)
        assert total.exact == (whole == 1)
    assert total.total == 1


def test_a_lower_bound_stays_one():
    """A meter without a rate makes the sum a lower bound, also in the sum of sums."""
    sums = Sums()
    sums["a"].add(cost(input=1))
    assert not sums["a"].bound
    sums["b"].add(cost(input=1, web_searches=2))
    sums["a"].add(cost(input=1))
    assert [(name, part.calls, part.bound) for name, part in sums.items()] == [("a", 2, False), ("b", 1, True)]
    whole = sums.whole()
    assert (whole.calls, whole.bound, str(whole.total), whole.input) == (3, True, "0.000003", 3)
    assert Sums().whole().total == 0


def test_tokens_of_every_response():
    """They are those that the usage says, whatever its shape."""
    for example in responses.everything():
        usage = example.price(example.response).usage
        found = of_segments((), usage)
        read, _, written = tokens(found)
        assert read == Decimal(str(usage.input_tokens)), example
        assert written == Decimal(str(usage.output_tokens)), example


@pytest.mark.parametrize("meter", METERS)
def test_tokens_of_every_meter(meter):
    """Seven units of it count as Usage counts them; fractions are read as they are written."""
    for quantity in (7, 2.5):
        usage = Usage(**{meter: quantity})
        cached = quantity if meter.startswith("cache_read") else 0
        said = tuple(Decimal(str(number)) for number in (usage.input_tokens, cached, usage.output_tokens))
        assert tokens(of_segments((), usage)) == said


def test_a_cost_without_a_usage_has_no_tokens():
    """As a sum of several."""
    assert tokens(sum([cost(input=1), cost(input=2)])) == (0, 0, 0)
