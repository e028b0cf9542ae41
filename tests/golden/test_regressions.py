"""What public bug threads asked for, as stated there. The numbers stand in ``regressions.jsonl``."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, Usage, calculate

from .harness import cases

R = {case["id"]: case for case in cases("regressions.jsonl")}


ORDERS = list(itertools.islice(itertools.permutations(R["R27"]["input"]["map"]), 0, 120, 7))


def usd(case: dict) -> Decimal:
    return Decimal(case["expected_usd"])


def bare(case: dict) -> tuple[dict, str | None]:
    usage = dict(case["input"]["usage"])
    return usage, usage.pop("dialect", None)


def priced_by_map(case: dict, **options):
    """Price a case whose rates stand in its ``prices``."""
    given = case["input"]
    usage, dialect = bare(case)
    prices = CostMap({given["model"]: given["prices"]})
    return prices.calculate(usage=usage, dialect=dialect, model=given["model"], **options)


def lines(cost) -> dict[str, tuple]:
    return {line.meter: (line.quantity, line.price_key) for line in cost.line_items}


def test_r01_cached_tokens_are_inside_the_prompt_and_count_for_the_threshold():
    """5005 fresh and 257955 cached tokens make a long prompt; every rate is the one above 200k."""
    cost = priced_by_map(R["R01"])
    assert cost.total == usd(R["R01"])
    assert lines(cost) == {
        "input": (5005, "input_cost_per_token_above_200k_tokens"),
        "cache_read": (257955, "cache_read_input_token_cost_above_200k_tokens"),
        "output": (1744, "output_cost_per_token_above_200k_tokens"),
    }


def test_r02_a_cache_write_is_beside_the_input():
    """Three fresh tokens and 12304 written ones: as the provider's console billed it."""
    cost = priced_by_map(R["R02"])
    assert cost.total == usd(R["R02"])
    assert lines(cost)["cache_write"] == (12304, "cache_creation_input_token_cost")


@pytest.mark.parametrize("name", ["R04", "R07", "R14", "R16"])
def test_usage_that_was_billed_twice_is_billed_once(name):
    """Cached and reasoning tokens are subsets, or exclusive where the total proves it."""
    cost = priced_by_map(R[name])
    assert cost.total == usd(R[name])


def test_r06_call_prices_with_a_cache_rate():
    """The call's own prices are used, the cache rate too; the explanation says so."""
    given = R["R06"]["input"]
    usage, dialect = bare(R["R06"])
    cost = calculate(usage=usage, dialect=dialect, model=given["model"], **given["kwargs"])
    assert cost.total == usd(R["R06"])
    assert {line.layer for line in cost.line_items} == {"call"}


def test_r07_says_which_convention_was_chosen():
    """The note names the evidence: the total."""
    assert any("total_tokens proves" in note for note in priced_by_map(R["R07"]).notes)


def test_r09_writes_by_time_to_live():
    """With the split: 0.6M at 5m and 0.4M at 1h; without it: all at 5m, and a note."""
    assert priced_by_map(R["R09"]).total == usd(R["R09"])
    given = R["R09"]["input"]
    unsplit = {key: value for key, value in given["usage"].items() if key not in {"cache_creation", "dialect"}}
    cost = CostMap({given["model"]: given["prices"]}).calculate(usage=unsplit, model=given["model"])
    assert cost.total == Decimal("6.25")
    assert "ttl unknown, 5m rate used" in cost.notes


def test_r10_a_missing_rate_is_not_a_zero_rate():
    """800 cached tokens cost the input rate, and the line says why."""
    given = R["R10"]["input"]
    usage, dialect = bare(R["R10"])
    cost = calculate(usage=usage, dialect=dialect, model=given["model"], prices=given["config"]["model_info"])
    assert cost.total == usd(R["R10"])
    assert "cache_read rate missing: input rate used" in cost.notes


