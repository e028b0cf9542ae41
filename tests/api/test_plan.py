"""The plan of a call: decided once for all calls of which the same is said, and never for others."""

from __future__ import annotations

import ast
import gc
import inspect
from decimal import Decimal

import pytest

from llmcost import ArgumentError, CostMap, PriceDataError, UnknownModelError, Usage
from llmcost.api import costmap as module
from llmcost.api import plan as plans
from llmcost.api.facts import FACTS
from llmcost.api.given import given_facts

ONE = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
RESPONSE = {"object": "chat.completion", "model": "m", "usage": {"prompt_tokens": 10, "completion_tokens": 5}}


def test_calls_of_which_the_same_is_said_share_a_plan():
    """A plan for each caller's name, and for each set of facts; counters, tiers and times make none."""
    prices = CostMap({"m": {**ONE, "input_cost_per_token_flex": 5e-07}})
    for tokens in range(5):
        prices.calculate({**RESPONSE, "usage": {"prompt_tokens": tokens, "completion_tokens": 1}, "created": tokens})
        prices.calculate({**RESPONSE, "service_tier": "flex"})
    assert len(prices._state.plans) == 1
    for _ in range(2):
        prices.calculate(RESPONSE, model="m")
        prices.calculate(RESPONSE, service_tier="flex")
        prices.calculate(RESPONSE, input_cost_per_token=3e-06)
    # Those for prices of a call stand apart.
    assert (len(prices._state.plans), len(prices._state.priced_plans)) == (3, 1)


def test_a_prefer_or_a_cache_hit_of_one_call_is_no_others():
    """Facts that decide what counts are part of what is remembered: 10 x 1 + 5 x 2 per million."""
    prices = CostMap({"m": ONE})
    totals = [str(prices.calculate(RESPONSE, cache_hit=hit).total) for hit in (False, True, False)]
    assert totals == ["0.00002", "0", "0.00002"]
    totals = [
        str(prices.calculate(RESPONSE, batch=batch, input_cost_per_token_batches=0).total)
        for batch in (True, False, None)
    ]
    assert totals == ["0.00001", "0.00002", "0.00002"]


def test_memory_is_bounded(monkeypatch):
    """However many names and prices are asked for; a name that no model has is not kept at all."""
    monkeypatch.setattr(module, "_MOST_PLANS", 3)
    monkeypatch.setattr(module, "_MOST_PRICED", 2)
    prices = CostMap({**{f"m{number}": ONE for number in range(10)}, "n" * 501: ONE})
    for number in range(10):
        prices.calculate(usage=Usage(input=1), model=f"m{number}")
        prices.calculate(usage=Usage(input=1), model="m0", input_cost_per_token=number * 1e-06)
        prices.calculate({**RESPONSE, "model": f"m{number}"})
        assert max(len(prices._state.named_plans), len(prices._state.plans)) <= 3
        assert len(prices._state.priced_plans) <= 2
    prices._state.plans.clear()
    prices._state.named_plans.clear()
    assert prices.calculate(usage=Usage(input=1), model="n" * 501).total == Decimal("0.000001")
    assert prices.calculate({**RESPONSE, "model": "n" * 501}).total == Decimal("0.00002")
    assert not prices._state.plans
    assert not prices._state.named_plans


def test_a_long_prompt_leaves_its_rates_to_no_other():
    """1 USD a million tokens, and 3 above 200,000, in any order; a call that is a sum of several has no long prompt."""
    prices = CostMap({"m": {**ONE, "input_cost_per_token_above_200k_tokens": 3e-06}})
    whole = Usage(input=1_000_000, model="m", aggregate=True)
    for word in (None, "default"):
        calls = [Usage(input=tokens, model="m", service_tier=word) for tokens in (300_000, 200_000, 200_001, 100_000)]
        assert [str(prices.of_usage(call)) for call in calls] == ["0.90", "0.20", "0.600003", "0.10"]
        assert str(prices.of_usage(whole)) == "1.00"
        assert [str(prices.of_usage(call)) for call in reversed(calls)] == ["0.10", "0.600003", "0.20", "0.90"]


