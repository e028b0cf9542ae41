"""The price map: registering, the layers of a name, caches that never leak, and the mapping it reads like."""

from __future__ import annotations

import copy
import json
from enum import Enum
from types import MappingProxyType

import pytest

import llmcost
from llmcost import (
    ArgumentError,
    CostMap,
    InvalidPriceError,
    PriceDataError,
    UnknownModelError,
    UnknownPriceKeyError,
    Usage,
)
from llmcost.errors import SuspiciousPriceWarning
from llmcost.prices import origin, places
from llmcost.prices import price_map as module
from llmcost.prices.asked import Asked
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments
from llmcost.prices.history import NONE

ONE, TWO, THREE = ({"input_cost_per_token": price} for price in (1e-06, 2e-06, 3e-06))
MILLION = Usage(input=1_000_000)


def price(prices: CostMap, model: str | None = "m", /, **facts) -> str:
    """USD of 1,000,000 input tokens: the price per million."""
    return str(prices.calculate(usage=MILLION, model=model, **facts).total)


def chat(model: str) -> dict:
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    return {"object": "chat.completion", "model": model, "usage": usage}


# Making one.


@pytest.mark.parametrize("entries", [{"m": ONE}, MappingProxyType({"m": MappingProxyType(ONE)})])
def test_from_a_mapping(entries):
    """A dict or any other mapping of mappings."""
    assert price(CostMap(entries)) == "1"


def test_from_a_file(tmp_path):
    """A path, as text or as an object."""
    path = tmp_path / "prices.json"
    path.write_text(json.dumps({"m": ONE}), encoding="utf-8")
    assert price(CostMap(path)) == "1"
    assert price(CostMap(str(path))) == "1"
    prices = CostMap({})
    prices.register(path)
    assert price(prices) == "1"


@pytest.mark.parametrize("entries", [5, [1, 2], [("m", ONE)], {"m": 5}, {"m": [1]}, {5: ONE}, {"m": None}])
def test_entries_are_a_mapping_of_mappings(entries):
    """Anything else is an error of price data, when making a map and when registering."""
    with pytest.raises(PriceDataError, match=r"expected an object of"):
        CostMap(entries)
    with pytest.raises(PriceDataError, match=r"expected an object of"):
        CostMap({}).register(entries)


@pytest.mark.parametrize("text", ["", "[1]", "5", '{"m": 5}', "{", "\xff", '{"m": {}', "[" * 100_000])
def test_a_file_that_is_no_map(tmp_path, text):
    """Broken, of another shape, or nested beyond measure: the error names the file."""
    path = tmp_path / "prices.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(PriceDataError, match=r"prices\.json"):
        CostMap({}).register(path)
    with pytest.raises(PriceDataError, match=r"prices\.json"):
        CostMap(path)


@pytest.mark.parametrize("path", ["none.json", "", "a\0b", "x" * 5000, "{}", b"none.json"])
def test_a_file_that_cannot_be_read(tmp_path, monkeypatch, path):
    """Not there, a folder, or no path at all: the error names it and says what is expected."""
    monkeypatch.chdir(tmp_path)
    for make in (CostMap, CostMap({}).register):
        with pytest.raises(PriceDataError, match=r"cannot be read: .*; name a JSON file of prices") as error:
            make(path)
        assert repr(path)[:50] in str(error.value)
        with pytest.raises(PriceDataError, match="cannot be read"):
            make(tmp_path)


def test_an_address_is_not_fetched():
    """Prices from the network are never taken on the way; the error says so."""
    for make in (CostMap, CostMap({}).register):
        with pytest.raises(PriceDataError, match=r"'https://x.invalid/a.json' cannot be read: .*never fetched"):
            make("https://x.invalid/a.json")


