"""However a call is asked, its cost is one: a keyword that says nothing new changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost import CostMap, LLMCostError, PriceDataError, UnknownModelError, Usage, read_usage
from tests import responses

from ..golden.harness import cases
from .strategies import KEYS, cards, counts, entry_of

# A keyword at its default.
LONG = {"cache_hit": False}
DEFAULTS = (
    LONG,
    {"prefer": "auto"},
    {"strict": False, "replace": False, "scale_rest": False},
    {"prices": {}},
    {"batch": None, "region": None, "service_tier": None, "provider": None, "base_model": None},
)
EVERYTHING = responses.named(responses.everything())
BUNDLED = CostMap()


def said(calculate, *given, **facts):
    """Return all that a Cost says, or its error."""
    try:
        cost = calculate(*given, **facts)
    except LLMCostError as error:
        # The nearest names are looked for the second time.
        return type(error), str(error).partition("\n")[0]
    amounts = [str(line.amount) for line in cost.line_items]
    return cost.to_dict(), cost.explain(verbose=True), cost.response_cost, amounts


# Remarks on who sells a model, which a caller who says so has no need of.
OF_THE_NAME = {"provider_not_used", "known_since", "makers_row", "only_row"}


def billed(calculate, *given, **facts):
    """Return what is billed and every remark on it, or the error; not under which of its names the model was found."""
    try:
        cost = calculate(*given, **facts)
    except LLMCostError as error:
        return type(error)
    lines = [
        (line.meter, line.quantity, line.rate, line.amount, line.conditions, line.factors, line.layer, line.price_key)
        for line in cost.line_items
    ]
    return (
        cost.total,
        lines,
        cost.unpriced,
        tuple(note for note in cost.notes if note.code not in OF_THE_NAME),
        cost.reported,
        str(cost.calculated),
        cost.lower_bound,
        cost.billed_tier,
        cost.exact,
    )


@EVERYTHING
def test_a_default_changes_nothing(example):
    """Not a word of any response's Cost, on a card with every rate and on the bundled map by the response's model."""
    for prices, asked in ((responses.prices(), {"model": responses.MODEL}), (BUNDLED, {})):
        bare = said(prices.calculate, example.response, **asked)
        for facts in DEFAULTS:
            assert said(prices.calculate, example.response, **asked, **facts) == bare, facts


@EVERYTHING
def test_what_the_response_says_itself_changes_no_price(example):
    """Its own word, as a keyword beside it."""
    usage, bare = read_usage(example.response), billed(BUNDLED.calculate, example.response)
    for keyword in ("service_tier", "region", "model"):
        stated = getattr(usage, keyword)
        facts = {} if stated is None else {keyword: stated}
        assert billed(BUNDLED.calculate, example.response, **facts) == bare, keyword


@EVERYTHING
def test_the_time_of_the_response_changes_no_price(example):
    """As a keyword beside it. Only a time before the model's first price is an error from the caller, and none in a
    response, whose clock may be wrong."""
    facts = {"at": read_usage(example.response).at}
    bare, dated = (billed(BUNDLED.calculate, example.response, **more) for more in ({}, facts))
    assert dated == bare or (dated is PriceDataError and type(bare) is tuple)


@EVERYTHING
def test_the_provider_of_the_card_changes_no_price(example):
    """The seller that was found without a word, as a keyword."""
    try:
        provider = BUNDLED.calculate(example.response).provider
    except UnknownModelError:
        provider = "openai"
    bare, sold = (billed(BUNDLED.calculate, example.response, **more) for more in ({}, {"provider": provider}))
    assert sold == bare


@EVERYTHING
def test_the_standard_tier_is_the_tier_of_no_word(example):
    """Asked for beside a response that states no tier; a word of the response's own is stronger than it."""
    for word in ("standard", "default"):
        assert billed(BUNDLED.calculate, example.response, service_tier=word) == billed(
            BUNDLED.calculate, example.response
        )


def test_most_responses_are_priced():
    """The laws above compare bills, not errors: all on the card of every rate, half by their own model."""
    everything = responses.everything()
    rated = [billed(responses.prices().calculate, e.response, model=responses.MODEL) for e in everything]
    assert all(type(bill) is tuple for bill in rated)
    own = [billed(BUNDLED.calculate, e.response) for e in everything]
    assert sum(type(bill) is tuple for bill in own) > 100


