"""Entries: every way in which one row of a price map says what something costs, and what is refused."""

from __future__ import annotations

import pytest

from llmcost import CostMap, InvalidPriceError, PriceDataError, UnknownPriceKeyError, Usage
from llmcost.prices.entries import compile_entry, is_price_key


def rates(raw, layer="call"):
    """Return ``(meter, conditions as text) -> (USD, price key)`` of an entry."""
    return {
        (meter, ", ".join(f"{name} {value}" for name, value in conditions)): (str(rate.usd), rate.price_key)
        for (meter, conditions), rate in compile_entry(raw, layer, "m").rates.items()
        if rate is not None
    }


# Flat keys.


def test_flat_keys_become_cells():
    """Meter, conditions, per-1k keys, and everything that is no price is a fact."""
    entry = compile_entry(
        {
            "input_cost_per_token": 2e-06,
            "input_cost_per_token_above_200k_tokens_priority": 8e-06,
            "file_search_cost_per_1k_calls": 2.5,
            "mode": "chat",
            "max_tokens": 5,
            "input_dbu_cost_per_token": 7,
        },
        "map",
        "m",
    )
    assert entry.info == {"mode": "chat", "max_tokens": 5, "input_dbu_cost_per_token": 7}
    # 2.5 USD for 1,000 calls are 0.0025 for one.
    assert {cell: str(rate.usd) for cell, rate in entry.rates.items()} == {
        ("input", ()): "0.000002",
        ("input", (("context", 200_000), ("tier", "priority"))): "0.000008",
        ("file_searches", ()): "0.0025",
    }


def test_null_is_neither_a_price_nor_nothing():
    """It un-sets the cell of weaker layers; it does not hide a second spelling that is a price."""
    assert compile_entry({"input_cost_per_token": None}, "call", "m").rates == {("input", ()): None}
    assert rates({"cache_read_input_token_cost": None, "input_cost_per_token_cache_hit": 1e-06}) == {
        ("cache_read", ""): ("0.000001", "input_cost_per_token_cache_hit")
    }
    assert rates({"input_cost_per_token_cache_hit": 1e-06, "cache_read_input_token_cost": None}) == {
        ("cache_read", ""): ("0.000001", "input_cost_per_token_cache_hit")
    }


@pytest.mark.parametrize("layer", ["call", "registered", "config model_info", "config litellm_params"])
def test_two_spellings_that_disagree_are_an_error_of_a_person(layer):
    """Nobody can tell which of the two was meant."""
    both = {"cache_read_input_token_cost": 1e-06, "input_cost_per_token_cache_hit": 2e-06}
    with pytest.raises(InvalidPriceError, match=r"cache_read_input_token_cost sets the same rate to 0.000001; keep"):
        compile_entry(both, layer, "m")


def test_two_spellings_that_agree_are_one():
    """1 USD per million is 0.000001 per token."""
    both = {"cache_read_input_token_cost": 1e-06, "input_cost_per_token_cache_hit": "0.000001"}
    assert rates(both) == {("cache_read", ""): ("0.000001", "cache_read_input_token_cost")}


@pytest.mark.parametrize("layer", ["map", "base_model"])
def test_a_public_map_is_read_by_its_first_spelling(layer):
    """The first key of the meter's row is the one that maps keep up to date, in whichever order they stand."""
    old, new = {"input_cost_per_token_cache_hit": 2e-06}, {"cache_read_input_token_cost": 1e-06}
    expected = {("cache_read", ""): ("0.000001", "cache_read_input_token_cost")}
    assert rates({**old, **new}, layer) == expected
    assert rates({**new, **old}, layer) == expected


