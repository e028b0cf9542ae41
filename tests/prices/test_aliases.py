"""Aliases: a name that stands for another row is priced as that row, and says so."""

from __future__ import annotations

import json

import pytest

from llmcost import CostMap, PriceDataError, UnknownModelError, Usage, map_info
from llmcost.prices.aliases import Aliases
from llmcost.prices.asked import Asked
from llmcost.prices.rows import DictSource, MapSource

CLAUDE = {
    "litellm_provider": "anthropic",
    "mode": "chat",
    "input_cost_per_token": 5e-06,
    "output_cost_per_token": 25e-06,
}
ROWS = {
    "claude-opus-5-5": {**CLAUDE, "aliases": ["opus", "gpt-5", 7, "listed-twice"]},
    "claude-opus-5-5-20260901": {**CLAUDE, "input_cost_per_token": 4e-06},
    "gpt-5": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 0,
        "aliases": ["listed-twice", "pointed-at"],
    },
    "odd": {**CLAUDE, "aliases": "opus", "alias_of": None},
    "claude-opus-latest": {"alias_of": "claude-opus-5-5"},
    "azure_ai/claude-opus-latest": {"alias_of": "azure_ai/claude-opus-5-5"},
    "azure_ai/claude-opus-5-5": {**CLAUDE, "litellm_provider": "azure_ai", "input_cost_per_token": 6e-06},
    "pointed-at": {"alias_of": "claude-opus-5-5"},
    "nowhere": {"alias_of": "claude-opus-9"},
    "twice-removed": {"alias_of": "claude-opus-latest"},
    "no-model": {"alias_of": "sample_spec"},
    "sample_spec": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0, "mode": "one of: chat, embedding"},
    "fallback_generalizations": {"rules": []},
}
LINES = "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in ROWS.items()) + "\n}\n"
USAGE = Usage(input=1000)


@pytest.fixture(params=["mapping", "one model a line", "indented"])
def prices(request, tmp_path):
    """The same map in each of the forms in which it may come."""
    if request.param == "mapping":
        return CostMap(ROWS)
    texts = {"one model a line": LINES, "indented": json.dumps(ROWS, indent=4)}
    path = tmp_path / "map.json"
    path.write_text(texts[request.param])
    return CostMap(path)


def priced(prices, name, **facts):
    cost = prices.calculate(model=name, usage=USAGE, **facts)
    return str(cost.total), cost.matched_as, cost.match_rule


def test_an_alias_is_priced_as_the_row_that_it_stands_for(prices):
    """1,000 x 5e-6 USD; the answer says which model it meant."""
    cost = prices.calculate(model="claude-opus-latest", usage=USAGE)
    assert (str(cost.total), cost.model, cost.matched_as, cost.match_rule, cost.provider) == (
        "0.005",
        "claude-opus-latest",
        "claude-opus-5-5",
        "alias",
        "anthropic",
    )
    assert cost.notes == ("claude-opus-latest is an alias of claude-opus-5-5 in this map",)
    assert cost.line_items[0].map_key == "claude-opus-5-5"
    assert "priced as claude-opus-5-5 of anthropic (match rule: alias)" in cost.explain()


def test_a_row_may_list_its_further_names(prices):
    """What has a row of its own is that row; of two lists the first counts, and a list before an alias_of."""
    assert priced(prices, "opus") == ("0.005", "claude-opus-5-5", "alias")
    assert priced(prices, "gpt-5") == ("0.001", "gpt-5", "exact")
    assert priced(prices, "listed-twice") == ("0.005", "claude-opus-5-5", "alias")
    assert priced(prices, "pointed-at") == ("0.001", "gpt-5", "alias")
    assert priced(prices, "odd") == ("0.005", "odd", "exact")


def test_an_alias_is_found_by_every_rule(prices):
    """With its provider, in capitals, and as one seller's."""
    assert priced(prices, "anthropic/claude-opus-latest") == ("0.005", "claude-opus-5-5", "alias")
    assert priced(prices, "Claude-Opus-Latest") == ("0.005", "claude-opus-5-5", "alias")
    assert priced(prices, "claude-opus-latest", provider="azure_ai") == ("0.006", "azure_ai/claude-opus-5-5", "alias")


def test_the_snapshot_of_what_it_stands_for_is_priced(prices):
    """As if the caller had named the row: 1,000 x 4e-6 USD."""
    card = prices.card(Asked("claude-opus-latest", "claude-opus-5-5-20260901", None, "anthropic"))
    assert (card.name, card.match_rule) == ("claude-opus-5-5-20260901", "alias")


@pytest.mark.parametrize("name", ["nowhere", "twice-removed", "no-model", "sample_spec", "fallback_generalizations"])
def test_what_stands_for_no_row_is_unknown(prices, name):
    """One hop, to a row; and what LiteLLM's map holds beside its models is none."""
    assert name not in prices
    assert prices.get(name) is None
    with pytest.raises(UnknownModelError) as error:
        prices.calculate(model=name, usage=USAGE)
    if "alias_of" in ROWS[name]:
        assert f"{name!r} is an alias of {ROWS[name]['alias_of']!r} in this map, and the map has no such row" in str(
            error.value
        )
    with pytest.raises(UnknownModelError):
        prices.calculate(model=name.upper(), usage=USAGE)


