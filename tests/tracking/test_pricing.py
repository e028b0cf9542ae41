"""What a tracked call cost, by what its request and its response say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, Usage
from llmcost.tracking.pricing import Facts, price

MAP = CostMap(
    {
        "m": {"input_cost_per_token": 1e-6, "litellm_provider": "openai"},
        "azure/m": {"input_cost_per_token": 2e-6, "litellm_provider": "azure"},
    }
)
USAGE = Usage(input=1000, model="m")


@pytest.mark.parametrize(("prefer", "total"), [("auto", "0.5"), ("reported", "0.5"), ("calculated", "0.001")])
def test_which_cost_counts(prefer, total):
    """The provider stated 0.5 USD, and the prices say 1000 x 1e-6."""
    usage = USAGE.replaced(reported=Decimal("0.5"))
    assert price(MAP, prefer, Facts("m"), usage, 0).total == Decimal(total)


def test_who_serves_a_call_decides_whose_price_it_is():
    """1000 x 1e-6 at OpenAI, and 1000 x 2e-6 at Azure."""
    usage = Usage(input=1000)
    assert price(MAP, "auto", Facts("m"), usage, 0).total == Decimal("0.001")
    assert price(MAP, "auto", Facts("m", "azure"), usage, 0).total == Decimal("0.002")


def test_a_price_of_ones_own_for_a_deployment():
    """It stands under the provider and the name of the deployment: 1000 x 5e-6; else the model counts: 1000 x 2e-6."""
    prices = CostMap({name: MAP[name] for name in MAP})
    called = Facts(None, "azure", "prod")
    assert price(prices, "auto", called, USAGE, 0).total == Decimal("0.002")
    prices.register({"azure/prod": {"input_cost_per_token": 5e-6, "litellm_provider": "azure"}})
    assert price(prices, "auto", called, USAGE, 0).total == Decimal("0.005")
