"""Entries: every way in which one row of a price map says what something costs, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InvalidPriceError, PriceDataError, UnknownPriceKeyError, Usage
from llmcost.prices.entries import compile_entry, is_price_key
from llmcost.prices.entry import price, suspicious
from llmcost.prices.windows import Window


def rates(raw, layer="call"):
    """Return ``(meter, conditions as text) -> (USD, price key)`` of an entry."""
    return {
        (meter, ", ".join(f"{name} {value}" for name, value in conditions)): (str(rate.usd), rate.price_key)
        for (meter, conditions), rate in compile_entry(raw, layer, "m").rates.items()
        if rate is not None
    }


# What a price may be.


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, (0, 1)),
        (2.5e-06, (1, 400_000)),
        ("4e-07", (1, 2_500_000)),
        (" 0.0000004 ", (1, 2_500_000)),
        ("0.42e-3", (21, 50_000)),
        (Decimal("0.000006"), (3, 500_000)),
    ],
)
def test_a_price_in_any_spelling(value, expected):
    """PyYAML reads 4e-07 as text; a float is read by its repr."""
    assert price("k", value, "call") == expected


@pytest.mark.parametrize(
    "value",
    [-1e-06, float("nan"), float("inf"), True, False, "free", "1,5e-6", "", "-1", [], {}, {1, 2}, b"1", 10**20, object],
)
def test_what_nobody_can_be_billed_by(value):
    """Negative, endless, boolean and textual prices are refused where they enter, with key and layer."""
    with pytest.raises(InvalidPriceError) as error:
        compile_entry({"input_cost_per_token": value}, "registered", "m")
    assert (error.value.key, error.value.value, error.value.layer) == ("input_cost_per_token", value, "registered")


def test_an_integer_of_thousands_of_digits():
    """It is refused, and the message can be printed."""
    with pytest.raises(InvalidPriceError, match=r"out of range"):
        compile_entry({"input_cost_per_token": 10**5000}, "call", "m")


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
    assert entry.facts == {"mode": "chat", "max_tokens": 5, "input_dbu_cost_per_token": 7}
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


def test_a_block_does_not_take_the_place_of_a_flat_key():
    """In a map both may say the same cell; the flat key is kept."""
    raw = {
        "tiered_pricing": [{"range": [0, 1000], "input_cost_per_token": 2e-06}],
        "input_cost_per_token": 1e-06,
    }
    assert rates(raw, "map") == {("input", ""): ("0.000001", "input_cost_per_token")}
    assert rates(dict(reversed(raw.items())), "map") == {("input", ""): ("0.000001", "input_cost_per_token")}


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
    assert compile_entry({fact: None}, "call", "m").facts == {fact: None}


# Ranges.


def test_ranges_are_volume_tiers():
    """(lower, upper]: the lower bound is a threshold, the first range the base."""
    raw = {
        "tiered_pricing": [
            {"range": [0, 32000], "input_cost_per_token": 1e-06},
            {"range": [32000.0, 128000], "input_cost_per_token": 2e-06, "output_cost_per_token_batches": 3e-06},
        ]
    }
    assert rates(raw) == {
        ("input", ""): ("0.000001", "tiered_pricing[0].input_cost_per_token"),
        ("input", "context 32000"): ("0.000002", "tiered_pricing[32000].input_cost_per_token"),
        ("output", "context 32000, tier batches"): ("0.000003", "tiered_pricing[32000].output_cost_per_token_batches"),
    }


def test_ranges_of_results():
    """A search API may sell a query by the number of results asked for."""
    raw = {
        "tiered_pricing": [
            {"max_results_range": [0, 25], "input_cost_per_query": 0.005},
            {"max_results_range": [26, 100], "input_cost_per_query": 0.025},
        ]
    }
    assert set(rates(raw)) == {("queries", ""), ("queries", "results 26")}
    prices = CostMap({"s": raw})

    def total(n):
        return str(prices.calculate(usage=Usage(queries=1), model="s", n=n).total)

    assert [total(25), total(26), total(None)] == ["0.005", "0.025", "0.005"]


@pytest.mark.parametrize(
    "tiers",
    [
        {},
        "x",
        [1],
        [{"input_cost_per_token": 1e-06}],
        [{"range": [0], "input_cost_per_token": 1e-06}],
        [{"range": 5, "input_cost_per_token": 1e-06}],
        [{"range": [0.5, 1], "input_cost_per_token": 1e-06}],
        [{"range": [-1, 1], "input_cost_per_token": 1e-06}],
        [{"range": ["a", 1], "input_cost_per_token": 1e-06}],
        [{"range": [0, 1], "input_cost_per_token": "free"}],
        [{"range": [0, 1], "input_cost_per_token_above_200k_tokens": 1e-06}],
        [{"range": [0, 1], "mode": "chat"}],
    ],
)
def test_ranges_that_make_no_sense(tiers):
    """Every range has two whole bounds and prices without a threshold of their own."""
    with pytest.raises(PriceDataError):
        compile_entry({"tiered_pricing": tiers}, "call", "m")


# Windows.


def window(**block):
    return Window(block, "off_peak_pricing", "call")


def test_windows_are_hours_and_weekdays():
    """One window may stand in the block itself; several in a list, with several hours each."""
    raw = {
        "off_peak_pricing": {
            "weekday_timezone": "Asia/Shanghai",
            "windows": [{"hours_utc": ["01:00-04:00", "06:00-10:00"], "weekdays": [1, 2]}, {"weekdays": ["Sunday"]}],
            "input_cost_per_token": 1e-06,
            "output_cost_per_token_priority": 2e-06,
        }
    }
    entry = compile_entry(raw, "map", "m")
    (_, ((name, found),)), (_, conditions) = entry.rates
    assert name == "window"
    assert found.spans == ((60, 240, (1, 2)), (360, 600, (1, 2)), (0, 1440, (7,)))
    assert found.timezone == "Asia/Shanghai"
    assert str(found) == "01:00-04:00 Mon Tue, 06:00-10:00 Mon Tue, 00:00-24:00 Sun UTC"
    assert conditions == (("tier", "priority"), ("window", found))


def test_windows_that_are_written_equally_are_equal():
    """So that a stronger layer can replace one."""
    one = window(hours_utc="16:30-00:30")
    assert one == window(windows=[{"hours_utc": ["16:30-00:30"]}])
    assert hash(one) == hash(window(windows=[{"hours_utc": ["16:30-00:30"]}]))
    assert one != window(hours_utc="16:30-00:31")
    assert one != "16:30-00:30"
    assert str(one) == "16:30-00:30 UTC"
    raw = {"hours_utc": "16:30-00:30", "input_cost_per_token": 1e-06}
    prices = CostMap({"m": {"input_cost_per_token": 3e-06, "off_peak_pricing": raw}})
    card = prices.rate_card("m", prices={"off_peak_pricing": {**raw, "input_cost_per_token": 2e-06}})
    assert [str(rate.usd) for rate in card.by_meter["input"]] == ["0.000002", "0.000003"]


@pytest.mark.parametrize(
    "block",
    [
        {},
        {"windows": []},
        {"windows": 5},
        {"windows": [5]},
        {"windows": [{}]},
        {"windows": [{"hour_utc": "01:00-02:00"}]},
        {"hours_utc": []},
        {"hours_utc": None},
        {"hours_utc": "1-2"},
        {"hours_utc": "01:00"},
        {"hours_utc": "01:00-02:00-03:00"},
        {"hours_utc": "-01:00-02:00"},
        {"hours_utc": "24:00-02:00"},
        {"hours_utc": "01:60-02:00"},
        {"hours_utc": "01:00-02:60"},
        {"hours_utc": "01:00-24:01"},
        {"hours_utc": "01:00-" + "9" * 5000 + ":00"},
        {"weekdays": 1},
        {"weekdays": []},
        {"weekdays": [0]},
        {"weekdays": [8]},
        {"weekdays": [True]},
        {"weekdays": ["Someday"]},
    ],
)
def test_windows_that_make_no_sense(block):
    """A window without hours and weekdays, or with a typo, would be one that never ends."""
    with pytest.raises(InvalidPriceError):
        window(**block)


@pytest.mark.parametrize("block", [5, [], {"hours_utc": "01:00-02:00", "mode": "chat"}])
def test_an_off_peak_block_is_windows_and_prices(block):
    """Nothing else stands in it."""
    with pytest.raises(PriceDataError):
        compile_entry({"off_peak_pricing": block}, "call", "m")


# Searches and guardrails.


def test_a_search_by_context_size():
    """Three sizes, for a search and for a grounded prompt."""
    found = rates(
        {"search_context_cost_per_query": {"search_context_size_low": 0.03, "search_context_size_high": 0.05}}
    )
    assert found == {
        (meter, f"variant search {size}"): (usd, f"search_context_cost_per_query.search_context_size_{size}")
        for meter in ("web_searches", "grounded_prompts")
        for size, usd in (("low", "0.03"), ("high", "0.05"))
    }


def test_a_search_at_one_price():
    """A number instead of sizes."""
    assert set(rates({"search_context_cost_per_query": 0.01})) == {("web_searches", ""), ("grounded_prompts", "")}


@pytest.mark.parametrize("size", ["search_context_size_huge", "large", 5])
def test_a_size_that_no_vendor_has(size):
    """A typo would be a price that never applies."""
    with pytest.raises(UnknownPriceKeyError) as error:
        compile_entry({"search_context_cost_per_query": {size: 0.01}}, "call", "m")
    assert error.value.nearest == "search_context_size_medium"


def test_which_unit_of_a_grounded_answer_is_billed():
    """Gemini 2.5 bills the prompt once, Gemini 3 every query; own prices follow the model's own unit."""
    sizes = {"search_context_cost_per_query": {f"search_context_size_{size}": 0.035 for size in ("low", "medium")}}
    gemini_3 = {**sizes, "web_search_billing_unit": "per_query"}
    prices = CostMap({"gemini-2.5": sizes, "gemini-3": gemini_3})
    usage = Usage(alternatives=(({"grounded_prompts": 1}, {"web_searches": 4}),))

    def bill(model, **own):
        cost = prices.calculate(usage=usage, model=model, **own)
        return [(line.meter, str(line.amount)) for line in cost.line_items]

    # 1 x 0.035, and 4 x 0.035
    assert bill("gemini-2.5") == [("grounded_prompts", "0.035")]
    assert bill("gemini-3") == [("web_searches", "0.14")]
    # 4 x 0.01
    assert bill("gemini-3", search_context_cost_per_query={"search_context_size_medium": 0.01}) == [
        ("web_searches", "0.04")
    ]
    assert bill("gemini-3", grounding_cost_per_prompt=0.02) == [("grounded_prompts", "0.02")]