@pytest.mark.parametrize("name", ["deepseek/deepseek-chat", "o3", "gpt-4.1-2025-04-14"])
def test_what_is_remembered_of_a_day_is_that_of_no_other_second(name):
    """Prices change in the middle of a day too: every second around a change is as if it were asked for alone."""
    prices = CostMap.bundled()
    changes = [int(moment) for moment in prices.epochs(prices.rate_card(name)).starts]
    moments = [change + shift for change in changes for shift in (-86_400, -1, 0, 1, 3600, 43_200, 86_399)]
    response = {"object": "chat.completion", "model": name, "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}
    calls = [({**response, "created": moment}, {}) for moment in moments]
    calls += [(response, {"at": moment}) for moment in moments if moment >= changes[0]]
    alone = []
    for call, asked in calls:
        prices._state.plans.clear()
        alone.append(prices.calculate(call, **asked).to_dict())
    for order in (range(len(calls)), range(len(calls) - 1, -1, -1), [*range(0, len(calls), 3), *range(len(calls))]):
        assert all(prices.calculate(calls[n][0], **calls[n][1]).to_dict() == alone[n] for n in order)


def test_days_and_words_are_bounded(monkeypatch):
    """Times of the past are remembered up to a bound, and so are the words for a tier."""
    monkeypatch.setattr(plans, "_MOST_DAYS", 3)
    monkeypatch.setattr(plans, "_MOST_WORDS", 2)
    prices = CostMap()
    for second in range(10):
        usage = Usage(input=1, model="o3", at=1_750_000_000 + 86_400 * second)
        assert prices.calculate(usage=usage).basis == "exact"
        assert prices.calculate(usage=Usage(input=1, model="o3"), at=1_750_000_000 + 86_400 * second).basis == "exact"
    (plan,) = prices._state.plans.values()
    assert len(plan._days) <= 3
    for word in ("flex", "Flex", "FLEX", "fLEX"):
        assert prices.calculate(usage=Usage(input=1, model="o3", service_tier=word)).billed_tier == "flex"
    assert len(plan.tariffs) <= 2


class Money(float):
    """Somebody's own number, written in his own way."""

    def __repr__(self):
        return f"${float(self):.2f}"


class Text(str):
    """Somebody's own text."""

    __slots__ = ()

    def __repr__(self):
        return "***"


@pytest.mark.parametrize("kind", [Money, lambda value: Text(str(value)), float, str, lambda value: Decimal(str(value))])
def test_prices_of_one_call_are_those_of_no_other(kind):
    """1,000 tokens at 3 and at 4 per million, however the number is written; nested values too."""
    prices = CostMap({"m": ONE})
    usage = Usage(input=1000, web_searches=1)
    costs = [
        prices.calculate(
            usage=usage,
            model="m",
            input_cost_per_token=kind(value),
            search_context_cost_per_query={"search_context_size_medium": kind(search)},
        )
        for value, search in ((3e-06, 0.5), (4e-06, 0.5), (3e-06, 0.25))
    ]
    assert [str(cost.total) for cost in costs] == ["0.503", "0.504", "0.253"]


def test_prices_that_cannot_be_a_key_are_refused_by_name():
    """Compiling them says what is wrong."""
    with pytest.raises(PriceDataError, match="input_cost_per_token"):
        CostMap({"m": ONE}).calculate(RESPONSE, input_cost_per_token=object())


def test_a_name_of_wrong_type_is_refused_by_name():
    """Where a model is found by it, it has to be text."""
    for fact in ("provider", "deployment", "base_model", "region"):
        with pytest.raises(ArgumentError, match=f"{fact}=.*: it has to be text"):
            CostMap({"m": ONE}).calculate(RESPONSE, **{fact: ["x"]})


def test_the_signature_is_the_table_of_facts():
    """What editors and type checkers see is what the table says, in its words."""
    tree = ast.parse(inspect.getsource(module))
    (typed,) = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "calculate"]
    named = [argument.arg for argument in (*typed.args.args, *typed.args.kwonlyargs)]
    assert named[:3] == ["self", "response", "usage"]
    assert set(named[3:]) == set(FACTS)
    defaults = [*typed.args.defaults, *typed.args.kw_defaults]
    stated = dict(zip(named[-len(defaults) :], (ast.literal_eval(value) for value in defaults), strict=True))
    assert {name: stated[name] for name in FACTS} == {name: row.default for name, row in FACTS.items()}
    assert all(f"{row.name}: {row.help}" in CostMap.calculate.__doc__ for row in FACTS.values())


def test_facts_at_their_defaults_say_nothing():
    """They share the plan of a call without any."""
    facts = given_facts({name: row.default for name, row in FACTS.items() if name not in {"duration", "model", "at"}})
    assert (facts.key, facts.completes, facts.quantifies, dict(facts.own)) == ((), False, False, {})


def test_an_unknown_model_is_unknown_again():
    """What failed is not remembered as a plan."""
    prices = CostMap({"m": ONE})
    for _ in range(2):
        with pytest.raises(UnknownModelError):
            prices.calculate({**RESPONSE, "model": "k"})
    prices.register({"k": ONE})
    assert prices.calculate({**RESPONSE, "model": "k"}).matched_as == "k"


def test_a_hit_of_the_own_cache_needs_a_known_model():
    """What the provider reports is no cost of a call that it never saw."""
    reported = {**RESPONSE, "model": "k", "usage": {**RESPONSE["usage"], "cost": 0.5}}
    prices = CostMap({"m": ONE})
    assert str(prices.calculate(reported).total) == "0.5"
    with pytest.raises(UnknownModelError):
        prices.calculate(reported, cache_hit=True)
    assert prices.calculate({**reported, "model": "m"}, cache_hit=True).total == 0


def test_an_unknown_name_leaves_nothing_behind():
    """An error that is raised again from what is remembered holds no frame of a call, and no call waits for garbage."""
    prices = CostMap({"m": ONE})
    said = []
    for _ in range(3):
        with pytest.raises(UnknownModelError) as caught:
            prices.calculate({**RESPONSE, "model": "unknown"})
        said.append((str(caught.value), caught.value.nearest, caught.value.tried))
    assert len(set(said)) == 1
    (kept,) = prices._state.unknown.values()
    assert (kept.__traceback__, kept.__context__, kept.__cause__) == (None, None, None)
    assert kept is not caught.value
    enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        for _ in range(20):
            _ask_unknown(prices)
        assert gc.collect() == 0
    finally:
        if enabled:
            gc.enable()


def _ask_unknown(prices):
    try:
        prices.calculate({**RESPONSE, "model": "unknown"})
    except UnknownModelError:
        return
    raise AssertionError
