"""Rows of a public map price alike, whether they are a map, are registered one by one, or stand in a configuration."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from llmcost import CostMap, LLMCostError, Usage
from llmcost.core.counts import image_units

ROWS = json.loads((Path(__file__).parents[2] / "data" / "model_prices.json").read_bytes())
# Each so-manieth row, so that every seller and mode is among them; an alias is no row.
EVERY = 23
NAMES = [name for name, row in list(ROWS.items())[::EVERY] if "alias_of" not in row]
USED = (
    Usage(input=1000, output=100),
    Usage(input=200, cache_read=800, output=100, reasoning=10),
    Usage(input=300_000, output=10),
    Usage(alternatives=(image_units(1, "1024x1024"),)),
    Usage(duration=30),
    Usage(input_characters=50),
    Usage(queries=2),
)


def said(prices, name, usage):
    """Return the total and what is unpriced; for an error that something is wrong."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cost = prices.calculate(usage=usage, model=name)
    except LLMCostError:
        return "error"
    return str(cost.total), set(cost.unpriced)


@pytest.fixture(scope="module")
def as_a_map():
    return CostMap({name: ROWS[name] for name in NAMES})


def test_registered_row_by_row(as_a_map):
    """Their zeros, blocks and unknown keys mean what they mean in the map."""
    registered = CostMap({})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        registered.register_model({name: ROWS[name] for name in NAMES})
    differ = [
        (name, usage, said(as_a_map, name, usage), said(registered, name, usage))
        for name in NAMES
        for usage in USED
        if said(as_a_map, name, usage) != said(registered, name, usage)
    ]
    assert differ == []


def test_in_a_configuration_row_by_row(as_a_map):
    """As a deployment of its own over an empty map; a row that states no price is an unknown model there."""
    differ = []
    for name in NAMES[::5]:
        deployment = {"model_name": "x", "litellm_params": {"model": name}, "model_info": ROWS[name]}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            configured = CostMap({}).with_config({"model_list": [deployment]})
        for usage in USED:
            one, two = said(as_a_map, name, usage), said(configured, "x", usage)
            if one != two and (two != "error" or one[0] != "0"):
                differ.append((name, usage, one, two))
    assert differ == []
