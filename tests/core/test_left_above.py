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


PASSED = {
    **ROW,
    "input_cost_per_token_flex": 1.3e-6,
    "output_cost_per_token_flex": 5e-6,
    "input_cost_per_token_above_200k_tokens": 5e-6,
}


@pytest.mark.parametrize(
    ("own", "facts", "about"),
    [
        ({"input_cost_per_token": 1.5e-6}, {"service_tier": "flex"}, ["input_cost_per_token"]),
        ({"input_cost_per_token": 1.5e-6, "input_cost_per_token_flex": 1e-6}, {"service_tier": "flex"}, []),
        ({"output_cost_per_token": 1e-5}, {"service_tier": "flex"}, ["output_cost_per_token"]),
        ({"input_cost_per_token": 1.5e-6, "scale_rest": True}, {"service_tier": "flex"}, []),
        ({"input_cost_per_token": 1.5e-6, "replace": True}, {"service_tier": "flex"}, []),
        ({"input_cost_per_token": 1.5e-6}, {}, []),
        ({}, {"service_tier": "flex"}, []),
    ],
)
def test_an_own_base_price_that_the_maps_tier_passes_over(own, facts, about):
    """Flex costs what the map says of it, 10 x 1.3e-6 + 10 x 5e-6, and the price that is not used is named."""
    cost = CostMap({"m": PASSED}).calculate(usage=Usage(input=10, output=10), model="m", **own, **facts)
    assert [note.about for note in cost.notes if note.code == "own_price_passed_over"] == about
    if about:
        assert str(cost) == "0.000063"


def test_a_base_price_that_the_map_does_not_have_is_passed_over_too():
    """Flex costs 10 x 1e-6, and nobody is told otherwise that the price of his own is not used."""
    prices = CostMap({"m": {"input_cost_per_token_flex": 1e-6, "output_cost_per_token": 4e-6}})
    cost = prices.calculate(usage=Usage(input=10), model="m", service_tier="flex", input_cost_per_token=5e-6)
    assert (str(cost), [note.code for note in cost.notes]) == ("0.00001", ["own_price_passed_over"])


def test_a_threshold_passes_over_a_registered_price_too():
    """200,001 x 5e-6: the registered price is of prompts below."""
    prices = CostMap({"m": PASSED})
    prices.register({"m": {"input_cost_per_token": 4e-6}})
    cost = prices.calculate(usage=Usage(input=200_001), model="m")
    assert str(cost) == "1.000005"
    assert [note.code for note in cost.notes] == ["own_price_passed_over"]
