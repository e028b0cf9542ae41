"""Free models: ``free: true`` is a price of 0 for the model's own work, and the Cost says so."""

from __future__ import annotations

import json
import warnings

import pytest

import llmcost
from llmcost import CostMap, Usage
from llmcost.core.meters import TOKEN_METERS
from llmcost.core.rate import FREE_MODEL
from llmcost.core.tariff import FREE
from llmcost.prices import places

ROW = {"free": True, "litellm_provider": "openrouter", "mode": "chat"}
_WHOLE = json.loads(places.PACKAGED.read(places.MAP))
FREE_ROWS = sorted(name for name, row in _WHOLE.items() if row.get("free") is True)
# What a call of each mode uses.
USAGES = {
    "chat": [Usage(**{meter: 7}) for meter in sorted(TOKEN_METERS)],
    "completion": [Usage(input=7), Usage(output=7)],
    "moderation": [Usage(input=7)],
    "search": [Usage(queries=1)],
}


def test_there_are_free_models():
    """Of four modes, each with zeros that other programs read too."""
    assert len(FREE_ROWS) > 200
    assert {_WHOLE[name]["mode"] for name in FREE_ROWS} == set(USAGES)
    stated = ("input_cost_per_token", "output_cost_per_token")
    assert all(_WHOLE[name][key] == 0 for name in FREE_ROWS for key in stated)


@pytest.mark.parametrize("mode", USAGES)
def test_every_free_model_of_the_map_costs_nothing_and_says_so(mode):
    """Each meter of its mode is a line at 0 with its reason; the cost is whole."""
    prices = CostMap()
    for name in FREE_ROWS:
        for usage in USAGES[mode] if _WHOLE[name]["mode"] == mode else ():
            cost = prices.calculate(model=name, usage=usage)
            assert (cost.total, cost.complete, cost.unpriced) == (0, True, ()), (name, usage)
            [line] = cost.line_items
            assert (line.amount, line.factors, line.note) == (0, ("x 0 (free)",), FREE)
            assert FREE in cost.notes
            assert FREE in cost.explain()
            assert FREE.to_dict() in cost.to_dict()["notes"]


def test_the_float_functions_return_zero_without_a_warning():
    """A row that has no price key at all."""
    prices = CostMap({"m": ROW})
    response = {
        "object": "chat.completion",
        "model": "m",
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert prices.completion_cost(response) == 0.0
        assert prices.cost_per_token("m", 10, 5) == (0.0, 0.0)
        assert str(llmcost.estimate("m", input=10, max_output=5, cost_map=prices)) == "0.00 to 0.00"


def test_time_and_other_units_are_the_model_s_work_too():
    """Only a duration is known; or images, which count before tokens do not."""
    prices = CostMap({"m": ROW})
    cost = prices.calculate(model="m", duration=3)
    assert (cost.total, [line.meter for line in cost.line_items]) == (0, ["compute_seconds"])
    cost = prices.calculate(model="m", usage=Usage(alternatives=(({"output_images": 1}, {"output": 300}),)))
    assert (cost.total, [line.meter for line in cost.line_items]) == (0, ["output_images"])


def test_a_price_beside_free_is_used():
    """A search at 0.01 USD; an image at 0.04 USD, however it is counted. A search without a price is unpriced."""
    prices = CostMap({"m": {**ROW, "web_search_cost_per_query": 0.01}, "n": ROW})
    usage = Usage(input=1000, web_searches=2)
    assert str(prices.calculate(model="m", usage=usage).total) == "0.02"
    assert prices.calculate(model="n", usage=usage).unpriced == ("web_searches",)
    images = Usage(alternatives=(({"output": 300}, {"output_images": 1}),))
    row = {**ROW, "output_cost_per_image": 0.04}
    assert str(CostMap({"m": row}).calculate(model="m", usage=images).total) == "0.04"
    own = CostMap({})
    own.register({"m": row})
    assert str(own.calculate(model="m", usage=images).total) == "0.04"


def test_a_size_that_is_not_stated_stays_unpriced():
    """The row states prices by size: which of them holds is not known."""
    row = {**ROW, "mode": "image_generation", "output_cost_per_image_1024": 0.04, "output_cost_per_image_512": 0.02}
    cost = CostMap({"m": row}).calculate(model="m", usage=Usage(output_images=1))
    assert (cost.unpriced, cost.complete) == (("output_images",), False)


@pytest.mark.parametrize("row", [ROW, {**ROW, "input_cost_per_token": 0.0, "output_cost_per_token": 0.0}])
def test_a_price_of_ones_own_is_stronger(row):
    """1,000 x 1e-6 USD for the prompt; the answer stays free. A price per second replaces them all."""
    prices = CostMap({"m": row})
    usage = Usage(input=1000, output=100)
    cost = prices.calculate(model="m", usage=usage, input_cost_per_token=1e-06)
    assert [(line.meter, str(line.amount), line.note) for line in cost.line_items] == [
        ("input", "0.001", ""),
        ("output", "0", FREE),
    ]
    cost = prices.calculate(model="m", usage=usage, duration=3, input_cost_per_second=0.5)
    assert (str(cost.total), FREE in cost.notes) == ("1.5", False)
    assert prices.calculate(model="m", usage=usage, prices={"free": False, "input_cost_per_token": 1e-06}).unpriced in {
        ("output",),
        (),
    }


def test_a_price_of_a_tool_takes_nothing_back():
    """A search of one's own at 0.01 USD is a fee on top: the model's own work stays free."""
    cost = CostMap({"m": ROW}).calculate(
        model="m", usage=Usage(input=1000, web_searches=2), prices={"web_search_cost_per_query": 0.01}
    )
    assert [(line.meter, str(line.amount), line.note) for line in cost.line_items] == [
        ("input", "0", FREE),
        ("web_searches", "0.02", ""),
    ]
    assert cost.complete


def test_null_takes_it_back():
    """Whoever un-sets a price of a free model wants it unpriced."""
    prices = CostMap({"m": ROW})
    assert prices.calculate(model="m", usage=Usage(input=1), prices={"input_cost_per_token": None}).unpriced == (
        "input",
    )


def test_a_model_of_ones_own_may_be_free():
    """It puts the prices of the map out of force, keeps those of its tools, and is stronger than a reported cost."""
    prices = CostMap({"m": {"mode": "chat", "input_cost_per_token": 1e-06, "web_search_cost_per_query": 0.01}})
    prices.register({"m": {"free": True}})
    cost = prices.calculate(model="m", usage=Usage(input=1000, web_searches=1, reported="5"))
    assert (str(cost.total), cost.line_items[0].note) == ("0.01", FREE)
    (shadow,) = prices.rate_card("m").shadowed
    assert (shadow.by, shadow.reason) == ("registered", FREE_MODEL)
    assert prices.rate_card("m", prices={"input_cost_per_token": 2e-06}, replace=True).free is None


def test_what_is_free_is_shown(tmp_path):
    """A map of one's own reads it from a file too."""
    path = tmp_path / "map.json"
    path.write_text(json.dumps({"m": ROW}))
    assert CostMap(path).rate_card("m").free == ("map", "m")
    assert CostMap(path).rate_card("m").simple