def test_the_map_as_a_mapping_has_the_names_that_it_answers(prices):
    """Aliases are names; the counts of models and of aliases stand apart."""
    names = set(prices)
    assert len(prices) == len(names)
    expected = {"claude-opus-latest", "azure_ai/claude-opus-latest", "pointed-at", "opus", "listed-twice"}
    info = map_info(cost_map=prices)
    assert {name for name in names if prices.rate_card(name).match_rule == "alias"} == expected
    assert all(name in prices and prices[name]["mode"] == "chat" for name in names)
    assert prices["opus"] == prices["claude-opus-5-5"]
    assert prices.get_model_info("opus")["key"] == "claude-opus-5-5"
    assert (info.models, info.aliases) == (5, len(names) - 5)
    assert info.to_dict()["dropped"] == [
        "nowhere is an alias of claude-opus-9, which is no row",
        "twice-removed is an alias of claude-opus-latest, which is an alias itself",
        "no-model is an alias of sample_spec, which is no row",
        "gpt-5 is in the aliases of claude-opus-5-5 and has a row of its own, which counts",
    ]


def test_a_price_that_is_registered_for_the_row_is_the_alias_s_too(prices):
    """1,000 x 1e-6 USD, by both names; and a price of the call is stronger."""
    prices.register({"claude-opus-5-5": {"input_cost_per_token": 1e-06}})
    assert priced(prices, "claude-opus-latest") == ("0.001", "claude-opus-5-5", "alias")
    assert prices["claude-opus-latest"]["input_cost_per_token"] == 1e-06
    assert priced(prices, "claude-opus-latest", input_cost_per_token=2e-06)[0] == "0.002"


def test_a_base_model_may_be_an_alias(prices):
    """The deployment is priced as the row, with what is registered for it."""
    assert priced(prices, "mine", base_model="opus") == ("0.005", "claude-opus-5-5", "base_model")
    prices.register({"claude-opus-5-5": {"input_cost_per_token": 1e-06}})
    cost = prices.calculate(model="mine", usage=USAGE, base_model="opus")
    assert (str(cost.total), "opus is an alias of claude-opus-5-5 in this map" in cost.notes) == ("0.001", True)


def test_a_configuration_may_name_an_alias(prices):
    """A deployment whose backend is one."""
    config = prices.with_config(
        {"model_list": [{"model_name": "x", "litellm_params": {"model": "claude-opus-latest"}}]}
    )
    assert priced(config, "x") == ("0.005", "claude-opus-5-5", "alias")


# Registered aliases.


def test_an_alias_may_be_registered(prices):
    """Of a row of the map, of one that is registered beside it, and over a name that the map knows otherwise."""
    prices.register({"best": {"alias_of": "claude-opus-5-5"}})
    assert priced(prices, "best") == ("0.005", "claude-opus-5-5", "alias")
    assert priced(prices, "BEST") == ("0.005", "claude-opus-5-5", "alias")
    prices.register({"mine": {"input_cost_per_token": 3e-06}, "ours": {"alias_of": "mine"}})
    assert priced(prices, "ours") == ("0.003", "mine", "alias")
    assert prices["ours"] == {"input_cost_per_token": 3e-06}
    prices.register({"opus": {"alias_of": "gpt-5"}, "claude-opus-latest": {"alias_of": "gpt-5"}})
    assert priced(prices, "opus") == ("0.001", "gpt-5", "alias")
    assert priced(prices, "claude-opus-latest") == ("0.001", "gpt-5", "alias")
    assert {"best", "ours", "opus"} <= set(prices)
    assert "best" in prices
    config = prices.with_config({"model_list": [{"model_name": "x", "litellm_params": {"model": "best"}}]})
    assert priced(config, "x") == ("0.005", "claude-opus-5-5", "alias")


def test_an_alias_may_be_priced_later(prices):
    """Then it is a model of its own; and a model may become an alias."""
    prices.register({"best": {"alias_of": "claude-opus-5-5"}})
    prices.register({"best": {"input_cost_per_token": 3e-06}})
    assert priced(prices, "best") == ("0.003", "best", "exact")
    prices.register({"best": {"alias_of": "gpt-5"}})
    assert priced(prices, "best") == ("0.001", "gpt-5", "alias")


