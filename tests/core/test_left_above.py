"""A price below which one of the map stays in force."""

from __future__ import annotations

import pytest

from llmcost import CostMap, Usage

ROW = {
    "input_cost_per_token": 2.5e-6,
    "output_cost_per_token": 1e-5,
    "cache_read_input_token_cost": 1.25e-6,
    "cache_creation_input_token_cost": 3e-6,
    "input_cost_per_token_batches": 1.25e-6,
}
MAP = CostMap({"m": ROW})
USED = Usage(input=86, cache_read=1920, output=300)


def said(usage, **facts):
    return [note.about for note in MAP.calculate(usage=usage, model="m", **facts).notes if note.code == "left_above"]


def test_a_discount_that_is_none_any_more():
    """86 x 1e-6 + 1920 x 1.25e-6 + 300 x 2e-6: the cached tokens stay at the map's price, which is said."""
    own = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}
    cost = MAP.calculate(usage=USED, model="m", **own)
    assert str(cost) == "0.003086"
    assert said(USED, **own) == ["cache_read_input_token_cost"]
    assert said(Usage(input=86, output=300), **own) == []


def test_a_conditional_price_that_is_dearer_than_the_base():
    """A batch at the map's 1.25e-6, beside 1e-6 for every other call."""
    assert said(Usage(input=10), batch=True, input_cost_per_token=1e-6) == ["input_cost_per_token_batches"]


@pytest.mark.parametrize(
    "facts",
    [
        {"input_cost_per_token": 2e-6},
        {"input_cost_per_token": 1e-6, "cache_read_input_token_cost": 1.1e-6},
        {"input_cost_per_token": 1e-6, "scale_rest": True},
        {"input_cost_per_token": 1e-6, "replace": True},
        {},
    ],
)
def test_nothing_is_said_where_it_is_meant(facts):
    """The new price is above it, or the other one is set, scaled or dropped too; or none is set."""
    assert said(USED, **facts) == []


def test_what_was_dearer_before_is_no_surprise():
    """A write costs more than an input in the map, too."""
    assert said(Usage(cache_write=10), input_cost_per_token=1e-6) == []
