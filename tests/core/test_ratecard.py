"""Rate cards: which rate is in force for which call, what is borrowed, and what is said about it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.core import tariff as tariffs
from llmcost.core.call import Call
from llmcost.core.rate import Factor, Rate
from llmcost.core.ratecard import RateCard
from llmcost.core.tariff import tariff_of
from llmcost.core.term import Term

BASE = {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}


def card(raw: dict) -> RateCard:
    return CostMap({"m": raw}).rate_card("m")


def in_force(raw: dict, meter: str, call: Call | None = None) -> tuple[str | None, str, str]:
    """Return ``(USD per 1M, price key, note)`` of a meter for a call."""
    priced = tariff_of(card(raw), call or Call(0)).price(meter)
    if priced is None:
        return None, "", ""
    return format(priced.rate.per_million.normalize(), "f"), priced.rate.price_key, "; ".join(priced.notes)


# Rates.


def test_a_rate_knows_where_it_comes_from():
    """Meter, conditions, exact price, layer, map key and price key."""
    found = card({"input_cost_per_token_above_200k_tokens": 2.5e-06})
    rate = found.cells["input", (("context", 200_000),)]
    assert (rate.usd, rate.per_million) == (Decimal("0.0000025"), Decimal("2.5"))
    assert repr(rate) == ("<input 0.0000025 USD if context > 200,000, map m:input_cost_per_token_above_200k_tokens>")
    assert repr(Rate("output", (), (1, 4), "call", "m", "k")) == "<output 0.25 USD, call m:k>"


def test_a_rate_times_a_factor_keeps_its_provenance():
    """2 x 5/4 = 2.5, under the same conditions, and it says how."""
    rate = Rate("input", (("tier", "flex"),), (2, 1), "map", "m", "k")
    other = rate.times((5, 4), "1.25 x input", meter="cache_write")
    assert (other.usd, other.meter, other.conditions) == (Decimal("2.5"), "cache_write", rate.conditions)
    assert (other.layer, other.map_key, other.price_key, other.derived) == ("map", "m", "k", ("1.25 x input",))
    assert rate.times((1, 2), "half").meter == "input"


# Thresholds.

LONG = {
    **BASE,
    "input_cost_per_token_above_128k_tokens": 3e-06,
    "input_cost_per_token_above_256k_tokens": 4e-06,
    "output_cost_per_token_above_128k_tokens": 9e-06,
    "cache_read_input_token_cost": 5e-07,
}


@pytest.mark.parametrize(
    ("context", "million"),
    [(0, "2"), (128_000, "2"), (128_001, "3"), (256_000, "3"), (256_001, "4"), (10**9, "4"), (None, "2")],
)
def test_the_highest_threshold_that_is_passed(context, million):
    """Strictly more than the threshold; an aggregate passes none."""
    assert in_force(LONG, "input", Call(context))[0] == million


@pytest.mark.parametrize(("context", "million"), [(127_999, "2"), (128_000, "3"), (256_000, "4")])
def test_an_inclusive_threshold(context, million):
    """xAI's is reached by exactly its number."""
    assert in_force({**LONG, "litellm_provider": "xai"}, "input", Call(context))[0] == million


def test_a_meter_without_a_rate_above_the_threshold_uses_the_next_weaker():
    """And the line says so: output has none above 256k, the cache none at all."""
    call = Call(300_000)
    assert in_force(LONG, "output", call) == (
        "9",
        "output_cost_per_token_above_128k_tokens",
        "no output rate for above 256,000 tokens: context > 128,000 rate used",
    )
    assert in_force(LONG, "cache_read", call) == (
        "0.5",
        "cache_read_input_token_cost",
        "no cache_read rate for above 256,000 tokens: base rate used",
    )
    assert in_force(LONG, "input", call)[2] == ""


def test_tool_fees_have_no_long_context():
    """Nothing is missing from a search that costs the same at any length."""
    assert in_force({**LONG, "web_search_cost_per_query": 0.01}, "web_searches", Call(300_000))[2] == ""


# Tiers.

TIERED = {
    **BASE,
    "input_cost_per_token_priority": 4e-06,
    "output_cost_per_token_priority": 16e-06,
    "input_cost_per_token_above_200k_tokens": 3e-06,
    "input_cost_per_token_above_200k_tokens_priority": 6e-06,
    "output_cost_per_token_above_200k_tokens": 12e-06,
    "cache_read_input_token_cost": 2e-07,
}


