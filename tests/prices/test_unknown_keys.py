"""What the words of a key tell that is not known, and which keys are slips of the pen."""

from __future__ import annotations

import json
import warnings

import pytest

from llmcost import ConfigWarning, CostMap, PriceDataError, UnknownPriceKeyError, Usage, map_info
from llmcost.core.set_aside import EACH_CALL
from llmcost.prices.entries import compile_entry
from llmcost.prices.keys import uplift_region
from llmcost.prices.unknown_keys import near_miss, set_aside


@pytest.mark.parametrize(
    ("key", "region"),
    [
        ("regional_processing_uplift_multiplier_eu", "eu"),
        ("regional_processing_uplift_multiplier_middle_east", "middle_east"),
        ("fedramp_uplift_multiplier", "fedramp"),
        ("us_gov_uplift_multiplier", "us_gov"),
        ("uplift_multiplier_eu", "eu"),
        ("data_residency_uplift_multiplier_ch", "ch"),
        ("uplift_multiplier", None),
        ("regional_endpoint_uplift_multiplier", None),
        ("eu_uplift_multiplier_us", None),
        ("priority_uplift_multiplier", None),
        ("long_context_uplift_multiplier", None),
        ("audio_uplift_multiplier", None),
        ("night_rate_uplift_multiplier", None),
        ("fedramp_multiplier", None),
    ],
)
def test_the_region_of_an_uplift(key, region):
    """It stands before or after; a word of a tier or of a meter is none, nor are several words that are no place."""
    assert uplift_region(key) == region


def test_fedramp_is_one_more_region():
    """1,000 x 2.5e-6 + 100 x 1e-5 USD are 0.0035, x 1.1 in FedRAMP; another region has no factor, and none is x 1.

    https://developers.openai.com/api/docs/pricing
    """
    row = {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2.5e-06,
        "output_cost_per_token": 1e-05,
        "fedramp_uplift_multiplier": 1.1,
    }
    prices = CostMap({"gpt-4o": row})

    def total(**facts):
        cost = prices.calculate(usage={"prompt_tokens": 1000, "completion_tokens": 100}, model="gpt-4o", **facts)
        assert cost.complete
        return str(cost.total)

    assert (total(), total(region="fedramp"), total(region="eu")) == ("0.0035", "0.00385", "0.0035")
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    assert prices.completion_cost(None, "gpt-4o", usage=usage, data_residency="fedramp") == 0.00385


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("input_cost_per_token_turbo", ("meter", "input", None, True)),
        ("nightly_output_cost_per_token", ("meter", "output", None, True)),
        ("input_cost_per_token_above_1m_tokens", ("meter", "input", 1_000_000, False)),
        ("input_cost_per_token_above_200k", ("meter", "input", 200_000, False)),
        ("input_cost_per_token_above_2hr", ("meter", "input", 2, False)),
        ("input_cost_per_token_above_10min", ("meter", "input", 10, False)),
        ("input_cost_per_token_above_long_prompts", ("meter", "input", 0, False)),
        ("input_cost_per_token_priority_above_200k_tokens", ("meter", "input", 200_000, True)),
        ("turbo_cost_multiplier", ("condition", None, None, True)),
        ("regional_surcharge_multiplier", ("region", None, None, True)),
        ("output_cost_per_smell", ("nothing known", None, None, True)),
    ],
)
def test_what_its_words_tell(key, expected):
    """The known meter in it, a size, and whether there is more to it."""
    found = set_aside(key, 1.0)
    assert (found.kind, found.meter, found.above, found.conditional) == expected


