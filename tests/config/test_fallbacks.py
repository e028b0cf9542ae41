"""A configured fallback that answered: 1,000 tokens in and 100 out, gpt-4o 0.0035, gpt-4o-mini 0.00021."""

from __future__ import annotations

from decimal import Decimal

import pytest

MODELS = [
    {"model_name": "fast", "litellm_params": {"model": "openai/gpt-4o-mini"}},
    {"model_name": "big", "litellm_params": {"model": "openai/gpt-4o"}},
    {"model_name": "biggest", "litellm_params": {"model": "openai/gpt-4.1"}},
    {"model_name": "hidden", "litellm_params": {"model": "azure/ours"}, "model_info": {"base_model": "gpt-4o-mini"}},
]


def answer(model):
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return {"object": "chat.completion", "model": model, "usage": usage}


def config(key, rules, kind="fallbacks"):
    return {"model_list": MODELS, key: {kind: rules}}


@pytest.mark.parametrize("key", ["router_settings", "litellm_settings"])
@pytest.mark.parametrize("kind", ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"])
def test_the_fallback_that_answered_is_priced(bundled, key, kind):
    """The response names a model behind the fallback, and of none behind the group that was called."""
    prices = bundled.with_config(config(key, [{"fast": ["big"]}], kind))
    cost = prices.calculate(answer("gpt-4o-2024-08-06"), model="fast")
    assert cost.total == Decimal("0.0035")
    [note] = [note for note in cost.notes if note.code == "fallback_answered"]
    assert note.about == "big"


def test_a_fallback_of_a_fallback(bundled):
    """fast -> big -> biggest; gpt-4.1 is 2 and 8 per million: 0.002 + 0.0008."""
    prices = bundled.with_config(config("router_settings", [{"fast": ["big"]}, {"big": ["biggest", "fast"]}]))
    assert prices.calculate(answer("gpt-4.1"), model="fast").total == Decimal("0.0028")


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", "openai/gpt-4o-mini", "fast", "something"])
def test_the_group_that_was_called_answered(bundled, model):
    """Its own model under any of its names, or one that no fallback has."""
    cost = bundled.with_config(config("router_settings", [{"fast": ["big"]}])).calculate(answer(model), model="fast")
    assert cost.total == Decimal("0.00021")
    assert not [note for note in cost.notes if note.code == "fallback_answered"]


def test_a_base_model_tells_which_answered(bundled):
    """A deployment of Azure has a name of its own; its base_model says which model answers under it."""
    prices = bundled.with_config(config("router_settings", [{"hidden": ["big"]}]))
    assert prices.calculate(answer("gpt-4o-mini-2024-07-18"), model="hidden").total == Decimal("0.00021")
    assert prices.calculate(answer("gpt-4o-2024-08-06"), model="hidden").total == Decimal("0.0035")


@pytest.mark.parametrize("key", ["router_settings", "litellm_settings"])
def test_fallbacks_of_every_group(bundled, key):
    """``default_fallbacks`` and those of ``*`` answer for any group, after its own; a request may stand for a name."""
    for rules in (
        config(key, ["big"], "default_fallbacks"),
        config(key, [{"*": ["big"]}]),
        config(key, [{"fast": [{"model": "big", "messages": []}]}]),
        config(key, [{"fast": ["hidden"]}, {"*": ["big"]}]),
    ):
        prices = bundled.with_config(rules)
        cost = prices.calculate(answer("gpt-4o-2024-08-06"), model="fast")
        assert (cost.total, "fallback_answered" in {note.code for note in cost.notes}) == (Decimal("0.0035"), True)
        assert prices.calculate(answer("gpt-4o-mini"), model="fast").total == Decimal("0.00021")


def test_without_a_fallback_the_name_that_was_called_decides(bundled):
    """gpt-4o is behind another group, which nothing says may answer: a note says which model did."""
    prices = bundled.with_config({"model_list": MODELS})
    cost = prices.calculate(answer("gpt-4o-2024-08-06"), model="fast")
    assert cost.total == Decimal("0.00021")
    [note] = [note for note in cost.notes if note.code == "other_model"]
    assert note.about == "gpt-4o-2024-08-06"
    for name, answers in (("fast", "fast"), ("fast", "gpt-4o-mini-2024-07-18"), ("hidden", "gpt-4o"), ("fast", "x")):
        assert not prices.calculate(answer(answers), model=name).notes