@pytest.mark.parametrize(
    ("meter", "context", "tier", "million", "note"),
    [
        ("input", 10, "standard", "2", ""),
        ("input", 10, "priority", "4", ""),
        ("input", 200_001, "standard", "3", ""),
        ("input", 200_001, "priority", "6", ""),
        ("output", 10, "priority", "16", ""),
        # Not listed for both: 12 of long prompts x 16 / 8, and 0.2 of the cache x 4 / 2 of its parent.
        ("output", 200_001, "priority", "24", ""),
        ("cache_read", 10, "priority", "0.4", ""),
        (
            "cache_read",
            200_001,
            "priority",
            "0.4",
            "no cache_read rate for above 200,000 tokens: tier priority rate used",
        ),
    ],
)
def test_threshold_then_tier(meter, context, tier, million, note):
    """Of two conditions the threshold is the stronger; what is missing is derived where that is known, or said."""
    found = in_force(TIERED, meter, Call(context, tier))
    assert (found[0], found[2]) == (million, note)


def test_a_tier_without_any_rate_is_billed_at_standard():
    """Once for the whole call, not line by line."""
    tariff = tariff_of(card(TIERED), Call(10, "flex"))
    assert (tariff.billed_tier, tariff.notes) == ("standard", ("no flex rates for m: billed at standard",))
    assert tariff.price("input").notes == ()
    tariff = tariff_of(card(TIERED), Call(10, "priority"))
    assert (tariff.billed_tier, tariff.notes) == ("priority", ())


# Parents.


@pytest.mark.parametrize(
    ("meter", "more", "million", "note"),
    [
        ("input_audio", {}, "2", "input_audio rate missing: input rate used"),
        ("input_audio", {"input_cost_per_audio_token": 5e-06}, "5", ""),
        ("cache_read", {}, "2", "cache_read rate missing: input rate used"),
        ("cache_write_1h", {}, "2", "cache_write_1h rate missing: input rate used"),
        (
            "cache_write_1h",
            {"cache_creation_input_token_cost": 3e-06},
            "3",
            "cache_write_1h rate missing: cache_write rate used",
        ),
        (
            "cache_read_audio",
            {"input_cost_per_audio_token": 5e-06},
            "5",
            "cache_read_audio rate missing: input_audio rate used",
        ),
        (
            "cache_read_audio",
            {"input_cost_per_audio_token": 5e-06, "cache_read_input_token_cost": 1e-06},
            "1",
            "cache_read_audio rate missing: cache_read rate used",
        ),
        ("cache_read_audio", {"cache_read_input_audio_token_cost": 3e-06}, "3", ""),
        ("reasoning", {}, "8", "reasoning rate missing: output rate used"),
        (
            "output_image",
            {"output_cost_per_image_token": 0},
            "0",
            "the map has a price of 0 for output_image, beside prices above 0",
        ),
        ("web_searches", {}, None, ""),
        ("input_seconds", {}, None, ""),
        ("computer_output", {}, "8", "computer_output rate missing: output rate used"),
    ],
)
def test_a_meter_without_a_rate_borrows_its_parents(meter, more, million, note):
    """The nearest parent with a rate; without any there is no rate, and never 0."""
    found = in_force({**BASE, **more}, meter)
    assert (found[0], found[2]) == (million, note)


def test_the_meter_comes_before_the_condition():
    """The child's base rate beats the parent's rate for long prompts: first the meter, then the conditions."""
    raw = {**BASE, "input_cost_per_token_above_200k_tokens": 4e-06, "input_cost_per_audio_token": 3e-06}
    million, _, note = in_force(raw, "input_audio", Call(300_000))
    assert (million, note) == ("3", "no input_audio rate for above 200,000 tokens: base rate used")


def test_a_condition_that_does_not_hold_is_no_rate():
    """A cache price for long prompts alone says nothing of short ones."""
    raw = {**BASE, "cache_read_input_token_cost_above_200k_tokens": 1e-06}
    assert in_force(raw, "cache_read", Call(10))[2] == "cache_read rate missing: input rate used"
    assert in_force(raw, "cache_read", Call(300_000))[0] == "1"


# Variants.

