"""The module as LiteLLM's users know it: model_cost, settings, supports_*, import paths, and what is not here."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys

import pytest

import llmcost
from llmcost import ConfigError, CostMap, IgnoredArgumentWarning, MissingUsageError, PriceDataError, UnknownModelError
from llmcost.api import floats, surface
from llmcost.api.model_info_keys import KEYS
from tests.litellm_objects import class_of

ROWS = {
    "m": {
        "input_cost_per_token": 2e-6,
        "output_cost_per_token": 1e-5,
        "max_output_tokens": 9,
        "litellm_provider": "acme",
    },
    "n": {"input_cost_per_token": 1e-6, "supports_reasoning": True},
}
ANSWER = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "choices": [],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
}


def test_model_cost_reads_as_a_dict():
    """Whatever code does to LiteLLM's: its C encoder of JSON, unions, copies."""
    found = CostMap(ROWS).model_cost
    assert isinstance(found, dict)
    assert json.loads(json.dumps(found)) == ROWS
    assert json.loads(json.dumps(found, indent=1, sort_keys=True)) == ROWS
    assert (found == ROWS, found == ROWS, found != {}) == (True, True, True)
    for same in (dict(found), {**found}, found.copy(), copy.copy(found), copy.deepcopy(found), found | {}, {} | found):
        assert type(same) is dict
        assert same == ROWS
    assert pickle.loads(pickle.dumps(found)) == ROWS
    assert (list(found), list(found.items()), list(reversed(found))) == (list(ROWS), list(ROWS.items()), ["n", "m"])
    assert (len(found), bool(found), "m" in found, "" in found, found.get("x")) == (2, True, True, False, None)
    assert found | {"m": {}} == {**ROWS, "m": {}}
    assert json.dumps(CostMap({}).model_cost | {}) == "{}"


def test_model_cost_is_not_written_to():
    """Every way of writing names the one that works."""
    prices = CostMap(ROWS)
    found = prices.model_cost
    with pytest.raises(TypeError, match=r"register_model\(\{'x': \{\}\}\)"):
        found["x"] = {}
    for write in (
        lambda: found.update({"x": {}}),
        lambda: found.setdefault("x", {}),
        lambda: found.pop("m"),
        found.popitem,
        found.clear,
        lambda: found.__delitem__("m"),
        lambda: found.__ior__({}),
    ):
        with pytest.raises(TypeError, match="register_model"):
            write()
    prices.register_model({"x": {"input_cost_per_token": 3e-6}})
    assert "x" in found


@pytest.mark.parametrize(
    "read", [lambda rows: rows["m"], lambda rows: rows.get("m"), lambda rows: next(iter(rows.values()))]
)
def test_a_price_that_is_written_into_an_entry_is_refused(read):
    """It would be used nowhere; what was copied is the reader's own."""
    prices = CostMap(ROWS)
    entry = read(prices.model_cost)
    for write in (
        lambda: entry.__setitem__("input_cost_per_token", 1),
        lambda: entry.update({"input_cost_per_token": 1}),
        lambda: entry.pop("input_cost_per_token"),
        lambda: entry.setdefault("x", 1),
        lambda: entry.__ior__({"x": 1}),
    ):
        with pytest.raises(TypeError, match=r"an entry of model_cost is read-only: use register_model\("):
            write()
    assert (entry, json.loads(json.dumps(entry)), isinstance(entry, dict)) == (ROWS["m"], ROWS["m"], True)
    for copied in (dict(entry), entry.copy(), copy.deepcopy(entry), pickle.loads(pickle.dumps(entry)), prices["m"]):
        copied["input_cost_per_token"] = 1
    assert prices.model_cost["m"] == ROWS["m"]


def test_model_cost_is_not_replaced(monkeypatch):
    """``litellm.model_cost = get_model_cost_map(url)`` would leave every price as it is."""
    with pytest.raises(AttributeError, match="register_model"):
        monkeypatch.setattr(llmcost, "model_cost", {})


def test_the_modules_of_names_are_there_without_an_import():
    """As ``litellm.utils`` and ``litellm.cost_calculator`` are after ``import litellm``."""
    code = """
import llmcost
print(llmcost.cost_calculator.completion_cost is llmcost.completion_cost, llmcost.utils.get_max_tokens('gpt-4'))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "4096"]


def test_model_info_has_every_key_of_litellms():
    """None where the map does not say; max_tokens is what a model writes at most."""
    info = CostMap(ROWS).get_model_info("m")
    assert set(info) >= set(KEYS)
    assert (info["supports_vision"], info["tpm"], info["cache_creation_input_token_cost"]) == (None, None, None)
    assert (info["max_tokens"], info["max_output_tokens"], info["key"]) == (9, 9, "m")
    reads = {"e": {"max_input_tokens": 8191, "mode": "embedding", "input_cost_per_token": 1e-6}}
    assert CostMap(reads).get_model_info("e")["max_tokens"] == 8191


def test_the_keys_are_those_of_the_installed_litellm():
    """By its own types."""
    types = class_of("types").utils
    assert set(types.ModelInfo.__annotations__) | set(types.ModelInfoBase.__annotations__) <= set(KEYS)


@pytest.fixture
def _no_terms():
    yield
    llmcost.cost_discount_config = llmcost.cost_margin_config = None


@pytest.mark.usefixtures("_no_terms")
def test_discounts_and_margins_hold_from_the_next_call_on():
    """0.0035 less a tenth; plus a half; plus a fee; and as it was."""
    llmcost.cost_discount_config = {"openai": 0.1}
    assert llmcost.completion_cost(ANSWER) == 0.00315
    llmcost.cost_discount_config = None
    llmcost.cost_margin_config["openai"] = 0.5
    assert llmcost.completion_cost(ANSWER) == 0.00525
    llmcost.cost_margin_config["openai"] = {"fixed_amount": 0.001}
    assert llmcost.completion_cost(ANSWER) == 0.0045
    assert dict(llmcost.cost_margin_config) == {"openai": {"fixed_amount": 0.001}}
    del llmcost.cost_margin_config["openai"]
    assert llmcost.completion_cost(ANSWER) == 0.0035


@pytest.mark.usefixtures("_no_terms")
def test_a_share_that_is_none_changes_nothing():
    """It is refused where it is set."""
    llmcost.cost_discount_config = {"openai": 0.1}
    with pytest.raises(ConfigError, match="cost_discount_config"):
        llmcost.cost_discount_config = {"openai": 2}
    with pytest.raises(PriceDataError, match="mapping of providers"):
        llmcost.cost_discount_config = 0.1
    assert llmcost.completion_cost(ANSWER) == 0.00315


@pytest.mark.usefixtures("_no_terms")
def test_terms_leave_registered_prices_in_place():
    """And maps of one's own without terms."""
    llmcost.register_model({"of-the-surface": {"input_cost_per_token": 1e-6, "litellm_provider": "openai"}})
    llmcost.cost_discount_config = {"openai": 0.5}
    assert llmcost.cost_per_token("of-the-surface", 1000, 0) == (0.0005, 0.0)
    assert CostMap(ROWS).cost_per_token("m", 1000, 0) == (0.002, 0.0)