@pytest.mark.parametrize("wrong", [7, ["us"], {"a": 1}, b"m", object()])
@pytest.mark.parametrize("name", ["model", "provider", "base_model", "region", "deployment"])
def test_facts_that_are_no_text(name, wrong):
    """The error names the keyword and the value, also for what could not be looked up in a cache."""
    prices = CostMap({"m": ONE})
    with pytest.raises(ArgumentError, match=rf"^{name}=.*: it has to be text$") as error:
        prices.rate_card(**{"model": "m", name: wrong})
    assert f"{name}={wrong!r}:" in str(error.value)
    assert prices.rate_card("m").name == "m"


@pytest.mark.parametrize("wrong", [7, ["hd"]])
@pytest.mark.parametrize("name", ["size", "quality", "region"])
def test_facts_of_a_call_that_are_no_text(name, wrong):
    """They select the row of an image, which no number can."""
    prices = CostMap({"m": {"output_cost_per_image": 0.04}})
    with pytest.raises(ArgumentError, match=rf"^{name}="):
        prices.calculate(usage=Usage(output_images=1), model="m", **{name: wrong})


def test_prices_that_are_no_mapping():
    """The keyword is named, instead of what the code would have done with it."""
    with pytest.raises(ArgumentError, match="prices=7: it has to be a mapping of price keys to USD"):
        CostMap({"m": ONE}).rate_card("m", prices=7)


SOLD_BY_TWO = {
    "gpt-4o": {**ONE, "litellm_provider": "openai"},
    "azure/gpt-4o": {**TWO, "litellm_provider": "azure"},
}


@pytest.mark.parametrize(
    ("model", "facts"),
    [("azure/gpt-4o", {}), ("gpt-4o", {"provider": "azure"}), ("azure/gpt-4o-2024-08-06", {}), ("groq/gpt-4o", {})],
)
def test_a_price_registered_without_a_provider_is_everybodys_and_says_so(model, facts):
    """A row without a provider belongs to all; the map's row of that name is another seller's."""
    prices = CostMap(SOLD_BY_TWO)
    prices.register({"gpt-4o": THREE})
    cost = prices.calculate(usage=MILLION, model=model, **facts)
    seller = facts.get("provider") or model.partition("/")[0]
    assert [(line.layer, line.map_key, str(line.amount)) for line in cost.line_items] == [("registered", "gpt-4o", "3")]
    assert cost.notes == (
        f"the price registered for 'gpt-4o' names no provider, so it is used for {seller} too: register "
        f"{seller}/gpt-4o as well, or give it a litellm_provider",
    )


@pytest.mark.parametrize(
    ("registered", "model", "total"),
    [
        ({"gpt-4o": THREE}, "gpt-4o", "3"),
        ({"gpt-4o": THREE}, "gpt-4o-2024-08-06", "3"),
        ({"gpt-4o": THREE}, "openai/gpt-4o", "3"),
        ({"azure/gpt-4o": THREE}, "azure/gpt-4o", "3"),
        ({"gpt-4o": {**THREE, "litellm_provider": "azure"}}, "azure/gpt-4o", "3"),
        ({"gpt-4o": {**THREE, "litellm_provider": "openai"}}, "azure/gpt-4o", "2"),
        ({"my-model": THREE}, "azure/my-model", "3"),
    ],
)
def test_a_registered_price_of_ones_own_seller_needs_no_note(registered, model, total):
    """It is the seller's that the map knows, the one that it names, or the map knows no such name."""
    prices = CostMap(SOLD_BY_TWO)
    prices.register(registered)
    cost = prices.calculate(usage=MILLION, model=model)
    assert (str(cost.total), cost.notes) == (total, ())
    # Whoever names the base model means it.
    cost = prices.calculate(usage=MILLION, model="azure/deployed", base_model=next(iter(registered)))
    assert (str(cost.total), cost.notes) == ("3", ())


def test_a_map_is_not_its_callers():
    """Neither what was handed in nor what is handed out changes the map."""
    entries = {"m": {**ONE, "search_context_cost_per_query": {"search_context_size_low": 0.01}, "modes": ["chat"]}}
    before = copy.deepcopy(entries)
    prices = CostMap(entries)
    prices.register(entries)
    entries["m"]["search_context_cost_per_query"]["search_context_size_low"] = 9
    entries["m"]["input_cost_per_token"] = 9
    out = prices["m"]
    out["modes"].append("x")
    out["search_context_cost_per_query"].clear()
    out.clear()
    assert prices["m"] == before["m"]
    assert price(prices) == "1"