VIDEO = {"output_cost_per_second_720p": 0.1, "output_cost_per_second_1080p": 0.3}


def variant(raw, meter, *words):
    tariff = tariff_of(card(raw), Call(variants=frozenset(words)))
    priced = tariff.price(meter)
    return (None if priced is None else str(priced.rate.usd)), (
        "; ".join(priced.notes) if priced else tariff.waiting.get(meter)
    )


def test_the_stated_variant_is_priced():
    """A resolution selects its rate."""
    assert variant(VIDEO, "output_seconds", "720p") == ("0.1", "")
    assert variant(VIDEO, "output_seconds", "1080p", "hd") == ("0.3", "")


def test_variants_that_cost_the_same_need_no_statement():
    """Whichever it was."""
    same = {"output_cost_per_second_720p": 0.1, "output_cost_per_second_1080p": "0.10"}
    assert variant(same, "output_seconds") == ("0.1", "")
    assert variant(same, "output_seconds", "hd") == ("0.1", "")
    assert variant({"output_cost_per_second_720p": 0.1}, "output_seconds") == ("0.1", "")


def test_a_resolution_that_is_not_stated_is_unpriced():
    """Resolutions differ by multiples; the message names the keywords."""
    message = "output_seconds is priced by {}: pass resolution=, size= or quality="
    usd, found = variant(VIDEO, "output_seconds")
    assert usd is None
    assert found in {message.format("720p, 1080p"), message.format("1080p, 720p")}
    tariff = tariff_of(card(VIDEO), Call())
    assert tariff.price("output_seconds") is None
    assert (tariff.waiting["output_seconds"].code, tariff.waiting["output_seconds"].about) == (
        "variant_needed",
        "output_seconds",
    )


@pytest.mark.parametrize("raw", [VIDEO, {"output_cost_per_second_1080p": 0.3}])
def test_a_resolution_that_the_card_does_not_list_is_unpriced(raw):
    """4k is not 1080p, not even where 1080p is all there is."""
    usd, message = variant(raw, "output_seconds", "4k")
    assert usd is None
    assert message.endswith("; the call says 4k")


def test_the_meter_that_was_asked_for_carries_the_message():
    """It is asked by its own name and waits for its parent's variant."""
    usd, message = variant(VIDEO, "output_video_seconds")
    assert usd is None
    assert message.startswith("output_seconds is priced by ")


def test_a_base_rate_beside_variants_is_noted():
    """A resolution without a rate of its own costs what the base says."""
    raw = {"output_cost_per_second": 0.2, "output_cost_per_second_4k": 0.6}
    assert variant(raw, "output_seconds", "4k") == ("0.6", "")
    assert variant(raw, "output_seconds", "720p") == ("0.2", "no rate by 4k applies: base rate used")
    assert variant({**raw, "input_cost_per_token": 1}, "input")[1] == ""


def test_variants_within_a_tier():
    """The tier's own price for a resolution beats the standard one; a tier alone does not make it known."""
    raw = {**VIDEO, "output_cost_per_second_batches_720p": 0.05, "output_cost_per_second_batches_1080p": 0.05}
    priced = tariff_of(card(raw), Call(tier="batches")).price("output_seconds")
    assert str(priced.rate.usd) == "0.05"
    priced = tariff_of(card(raw), Call(tier="batches", variants=frozenset({"1080p"}))).price("output_seconds")
    assert str(priced.rate.usd) == "0.05"


SEARCH = {
    "search_context_cost_per_query": {
        "search_context_size_low": 0.03,
        "search_context_size_medium": 0.035,
        "search_context_size_high": 0.05,
    }
}


def test_a_search_is_a_medium_one_unless_stated():
    """Vendors document it as their default; the line says that it was assumed. A video's size states no search."""
    assumed = "search_context_size not stated: medium assumed"
    assert variant(SEARCH, "web_searches") == ("0.035", assumed)
    assert variant(SEARCH, "web_searches", "1080p") == ("0.035", assumed)
    assert variant(SEARCH, "web_searches", "search high") == ("0.05", "")


def test_a_search_size_that_the_card_does_not_list():
    """It is not medium."""
    usd, message = variant(SEARCH, "web_searches", "search huge")
    assert usd is None
    assert message.endswith("; the call says search huge")
    few = {"search_context_cost_per_query": {"search_context_size_low": 0.03, "search_context_size_high": 0.05}}
    usd, message = variant(few, "web_searches")
    assert usd is None
    assert message.endswith(": pass search_context_size=")