def test_r17_the_served_tier_wins_unless_the_caller_knows_better():
    """Priority requested, default served: standard prices. served_tier= is the way out for a wrong echo."""
    given = R["R17"]["input"]
    usage, _ = bare(R["R17"])
    response = {"object": "chat.completion", "model": given["model"], "usage": usage, **given["response"]}
    prices = CostMap({given["model"]: given["prices"]})
    cost = prices.calculate(response, service_tier="priority")
    assert cost.total == usd(R["R17"])
    assert "requested=priority served=default billed=standard" in cost.explain()
    assert prices.calculate(response, served_tier="priority").total == Decimal("0.04")


def test_r18_flex_is_billed_at_flex_prices():
    """The response's own word selects the tier."""
    given = R["R18"]["input"]
    usage, _ = bare(R["R18"])
    response = {"object": "chat.completion", "model": given["model"], "usage": usage, **given["response"]}
    cost = CostMap({given["model"]: given["prices"]}).calculate(response)
    assert cost.total == usd(R["R18"])
    assert cost.billed_tier == "flex"


def test_r20_gemini_image_output():
    """2000 image tokens, the uncovered 340 as text, 337 thoughts apart."""
    cost = priced_by_map(R["R20"])
    assert cost.total == usd(R["R20"])
    assert {line.meter: line.quantity for line in cost.line_items} == {
        "input": 326,
        "output": 340,
        "output_image": 2000,
        "reasoning": 337,
    }


def test_r24_explicit_prices_beat_the_base_model():
    """Both rates are the caller's; what is not given comes from the base model."""
    given = R["R24"]["input"]
    usage, dialect = bare(R["R24"])
    info = dict(given["config"]["model_info"])
    base = info.pop("base_model")
    prices = CostMap(given["map"])
    cost = prices.calculate(usage=usage, dialect=dialect, model=given["config"]["model"], base_model=base, prices=info)
    assert cost.total == usd(R["R24"])
    assert {line.layer for line in cost.line_items} == {"call"}
    partly = prices.calculate(
        usage=usage, dialect=dialect, model=given["config"]["model"], base_model=base, input_cost_per_token="0.000003"
    )
    # 1000 x 0.000003 + 500 x 0.000008
    assert partly.total == Decimal("0.007")
    assert [line.layer for line in partly.line_items] == ["call", "base_model"]


def test_r25_a_base_model_of_another_provider():
    """The look-up follows the base model's own name."""
    given = R["R25"]["input"]
    usage, dialect = bare(R["R25"])
    base = given["config"]["model_info"]["base_model"]
    cost = CostMap(given["map"]).calculate(
        usage=usage, dialect=dialect, model=given["config"]["model"], base_model=base
    )
    assert cost.total == usd(R["R25"])
    assert cost.matched_as == base


@pytest.mark.parametrize("order", ORDERS)
def test_r27_no_likeness_across_versions(order):
    """Only exact names and dated snapshots match, in whatever order the map was written."""
    given = R["R27"]["input"]
    usage, dialect = bare(R["R27"])
    prices = CostMap({name: given["map"][name] for name in order})

    def price(model):
        return prices.calculate(usage=usage, dialect=dialect, model=model)

    for unknown in ("gpt-5.4-mini", "claude-opus-4.7"):
        with pytest.raises(UnknownModelError):
            price(unknown)
    assert price("gpt-4o-mini").total == usd(R["R27"])
    dated = price("gpt-4o-mini-2024-07-18")
    assert (dated.total, dated.match_rule) == (usd(R["R27"]), "dated_snapshot")


def test_r28_the_regional_row_beats_the_stripped_one():
    """A row of the region is used; without one the base row is, and a note says that it may be too low."""
    given = R["R28"]["input"]
    usage, dialect = bare(R["R28"])
    prices = CostMap(given["map"])
    au, jp = (prices.calculate(usage=usage, dialect=dialect, model=model) for model in given["models"])
    assert (au.total, au.matched_as) == (usd(R["R28"]), "au.anthropic.claude-sonnet-4-5-20250929-v1:0")
    assert jp.total == Decimal("0.30")
    assert "regional row missing: base row used, geo profiles usually cost more" in jp.notes