@pytest.mark.parametrize("case", cases("cases.jsonl"), ids=lambda case: case["id"])
def test_real_responses(case):
    """Responses of every provider, with and without the caller's name for the model, on the case's own map."""
    prices = CostMap({case["model_for_pricing"]: case["rates"], **case.get("extra_rates", {})})
    for facts in ({}, {"model": case["model_for_pricing"]}):
        short = [said(prices.calculate, case["response"], **facts) for _ in range(2)]
        assert short == [said(prices.calculate, case["response"], **facts, **LONG)] * 2


words = st.sampled_from([None, "default", "flex", "Flex", "priority", "batch", "scale", "marble", ""])
times = st.sampled_from(
    [None, 0, 1, 1_700_000_000, 1_750_000_000, 1_790_000_000, 4_000_000_000, "2026-01-02", 1.5, "x"]
)
usages = st.builds(
    lambda quantities, facts: Usage(**quantities, **facts),
    st.dictionaries(st.sampled_from([*KEYS, "requests", "queries", "input_seconds"]), counts, max_size=5),
    st.fixed_dictionaries(
        {},
        optional={
            "service_tier": words,
            "at": times,
            "partial": st.booleans(),
            "provider": st.sampled_from(["openai", "azure", "m"]),
            "region": st.sampled_from(["us", "global"]),
            "aggregate": st.booleans(),
        },
    ),
)
extras = st.fixed_dictionaries(
    {},
    optional={
        "input_cost_per_second": st.sampled_from([0, 0.001]),
        "input_cost_per_request": st.just(0.01),
        "input_cost_per_query": st.just(0.02),
        "litellm_provider": st.sampled_from(["openai", "xai"]),
        "geo_multiplier": st.just({"us": 1.1}),
    },
)


@given(cards(), extras, usages, times)
def test_any_usage_on_any_card(card, extra, usage, at):
    """Thresholds, tiers, times and units of every kind."""
    prices = CostMap({"m": {**entry_of(card), **extra}})
    facts = {} if at is None else {"at": at}
    assert said(prices.calculate, usage=usage, model="m", **facts) == said(
        prices.calculate, usage=usage, model="m", **facts, **LONG
    )


DATED = ["o3", "gpt-4o", "claude-opus-4-6", "deepseek-v4-pro", "gpt-5.6-sol", "gemini-2.5-pro", "grok-4", "gpt-9"]


@given(st.sampled_from(DATED), st.sampled_from([None, *DATED]), usages, times)
def test_any_usage_at_any_time_on_the_bundled_map(named, asked, usage, at):
    """Models whose prices changed, are promised or follow the clock, by the response's name and by the caller's."""
    usage = usage.replaced(model=named)
    facts = {key: value for key, value in (("model", asked), ("at", at)) if value is not None}
    assert said(BUNDLED.calculate, usage=usage, **facts) == said(BUNDLED.calculate, usage=usage, **facts, **LONG)


class Mine(Usage):
    """Somebody's own."""


@pytest.mark.parametrize("kind", [Usage, Mine])
def test_a_usage_is_read_as_it_is(kind):
    """Also one of a subclass, and in the place of a response: 200 x 2.5 + 800 x 1.25 + 500 x 10 per million."""
    usage = kind(input=200, cache_read=800, output=500, model="gpt-4o")
    for facts in ({}, LONG):
        assert str(BUNDLED.calculate(usage=usage, **facts).total) == "0.0065"
        assert str(BUNDLED.calculate(usage, **facts).total) == "0.0065"


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"at": 1_900_000_000}, {}),
        ({"at": 1_790_000_000_000}, {}),
        ({}, {"model": ""}),
    ],
)
def test_odd_facts_are_one_thing(facts, asked):
    """Asked twice, since what was asked before is remembered: times to come, milliseconds, empty names."""
    for name in ("o3", "deepseek-v4-pro"):
        usage = Usage(input=1000, output=10, model=name, **facts)
        prices = CostMap()
        short = [said(prices.calculate, usage=usage, **asked) for _ in range(3)]
        assert short == [said(prices.calculate, usage=usage, **asked, **LONG)] * 3
        assert prices.calculate(usage=usage, **asked).model == name


def test_a_model_that_is_no_text_is_nobodys_key():
    """A tuple that looks like what is remembered of another call is refused, by the usage and as an argument."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06}})
    assert prices.calculate(usage=Usage(input=10, model="m"), model="m").total
    with pytest.raises(LLMCostError, match="it is text"):
        prices.calculate(usage=Usage(input=10, model=("m", "m", None)))
    with pytest.raises(LLMCostError, match="has to be text"):
        prices.calculate(usage=Usage(input=10), model=("m", "m", None))