def test_features_are_asked_by_name():
    """``supports_*`` of any feature; an unknown model is an error."""
    assert llmcost.supports_web_search("gpt-4o-search-preview") is True
    assert llmcost.supports_reasoning("gpt-4o") is False
    with pytest.raises(UnknownModelError):
        llmcost.supports_reasoning("no-such-model")
    assert llmcost.supports_pdf_input.__name__ == "supports_pdf_input"


def test_import_paths_of_litellms():
    """The same functions."""
    from llmcost.cost_calculator import completion_cost, cost_per_token
    from llmcost.utils import get_model_info, supports_reasoning, token_counter

    assert completion_cost == llmcost.completion_cost
    assert cost_per_token == llmcost.cost_per_token
    assert get_model_info == llmcost.get_model_info
    assert supports_reasoning("gpt-4o") is False
    assert token_counter is llmcost.token_counter


@pytest.mark.parametrize("name", sorted(surface.INSTEAD))
def test_what_is_not_here_says_what_to_use(name):
    """Read, or set: a setting that would do nothing is refused."""
    with pytest.raises(AttributeError, match=name) as read:
        getattr(llmcost, name)
    assert surface.INSTEAD[name] in str(read.value)
    with pytest.raises(AttributeError, match=name):
        setattr(llmcost, name, 1)


@pytest.mark.parametrize("name", ["no_such_name", "supports_", "__wrapped__"])
def test_other_names_are_no_attributes(name):
    """As of any module."""
    with pytest.raises(AttributeError, match=name):
        getattr(llmcost, name)


def test_tokens_are_counted_by_litellms_names(monkeypatch):
    """Four words, and a message of two with its role: 3 for the message, 3 to prime the answer."""
    from llmcost.api import tokens

    monkeypatch.setattr(tokens, "counter", lambda _: lambda text: len(text.split()))
    monkeypatch.setattr(floats, "_warned", type(floats._warned)())
    assert llmcost.token_counter(model="gpt-4o", text="one two three four") == 4
    assert llmcost.token_counter("gpt-4o", messages=[{"role": "user", "content": "one two"}]) == 9
    with pytest.warns(IgnoredArgumentWarning, match="tools="):
        assert llmcost.token_counter("gpt-4o", text="one", tools=[{}]) == 1
    with pytest.raises(MissingUsageError):
        llmcost.token_counter("gpt-4o")


@pytest.mark.parametrize("travels", [copy.deepcopy, lambda prices: pickle.loads(pickle.dumps(prices))])
@pytest.mark.parametrize(
    ("made", "expected"),
    [
        # 1000 x 2e-6, of the map; 1000 x 3e-6, of what is registered; 1000 x 4e-6, of the configuration.
        (lambda: CostMap({"m": {"input_cost_per_token": 2e-6}}), "0.002"),
        (lambda: _registered(CostMap({"m": {"input_cost_per_token": 2e-6}})), "0.003"),
        (lambda: _registered(CostMap.bundled()), "0.003"),
        (lambda: CostMap.bundled().with_config(CONFIG), "0.004"),
    ],
)
def test_a_map_travels_to_another_process(made, expected, travels):
    """With its rows, what is registered and its configuration, also after it has worked; it shares nothing."""
    prices, used = made(), {"input": 1000}
    assert str(prices.calculate(usage=used, model="m")) == expected
    with pytest.raises(UnknownModelError):
        prices.calculate(usage=used, model="no-such-model")
    found = travels(prices)
    assert str(found.calculate(usage=used, model="m")) == expected
    assert (found.as_of, len(found)) == (prices.as_of, len(prices))
    assert found.calculate(usage=used, model="m").explain() == prices.calculate(usage=used, model="m").explain()
    found.register_model({"other": {"input_cost_per_token": 1e-6}})
    assert "other" not in prices


CONFIG = "model_list: [{model_name: m, litellm_params: {model: gpt-4o, input_cost_per_token: 4e-6}}]"


def _registered(prices):
    prices.register_model({"m": {"input_cost_per_token": 3e-6}})
    return prices