# Registering.


def test_registered_prices_are_above_the_map_and_below_the_call():
    """And only key by key."""
    prices = CostMap({"m": {**ONE, "output_cost_per_token": 5e-06}})
    prices.register({"m": TWO})
    assert price(prices) == "2"
    assert price(prices, input_cost_per_token=3e-06) == "3"
    assert price(prices) == "2"
    assert prices["m"] == {**TWO, "output_cost_per_token": 5e-06}


def test_a_second_registration_keeps_the_other_keys():
    """What is not named again stays."""
    prices = CostMap({})
    prices.register({"m": {**ONE, "mode": "chat"}})
    prices.register({"m": {"output_cost_per_token": 2e-06}})
    assert prices["m"] == {**ONE, "mode": "chat", "output_cost_per_token": 2e-06}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("cache_read_input_token_cost", "input_cost_per_token_cache_hit"),
        ("input_cost_per_token_cache_hit", "cache_read_input_token_cost"),
        ("cache_read_input_token_cost", "cache_read_input_cost_per_million_tokens"),
    ],
)
def test_a_second_registration_may_spell_a_cell_otherwise(first, second):
    """The last word on a cell counts, however it is spelled; null un-sets it."""
    prices = CostMap({})
    prices.register({"m": {first: 1e-06, "geo_multiplier": {"us": 2}}})
    prices.register({"m": {second: 0.0}})
    assert prices["m"] == {second: 0.0, "geo_multiplier": {"us": 2}}
    prices.register({"m": {first: None}})
    assert prices["m"] == {first: None, "geo_multiplier": {"us": 2}}


def test_all_entries_are_registered_or_none():
    """One wrong entry leaves the map as it was."""
    prices = CostMap({"a": ONE, "b": ONE})
    with pytest.raises(InvalidPriceError):
        prices.register({"a": TWO, "b": {"input_cost_per_token": -1}})
    with pytest.raises(UnknownPriceKeyError):
        prices.register({"a": TWO, "b": {"input_cost_per_tokn": 1}})
    assert (price(prices, "a"), price(prices, "b")) == ("1", "1")


def test_replace_when_registering():
    """The entry is the whole card, now and after later registrations of other keys."""
    prices = CostMap({"m": {**ONE, "output_cost_per_token": 5e-06}})
    prices.register({"m": {"cache_read_input_token_cost": 5e-07}})
    prices.register({"m": TWO}, replace=True)
    assert set(prices.rate_card("m").cells) == {("input", ())}
    prices.register({"m": {"cache_read_input_token_cost": 1e-06}})
    assert set(prices.rate_card("m").cells) == {("input", ()), ("cache_read", ())}


def test_scale_rest_when_registering():
    """Input from 1 to 2, so the flex rate from 0.5 to 1."""
    prices = CostMap({"m": {**ONE, "input_cost_per_token_flex": 5e-07}})
    prices.register({"m": TWO}, scale_rest=True)
    assert price(prices, service_tier="flex") == "1"
    prices.register({"m": {"output_cost_per_token": 1e-06}})
    assert price(prices, service_tier="flex") == "1"


def test_a_price_per_million_warns_where_it_enters():
    """Registered and in a call; the warning says what it reads as, and whose it is."""
    with pytest.warns(SuspiciousPriceWarning, match=r"2,500,000 USD per 1M tokens.*\(registered m\)"):
        CostMap({}).register({"m": {"input_cost_per_token": 2.5}})
    with pytest.warns(SuspiciousPriceWarning, match=r"\(call prices\)"):
        CostMap({"m": ONE}).rate_card("m", prices={"output_cost_per_token": 2.5, "cache_read_input_token_cost": None})


# Names and layers.


