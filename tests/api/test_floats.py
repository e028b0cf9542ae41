"""A Cost as a float: a lower bound warns once for each model and reason, and what was said is not kept for ever."""

from __future__ import annotations

import warnings

import pytest

from llmcost import (
    CostMap,
    IgnoredArgumentWarning,
    LLMCostWarning,
    StalePricesWarning,
    UnpricedUsageWarning,
    UnreadUsageWarning,
    Usage,
)
from llmcost.api import floats
from llmcost.prices.registry import Kept


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch):
    monkeypatch.setattr(floats, "_warned", Kept())


def told(*models):
    """Return what is warned of when calls with an output that has no rate are read as floats."""
    prices = CostMap({model: {"input_cost_per_token": 1e-6} for model in models})
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for model in models:
            floats.warn_of(prices.calculate(usage=Usage(input=1000, output=5), model=model))
    return [str(warning.message) for warning in found]


def test_each_model_and_reason_once():
    """The second call of a model is silent, another model is not."""
    said = "{} has no rate for output: the cost is a lower bound (calculate() says more)"
    assert told("a", "a", "b") == [said.format("a"), said.format("b")]
    assert told("a", "b") == []


def test_only_so_many_reasons_are_remembered(monkeypatch):
    """With room for three, the oldest is forgotten and said again: names come from callers and never end."""
    monkeypatch.setattr(floats, "_MOST_WARNED", 3)
    names = [f"m{number}" for number in range(10)]
    assert len(told(*names)) == 10
    assert list(floats._warned) == [("m7", "output"), ("m8", "output"), ("m9", "output")]
    assert len(told("m9", "m0")) == 1


def body(model: str, **counters: object) -> dict:
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, **counters}
    return {"object": "chat.completion", "model": model, "choices": [], "usage": usage}


def test_an_unread_counter_warns_once_by_its_name():
    """The float is what the known counters cost: 1000 x 1e-6 + 100 x 2e-6. Another name warns again."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}})
    with pytest.warns(UnreadUsageWarning, match="zzz_tokens=7 is not understood") as caught:
        assert prices.completion_cost(body("m", zzz_tokens=7)) == 0.0012
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # The value is another, the reason is the same.
        assert prices.completion_cost(body("m", zzz_tokens=8)) == 0.0012
    with pytest.warns(UnreadUsageWarning, match="yyy_tokens=1"):
        prices.completion_cost(body("m", yyy_tokens=1))


def test_every_warning_is_of_one_family():
    """A host may silence all of them by their base."""
    assert issubclass(UnreadUsageWarning, LLMCostWarning)
    assert issubclass(UnpricedUsageWarning, LLMCostWarning)
    assert issubclass(LLMCostWarning, UserWarning)


MAP = CostMap(
    {
        "m": {"input_cost_per_token": 2e-6, "output_cost_per_token": 1e-5},
        "long": {
            "input_cost_per_token": 2e-6,
            "input_cost_per_token_above_200k_tokens": 4e-6,
            "output_cost_per_token": 0,
        },
    }
)
COUNTED = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
ANSWER = {"object": "chat.completion", "model": "m", "choices": [], "usage": COUNTED}
CUT = [{"object": "chat.completion.chunk", "model": "m", "choices": [{"delta": {"content": "a"}}], "usage": COUNTED}]


@pytest.mark.parametrize(
    ("call", "category", "said"),
    [
        (lambda: MAP.batch_cost_calculator(COUNTED, "m"), IgnoredArgumentWarning, "no batches rates"),
        (lambda: MAP.completion_cost(ANSWER, service_tier="flex"), IgnoredArgumentWarning, "no flex rates"),
        (lambda: MAP.completion_cost(ANSWER, service_tier="turbo"), IgnoredArgumentWarning, "'turbo' is not known"),
        (lambda: MAP.completion_cost({**ANSWER, "service_tier": "turbo"}), IgnoredArgumentWarning, "'turbo'"),
        (lambda: MAP.cost_per_token("m", 1000, 100, service_tier="flex"), IgnoredArgumentWarning, "no flex rates"),
        (lambda: MAP.completion_cost(CUT), UnpricedUsageWarning, "broke off"),
        (
            lambda: MAP.completion_cost(model="long", usage=MAP.calculate(ANSWER).usage + MAP.calculate(ANSWER).usage),
            UnpricedUsageWarning,
            "aggregate",
        ),
    ],
    ids=["batch", "tier without rates", "unknown tier", "served", "counters", "cut stream", "aggregate"],
)
def test_a_float_warns_once_where_a_cost_notes_it(call, category, said):
    """A second call says nothing; the category can be made an error."""
    with pytest.warns(category, match=said):
        call()
    with warnings.catch_warnings():
        warnings.simplefilter("error", LLMCostWarning)
        call()
    floats._warned.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error", category)
        with pytest.raises(category):
            call()


def test_what_is_ordinary_does_not_warn():
    """A standard tier, a whole stream, an answer in full."""
    done = {**CUT[0], "choices": [{"delta": {}, "finish_reason": "stop"}]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert MAP.completion_cost(ANSWER, service_tier="default") == 0.003
        assert MAP.completion_cost([*CUT, done]) == 0.003


@pytest.mark.parametrize(
    ("ask", "given"),
    [
        ("completion_cost", {}),
        ("response_cost_calculator", {}),
        ("cost_per_token", {"model": "points"}),
        ("batch_cost_calculator", {"model": "points"}),
    ],
    ids=["completion_cost", "response_cost_calculator", "cost_per_token", "batch_cost_calculator"],
)
def test_a_warning_points_at_the_callers_line(ask, given, monkeypatch):
    """Through however many functions of the package: the call stands in this file."""
    monkeypatch.setattr(floats, "_warned", Kept())
    row = {f"{side}_cost_per_token{tier}": 1e-6 for side in ("input", "output") for tier in ("", "_batches")}
    prices = CostMap({"points": row})
    response = body("points", points_tokens=7)
    name = {"cost_per_token": "response", "batch_cost_calculator": "usage"}.get(ask)
    with pytest.warns(UnreadUsageWarning, match="points_tokens=7") as caught:
        getattr(prices, ask)(*([] if name else [response]), **given, **({name: response} if name else {}))
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize("price", ["completion_cost", "cost_per_token"])
def test_a_promise_that_has_passed_warns_once(monkeypatch, price):
    """OpenAI promised the price until 2026-11-21: on the day it is certain, and after it each float function warns."""
    prices = CostMap()

    def call(day):
        monkeypatch.setenv("LLMCOST_TODAY", day)
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            if price == "completion_cost":
                prices.completion_cost(body("gpt-5.6-sol"))
            else:
                prices.cost_per_token("gpt-5.6-sol", 1000, 100)
        return [(one.category, str(one.message)) for one in found]

    said = "the seller promised this price until 2026-11-21; whether it still holds is not known"
    assert call("2026-11-21") == []
    assert call("2026-11-22") == [(StalePricesWarning, said)]
    assert call("2026-11-23") == []
