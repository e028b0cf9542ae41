"""Stored Costs made anew of their quantities: the same as those that are read from what was written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import llmcost
from llmcost.core.forms import Form, form_key, form_of
from llmcost.spend.restoring import FormCosts, usage_of

PRICES = llmcost.CostMap(
    {
        # 0.000002 and 0.0000002 USD, a fee of 0.01 a search, and prices above a threshold.
        "m": {
            "input_cost_per_token": "2e-6",
            "cache_read_input_token_cost": "2e-7",
            "output_cost_per_token": "8e-6",
            "output_cost_per_token_above_200k_tokens": "12e-6",
            "web_search_cost_per_query": "0.01",
            "litellm_provider": "openai",
        },
        # A third of a cent: no amount of it has a finite decimal.
        "thirds": {"input_cost_per_token": Fraction(1, 300), "output_cost_per_token": "8e-6"},
    }
)


@pytest.mark.parametrize(
    ("model", "quantities", "more"),
    [
        ("m", {"input": 1000, "output": 100}, {}),
        ("m", {"input": 1, "output": 1}, {}),
        ("m", {"input": 250_000, "cache_read": 17, "output": 3, "web_searches": 2}, {}),
        ("m", {"input": 3, "output": 1}, {"at": "2026-11-01T12:00:00Z", "region": "eu"}),
        ("thirds", {"input": 1, "output": 1}, {}),
    ],
)
def test_a_cost_of_a_form_is_the_one_that_was_written(model, quantities, more):
    """Every field, digit for digit, in lines and in sums."""
    facts = {name: value for name, value in more.items() if name == "region"}
    usage = llmcost.Usage(**quantities, **({"at": more["at"]} if "at" in more else {}))
    cost = PRICES.calculate(usage=usage, model=model, **facts)
    assert form_key(cost) is not None
    form = Form(form_of(cost))
    found, written = FormCosts(form).cost(quantities), llmcost.Cost.from_dict(form.cost(list(quantities.values())))
    assert found == written == cost
    assert (repr(found), found.to_dict()) == (repr(written), written.to_dict())
    assert [line.values() for line in found.line_items] == [line.values() for line in written.line_items]
    assert [str(line.amount) for line in found.line_items] == [str(line.amount) for line in written.line_items]
    assert (found.as_integer_ratio(), found.saving()) == (written.as_integer_ratio(), written.saving())


def test_a_usage_with_notes():
    """What was noted of it is kept, in its order."""
    usage = llmcost.Usage(input=10, notes=("first", "second"))
    assert [str(note) for note in usage_of(usage.to_dict()).notes] == ["first", "second"]


def test_a_usage_of_every_kind_of_number():
    """Whole, with a finite decimal, and a third of a second: each is the number that was counted."""
    for seconds in (3, Decimal("1.5"), Fraction(1, 3)):
        usage = llmcost.Usage(input=10, duration=seconds)
        assert usage_of(usage.to_dict()).duration == seconds