def test_guardrails_by_unit():
    """Each kind of unit has its price."""
    raw = {"guardrail_cost_per_unit": {"contentPolicyUnits": 0.00015, "topicPolicyUnits": 0.0001}}
    assert set(rates(raw)) == {
        ("guardrail_units", "variant contentPolicyUnits"),
        ("guardrail_units", "variant topicPolicyUnits"),
    }
    with pytest.raises(InvalidPriceError, match=r"expected a mapping"):
        compile_entry({"guardrail_cost_per_unit": 5}, "call", "m")


# Factors.


def factors(raw):
    return [(factor.fact, factor.value, factor.text) for factor in compile_entry(raw, "map", "m").factors]


def test_factors_of_regions_and_speeds():
    """Four ways of writing them; what else stands in provider_specific_entry is no price."""
    assert factors({"provider_specific_entry": {"us": 1.1, "fast": 6, "spare": {"a": 1}, "schema": "x"}}) == [
        ("region", "us", "x 1.1 (region us)"),
        ("speed", "fast", "x 6 (speed fast)"),
    ]
    assert factors({"geo_multiplier": {"mars": "1.5"}}) == [("region", "mars", "x 1.5 (region mars)")]
    assert factors({"regional_processing_uplift_multiplier_eu": 1.1}) == [("region", "eu", "x 1.1 (region eu)")]
    assert factors({"regional_endpoint_uplift_multiplier": 1.1}) == [("region", "*", "x 1.1 (region *)")]