@pytest.mark.parametrize("layer", ["map", "registered"])
def test_ranges_win_over_a_flat_key(layer):
    """It holds for a prompt of 0 tokens, and where a range has no price of its own."""
    raw = {
        "tiered_pricing": [
            {"range": [0, 1000], "input_cost_per_token": 2e-06, "output_cost_per_token": 5e-06},
            {"range": [1000, 2000], "input_cost_per_token": 3e-06},
        ],
        "input_cost_per_token": 1e-06,
        "output_cost_per_token": 4e-06,
    }
    expected = {
        ("input", ""): ("0.000001", "input_cost_per_token"),
        ("input", "context 0"): ("0.000002", "tiered_pricing[0].input_cost_per_token"),
        ("input", "context 1000"): ("0.000003", "tiered_pricing[1000].input_cost_per_token"),
        ("output", ""): ("0.000004", "output_cost_per_token"),
        ("output", "context 0"): ("0.000005", "tiered_pricing[0].output_cost_per_token"),
        ("output", "context 1000"): ("0.000004", "output_cost_per_token"),
    }
    assert rates(raw, layer) == expected
    assert rates(dict(reversed(raw.items())), layer) == expected


def test_a_flat_key_that_repeats_the_first_range_is_its_price():
    """As public maps write them, so that no call of such a model is looked at twice."""
    raw = {"tiered_pricing": [{"range": [0, 1000], "input_cost_per_token": 1e-06}], "input_cost_per_token": 1e-06}
    assert rates(raw, "map") == {("input", ""): ("0.000001", "input_cost_per_token")}


@pytest.mark.parametrize("key", [1, None, ("a",), 2.5])
def test_keys_are_text(key):
    """YAML has other keys; they are refused with their place."""
    with pytest.raises(PriceDataError, match=r"call m: .* is no price key"):
        compile_entry({key: 1}, "call", "m")
    with pytest.raises(PriceDataError, match=r"off_peak_pricing of call m: .* is no price key"):
        compile_entry({"off_peak_pricing": {"hours_utc": "01:00-02:00", key: 1}}, "call", "m")


def test_a_price_is_no_mapping():
    """Only the known blocks are nested."""
    with pytest.raises(InvalidPriceError):
        compile_entry({"input_cost_per_token": {"us": 1e-06}}, "call", "m")


def test_a_typo_names_its_place_and_the_nearest_key():
    """At the top and inside of blocks."""
    with pytest.raises(UnknownPriceKeyError, match=r"in registered m .* Did you mean 'input_cost_per_token'"):
        compile_entry({"input_cost_per_tokn": 1e-06}, "registered", "m")
    with pytest.raises(UnknownPriceKeyError, match=r"in tiered_pricing of call m .*'input_cost_per_token'"):
        compile_entry({"tiered_pricing": [{"range": [0, 5], "input_cost_per_tokn": 1}]}, "call", "m")


def test_is_price_key():
    """Keys, blocks and uplifts price something; facts do not; a typo raises."""
    assert is_price_key("input_cost_per_token")
    assert is_price_key("tiered_pricing")
    assert is_price_key("regional_processing_uplift_multiplier_eu")
    assert not is_price_key("mode")
    with pytest.raises(UnknownPriceKeyError):
        is_price_key("input_cost_per_tokn")


@pytest.mark.parametrize("fact", ["litellm_provider", "mode"])
@pytest.mark.parametrize("value", [5, [], {}, True, pytest.param(10**5000, id="5000 digits")])
def test_facts_that_prices_depend_on_are_text(fact, value):
    """In a call, in a map and in a file; null says nothing."""
    for use in (
        lambda: compile_entry({fact: value}, "call", "m"),
        lambda: CostMap({"m": {fact: value}}),
        lambda: CostMap({}).register({"m": {fact: value}}),
    ):
        with pytest.raises(PriceDataError, match=rf"{fact}=.* is no text"):
            use()
    assert compile_entry({fact: None}, "call", "m").info == {fact: None}


@pytest.mark.parametrize("key", ["price_valid_until", "retired_on"])
@pytest.mark.parametrize("value", ["soon", "", "2026-13-45", "2026-11-30T00:00:00Z", 20261130, ["2026-11-30"], True])
def test_a_day_of_a_row_is_a_day(key, value):
    """A promise that ends on no day was an error of Python's own at every price of the model."""
    row = {"input_cost_per_token": 1e-06, key: value}
    with pytest.raises(PriceDataError, match=rf"{key}=.* is no day: it is written YYYY-MM-DD"):
        compile_entry(row, "map", "m")
    with pytest.raises(PriceDataError, match="is no day"):
        CostMap({"m": row}).calculate(model="m", usage=Usage(input=1))
