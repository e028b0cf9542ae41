"""Amounts without a Cost: the same whole numbers as those of the Cost, or none."""

from __future__ import annotations

import pytest

from llmcost import CostMap, Usage
from llmcost.api.amounts import amount_of, is_plain
from llmcost.core.notes import Note

PLAIN = {"input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06}
STEP = {**PLAIN, "input_cost_per_token_above_200k_tokens": 2e-06}


@pytest.fixture
def prices():
    made = CostMap({"small-1": PLAIN, "long-1": STEP, "acme/small-2": {**PLAIN, "litellm_provider": "acme"}})
    for model in ("small-1", "long-1"):
        made.of_usage(Usage(input=1, model=model))
    return made


def test_the_units_of_a_common_call(prices):
    units, tariff = amount_of(prices, Usage(input=1000, output=100, model="small-1"))
    # 1000 x 1e-6 + 100 x 4e-6
    assert (units / tariff.denominator, tariff.card.name) == (0.0014, "small-1")


def test_a_provider_is_of_the_question(prices):
    usage = Usage(input=1000, model="small-2", provider="acme")
    assert amount_of(prices, usage) is None
    prices.of_usage(usage)
    units, tariff = amount_of(prices, usage)
    assert (units / tariff.denominator, tariff.card.name) == (0.001, "acme/small-2")


@pytest.mark.parametrize(
    "more",
    [
        {"model": "nobody"},
        {"model": None},
        {"model": ["small-1"]},
        {"service_tier": "flex"},
        {"at": "2026-01-01"},
        {"partial": True},
        {"notes": (Note("caller", "more than counters"),)},
        {"input": 0},
        {"input": 0.5},
        {"input_audio_seconds": 3},
        {"model": "long-1", "input": 200_001},
        {"model": "long-1", "context": None},
        {"reported": 1},
    ],
)
def test_what_has_to_be_asked_further(prices, more):
    usage = Usage(input=1000, model="small-1")
    assert amount_of(prices, usage) is not None
    quantities = {name: value for name, value in more.items() if name.startswith("input")}
    usage = Usage(**{"input": 1000, "model": "small-1", **quantities})
    for name, value in more.items():
        if name not in quantities:
            setattr(usage, name, value)
    assert amount_of(prices, usage) is None


def test_prices_of_another_day():
    """o3 fell from 10 to 2 USD per 1M tokens on 2025-06-10 (1749513600)."""
    prices = CostMap()
    for _ in range(2):  # The first call tells since when the price holds, the second one that its day has passed.
        prices.of_usage(Usage(input=1000, model="o3", at=1_767_225_600))
    units, tariff = amount_of(prices, Usage(input=1000, model="o3", at=1_767_225_600))
    assert units / tariff.denominator == 0.002
    assert amount_of(prices, Usage(input=1000, model="o3", at=1_749_513_599)) is None
    assert amount_of(prices, Usage(input=1000, model="o3", at=4_000_000_000)) is None


def test_a_map_that_prices_in_a_way_of_its_own(prices):
    class Own(CostMap):
        def calculate(self, *given, **more):
            return super().calculate(*given, **more)

    assert (is_plain(prices), is_plain(Own({}))) == (True, False)
