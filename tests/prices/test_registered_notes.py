"""Registered prices that are used for more than they may have been meant for."""

from __future__ import annotations

from llmcost import CostMap, Usage

ROWS = {
    "big": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6, "litellm_provider": "acme"},
    "big-2024-05-13": {"input_cost_per_token": 5e-6, "output_cost_per_token": 8e-6, "litellm_provider": "acme"},
    "big-2024-08-06": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6, "litellm_provider": "acme"},
}


def noted(prices, name):
    cost = prices.calculate(usage=Usage(input=1000), model=name)
    return str(cost), [note.about for note in cost.notes if note.code == "registered_for_another"]


def test_a_snapshot_that_has_another_price_in_the_map():
    """1000 x 7e-6 for all of them; the dearer snapshot is named, as it was dearer before."""
    prices = CostMap(ROWS)
    prices.register_model({"big": {"input_cost_per_token": 7e-6}})
    assert noted(prices, "big") == ("0.007", [])
    assert noted(prices, "big-2024-08-06") == ("0.007", [])
    assert noted(prices, "big-2024-05-13") == ("0.007", ["big-2024-05-13"])


def test_only_prices_that_are_registered_are_compared():
    """The output costs the same of both."""
    prices = CostMap(ROWS)
    prices.register_model({"big": {"output_cost_per_token": 9e-6}})
    assert noted(prices, "big-2024-05-13") == ("0.005", [])


def test_a_snapshot_that_is_registered_itself():
    """1000 x 6e-6, and nothing to say."""
    prices = CostMap(ROWS)
    prices.register_model({"big": {"input_cost_per_token": 7e-6}, "big-2024-05-13": {"input_cost_per_token": 6e-6}})
    assert noted(prices, "big-2024-05-13") == ("0.006", [])
