"""A Cost as a float: a lower bound warns once for each model and reason, and what was said is not kept for ever."""

from __future__ import annotations

import warnings

import pytest

from llmcost import CostMap, LLMCostWarning, UnpricedUsageWarning, UnreadUsageWarning, Usage
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
            assert floats.as_float(prices.calculate(usage=Usage(input=1000, output=5), model=model)) == 0.001
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
