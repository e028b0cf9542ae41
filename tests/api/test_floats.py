"""Floats that warn: of a lower bound, and of what was stated and could not select a price."""

from __future__ import annotations

import warnings

import pytest

from llmcost import CostMap, IgnoredArgumentWarning, LLMCostWarning, UnpricedUsageWarning
from llmcost.api import floats

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


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    """What was warned of before is warned of again."""
    monkeypatch.setattr(floats, "_warned", type(floats._warned)())


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


def test_only_so_much_is_remembered():
    """Names of models and tiers are a caller's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(floats._MOST_WARNED + 10):
            MAP.completion_cost(ANSWER, service_tier=f"tier-{number}")
    assert len(floats._warned) == floats._MOST_WARNED
