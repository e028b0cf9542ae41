"""Prices of one's own, as they are handed over."""

from __future__ import annotations

import pytest

from llmcost import CostMap, PriceDataError
from llmcost.prices.own_prices import copied


def test_what_is_copied_is_no_longer_the_callers():
    """Dicts and lists at every depth."""
    given = {"tiered_pricing": [{"range": [0, 1]}]}
    found = copied(given)
    given["tiered_pricing"][0]["range"].append(2)
    assert found == {"tiered_pricing": [{"range": [0, 1]}]}


def test_an_entry_that_contains_itself_is_refused():
    """It has no end; the error names what it is."""
    row: dict[str, object] = {"input_cost_per_token": 1e-6}
    row["tiered_pricing"] = [row]
    with pytest.raises(PriceDataError, match="contains itself, or is nested more than"):
        CostMap({"m": row})
