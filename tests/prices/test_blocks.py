"""Nested blocks: ranges, windows, searches, guardrails and factors; and null in them."""

from __future__ import annotations

import pytest

from llmcost import CostMap, InvalidPriceError, PriceDataError, UnknownPriceKeyError, Usage
from llmcost.prices.entries import compile_entry
from llmcost.prices.windows import Window


def rates(raw, layer="call"):
    """Return ``(meter, conditions as text) -> (USD, price key)`` of an entry."""
    return {
        (meter, ", ".join(f"{name} {value}" for name, value in conditions)): (str(rate.usd), rate.price_key)
        for (meter, conditions), rate in compile_entry(raw, layer, "m").rates.items()
        if rate is not None
    }


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


@pytest.mark.parametrize("second", [[1000, 2000], [1001, 2000], [1000, None], [1001, float("inf")]])
def test_a_range_begins_where_the_one_before_it_ends(second):
    """Or one above: 1000 tokens have the first price and 1001 the second; the order in the list says nothing."""
    tiers = [
        {"range": second, "input_cost_per_token": 2e-06},
        {"range": [0, 1000], "input_cost_per_token": 1e-06},
        {"range": [0, 1000], "output_cost_per_token": 5e-06},
    ]
    prices = CostMap({"m": {"tiered_pricing": tiers}})
    totals = [str(prices.calculate(usage=Usage(input=n), model="m").total) for n in (1000, 1001, 1002, 9000)]
    assert totals == ["0.001", "0.002002", "0.002004", "0.018"]
    assert str(prices.calculate(usage=Usage(output=1000), model="m").total) == "0.005"


@pytest.mark.parametrize("end", [None, float("inf"), "inf", "Infinity"])
def test_a_range_without_an_end(end):
    """As JSON, YAML and people write it."""
    prices = CostMap({"m": {"tiered_pricing": [{"range": [0, end], "input_cost_per_token": 1e-06}]}})
    assert str(prices.calculate(usage=Usage(input=10**9), model="m").total) == "1000"


@pytest.mark.parametrize("end", [-1, 0.5, "many"])
def test_a_bound_that_is_none_is_named(end):
    """A bound is no price, and its error does not speak of one."""
    tiers = [{"range": [0, end], "input_cost_per_token": 1e-06}]
    with pytest.raises(PriceDataError, match="a bound of a range is a whole number >= 0; null is no upper bound"):
        compile_entry({"tiered_pricing": tiers}, "call", "m")


def test_a_price_that_one_range_states_twice():
    """Two tiers of one range may state different prices, and not one of them each."""
    tiers = [{"range": [0, 1000], "input_cost_per_token": usd} for usd in (1e-06, 2e-06)]
    with pytest.raises(PriceDataError, match="two tiers of one range state input_cost_per_token"):
        compile_entry({"tiered_pricing": tiers}, "call", "m")


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
        [{"range": [1, 0], "input_cost_per_token": 1e-06}],
        [{"range": [0, "b"], "input_cost_per_token": 1e-06}],
        # 501 to 600 tokens would have no certain price, and neither would 501 to 1000 in the next
        [{"range": [0, 500], "input_cost_per_token": 1e-06}, {"range": [600, 900], "input_cost_per_token": 2e-06}],
        [{"range": [0, 1000], "input_cost_per_token": 1e-06}, {"range": [500, 2000], "input_cost_per_token": 2e-06}],
        [{"range": [0, None], "input_cost_per_token": 1e-06}, {"range": [500, 2000], "input_cost_per_token": 2e-06}],
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
    assert conditions == (("window", found), ("tier", "priority"))


def test_hours_beside_windows_are_one_more_of_them():
    """Both hold; weekdays alone would be of no window, or of all."""
    both = window(hours_utc="00:00-06:00", windows=[{"hours_utc": "18:00-20:00", "weekdays": ["Sat", "tues", "Mon."]}])
    assert str(both) == "18:00-20:00 Sat Tue Mon, 00:00-06:00 UTC"
    with pytest.raises(InvalidPriceError, match="give each window its own"):
        window(weekdays=[1], windows=[{"hours_utc": "18:00-20:00"}])


@pytest.mark.parametrize("day", ["Sa", "Satx", "", "saturdays", 0, 8, True])
def test_a_weekday_that_is_none(day):
    """Three letters tell it."""
    with pytest.raises(InvalidPriceError, match="weekdays are numbers"):
        window(hours_utc="18:00-20:00", weekdays=[day])


def test_an_open_window_is_stronger_than_threshold_and_tier():
    """300,000 tokens at 1e-7 while it is open; outside it the threshold's 2e-6, and the tier's 3e-6."""
    row = {
        "input_cost_per_token": 1e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "input_cost_per_token_priority": 3e-06,
        "off_peak_pricing": {"hours_utc": "00:00-06:00", "input_cost_per_token": 1e-07},
    }
    prices = CostMap({"m": row})
    open_, closed = "2026-11-26T03:00:00Z", "2026-11-26T09:00:00Z"
    used = Usage(input=300_000)
    assert [str(prices.calculate(usage=used, model="m", at=at)) for at in (open_, closed)] == ["0.03", "0.60"]
    few = [
        prices.calculate(usage=Usage(input=1000), model="m", at=at, service_tier="priority") for at in (open_, closed)
    ]
    assert [str(cost) for cost in few] == ["0.0001", "0.003"]


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
    flags = {"spare": {"a": 1}, "schema": "x", "realtime_ga_only": 1}
    assert factors({"provider_specific_entry": {"us": 1.1, "fast": 6, **flags}}) == [
        ("region", "us", "x 1.1 (region us)"),
        ("speed", "fast", "x 6 (speed fast)"),
    ]
    # LiteLLM asks for the place that the response states, whatever it is
    for factor in (1.2, "1.2"):
        assert factors({"provider_specific_entry": {"de": factor}}) == [("region", "de", "x 1.2 (region de)")]
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
    places = CostMap({"m": {**BASE, "provider_specific_entry": {"us": 1.1, "de": 1.2}}})
    card = places.rate_card("m", prices={"provider_specific_entry": {"de": None}})
    assert [factor.value for factor in card.factors] == ["us"]
