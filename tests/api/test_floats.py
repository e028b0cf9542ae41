"""A Cost as a float: a lower bound warns once for each model and reason, and what was said is not kept for ever."""

from __future__ import annotations

import warnings

import pytest

from llmcost import CostMap, Usage
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