def test_a_registered_price_covers_the_dated_snapshots():
    """gpt-4o is registered, gpt-4o-2024-08-06 answers; a snapshot that is registered itself has its own price."""
    row = {**ONE, "litellm_provider": "openai"}
    prices = CostMap({"gpt-4o": row, "gpt-4o-2024-08-06": row})
    for name in ("gpt-4o", "openai/gpt-4o"):
        fresh = CostMap(dict(prices.items()))
        fresh.register({name: TWO})
        assert str(fresh.calculate(chat("gpt-4o-2024-08-06")).total) == "2"
        assert str(fresh.calculate(chat("gpt-4o-2024-08-06"), model="gpt-4o").total) == "2"
        fresh.register({"gpt-4o-2024-08-06": THREE})
        assert str(fresh.calculate(chat("gpt-4o-2024-08-06")).total) == "3"
        assert str(fresh.calculate(chat("gpt-4o")).total) == "2"


def test_a_price_registered_for_another_provider_is_not_used():
    """Azure's gpt-4o says nothing of OpenAI's, and two such rows do not make the map's own name ambiguous."""
    prices = CostMap({"gpt-4o": {**ONE, "litellm_provider": "openai"}})
    prices.register({"azure/gpt-4o": TWO})
    assert price(prices, "gpt-4o") == "1"
    assert price(prices, "azure/gpt-4o") == "2"
    prices.register({"acme/gpt-4o": THREE})
    assert price(prices, "gpt-4o") == "1"
    prices.register({"openai/gpt-4o": THREE})
    assert price(prices, "gpt-4o") == "3"


def test_a_row_of_nobody_is_no_providers():
    """Where the map's row does not say whose it is, a price registered for one provider is not meant by its name."""
    prices = CostMap({"m": ONE})
    prices.register({"acme/m": TWO})
    assert (price(prices, "m"), price(prices, "acme/m")) == ("1", "2")


def test_a_price_registered_for_a_name_that_only_providers_have():
    """Where the map does not know the bare name, the only registered row of it is meant."""
    prices = CostMap({})
    prices.register({"acme/llama-9": TWO})
    assert price(prices, "llama-9") == "2"


def test_own_prices_settle_an_ambiguous_name():
    """Several providers sell it at different prices, but the registered or the call's price is set and used."""
    prices = CostMap({"a/llama-9": ONE, "b/llama-9": TWO})
    with pytest.raises(UnknownModelError, match=r"several providers at different prices"):
        price(prices, "llama-9")
    cost = prices.calculate(usage=MILLION, model="llama-9", input_cost_per_token=3e-06)
    assert (str(cost), cost.match_rule) == ("3.00", "own_prices")
    assert cost.notes == (
        "'llama-9' is sold by several providers at different prices: a/llama-9, b/llama-9; name one of them, or pass "
        "provider=: own prices alone are used",
    )
    prices.register({"llama-9": THREE})
    assert price(prices, "llama-9") == "3"


def test_own_prices_make_an_unknown_name_known():
    """The card is of own prices alone; the provider of the name brings its vendor's rules."""
    prices = CostMap({})
    cost = prices.calculate(usage=MILLION, model="my-model", input_cost_per_token=1e-06)
    assert (str(cost), cost.match_rule, cost.matched_as) == ("1.00", "own_prices", "my-model")
    written = prices.calculate(usage=Usage(cache_write=1_000_000), model="anthropic/mine", input_cost_per_token=1e-06)
    # 1.25 x 1
    assert str(written) == "1.25"
    with pytest.raises(UnknownModelError):
        price(prices, "my-model")


def test_a_base_model_stands_in_for_the_map():
    """It may be another provider's, and loses to registered and to call prices."""
    prices = CostMap({"other/base": {**ONE, "output_cost_per_token": 1e-06}})
    card = prices.rate_card("azure/mine", base_model="other/base")
    assert (card.name, card.match_rule, card.model) == ("other/base", "base_model", "azure/mine")
    assert price(prices, "azure/mine", base_model="other/base") == "1"
    prices.register({"azure/mine": TWO})
    assert price(prices, "azure/mine", base_model="other/base") == "2"
    assert price(prices, "azure/mine", base_model="other/base", input_cost_per_token=3e-06) == "3"