def test_a_search_that_is_priced_by_its_results_needs_their_number():
    """Up to 25 results cost 0.005, from 26 on 0.025; a call that does not say how many has neither, and learns why."""
    ranges = [
        {"input_cost_per_query": 0.005, "max_results_range": [1, 25]},
        {"input_cost_per_query": 0.025, "max_results_range": [26, 100]},
    ]
    raw = {"mode": "search", "tiered_pricing": ranges}
    for results, usd in ((1, "0.005"), (25, "0.005"), (26, "0.025")):
        assert str(tariff_of(card(raw), Call(results=results)).price("queries").rate.usd) == usd
    tariff = tariff_of(card(raw), Call())
    assert tariff.price("queries") is None
    note = tariff.waiting["queries"]
    assert (note.code, note.about) == ("results_needed", "queries")
    assert note == "queries is priced by the number of results that were asked for: pass n="


def test_guardrails_are_priced_by_their_unit():
    """Another unit is not priced by the only one listed, where it is stated."""
    raw = {"guardrail_cost_per_unit": {"contentPolicyUnits": 0.1}}
    assert variant(raw, "guardrail_units", "contentPolicyUnits") == ("0.1", "")
    assert variant(raw, "guardrail_units", "topicPolicyUnits")[0] is None


# Factors.


def test_a_factor_holds_in_its_region_or_at_its_speed():
    """In any case of the letters; any region but the global one for a star."""
    us, fast, anywhere = (
        Factor(*given, (11, 10), "map", "m", "k") for given in (("region", "us"), ("speed", "fast"), ("region", "*"))
    )
    assert us.holds(Call(region="us"))
    assert us.holds(Call(region="US"))
    assert not us.holds(Call(region="eu"))
    assert not us.holds(Call())
    assert fast.holds(Call(speed="fast"))
    assert not fast.holds(Call(region="fast"))
    assert anywhere.holds(Call(region="eu"))
    assert not anywhere.holds(Call(region="global"))
    assert not anywhere.holds(Call())
    assert us.text == "x 1.1 (region us)"


def test_factors_are_on_the_tokens_of_the_model():
    """All of them, cache and output too; not on tools, and not on the tokens of a tool."""
    raw = {
        **BASE,
        "web_search_cost_per_query": 0.01,
        "computer_use_input_cost_per_1k_tokens": 0.003,
        "provider_specific_entry": {"us": 1.1, "fast": 6},
    }
    tariff = tariff_of(card(raw), Call(0, region="us", speed="fast"))
    marked = {
        meter: [factor.text for factor in tariff.price(meter).factors]
        for meter in ("input", "cache_read", "output", "web_searches", "computer_input")
    }
    both = ["x 1.1 (region us)", "x 6 (speed fast)"]
    assert marked == {"input": both, "cache_read": both, "output": both, "web_searches": [], "computer_input": []}
    # 0.000002 x 1.1 x 6, 0.01 and 0.000003
    per_unit = {meter: Decimal(tariff.rate(meter)) / tariff.denominator for meter in marked}
    assert per_unit["input"] == Decimal("0.0000132")
    assert (per_unit["web_searches"], per_unit["computer_input"]) == (Decimal("0.01"), Decimal("0.000003"))


def test_a_named_region_comes_before_any_region():
    """Two uplifts for one region are one: the one that names it."""
    raw = {**BASE, "geo_multiplier": {"eu": 1.2}, "regional_endpoint_uplift_multiplier": 1.1}
    assert [factor.text for factor in tariff_of(card(raw), Call(0, region="eu")).factors] == ["x 1.2 (region eu)"]
    assert [factor.text for factor in tariff_of(card(raw), Call(0, region="us")).factors] == ["x 1.1 (region *)"]


def test_the_region_of_the_card_is_that_of_a_call_that_names_none():
    """A configured deployment knows where it runs."""
    factor = Factor("region", "eu", (2, 1), "map", "m", "k")
    found = RateCard([Rate("input", (), (1, 10), "map", "m", "k")], name="m", factors=(factor,), region="eu")
    assert tariff_of(found, Call(0)).factors == (factor,)
    assert tariff_of(found, Call(0, region="us")).factors == ()


