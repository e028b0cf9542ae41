"""A Cost and a map keep nothing that a caller can change afterwards: neither what was given nor what was handed out."""

from __future__ import annotations

import copy
import json

import pytest

import llmcost
from llmcost import CostMap, Usage
from llmcost.core.copied import copied
from tests import responses

ROW = {
    "input_cost_per_token": 1e-6,
    "output_cost_per_token": 4e-6,
    "litellm_provider": "openai",
    "tiered_pricing": [
        {"range": [0, 1000], "input_cost_per_token": 1e-6},
        {"range": [1000, 2000], "input_cost_per_token": 2e-6},
    ],
    "search_context_cost_per_query": {"search_context_size_medium": 0.01},
    "llmcost": {
        "prices": [{"from": "2020-01-01", "regions": ["eu"], "output_cost_per_token": 9e-6}],
        "fees": {"x": {"unit": "x", "price": 0.5}},
        "terms": [{"name": "t", "kind": "discount", "value": 0.5, "meters": ["input"], "tags": ["half"]}],
    },
}
CHAT = {
    "object": "chat.completion",
    "model": "m",
    "service_tier": "default",
    "usage": {
        "prompt_tokens": 1500,
        "completion_tokens": 10,
        "total_tokens": 1510,
        "cache_odd_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 0},
    },
}


def spoilt(value):
    """Change every list and dict of a value in place, and leave nothing of it as it was."""
    if isinstance(value, dict):
        for inner in value.values():
            spoilt(inner)
        for name in list(value):
            if not isinstance(value[name], (dict, list)):
                value[name] = "spoilt"
        value["spoilt"] = 1
    elif isinstance(value, list):
        for inner in value:
            spoilt(inner)
        value.append("spoilt")


def said(cost):
    """All that a Cost says."""
    return json.dumps(cost.to_dict()), cost.explain(verbose=True), repr(cost), cost.as_integer_ratio(), cost.notes


def prices():
    return CostMap({"m": copy.deepcopy(ROW)})


@pytest.mark.parametrize("door", ["CostMap", "register", "register_model", "model_info"])
def test_rows_that_a_caller_gave(door):
    """1500 x 2e-6 + 10 x 9e-6 in the EU, 4e-6 elsewhere, also where the row is read after it was spoilt."""
    row = {"m": copy.deepcopy(ROW)}
    if door == "CostMap":
        found = CostMap(row)
    elif door == "model_info":
        found = CostMap({}).with_config(
            {"model_list": [{"model_name": "m", "litellm_params": {"model": "x"}, "model_info": row["m"]}]}
        )
    else:
        found = CostMap({})
        getattr(found, door)(row)
    spoilt(row)
    asked = {"region": "eu", "model": "m"}
    assert str(found.calculate(CHAT, **asked).total) == "0.00309"
    assert str(found.calculate(CHAT, model="m").total) == "0.00304"


def test_what_was_given_with_a_call():
    """The response, its tags, fees, metadata and prices, each spoilt before the Cost is asked what it says."""
    given = {"tags": ["half"], "fees": {"x": 2}, "prices": {"input_cost_per_token": 3e-6}}
    untouched = said(prices().calculate(CHAT, **copy.deepcopy(given)))
    response, facts = copy.deepcopy(CHAT), copy.deepcopy(given)
    cost = prices().calculate(response, **facts)
    spoilt(response)
    spoilt(facts)
    assert said(cost) == untouched


@responses.named(responses.everything())
def test_every_response(example):
    """What a reader keeps of a response is its own: all lists and dicts of it may change."""
    response = copy.deepcopy(example.response)
    untouched = said(example.price(copy.deepcopy(response)))
    cost = example.price(response)
    spoilt(response)
    assert said(cost) == untouched


USAGE = {"input": 1500, "output": 10, "service_tier": "flex", "notes": ("n",), "at": 1_764_115_200}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"region": "eu"},
        {"parts": (Usage(input=3, model="m"),)},
        {"alternatives": (({"output_images": 1}, {"input": 5}),)},
    ],
)
def test_a_usage_that_was_given(more):
    """Its quantities change, and those of its parts: the Cost has a copy, which says all that the usage says."""
    usage = Usage(**USAGE, **copy.deepcopy(more))
    assert copied(usage) == usage
    assert vars(copied(usage)).items() >= {name: value for name, value in vars(usage).items() if name != "more"}.items()
    price = {"prices": {"output_cost_per_image": 1}} if "alternatives" in more else {}
    untouched = said(prices().calculate(usage=Usage(**USAGE, **copy.deepcopy(more)), model="m", **price))
    cost = prices().calculate(usage=usage, model="m", **price)
    usage.service_tier = "priority"
    for part in usage.walk():
        part.quantities["input"] = 10**6
        for group in part.alternatives:
            spoilt(list(group))
    assert said(cost) == untouched


