"""Forms: Costs that differ in their quantities alone have one, and it makes each of them anew from its quantities."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from llmcost import Cost, CostMap, Usage
from llmcost.core.call_cost import CallCost, of_tariff
from llmcost.core.forms import Form, form_key, form_of, rated_usage
from llmcost.core.term import Term
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments

RAW = {
    "litellm_provider": "openai",
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "cache_read_input_token_cost": 5e-07,
    "web_search_cost_per_query": 0.01,
    "input_cost_per_token_above_200k_tokens": 4e-06,
    "input_cost_per_token_priority": 3e-06,
    "geo_multiplier": {"us": 1.1},
}
# 1/3000, 1/9000 and 1/7 USD have no finite decimal.
ENDLESS = {
    "input_cost_per_token": Fraction(1, 3000),
    "cache_read_input_token_cost": Fraction(1, 9000),
    "output_cost_per_token": Fraction(1, 7),
}
PRICES = CostMap({"m": RAW, "n": RAW, "endless": ENDLESS, "cached": {"cache_read_input_token_cost": 5e-07}})
ONE = Usage(input=1, cache_read=1, output=1, web_searches=1)


def calculate(usage=ONE, model="m", **facts) -> Cost:
    return PRICES.calculate(usage=usage, model=model, **facts)


def through_json(cost: Cost) -> Form:
    """Return the form of a Cost as a log restores it."""
    return Form(json.loads(json.dumps(form_of(cost))))


# What a form makes.


def test_a_form_makes_another_cost_of_its_kind():
    """1000 x 2 + 2000 x 0.5 + 300 x 8 per million are 0.0054, and 2 searches 0.02; the cache saved 2000 x 1.5."""
    found = through_json(calculate()).cost((1000, 2000, 300, 2))

    assert (found["total"], found["exact"], found["fraction"]) == ("0.0254", True, None)
    assert (found["input"], found["output"], found["other"]) == ("0.003", "0.0024", "0.02")
    assert found["saved"] == "0.003"
    assert [(line["meter"], line["quantity"], line["rate"], line["amount"]) for line in found["line_items"]] == [
        ("input", 1000, "0.000002", "0.002"),
        ("cache_read", 2000, "0.0000005", "0.001"),
        ("output", 300, "0.000008", "0.0024"),
        ("web_searches", 2, "0.01", "0.02"),
    ]


@pytest.mark.parametrize(
    ("model", "one", "usage"),
    [
        ("m", ONE, Usage(input=1000, cache_read=2000, output=300, web_searches=2)),
        ("m", Usage(input=1, service_tier="priority"), Usage(input=7, service_tier="priority")),
        ("m", Usage(input=1, partial=True), Usage(input=7, partial=True)),
        ("m", Usage(input=200_001), Usage(input=300_000)),
        ("endless", Usage(input=1, output=1), Usage(input=3000, output=5)),
        ("endless", Usage(input=1, cache_read=1), Usage(input=2, cache_read=4)),
    ],
    ids=["plain", "tier", "broken off", "above a threshold", "fraction", "two fractions of a side"],
)
def test_what_a_form_makes_is_what_the_cost_says(model, one, usage):
    """The same dict as that of the Cost itself, and an equal Cost again."""
    cost = calculate(usage, model)
    assert form_key(calculate(one, model)) == form_key(cost)

    found = through_json(calculate(one, model)).cost(tuple(cost.usage.quantities.values()))

    assert found == cost.to_dict()
    assert Cost.from_dict(found) == cost
    assert Cost.from_dict(found).as_integer_ratio() == cost.as_integer_ratio()


def test_a_total_without_a_finite_decimal_is_a_reduced_fraction():
    """2/3000 + 4/9000 is 10/9000, which is 1/900; each side is the sum of its lines, as they are written."""
    found = through_json(calculate(Usage(input=1, cache_read=1), "endless")).cost((2, 4))

    assert (found["exact"], found["fraction"]) == (False, "1/900")
    assert found["total"] == "0.00" + "1" * 40
    # 0.000666...67 and 0.000444...44, each of 40 digits behind its zeros.
    assert [line["amount"] for line in found["line_items"]] == ["0.000" + "6" * 39 + "7", "0.000" + "4" * 40]
    assert found["input"] == "0.00" + "1" * 41
    # 3000/3000 + 7/7 is 2, and needs no fraction.
    whole = through_json(calculate(Usage(input=1, output=1), "endless")).cost((3000, 7))
    assert (whole["total"], whole["exact"], whole["fraction"]) == ("2", True, None)


def test_a_form_needs_a_quantity_for_each_meter():
    """One too few, or one too many, is an error and no shorter bill."""
    form = through_json(calculate(Usage(input=1, output=1)))
    for quantities in ((1,), (1, 2, 3)):
        with pytest.raises(ValueError, match="argument 2 is"):
            form.cost(quantities)


# What a form holds.


def test_rates_and_savings_are_over_one_denominator():
    """USD per unit: 2, 0.5 and 8 per million, 0.01 a search; a cached token saves 1.5 per million."""
    form = through_json(calculate())

    assert form.meters == ("input", "cache_read", "output", "web_searches")
    millionth = Fraction(1, 10**6)
    assert [Fraction(rate, form.denominator) for rate in form.rates] == [
        2 * millionth,
        millionth / 2,
        8 * millionth,
        Fraction(1, 100),
    ]
    assert [Fraction(saving, form.denominator) for saving in form.savings] == [0, millionth * 3 / 2, 0, 0]


def test_a_cache_saves_nothing_where_fresh_tokens_have_no_price():
    """Its rate is 0.5 per million; what it is to be compared with is not known."""
    form = through_json(calculate(Usage(cache_read=1), "cached"))
    assert (Fraction(form.rates[0], form.denominator), form.savings) == (Fraction(1, 2_000_000), (0,))
    assert form.cost((4_000_000,))["total"] == "2"
    assert form.cost((4_000_000,))["saved"] == "0"


def test_the_facts_of_a_form_are_those_that_its_calls_share():
    """No quantity, no time and no context: they are of one call."""
    usage = Usage(input=5, output=7, model="m-1", service_tier="default", at=1_790_000_000, context=5)
    assert through_json(calculate(usage)).facts == {"model": "m-1", "service_tier": "default"}


def test_a_form_knows_the_day_of_its_prices():
    """The day of the card, and "" for prices of one's own."""
    assert through_json(calculate()).as_of == ""
    cost = calculate()
    cost.segments[0].tariff.card.as_of = "2026-11-01"
    try:
        assert through_json(cost).as_of == "2026-11-01"
    finally:
        cost.segments[0].tariff.card.as_of = ""