# The card itself.


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (BASE, True),
        (LONG, True),
        (TIERED, True),
        ({"input_cost_per_second": 1}, False),
        ({**BASE, "input_cost_per_request": 1}, False),
        ({**BASE, "off_peak_pricing": {"hours_utc": "01:00-02:00", "input_cost_per_token": 0}}, False),
        ({**BASE, "input_cost_per_video_per_second_above_15s_interval": 1}, False),
        ({**BASE, "price_valid_until": "2026-01-01"}, True),
        ({**BASE, "input_cost_per_second": 0.001}, False),
        ({**BASE, "input_cost_per_query": 0.001}, False),
    ],
)
def test_a_simple_card_needs_units_and_rates_alone(raw, expected):
    """Thresholds and tiers are looked up; time, requests and windows are looked at."""
    assert card(raw).simple is expected


def test_terms_are_not_simple():
    """They come on top of the sum."""
    rate = Rate("input", (), (1, 10), "map", "m", "k")
    assert RateCard([rate], name="m").simple
    assert not RateCard([rate], name="m", terms=(Term("fee", (1, 1), "config"),)).simple


def test_what_a_card_knows_of_itself():
    """Thresholds in order, tiers, variants, and what it sells."""
    found = card({**LONG, "input_cost_per_token_flex": 1e-06, **VIDEO})
    assert found.thresholds == (128_000, 256_000)
    assert (found.values("tier"), found.values("variant")) == ({"flex"}, {"720p", "1080p"})
    assert (found.prices_tokens, found.prices_work) == (True, True)
    assert (found.name, found.model, found.match_rule) == ("m", "m", "exact")
    # 0.000002 = 1/500,000, 0.1 = 1/10 ... all over one denominator.
    assert all(found.denominator % rate.denominator == 0 for rate in found.cells.values())


# Tariffs are compiled once for each kind of call.


def test_equal_calls_have_the_same_tariff():
    """Prompts of one level, and facts that this card does not price by, make no new one."""
    found = card(LONG)
    first = tariff_of(found, Call(5))
    assert tariff_of(found, Call(128_000, interval=3.0, results=5, variants=frozenset({"4k"}), region="us")) is first
    assert tariff_of(found, Call(128_001)) is not first
    assert tariff_of(found, Call(200_000)) is tariff_of(found, Call(250_000))


def test_an_inclusive_card_reaches_a_threshold_by_its_number():
    """xAI's 128,000 tokens are long, 127,999 are not."""
    found = card({**LONG, "litellm_provider": "xai"})
    assert tariff_of(found, Call(128_000)) is tariff_of(found, Call(128_001))
    assert tariff_of(found, Call(127_999)) is not tariff_of(found, Call(128_000))


def test_what_two_counters_cost():
    """10 tokens at 1/10 USD and 5 at 2/10; None where one of them has no rate."""
    both = [Rate("input", (), (1, 10), "map", "m", "k"), Rate("output", (), (2, 10), "map", "m", "k")]
    of_two = tariff_of(RateCard(both, name="m"), Call(10)).of_two_counters()
    assert of_two(10, 5) == (1.0, 1.0)
    assert tariff_of(RateCard(both[:1], name="m"), Call(10)).of_two_counters() is None


def test_the_kinds_of_a_card_are_bounded(monkeypatch):
    """Words for the tier that no card has do not fill the memory, and the prices stay right."""
    monkeypatch.setattr(tariffs, "_MOST_TARIFFS", 3)
    found = card({"input_cost_per_video_per_second_above_15s_interval": 2, "input_cost_per_video_per_second": 1})
    for seconds in range(10, 20):
        tariff = tariff_of(found, Call(0, f"tier {seconds}", interval=float(seconds)))
        assert tariff.rate("input_video_seconds") == (2 if seconds > 15 else 1)
        assert len(found.tariffs) <= 3


def test_media_of_every_length_are_two_kinds():
    """Longer than 15 s or not: the length itself makes no tariff of its own."""
    found = card({"input_cost_per_video_per_second_above_15s_interval": 2, "input_cost_per_video_per_second": 1})
    assert len({id(tariff_of(found, Call(0, interval=float(seconds)))) for seconds in range(10, 20)}) == 2