def test_r29_an_application_profile_needs_a_base_model():
    """The ARN does not contain the model: the error suggests base_model, and with it the call is priced."""
    given = R["R29"]["input"]
    usage, dialect = bare(R["R29"])
    prices = CostMap(given["map"])
    with pytest.raises(UnknownModelError, match="base_model="):
        prices.calculate(usage=usage, dialect=dialect, model=given["model"])
    cost = prices.calculate(
        usage=usage, dialect=dialect, model=given["model"], base_model="eu.anthropic.claude-sonnet-4-6"
    )
    # 1000 x 0.0000033 + 100 x 0.0000165
    assert cost.total == Decimal("0.00495")


def test_r33_a_rerank_is_at_least_one_query():
    """Tokens alone: one query is assumed and noted; three billed units are three queries."""
    given = R["R33"]["input"]
    prices = CostMap({given["model"]: given["prices"]})
    assumed = prices.calculate(usage=given["usage"], model=given["model"])
    assert assumed.total == usd(R["R33"])
    assert any("1 query assumed" in note for note in assumed.notes)
    stated = prices.calculate(usage=Usage(queries=3), model=given["model"])
    assert (stated.total, stated.notes) == (Decimal("0.006"), ())


def test_r39_a_reported_cost():
    """A router's price is what it reports; by calculation alone it is unknown; a reported 0 is 0."""
    usage, dialect = bare(R["R39"])
    auto = calculate(usage=usage, dialect=dialect, model="openrouter/auto")
    assert (auto.total, auto.reported, auto.calculated) == (usd(R["R39"]), usd(R["R39"]), None)
    assert [line.meter for line in auto.line_items] == ["reported"]
    with pytest.raises(UnknownModelError):
        calculate(usage=usage, dialect=dialect, model="openrouter/auto", prefer="calculated")
    assert calculate(usage=usage, dialect=dialect, model="openrouter/auto", prefer="reported").total == usd(R["R39"])
    free = calculate(usage={**usage, "cost": 0.0}, dialect=dialect, model="openrouter/auto")
    assert (free.total, free.complete) == (0, True)


def test_r39_both_numbers_where_both_exist():
    """The explanation lists the reported cost, the calculated one, and that they differ."""
    usage, dialect = bare(R["R39"])
    prices = CostMap({"m": {"input_cost_per_token": "1e-6", "output_cost_per_token": "2e-6"}})
    cost = prices.calculate(usage=usage, dialect=dialect, model="m")
    # 100 x 1e-6 + 10 x 2e-6
    assert (cost.total, cost.calculated.total) == (Decimal("0.00042"), Decimal("0.00012"))
    assert "the provider reports 0.00042 USD, the rate card gives 0.00012 USD" in cost.explain()


def test_r41_a_geography_multiplies_every_component():
    """1.1 on input and output, and on 6034 cache reads too."""
    given = R["R41"]["input"]
    cost = priced_by_map(R["R41"])
    assert cost.total == usd(R["R41"])
    cached = {**given["usage"], "cache_read_input_tokens": 6034}
    del cached["dialect"]
    with_reads = CostMap({given["model"]: given["prices"]}).calculate(
        usage=cached, dialect="anthropic", model=given["model"]
    )
    assert with_reads.total - cost.total == Decimal("0.00199122")
    assert all(line.factors == ("x 1.1 (region us)",) for line in with_reads.line_items)


@pytest.mark.parametrize("price", ["0.000005", 5e-6, Decimal("0.000005")])
def test_r42_no_float_tails(price):
    """323 tokens at five millionths are 0.001615, however the price is written."""
    cost = CostMap({"m": {"input_cost_per_token": price}}).calculate(usage=Usage(input=323), model="m")
    assert (str(cost), float(cost)) == ("0.001615", 0.001615)


def test_r42_sums_have_no_float_tails():
    """Ten times 0.10 is 1.00; an int is a price too."""
    cost = CostMap({"m": {"input_cost_per_query": "0.10"}}).calculate(usage=Usage(queries=1), model="m")
    assert str(sum([cost] * 10)) == "1.00"
    assert str(CostMap({"m": {"input_cost_per_query": 1}}).calculate(usage=Usage(queries=1), model="m")) == "1.00"
