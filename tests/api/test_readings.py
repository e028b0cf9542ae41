"""Counters that may mean several things: the card decides where all readings cost the same, and nobody guesses else."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, read_usage

USAGE = {"input_tokens": 1000, "output_tokens": 100, "cache_hit_tokens": 800}
PRICES = {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "cache_read_input_token_cost": 1e-7}


def test_different_costs_are_an_error_with_both():
    """Inside: 200 x 1e-6 + 800 x 1e-7 + 100 x 2e-6 = 0.00048; beside: 0.001 + 0.00008 + 0.0002 = 0.00128."""
    with pytest.raises(InconsistentUsageError, match="dialect=") as caught:
        CostMap({"m": PRICES}).calculate(usage=USAGE, model="m")
    assert [cost.total for cost in caught.value.costs] == [Decimal("0.00048"), Decimal("0.00128")]
    assert "0.00048 USD" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert [reading.quantities for reading in again.readings] == [
        {"input": 200, "cache_read": 800, "output": 100},
        {"input": 1000, "cache_read": 800, "output": 100},
    ]


def test_the_same_cost_is_the_first_with_a_note():
    """Sold by the call, it costs 0.01 whatever was cached."""
    cost = CostMap({"m": {"input_cost_per_request": 0.01}}).calculate(usage=USAGE, model="m")
    assert cost.total == Decimal("0.01")
    assert "readings_agree" in {note.code for note in cost.notes}
    assert cost.usage.quantities == {"input": 200, "cache_read": 800, "output": 100}


def test_the_caller_decides():
    """The dialect says which; so does a usage of one's own."""
    prices = CostMap({"m": PRICES})
    assert prices.calculate(usage=USAGE, model="m", dialect="inclusive").total == Decimal("0.00048")
    assert prices.calculate(usage=USAGE, model="m", dialect="exclusive").total == Decimal("0.00128")


def test_facts_of_the_call_are_those_of_every_reading():
    """At flex rates, half of all: both bounds are."""
    prices = CostMap({"m": {**PRICES, **{f"{key}_flex": rate / 2 for key, rate in PRICES.items()}}})
    with pytest.raises(InconsistentUsageError) as caught:
        prices.calculate(usage=USAGE, model="m", service_tier="flex")
    assert [cost.total for cost in caught.value.costs] == [Decimal("0.00024"), Decimal("0.00064")]


def test_without_a_card_nothing_decides():
    """Reading alone raises, with the readings and without costs."""
    with pytest.raises(InconsistentUsageError) as caught:
        read_usage(USAGE)
    assert len(caught.value.readings) == 2
    assert caught.value.costs == ()


CACHED_ABOVE = {
    "object": "chat.completion",
    "model": "grok-toy",
    "choices": [],
    "usage": {
        "prompt_tokens": 7,
        "completion_tokens": 12,
        "total_tokens": 19,
        "prompt_tokens_details": {"cached_tokens": 161, "text_tokens": 7},
    },
}
STREAMED = [
    {"object": "chat.completion.chunk", "model": "grok-toy", "choices": [{"delta": {}, "finish_reason": "stop"}]},
    {"object": "chat.completion.chunk", "model": "grok-toy", "choices": [], "usage": CACHED_ABOVE["usage"]},
]
SELLERS = CostMap(
    {
        "xai/grok-toy": {**PRICES, "litellm_provider": "xai"},
        "azure_ai/grok-toy": {
            "input_cost_per_token": 1e-6,
            "output_cost_per_token": 2e-6,
            "litellm_provider": "azure_ai",
        },
        "other/grok-toy": {**PRICES, "litellm_provider": "other"},
    }
)


@pytest.mark.parametrize("response", [CACHED_ABOVE, STREAMED])
@pytest.mark.parametrize(
    ("provider", "total"),
    [
        # 7 x 1 + 161 x 0.1 + 12 x 2 per million.
        ("xai", "0.0000471"),
        # 7 x 1 + 12 x 2 per million: the cached tokens are of a prefix that is not billed.
        ("azure_ai", "0.000031"),
    ],
)
def test_the_seller_decides_how_grok_counts(response, provider, total):
    """Where more is cached than the prompt holds, each of the two has a way of its own, which is noted."""
    cost = SELLERS.calculate(response, provider=provider)
    assert cost.total == Decimal(total)
    assert [note.code for note in cost.notes] == ["reading_of_seller"]


def test_another_seller_of_grok():
    """Nobody knows how it counts: both costs are shown."""
    with pytest.raises(InconsistentUsageError, match="provider=") as caught:
        SELLERS.calculate(CACHED_ABOVE, provider="other")
    assert [cost.total for cost in caught.value.costs] == [Decimal("0.0000471"), Decimal("0.000031")]
    with pytest.raises(InconsistentUsageError):
        read_usage(CACHED_ABOVE)


def test_another_model_contradicts_itself():
    """Cached tokens above the prompt are an error of every other model, without readings."""
    with pytest.raises(InconsistentUsageError) as caught:
        read_usage({**CACHED_ABOVE, "model": "gpt-toy"})
    assert not caught.value.readings
