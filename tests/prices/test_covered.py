"""Which names of a map have the prices that were registered under another name."""

from __future__ import annotations

import pytest

from llmcost import CostMap, InvalidPriceError
from llmcost.prices.covered import covered

ONE, TWO, THREE = ({"input_cost_per_token": price} for price in (1e-06, 2e-06, 3e-06))
ROWS = {
    "m": ONE,
    "m-2026-01-31": ONE,
    "m@2026-02-28": ONE,
    "m-mini": ONE,
    "azure/m": ONE,
    "azure/m-2026-01-31": ONE,
    "openrouter/maker/m": ONE,
    "other": ONE,
}


def registered(rows, **prices):
    found = CostMap(rows)
    found.register(prices)
    return found


def usd(prices, name):
    return str(prices.rate_card(name).cells["input", ()].usd)


def test_a_price_that_names_no_provider_is_every_sellers():
    """The nearest names come first: the snapshots, then those of a seller."""
    prices = registered(ROWS, m=TWO)
    found = covered(prices, "m")
    assert found == ("m-2026-01-31", "m@2026-02-28", "azure/m", "azure/m-2026-01-31")
    assert {usd(prices, name) for name in found} == {"0.000002"}
    # m-mini is another model, and maker/m is a name of the router's own.
    assert {usd(prices, name) for name in ROWS.keys() - {"m", *found}} == {"0.000001"}


def test_a_sellers_price_covers_its_own_snapshots_alone():
    """Azure's price says nothing of anybody else's."""
    prices = registered(ROWS, **{"azure/m": TWO})
    assert covered(prices, "azure/m") == ("azure/m-2026-01-31",)
    assert (usd(prices, "azure/m-2026-01-31"), usd(prices, "m-2026-01-31")) == ("0.000002", "0.000001")


def test_a_name_with_a_registered_price_of_its_own_is_not_covered():
    """The snapshot has its own price, and is covered by nothing else."""
    prices = registered(ROWS, **{"m": TWO, "azure/m": THREE, "m@2026-02-28": THREE})
    assert covered(prices, "m") == ("m-2026-01-31",)
    assert covered(prices, "m@2026-02-28") == ()


def test_a_bedrock_id_covers_its_geographies():
    """us. and eu. are the same model, served from one part of the world."""
    rows = {"vendor.m": ONE, "us.vendor.m": ONE, "eu.vendor.m-2026-01-31": ONE, "vendor.n": ONE}
    assert covered(registered(rows, **{"vendor.m": TWO}), "vendor.m") == ("eu.vendor.m-2026-01-31", "us.vendor.m")


def test_a_price_without_a_namesake_covers_nothing():
    """Neither a model that the map does not have, nor one that nothing is registered for."""
    assert covered(registered(ROWS, mine=TWO), "mine") == ()
    assert covered(registered(ROWS, other=TWO), "m") == ()


def test_a_row_that_cannot_be_billed_by_is_passed_over():
    """A call by its name is an error, whatever is registered for its namesake."""
    prices = registered({**ROWS, "m-2026-01-31": {"input_cost_per_token": "free"}}, m=TWO)
    with pytest.raises(InvalidPriceError):
        prices.rate_card("m-2026-01-31")
    assert covered(prices, "m") == ("m@2026-02-28", "azure/m", "azure/m-2026-01-31")
