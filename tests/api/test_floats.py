"""Floats, which cannot carry a mark: they warn once of what makes them a lower bound."""

from __future__ import annotations

import warnings

import pytest

from llmcost import CostMap, LLMCostWarning, UnpricedUsageWarning, UnreadUsageWarning
from llmcost.api import floats


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    """Nothing was warned of yet."""
    monkeypatch.setattr(floats, "_warned", set())


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


def test_what_was_warned_of_is_bounded(monkeypatch):
    """Names come from responses, so there is no end to them: the memory is emptied, and does not grow."""
    monkeypatch.setattr(floats, "_MOST_WARNED", 3)
    prices = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}})
    for number in range(8):
        with pytest.warns(UnreadUsageWarning, match=f"x{number}_tokens"):
            prices.completion_cost(body("m", **{f"x{number}_tokens": 1}))
        assert len(floats._warned) <= 3