@pytest.mark.parametrize(
    "words",
    [
        *("cost", "price", "fee", "charge", "base_fee", "fixed_fee", "flat_fee", "input_fee", "output_fee", "api_fee"),
        *("model_fee", "minimum_fee", "a_fee", "usd", "fee_1k", "fee_1000", "price_of_a_million"),
    ],
)
@pytest.mark.parametrize("call", ["requests", "call", "calls", "message", "messages", "turn", "session"])
def test_a_fee_that_every_call_pays(words, call):
    """All of its words are of fees and calls; one more word may name a tool."""
    assert set_aside(f"{words}_per_{call}", 0.01).kind == EACH_CALL
    assert set_aside(f"{words}_per_tool_{call}", 0.01).kind != EACH_CALL


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("input_cost_per_tokne", "input_cost_per_token"),
        ("inputcost_per_token", "input_cost_per_token"),
        ("input_cost_per_token_batch", "input_cost_per_token_batches"),
        ("input_cost_per_token_above_200k_tokns", "input_cost_per_token_above_200k_tokens"),
        ("input_cost_per_token_turbo", None),
        ("input_cost_per_token_above_1m_tokens", None),
        ("input_cost_per_hologram", None),
        ("moon_cost_multiplier", None),
    ],
)
def test_slips_of_the_pen(key, meant):
    """One letter off is a slip; one more word is a new key."""
    assert near_miss(key) == meant


def test_a_public_map_sets_aside_what_a_person_may_not_write():
    """At the top and inside of blocks, each with its place; null says nothing."""
    raw = {
        "input_cost_per_token": 1e-06,
        "input_cost_per_token_turbo": 2e-06,
        "output_cost_per_smell": None,
        "tiered_pricing": [{"range": [0, 100], "input_cost_per_token": 1e-06, "cost_per_smell": 3}],
        "off_peak_pricing": {"hours_utc": "01:00-02:00", "input_cost_per_token": 5e-07, "mood": "good"},
        "search_context_cost_per_query": {"search_context_size_low": 0.01, "search_context_size_huge": 0.1},
    }
    entry = compile_entry(raw, "map", "m")
    assert [(aside.key, aside.value, aside.layer, aside.map_key) for aside in entry.unknown] == [
        ("input_cost_per_token_turbo", 2e-06, "map", "m"),
        ("tiered_pricing[0].cost_per_smell", 3, "map", "m"),
        ("off_peak_pricing.mood", "good", "map", "m"),
        ("search_context_cost_per_query.search_context_size_huge", 0.1, "map", "m"),
    ]
    assert entry.unknown[-1].meter == "web_searches"
    for key in raw.keys() - {"input_cost_per_token"}:
        with pytest.raises(UnknownPriceKeyError):
            compile_entry({"input_cost_per_token": 1e-06, key: raw[key]}, "registered", "m")


def test_a_search_of_an_unknown_size_is_a_lower_bound():
    """The size that is not known is selected by the call that states it."""
    sizes = {"search_context_size_low": 0.01, "search_context_size_medium": 0.01, "search_context_size_huge": 0.1}
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "search_context_cost_per_query": sizes}})
    usage = Usage(input=1, web_searches=1)
    assert prices.calculate(model="m", usage=usage, search_context_size="low").complete
    assert not prices.calculate(model="m", usage=usage, search_context_size="huge").complete


PUBLIC_ROW = {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-06, "moon_cost_multiplier": 1.1}


def test_rows_of_a_public_map_may_be_registered(tmp_path):
    """A file of them warns once, however many rows there are, and the rows are priced: 1,000 x 2e-6 USD."""
    rows = {f"m{number}": {**PUBLIC_ROW, "input_cost_per_token_turbo": 1} for number in range(3)}
    rows["m0"]["sun_cost_multiplier"] = 1.2
    path = tmp_path / "map.json"
    path.write_text(json.dumps(rows))
    prices = CostMap({})
    with pytest.warns(ConfigWarning) as caught:
        prices.register(path)
    [warning] = caught
    assert str(warning.message) == (
        "3 price keys that this version does not know: moon_cost_multiplier (3 models, 'm0' is one), "
        "input_cost_per_token_turbo (3 models, 'm0' is one), sun_cost_multiplier (model 'm0'): set aside, "
        "they price nothing"
    )
    assert str(prices.calculate(model="m1", usage=Usage(input=1000)).total) == "0.002"
    assert prices.rate_card("m1").unknown[0].layer == "registered"