def test_a_registered_row_may_list_its_names(prices):
    """As one of the map may."""
    prices.register({"mine": {"input_cost_per_token": 3e-06, "aliases": ["our-own"]}})
    assert priced(prices, "our-own") == ("0.003", "mine", "alias")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"alias_of": "nobody"}, "'best' is an alias of 'nobody', which no layer knows"),
        ({"alias_of": "claude-opus-latest"}, "'best' is an alias of 'claude-opus-latest', which is an alias itself"),
        ({"alias_of": "second"}, "'best' is an alias of 'second', which is an alias itself"),
        ({"alias_of": "third"}, "'best' is an alias of 'third', which is an alias itself"),
        ({"alias_of": "best"}, "'best' is an alias of 'best', which is an alias itself"),
        ({"alias_of": 5}, "'best': alias_of=5 is no name"),
        ({"alias_of": "gpt-5", "input_cost_per_token": 1e-06}, "register the prices under 'gpt-5'"),
        ({"alias_of": "gpt-5", "geo_multiplier": {"us": 1.1}}, "register the prices under 'gpt-5'"),
    ],
)
def test_a_registered_alias_is_of_a_model(prices, row, why):
    """Both names are said, and nothing is registered."""
    prices.register({"third": {"alias_of": "gpt-5"}})
    with pytest.raises(PriceDataError, match=why):
        prices.register({"best": row, "second": {"alias_of": "gpt-5"}})
    assert "best" not in prices
    assert "second" not in prices


def test_what_is_no_model_is_not_registered(prices):
    """Whoever registers LiteLLM's whole map has those rows in it."""
    prices.register({name: ROWS[name] for name in ("sample_spec", "fallback_generalizations", "gpt-5")})
    assert "sample_spec" not in prices
    assert "gpt-5" in prices


def test_an_alias_does_not_hide_a_router_s_model():
    """What a router picked may be registered as an alias of a row of the map: that row is priced."""
    rows = {
        "azure_ai/model_router": {"litellm_provider": "azure_ai", "mode": "chat", "input_cost_per_token": 1e-07},
        "azure_ai/gpt-5": {"litellm_provider": "azure_ai", "mode": "chat", "input_cost_per_token": 1e-06},
    }
    prices = CostMap(rows)
    prices.register({"azure_ai/gpt-6": {"alias_of": "azure_ai/gpt-5"}})
    response = {
        "object": "chat.completion",
        "model": "gpt-5",
        "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000},
    }
    cost = prices.calculate(response, model="azure_ai/model_router")
    assert (str(cost.total), cost.matched_as) == ("0.0011", "azure_ai/gpt-5")


def test_a_map_without_aliases_has_none():
    """Neither its rows nor a name that is unknown."""
    source = MapSource(b'{\n"a": {"mode": "chat"}\n}\n')
    assert not source.aliases
    assert (source.alias_of("a"), source.alias_of("b"), source.dropped()) == (None, None, [])
    assert not Aliases([])


ROW = {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}


@pytest.mark.parametrize("row", [{"a": {"alias_of": "b"}, "b": ROW}, {"b": {**ROW, "aliases": ["a"]}}])
def test_a_price_registered_under_an_alias_is_used(row):
    """1,000 tokens at 1 per million and 100 at 7e-4 are 0.071; the row itself keeps its price, 0.0012."""
    prices = CostMap(row)
    prices.register({"a": {"output_cost_per_token": 7e-4}})
    usage = Usage(input=1000, output=100)
    cost = prices.calculate(usage=usage, model="a")
    assert [(line.layer, str(line.amount)) for line in cost.line_items] == [("map", "0.001"), ("registered", "0.07")]
    assert prices.cost_per_token("a", 1000, 100) == (0.001, 0.07)
    assert str(prices.calculate(usage=usage, model="b")) == "0.0012"
    prices.register({"b": {"output_cost_per_token": 3e-6}})
    # 0.001 + 100 x 3e-6 under the row's name; the alias keeps what is its own.
    assert [str(prices.calculate(usage=usage, model=name)) for name in ("b", "a")] == ["0.0013", "0.071"]


def test_a_price_registered_for_the_row_of_an_alias_is_used():
    """It is meant for every name of the row: 1,000 at 1 and 100 at 3 per million."""
    prices = CostMap({"a": {"alias_of": "b"}, "b": ROW})
    prices.register({"b": {"output_cost_per_token": 3e-6}})
    assert str(prices.calculate(usage=Usage(input=1000, output=100), model="a")) == "0.0013"


def test_a_line_with_a_blank_or_an_escape_is_an_alias_too():
    """However JSON may write the key, in a map with one model a line."""
    text = (
        b'{\n"row":{"input_cost_per_token":1e-06},\n"a":{"alias_of" : "row"},\n"b":{"\\u0061lias_of":"row"},\n'
        b'"c":{"input_cost_per_token":2e-06,"ali\\u0061ses" :["d"]}\n}\n'
    )
    source = MapSource(text)
    assert source.aliases.pointers == {"a": "row", "b": "row"}
    assert source.aliases.listed == {"d": "c"}
    assert source.get("b") == {"input_cost_per_token": 1e-06}


def test_prices_of_an_alias_are_told():
    """The row that it stands for counts; what the alias states itself is not used, and is said."""
    row = {"input_cost_per_token": 1e-06}
    source = DictSource({"row": row, "a": {"alias_of": "row", "input_cost_per_token": 9e-06}})
    assert source.get("a") == row
    assert source.dropped() == ["a is an alias of row. Prices of that row count; its own input_cost_per_token do not"]