def test_a_base_model_may_be_registered_itself():
    """Over the map's entry of that name, or alone."""
    prices = CostMap({"base": {**ONE, "output_cost_per_token": 1e-06}})
    prices.register({"base": TWO, "own-base": THREE})
    assert price(prices, "azure/mine", base_model="base") == "2"
    assert price(prices, "azure/mine", base_model="own-base") == "3"


def test_an_unknown_base_model_is_named():
    """The error is about the base model and not about the model."""
    with pytest.raises(UnknownModelError) as error:
        CostMap({"base": ONE}).rate_card("azure/mine", base_model="bse")
    assert (error.value.model, error.value.nearest) == ("bse", ("base",))


def test_a_region_of_the_call_selects_a_row():
    """rate_card(region=) as calculate(region=)."""
    prices = CostMap({"azure/m": ONE, "azure/eu/m": TWO})
    assert prices.rate_card("azure/m", region="eu").name == "azure/eu/m"
    assert price(prices, "azure/m", region="eu") == "2"


def test_a_region_without_a_row_of_its_own_is_noted():
    """The base row's price is used, and the bill says that the region's may be another."""
    cost = CostMap({"acme.m-v1:0": {**ONE, "litellm_provider": "bedrock"}}).calculate(
        usage=MILLION, model="us.acme.m-v1:0"
    )
    assert (cost.matched_as, cost.match_rule, str(cost.total)) == ("acme.m-v1:0", "base_of_region", "1")
    assert cost.notes == ("regional row missing: base row used, geo profiles usually cost more",)


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({}, "big"),
        ({"routed": True}, "small"),
        ({"routed": True, "provider": "acme"}, "acme/small"),
        ({"routed": True, "response_provider": "acme"}, "acme/small"),
    ],
)
def test_what_a_router_proves_to_have_picked_is_priced(facts, name):
    """The model that was called is billed, unless the response proves that another one is; of the same seller."""
    prices = CostMap({"big": THREE, "small": ONE, "acme/small": TWO, "acme/big": THREE})
    assert prices.card(Asked("big", "small", **facts)).name == name


def test_the_seller_in_the_name_is_that_of_the_model_that_was_picked():
    """And without a name in the response, the model that was called is all that is known."""
    prices = CostMap({"big": THREE, "small": ONE, "acme/small": TWO, "acme/big": THREE})
    assert prices.card(Asked("acme/big", "small", routed=True)).name == "acme/small"
    assert prices.card(Asked("acme/big", None, routed=True)).name == "acme/big"


def test_replace_and_scale_rest_need_prices():
    """They say how the call's own prices treat the others."""
    for option in ("replace", "scale_rest"):
        with pytest.raises(ValueError, match=r"none are given"):
            CostMap({"m": ONE}).rate_card("m", **{option: True})


def test_a_deployment_without_a_configuration():
    """There is none to choose from."""
    with pytest.raises(UnknownModelError, match=r"no configuration has a deployment 'd'"):
        CostMap({"m": ONE}).rate_card("m", deployment="d")


@pytest.mark.parametrize("name", ["\ud800", "a\nb", '"', "\\", "\x00", "m" * 100_000, "é"])
def test_a_name_may_be_any_text(name):
    """Whatever a response calls its model, it is unknown and nothing worse; registered, it is known."""
    with pytest.raises(UnknownModelError):
        CostMap().rate_card(name)
    prices = CostMap()
    prices.register({name: ONE})
    assert price(prices, name) == "1"


# Call prices never leak.


def test_call_prices_are_of_one_call():
    """Neither a later call nor the map sees them."""
    prices = CostMap({"m": {**ONE, "output_cost_per_token": 5e-06}})
    before = copy.deepcopy(dict(prices.items()))
    assert price(prices, input_cost_per_token=3e-06) == "3"
    assert price(prices, prices={"input_cost_per_token": "0.000002"}) == "2"
    assert price(prices, input_cost_per_token=0) == "0"
    assert price(prices) == "1"
    assert dict(prices.items()) == before