def test_many_keys_are_named_in_part():
    """Eight of them."""
    row = {"litellm_provider": "openai", **{f"moon{number}_cost_multiplier": 1 for number in range(10)}}
    with pytest.warns(ConfigWarning, match=r"10 price keys .*moon7_cost_multiplier \(model 'm'\) and 2 more"):
        CostMap({}).register({"m": row})


def test_a_registered_row_may_be_added_to():
    """What was set aside stays, and stays without a price; it is said once, when it comes."""
    prices = CostMap({})
    with pytest.warns(ConfigWarning):
        prices.register({"m": PUBLIC_ROW})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prices.register({"m": {"litellm_provider": "openai", "output_cost_per_token": 8e-06}})
    card = prices.rate_card("m")
    assert [aside.key for aside in card.unknown] == ["moon_cost_multiplier"]
    assert str(prices.calculate(model="m", usage=Usage(input=1000, output=100)).total) == "0.0028"
    prices.register({"m": {"input_cost_per_token": 1e-06}}, replace=True)
    assert prices.rate_card("m").unknown == ()


@pytest.mark.parametrize(
    "row",
    [
        {**PUBLIC_ROW, "input_cost_per_tokne": 1e-06},
        {"input_cost_per_token": 1e-06, "moon_cost_multiplier": 1.1, "mood_pricing": 1},
    ],
)
def test_a_row_of_ones_own_is_read_with_rigour(row):
    """A slip of the pen, and a key that is not known in a row that is no public map's, price nothing: an error."""
    prices = CostMap({})
    with pytest.raises(PriceDataError, match="looks like a price key but is not one"):
        prices.register({"m": row})
    assert "m" not in prices


def test_a_stronger_card_has_no_doubts_of_a_weaker_one():
    """A call that replaces the card replaces what was set aside, too."""
    prices = CostMap({"m": PUBLIC_ROW})
    card = prices.rate_card("m", prices={"input_cost_per_token": 1e-06}, replace=True)
    assert card.unknown == ()
    assert len(prices.rate_card("m", prices={"input_cost_per_token": 1e-06}).unknown) == 1


def test_a_map_counts_the_keys_that_are_not_known():
    """By the models that have them, at the top or in a block; a row that cannot be billed by is no matter of keys."""
    block = [{"range": [0, 100], "input_cost_per_token": 1e-06, "cost_per_smell": 3}]
    prices = CostMap(
        {
            "a": PUBLIC_ROW,
            "b": {"tiered_pricing": block, "moon_cost_multiplier": 2},
            "c": {"input_cost_per_token": -1, "moon_cost_multiplier": 2},
            "sample_spec": PUBLIC_ROW,
        }
    )
    info = map_info(cost_map=prices)
    assert info.unknown == {"moon_cost_multiplier": 2, "tiered_pricing[0].cost_per_smell": 1}
    assert info.to_dict()["unknown"] == info.unknown
    assert map_info(cost_map=CostMap({"a": {"mode": "chat"}})).unknown == {}


@pytest.mark.parametrize(
    "words", ["256k_input_tokens", "256k_prompt_tokens", "256k_tokens_context", "256k_context_window"]
)
def test_a_size_in_other_words_is_a_size(words):
    """Above it the cost is a lower bound, and at it the base rate is right."""
    row = {"litellm_provider": "openai", "input_cost_per_token": 1e-6, f"input_cost_per_token_above_{words}": 9e-6}
    prices = CostMap({"m": row})
    found = [prices.calculate(model="m", usage=Usage(input=tokens)).complete for tokens in (256_000, 256_001)]
    assert found == [True, False]


@pytest.mark.parametrize("word", ["cost", "price", "fee", "charge"])
def test_a_fee_of_each_call_by_any_word(word):
    """Every call pays it, so that no cost is known without it; a surcharge is a factor."""
    assert set_aside(f"{word}_per_request", 0.01).kind == EACH_CALL
