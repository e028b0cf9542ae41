"""LiteLLM's whole map through three doors: a map of one's own, registered rows, and a configuration."""

from __future__ import annotations

import json
import warnings
from importlib.resources import files

import pytest

from llmcost import CostMap, LLMCostError
from llmcost.config import examine
from llmcost.core.meters import METERS
from llmcost.prices.images import is_sized
from llmcost.prices.rows import NO_MODELS
from llmcost.prices.vendors import ROUTER_FEES
from tests.litellm_objects import class_of

_MAP = "model_prices_and_context_window_backup.json"


@pytest.fixture(scope="module")
def rows():
    class_of("Usage")
    found = json.loads((files("litellm") / _MAP).read_text(encoding="utf-8"))
    return {name: row for name, row in found.items() if name not in NO_MODELS}


@pytest.fixture(scope="module")
def of_a_map(rows):
    return CostMap(rows)


def rates(prices, **asked):
    """Return what every meter costs under every condition; the error where there is no card."""
    try:
        card = prices.rate_card(**asked)
    except LLMCostError as error:
        return type(error).__name__
    cells = {(rate.meter, rate.conditions): rate.usd for rate in card.cells.values()}
    return cells, sorted(factor.text for factor in card.factors), card.mode, card.free is not None


def test_registered_rows_price_as_a_map_of_them(rows, of_a_map):
    """Every row: each rate under each condition, the factors, and which time is meant by a second."""
    assert len(rows) > 4500
    registered = CostMap({})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        registered.register_model(rows)
    found = {name: rates(of_a_map, model=name) for name in rows}
    assert [name for name in rows if rates(registered, model=name) != found[name]] == []
    # Names that are errors on both sides are equal too: nearly every row has rates.
    assert sum(isinstance(card, tuple) and bool(card[0]) for card in found.values()) > 0.95 * len(rows)


def test_rows_of_a_configuration_price_as_a_map_of_them(rows, of_a_map):
    """Each row as the ``model_info`` of a deployment.

    An alias is no price, and a row without prices leaves the deployment's model unknown. A plain row of an image model
    stands beside the rows of its sizes in a map; deployments know nothing of each other. A router's row is a fee in a
    map, and the price that is set in a deployment.
    """
    listed = {name: row for name, row in rows.items() if "alias_of" not in row}
    deployments = [
        {"model_name": f"row{number}", "litellm_params": {"model": name}, "model_info": {**row, "id": f"id{number}"}}
        for number, (name, row) in enumerate(listed.items())
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        prices = CostMap({}).with_config({"model_list": deployments})
        assert examine({"model_list": deployments}, CostMap({}))[1].errors == []
    sized = {name.rpartition("/")[2] for name in listed if is_sized(name)}
    different, equal = [], 0
    for number, name in enumerate(listed):
        one, other = rates(of_a_map, model=name), rates(prices, model=f"row{number}", deployment=f"id{number}")
        equal += one == other and isinstance(one, tuple)
        unpriced = other == "UnknownModelError" and not any(meter in METERS for meter, _ in one[0])
        if one != other and not unpriced and name not in ROUTER_FEES and name.rpartition("/")[2] not in sized:
            different.append(name)
    assert different == []
    assert equal > 0.9 * len(listed)