@pytest.mark.parametrize("other", [False, {"search_context_size_low": 1}, "0 "])
def test_call_prices_of_different_types_are_different(other):
    """A cached card of 0 is none of False or of a mapping, which are no prices; text is read as what it says."""
    prices = CostMap({"m": ONE})
    card = prices.rate_card("m", prices={"input_cost_per_token": 0})
    if isinstance(other, str):
        assert prices.rate_card("m", prices={"input_cost_per_token": other}) is not card
    else:
        with pytest.raises(InvalidPriceError):
            prices.rate_card("m", prices={"input_cost_per_token": other})


def test_an_integer_of_thousands_of_digits_is_no_price():
    """It has no repr to be cached by, and is refused like any other."""
    with pytest.raises(InvalidPriceError, match=r"too long to show"):
        price(CostMap({"m": ONE}), input_cost_per_token=10**5000)


def test_the_same_question_has_the_same_card():
    """Compiled once; a registration starts anew."""
    prices = CostMap({"m": ONE})
    card = prices.rate_card("m")
    assert prices.rate_card("m") is card
    own = prices.rate_card("m", prices=TWO)
    assert prices.rate_card("m", prices=dict(TWO)) is own
    prices.register({"other": ONE})
    assert prices.rate_card("m") is not card


def test_every_cache_is_bounded(monkeypatch):
    """However many names and prices are asked for, memory is not theirs."""
    for name in ("_MOST_CARDS", "_MOST_PRICED", "_MOST_UNKNOWN"):
        monkeypatch.setattr(module, name, 3)
    prices = CostMap({f"m{number}": ONE for number in range(10)})
    for number in range(10):
        prices.rate_card(f"m{number}", prices={"output_cost_per_token": number * 1e-06})
        prices.calculate(usage=Usage(input=1), model=f"m{number}")
        with pytest.raises(UnknownModelError):
            prices.rate_card(f"unknown{number}")
    state = prices._state
    assert [len(cache) for cache in (state.cards, state.priced, state.stacks, state.unknown)] == [3, 3, 3, 3]
    # The oldest made room.
    assert [key[0][0] for key in state.cards] == ["m7", "m8", "m9"]
    assert price(prices, "m0") == "1"


def test_long_names_and_prices_are_not_kept():
    """No model has a name of more than 500 letters; a name of 500 is kept."""
    prices = CostMap({"m": ONE, "n" * 500: ONE, "n" * 501: TWO})
    state = prices._state
    for length, kept in ((501, 0), (500, 1)):
        prices.rate_card("n" * length)
        with pytest.raises(UnknownModelError):
            prices.rate_card("u" * length)
        assert [len(cache) for cache in (state.cards, state.stacks, state.unknown)] == [kept] * 3
    for count, kept in ((200, 0), (2, 1)):
        ranges = [{"range": [number, number + 1], "input_cost_per_token": 1e-06} for number in range(count)]
        prices.rate_card("m", prices={"tiered_pricing": ranges})
        assert len(state.priced) == kept


def test_an_unknown_name_is_remembered_and_says_the_same():
    """The second error is as good as the first, nearest names included."""
    prices = CostMap({"gpt-4o": ONE})
    errors = []
    for _ in range(2):
        with pytest.raises(UnknownModelError) as error:
            prices.rate_card("gpt-4oo", provider="acme")
        errors.append((str(error.value), error.value.tried, error.value.nearest))
    assert errors[0] == errors[1]
    assert errors[0][2] == ("gpt-4o",)
    prices.register({"gpt-4oo": ONE})
    assert price(prices, "gpt-4oo") == "1"


# The bundled data: dates, age and provenance.


def test_a_map_of_ones_own_has_no_past_and_no_age():
    """Nobody's history is applied to it, and nothing vouches for it."""
    prices = CostMap({"m": ONE})
    card = prices.rate_card("m")
    assert prices.epochs(card) is NONE
    assert (card.attest, card.notes) == (None, ())


