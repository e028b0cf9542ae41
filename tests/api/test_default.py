"""The default map: the package's functions are its methods, and travel between processes as functions do."""

from __future__ import annotations

import inspect
import pickle

import pytest

import llmcost
from llmcost.api import floats
from llmcost.api.default import DEFAULT

FUNCTIONS = (
    "batch_cost_calculator",
    "calculate",
    "completion_cost",
    "cost_per_token",
    "get_max_tokens",
    "get_model_info",
    "register_model",
    "response_cost_calculator",
    "supports",
    "supports_function_calling",
    "supports_prompt_caching",
    "supports_vision",
)
RESPONSE = {
    "object": "chat.completion",
    "model": "m",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
}
OWN = llmcost.CostMap(
    {
        "m": {
            "input_cost_per_token": 2e-6,
            "output_cost_per_token": 1e-5,
            "max_output_tokens": 9,
            "supports_vision": True,
        }
    }
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_the_method_of_the_default_map(name):
    """With the same arguments, and no others."""
    function = getattr(llmcost, name)
    assert function == getattr(DEFAULT, name)
    assert list(inspect.signature(function).parameters) == [
        parameter for parameter in inspect.signature(getattr(llmcost.CostMap, name)).parameters if parameter != "self"
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_travels_between_processes_by_its_name(name):
    """So that a pool of processes can map it over responses."""
    assert pickle.loads(pickle.dumps(getattr(llmcost, name))) == getattr(llmcost, name)


def test_a_map_of_ones_own_travels_as_itself():
    """1000 x 2e-6 and 100 x 1e-5 by its own prices, wherever it is sent."""
    sent = pickle.loads(pickle.dumps(OWN.completion_cost))
    assert sent(RESPONSE) == OWN.completion_cost(RESPONSE) == 0.003


def test_the_default_map_with_a_configuration_does_not_travel():
    """Other prices would be used than were asked for."""
    with pytest.raises((pickle.PicklingError, TypeError)):
        pickle.dumps(DEFAULT.with_config({"model_list": []}).completion_cost)


def test_a_map_of_ones_own_has_litellms_names(monkeypatch):
    """1000 x 2e-6 and 100 x 1e-5; a batch, for which it has no price, costs the same."""
    monkeypatch.setattr(floats, "_warned", type(floats._warned)())
    counters = RESPONSE["usage"]
    assert OWN.completion_cost(RESPONSE) == 0.003
    assert OWN.response_cost_calculator(RESPONSE) == 0.003
    assert OWN.cost_per_token("m", 1000, 100) == (0.002, 0.001)
    with pytest.warns(llmcost.IgnoredArgumentWarning, match="no batches rates for m"):
        assert OWN.batch_cost_calculator(counters, "m") == (0.002, 0.001)
    assert OWN.get_model_info("m")["output_cost_per_token"] == 1e-5
    assert (OWN.get_max_tokens("m"), OWN.supports_vision("m"), OWN.supports_prompt_caching("m")) == (9, True, False)
    assert list(OWN.model_cost) == ["m"]


def test_registering_in_a_map_of_ones_own_changes_no_other():
    """The map that is returned is its own."""
    prices = llmcost.CostMap({})
    entries = prices.register_model({"of-one-map": {"input_cost_per_token": 1e-6}})
    assert entries["of-one-map"] == {"input_cost_per_token": 1e-6}
    assert "of-one-map" not in llmcost.model_cost
    with pytest.raises(TypeError, match=r"use register_model\(\{'x': \{\}\}\)"):
        prices.model_cost["x"] = {}
