"""A public map with one row of every kind, through each door by which it may come."""

from __future__ import annotations

import json
import warnings

import pytest

import llmcost
from llmcost import ConfigWarning, CostMap, PriceDataError, UnknownModelError, UnpricedUsageWarning, Usage
from llmcost.api.default import DEFAULT

TOKENS = {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05}
MAP = {
    "sample_spec": {**TOKENS, "litellm_provider": "one of ...", "mode": "one of: chat, embedding"},
    "fallback_generalizations": {"rules": [{"name": "x", "pattern": "^x"}]},
    "gpt-4o": {**TOKENS, "litellm_provider": "openai", "mode": "chat", "fedramp_uplift_multiplier": 1.1},
    "gpt-9": {
        **TOKENS,
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token_turbo": 9e-06,
        "aliases": ["gpt-best"],
    },
    "gpt-latest": {"alias_of": "gpt-9"},
    "x/model:free": {"free": True, "litellm_provider": "x", "mode": "chat"},
}
BROKEN = {"gpt-lost": {"alias_of": "gpt-10"}, "gpt-twice": {"alias_of": "gpt-latest"}}
USAGE = Usage(input=1000, output=100)


pytestmark = pytest.mark.usefixtures("no_updates")


@pytest.fixture(params=["LLMCOST_PRICES", "CostMap(path)", "CostMap(mapping)", "register", "update"])
def door(request, tmp_path, monkeypatch):
    """A map that was made through one of the doors, by its name."""
    path = tmp_path / "map.json"
    rows = MAP if request.param == "register" else {**MAP, **BROKEN}
    path.write_text(json.dumps(rows, indent=4))
    if request.param == "LLMCOST_PRICES":
        monkeypatch.setenv("LLMCOST_PRICES", str(path))
        return CostMap()
    if request.param == "CostMap(path)":
        return CostMap(path)
    if request.param == "CostMap(mapping)":
        return CostMap(rows)
    if request.param == "update":
        report = CostMap.update(str(path), accept=True)
        assert report.unknown == {"input_cost_per_token_turbo": ("gpt-9",)}
        assert len(report.dropped) == 2
        return CostMap()
    prices = CostMap({})
    with pytest.warns(ConfigWarning, match=r"1 price key .*: input_cost_per_token_turbo \(model 'gpt-9'\): set aside"):
        prices.register(path)
    return prices


def test_every_row_is_priced(door):
    """1,000 x 2.5e-6 + 100 x 1e-5 USD; x 1.1 in FedRAMP; nothing for what is free."""
    expected = {
        "gpt-4o": ("0.0035", "exact"),
        "gpt-9": ("0.0035", "exact"),
        "gpt-latest": ("0.0035", "alias"),
        "gpt-best": ("0.0035", "alias"),
        "x/model:free": ("0", "exact"),
    }
    for name, (total, rule) in expected.items():
        cost = door.calculate(model=name, usage=USAGE)
        assert (str(cost.total.normalize()), cost.match_rule, cost.complete) == (total, rule, True), name
    assert str(door.calculate(model="gpt-4o", usage=USAGE, region="fedramp").total) == "0.00385"
    assert any("free" in note for note in door.calculate(model="x/model:free", usage=USAGE).notes)


@pytest.mark.parametrize("name", ["sample_spec", "fallback_generalizations", *BROKEN])
def test_what_is_no_model_is_unknown(door, name):
    """And no cost of 0."""
    assert name not in door
    with pytest.raises(UnknownModelError):
        door.calculate(model=name, usage=USAGE)


def test_a_broken_alias_cannot_be_registered():
    """The person who does it can mend it: the error names both, and nothing is registered."""
    prices = CostMap({})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConfigWarning)
        with pytest.raises(PriceDataError, match="'gpt-lost' is an alias of 'gpt-10', which no layer knows"):
            prices.register({**MAP, **BROKEN})
    assert len(prices) == 0


def test_the_float_functions_warn_of_a_lower_bound_once():
    """They return a number that cannot carry the mark: 1,000 x 2.5e-6 USD for a tier whose price is not known."""
    prices = CostMap({"gpt-warned-once": MAP["gpt-9"]})
    response = {
        "object": "chat.completion",
        "model": "gpt-warned-once",
        "service_tier": "turbo",
        "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000},
    }
    with pytest.warns(UnpricedUsageWarning, match="input_cost_per_token_turbo, a price key that this version"):
        assert prices.completion_cost(response) == 0.0025
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert prices.completion_cost(response) == 0.0025
        assert prices.completion_cost({**response, "service_tier": "default"}) == 0.0025


def test_the_module_functions_know_aliases(monkeypatch):
    """What is registered is a name of the default map, with its information."""
    monkeypatch.setattr(DEFAULT, "_state", DEFAULT._state)  # other tests go on with what the map had
    llmcost.register_model({"our-best-model": {"alias_of": "gpt-4o"}})
    assert llmcost.get_model_info("our-best-model")["key"] == "gpt-4o"
    assert llmcost.cost_per_token("our-best-model", 1000, 100) == (0.0025, 0.001)
    assert llmcost.model_cost["our-best-model"]["mode"] == "chat"