def test_own_prices_on_the_bundled_map_have_no_past():
    """What rests on no entry of the map has no dates."""
    prices = CostMap()
    card = prices.rate_card("my-own", prices=ONE)
    assert prices.epochs(card) is NONE
    assert card.attest("my-own") == {}
    with_entry = prices.rate_card("gpt-4o")
    vouched = with_entry.attest("gpt-4o")
    assert "confidence" in vouched
    provenance = prices._origin._provenance
    assert prices.rate_card("gpt-4o-mini").attest("gpt-4o") == vouched
    assert prices._origin._provenance is provenance  # it was read once
    assert prices.epochs(with_entry) is prices.epochs(with_entry)


@pytest.mark.parametrize(
    ("as_of", "note"),
    [
        (None, ()),
        ("2026-01-02", ()),
        ("2026-01-01", ("the price map is of 2026-01-01, 31 days old: see `llmcost update`",)),
    ],
)
def test_a_map_that_is_older_than_thirty_days_says_so(monkeypatch, tmp_path, as_of, note):
    """On the first of February: every card that rests on it has the note, and no card of own prices alone."""
    (tmp_path / places.MAP).write_text(json.dumps({"m": ONE}), encoding="utf-8")
    if as_of is not None:
        (tmp_path / places.INFO).write_text(json.dumps({"as_of": as_of}), encoding="utf-8")
    monkeypatch.setenv("LLMCOST_PRICES", str(tmp_path))
    monkeypatch.setattr(origin, "STALE_DAYS", 30)
    monkeypatch.setenv("LLMCOST_TODAY", "2026-02-01")
    # That it is said once a process, too, is for tests/test_ages.py.
    monkeypatch.setattr(origin, "_warned", ["said"])
    prices = CostMap()
    assert prices.rate_card("m").notes == note
    assert prices.rate_card("own", prices=ONE).notes == ()


def test_a_set_without_a_map(monkeypatch):
    """An installation that has lost its data says what is missing."""
    monkeypatch.setattr(places, "current", lambda: places.DataSet("nowhere", ()))
    with pytest.raises(PriceDataError, match=r"model_prices\.json is missing"):
        CostMap().rate_card("gpt-4o")


def test_a_map_that_another_thread_has_just_read(monkeypatch):
    """Who waited for the lock takes what the other read."""

    class Lock:
        def __enter__(self):
            prices._base = CostMap({"m": ONE}).source

        def __exit__(self, *_):
            pass

    prices = CostMap()
    monkeypatch.setattr(module, "LOCK", Lock())
    assert prices.source.get("m") == ONE


# A mapping.


def test_it_reads_like_a_mapping():
    """Names to entries, registered keys over the map's."""
    prices = CostMap({"a": ONE, "b": TWO})
    prices.register({"b": {"mode": "chat"}, "c": THREE})
    assert (len(prices), list(prices), prices.keys()) == (3, ["a", "b", "c"], ("a", "b", "c"))
    assert prices["b"] == {**TWO, "mode": "chat"}
    assert dict(prices.items()) == {"a": ONE, "b": {**TWO, "mode": "chat"}, "c": THREE}
    assert "a" in prices
    assert "c" in prices
    assert "d" not in prices
    assert 5 not in prices
    assert prices.get("d") is None
    assert prices.get("d", 5) == 5
    assert prices.get("a") == ONE
    for name in ("d", 5, None):
        with pytest.raises(KeyError):
            prices[name]


def test_the_bundled_map_reads_like_a_mapping_too():
    """Thousands of names, the well-known among them, each with its entry."""
    prices = CostMap.bundled()
    assert len(prices) > 4000
    assert "gpt-4o" in prices
    assert prices["gpt-4o"]["litellm_provider"] == "openai"
    assert "no such model" not in prices
    names = list(prices)
    assert len(names) == len(set(names)) == len(prices)