def test_counters_that_nobody_understood_and_readings_that_were_given():
    """They are dicts and usages too: what is unread says whether the Cost is a lower bound."""
    usage = Usage(input=1500, unread={"odd_tokens": 7}, readings=(Usage(input=3),))
    copy_of_it = copied(usage)
    usage.unread["spoilt"] = 1
    usage.readings[0].quantities["input"] = 10**6
    assert copy_of_it.unread == {"odd_tokens": 7}
    assert copy_of_it.readings[0].quantities == {"input": 3}
    given = Usage(input=1500, unread={"odd_tokens": 7})
    cost = prices().calculate(usage=given, model="m")
    given.unread.clear()
    assert cost.usage.unread == {"odd_tokens": 7}
    assert cost.lower_bound


def test_counters_alone_that_were_given():
    """They are the common call, which is priced in the fewest steps."""
    usage = Usage(input=1500, output=10)
    untouched = said(prices().calculate(usage=Usage(input=1500, output=10), model="m"))
    cost = prices().calculate(usage=usage, model="m")
    usage.quantities["input"] = 10**6
    assert said(cost) == untouched


def test_what_a_cost_hands_out():
    """Its dict, its lines and notes: the Cost and the next one say what they said."""
    found = prices()
    cost = found.calculate(CHAT, region="eu", tags=["half"], fees={"x": 1})
    before = said(cost)
    spoilt(cost.to_dict())
    for line in cost.line_items:
        spoilt(line.to_dict())
    for note in cost.notes:
        spoilt(note.to_dict())
    spoilt(cost.usage.to_dict())
    assert isinstance(cost.line_items, tuple)
    assert isinstance(cost.notes, tuple)
    assert said(cost) == before == said(found.calculate(CHAT, region="eu", tags=["half"], fees={"x": 1}))


def test_what_a_map_hands_out():
    """Its rows, what it says of itself, and LiteLLM's ``model_cost``, which refuses: no price changes by them."""
    found = prices()
    before = said(found.calculate(CHAT))
    spoilt(found["m"])
    spoilt(dict(found.items()))
    assert said(found.calculate(CHAT)) == before
    bundled = CostMap.bundled()
    row = copy.deepcopy(dict(bundled["gpt-4o"]))
    spoilt(bundled["gpt-4o"])
    assert bundled["gpt-4o"] == row == llmcost.model_cost["gpt-4o"]
    with pytest.raises(TypeError, match="read-only"):
        spoilt(llmcost.model_cost["gpt-4o"])
    spoilt(llmcost.model_cost["gpt-4o"].copy())
    assert CostMap.bundled()["gpt-4o"] == row
    info = str(llmcost.map_info())
    llmcost.map_info().version = "spoilt"
    assert str(llmcost.map_info()) == info


def test_a_configuration_that_was_given():
    """A mapping is read once: 1500 x 5e-6 + 10 x 4e-6."""
    config = {
        "model_list": [{"model_name": "a", "litellm_params": {"model": "m", "input_cost_per_token": 5e-6}}],
        "litellm_settings": {"cost_discount_config": {"openai": 0.5}},
    }
    found = CostMap({"m": {key: ROW[key] for key in list(ROW)[:3]}}).with_config(config)
    spoilt(config)
    assert str(found.calculate(CHAT, model="a").total) == "0.00377"


def test_calls_without_a_response_share_nothing_that_a_caller_may_change():
    """What the keywords say is remembered: each call has a usage of its own, and a duration of its own."""
    prices = CostMap({"m": {"output_cost_per_image": 0.04}, "t": {"input_cost_per_second": 0.5}})
    first = prices.calculate(model="m", n=2)
    for unit in first.usage.alternatives[0]:
        unit.clear()
    first.usage.quantities["output_images"] = 9
    assert prices.calculate(model="m", n=2).response_cost == 0.08
    assert [prices.calculate(model="t", duration=seconds).response_cost for seconds in (2, 3.5, 2)] == [1, 1.75, 1]
    assert prices.calculate(model="m", n=2, duration=float("nan")).response_cost == 0.08