# Which Costs have one form.


def test_quantities_times_and_contexts_do_not_decide_the_form():
    """Two calls of other sizes at other times; a larger context that no rate asks for."""
    key = form_key(calculate(Usage(input=1, output=1)))
    assert key is not None
    for usage in (Usage(input=9, output=7), Usage(input=1, output=1, context=9), Usage(input=3, output=1, at=1.7e9)):
        assert form_key(calculate(usage)) == key
        assert hash(form_key(calculate(usage))) == hash(key)


TARIFF = calculate().segments[0].tariff


def of_one_tariff(usage=None, model="m", **facts) -> CallCost:
    """Return a Cost of 1 token in and 1 out by the one tariff, with what is stated besides."""
    return of_tariff(usage or Usage(input=1, output=1, **facts), TARIFF, model, "current", ())


def put(name: str, value: object) -> CallCost:
    cost = of_one_tariff()
    setattr(cost, name, value)
    return cost


def without_context() -> CallCost:
    """Several requests have no one context, so that a card with thresholds gives a lower bound."""
    cost = of_one_tariff()
    cost.usage.context = None
    return cost


OTHERS = {
    "another card": calculate(Usage(input=1, output=1), "n"),
    "another tariff": calculate(Usage(input=1, output=1, context=200_001)),
    "another meter": of_one_tariff(Usage(input=1, reasoning=1)),
    "another order": of_one_tariff(Usage(output=1, input=1)),
    "one meter fewer": of_one_tariff(Usage(input=1)),
    "another name asked for": of_one_tariff(model="m-1"),
    "another name in the response": of_one_tariff(Usage(input=1, output=1, model="m-1")),
    "another provider": of_one_tariff(provider="azure"),
    "another dialect": of_one_tariff(dialect="anthropic"),
    "a tier asked for": of_one_tariff().with_tiers("flex", None),
    "a tier served": of_one_tariff().with_tiers(None, "flex"),
    "a tier in the response": put("usage", Usage(input=1, output=1, service_tier="flex")),
    "no one context": without_context(),
    "broken off": of_one_tariff(partial=True),
    "a note of the usage": of_one_tariff(notes=("the reader's own",)),
    "a note of the cost": of_one_tariff().with_note("a caller's own"),
    "another basis": of_one_tariff().dated("exact", ()),
}


@pytest.mark.parametrize("cost", OTHERS.values(), ids=OTHERS.keys())
def test_what_costs_say_otherwise_decides_the_form(cost):
    """Anything but the quantities; each has a form, and none that of a plain call."""
    assert form_key(of_one_tariff()) == form_key(of_one_tariff(Usage(input=2, output=9)))
    assert form_key(cost) is not None
    assert form_key(cost) != form_key(of_one_tariff())


DEPLOYED = PRICES.with_deployments(Deployments([Deployment("m", "m", terms=(Term("fee", (1, 4), "config"),))]))
WHOLE = {
    "a sum": calculate() + calculate(),
    "restored": Cost.from_dict(calculate().to_dict()),
    "parts": calculate(Usage(input=1, parts=(Usage(input=1, model="n"),))),
    "terms": DEPLOYED.calculate(usage=Usage(input=1), model="m"),
    "half a token": calculate(Usage(input=0.5)),
    "something unpriced": calculate(Usage(input=1, maps_queries=1)),
    "nothing": calculate(Usage(input=0)),
    "more to say": calculate(Usage(input=1, region="us")),
    "more to say, by one tariff": of_one_tariff(region="us"),
    "reported": calculate(Usage(input=1, reported="0.1")),
    "reported, by one tariff": put("reported", Decimal("0.1")),
    "waived": calculate(cache_hit=True),
    "waived, by one tariff": put("waived", "prepaid"),
}


@pytest.mark.parametrize("cost", WHOLE.values(), ids=WHOLE.keys())
def test_a_cost_that_is_more_than_units_times_rates_has_no_form(cost):
    """It is kept whole."""
    assert form_key(cost) is None


def test_the_region_that_was_rated_is_kept():
    """Whoever stated it: the caller here, and the response itself where it does."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-6}})
    assert rated_usage(prices.calculate(usage=Usage(input=5), model="m", region="eu"))["region"] == "eu"
    assert "region" not in rated_usage(prices.calculate(usage=Usage(input=5), model="m"))