def test_two_maps_share_nothing_but_the_bundled_data():
    """What is registered in one is not in the other, nor in the module's."""
    one, other = CostMap(), CostMap()
    one.register({"gpt-4o": {"input_cost_per_token": 9e-06}})
    assert price(one, "gpt-4o") == "9"
    assert price(other, "gpt-4o") == price(CostMap(), "gpt-4o") != "9"
    assert llmcost.get_model_info("gpt-4o")["input_cost_per_token"] != 9e-06


@pytest.mark.parametrize("wrong", [object(), [object()], {1, 2}, b"1"])
def test_a_price_of_the_call_that_is_no_number(wrong):
    """It cannot be remembered, and is refused by the name of its key each time."""
    prices = CostMap({"m": ONE})
    for _ in range(2):
        with pytest.raises(InvalidPriceError, match=r"input_cost_per_token=.*: not a number"):
            prices.rate_card("m", prices={"input_cost_per_token": wrong})
    assert price(prices, input_cost_per_token=2e-06) == "2"


def test_a_fact_beside_the_prices_of_a_call_may_be_anything():
    """It cannot be compared, so that the card is not kept; the price beside it is used: 2 USD per million."""
    prices = CostMap({"m": ONE})
    own = {**TWO, "source": object()}
    cards = [prices.rate_card("m", prices=own) for _ in range(2)]
    assert [str(card.cells["input", ()].usd) for card in cards] == ["0.000002", "0.000002"]
    assert cards[0] is not cards[1]
    assert len(prices._state.priced) == 0
    assert price(prices) == "1"


def test_the_day_of_the_prices(monkeypatch, tmp_path):
    """As the set states it; entries of one's own are of no day."""
    (tmp_path / places.MAP).write_text(json.dumps({"m": ONE}), encoding="utf-8")
    (tmp_path / places.INFO).write_text('{"as_of": "2026-01-02"}', encoding="utf-8")
    monkeypatch.setenv("LLMCOST_PRICES", str(tmp_path))
    assert (CostMap().as_of, CostMap({"m": ONE}).as_of) == ("2026-01-02", "")


def test_what_deployment_may_name():
    """An entry that is registered with prices, or a deployment by its id, address, backend or alias."""
    prices = CostMap({"m": ONE})
    prices.register({"own-id": TWO, "no-price": {"mode": "chat"}})
    names = ("own-id", "no-price", "m", "east", "model_list[0]", "openai/m", "chat")
    assert [name for name in names if prices.has_deployment(name)] == ["own-id"]
    prices.use_deployments(Deployments([Deployment("chat", "openai/m", id="east", address="model_list[0]")]))
    assert [name for name in names if prices.has_deployment(name)] == [
        "own-id",
        "east",
        "model_list[0]",
        "openai/m",
        "chat",
    ]


def test_deployments_are_put_in_place_and_taken_out():
    """The map itself changes, cards that it has made are not asked again, and registered prices stay."""
    prices = CostMap({"openai/m": ONE, "chat": TWO})
    prices.register({"mine": THREE})
    assert price(prices, "chat") == "2"
    prices.use_deployments(Deployments([Deployment("chat", "openai/m")]))
    assert (price(prices, "chat"), price(prices, "mine")) == ("1", "3")
    prices.use_deployments(None)
    assert (price(prices, "chat"), price(prices, "mine"), prices.deployments) == ("2", "3", None)


def test_prices_that_cannot_be_read():
    """A mapping of a foreign type, whose keys raise: the argument is named."""

    class Failing:
        def keys(self):
            raise RuntimeError("not today")

    with pytest.raises(ArgumentError, match=r"^prices: .*Failing.*not today"):
        CostMap({"m": ONE}).rate_card("m", prices=Failing())


def test_a_size_of_a_foreign_text_type():
    """Such as a member of an enum: it is a text as any other."""

    class Size(str, Enum):
        SMALL = "1024x1024"

    assert Asked("m", size=Size.SMALL).check() is None


def test_an_error_that_no_argument_causes(monkeypatch):
    """It passes as it is, and no argument is blamed."""

    def fails(*_, **__):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(CostMap, "card", fails)
    with pytest.raises(RuntimeError, match=r"^a fault of ours$"):
        CostMap({"m": ONE}).rate_card("m")