@pytest.mark.parametrize(
    "raw",
    [
        {"geo_multiplier": {"us": 0}},
        {"geo_multiplier": {"us": -1}},
        {"geo_multiplier": {"us": "x"}},
        {"geo_multiplier": 1.1},
        {"provider_specific_entry": {"us": True}},
        {"provider_specific_entry": {"fast": []}},
        {"provider_specific_entry": 5},
        {"regional_endpoint_uplift_multiplier": 0},
    ],
)
def test_factors_that_make_no_sense(raw):
    """A factor is a number above 0."""
    with pytest.raises(InvalidPriceError):
        compile_entry(raw, "call", "m")


# Null in blocks.

BASE = {"input_cost_per_token": 1e-06}
BLOCKS = {
    "tiered_pricing": [{"range": [1000, 2000], "input_cost_per_token": 2e-06}],
    "off_peak_pricing": {"hours_utc": "01:00-02:00", "input_cost_per_token": 5e-07},
    "search_context_cost_per_query": {"search_context_size_low": 0.03},
    "guardrail_cost_per_unit": {"contentPolicyUnits": 0.1},
    "provider_specific_entry": {"us": 1.1, "fast": 6},
    "geo_multiplier": {"us": 1.1},
    "regional_endpoint_uplift_multiplier": 1.1,
    "regional_processing_uplift_multiplier_eu": 1.1,
}


@pytest.mark.parametrize("block", BLOCKS)
def test_null_un_sets_a_whole_block(block):
    """A block that is null takes what weaker layers say in it out of force, and nothing else."""
    prices = CostMap({"m": {**BASE, block: BLOCKS[block]}})
    full, bare = prices.rate_card("m"), prices.rate_card("m", prices={block: None})
    assert len(full.cells) + len(full.factors) > 1
    assert (set(bare.cells), bare.factors) == ({("input", ())}, ())


def test_null_un_sets_one_factor_of_a_block():
    """The geography that is null has no uplift; the others keep theirs."""
    prices = CostMap({"m": {**BASE, "geo_multiplier": {"us": 1.1, "eu": 1.2}}})
    card = prices.rate_card("m", prices={"geo_multiplier": {"us": None}})
    assert [factor.value for factor in card.factors] == ["eu"]


# Suspicious prices.


def test_a_price_per_million_in_a_per_token_key_is_suspicious():
    """Above 0.001 USD per token it reads like a price per 1K or 1M; exactly that much does not."""

    def text(raw):
        return suspicious(next(iter(compile_entry(raw, "call", "m").rates.values())))

    assert text({"input_cost_per_token": 2.5}) == (
        "input_cost_per_token=2.5 is 2,500,000 USD per 1M tokens: is it a price per 1K or per 1M?"
    )
    assert text({"input_cost_per_token": 0.001}) is None
    assert text({"input_cost_per_token": "0.0010001"}) is not None
    assert text({"input_cost_per_second": 2.5}) is None
    assert text({"computer_use_input_cost_per_1k_tokens": 2.5}) is None
