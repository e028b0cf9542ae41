"""Vercel's AI Gateway: what was debited stands in the usage, or in the metadata of the message."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.readers import read_usage


def body(metadata=None, **counters):
    message = {"role": "assistant", "content": "Hi", "provider_metadata": {"gateway": metadata}} if metadata else {}
    return {
        "id": "gen_1",
        "generationId": "gen_1",
        "object": "chat.completion",
        "model": "google/gemma-4",
        "choices": [{"index": 0, "message": message}],
        "usage": {"prompt_tokens": 15, "completion_tokens": 10, **counters},
    }


def test_cost_in_the_usage():
    """It is what was debited, and stronger than the metadata's text."""
    usage = read_usage(body({"cost": "0.1"}, cost=7.71e-06, is_byok=False))
    assert (usage.reported, usage.provider) == (Decimal("0.00000771"), "vercel_ai_gateway")


def test_cost_in_the_metadata():
    """A decimal text, beside the market's price that nobody pays."""
    metadata = {"cost": "0.0045405", "marketCost": "0.005", "generationId": "gen_1"}
    assert read_usage(body(metadata)).reported == Decimal("0.0045405")


@pytest.mark.parametrize("counters", [{}, {"cost": 0, "is_byok": True}])
def test_an_own_key(counters):
    """The gateway debits nothing and the provider bills: that is no cost of 0."""
    usage = read_usage(body({"cost": "0", "marketCost": "0.005"}, **counters))
    assert (usage.reported, usage.quantities) == (None, {"input": 15, "output": 10})


def test_another_generation():
    """Only the gateway's own identity proves the gateway."""
    assert read_usage({**body(), "generationId": "run-7"}).provider is None


def test_stream():
    """The last chunk has the usage; the identity is kept from wherever it stood."""
    first = {"object": "chat.completion.chunk", "generationId": "gen_1", "model": "m", "choices": [{"delta": {}}]}
    last = {
        "object": "chat.completion.chunk",
        "choices": [],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "cost": 0.5},
    }
    usage = read_usage([first, last])
    assert (usage.provider, usage.reported) == ("vercel_ai_gateway", Decimal("0.5"))


def thinking(model, **counters):
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, "cost": 0.00164, **counters}
    return {**body(), "model": model, "usage": usage}


@pytest.mark.parametrize(
    ("completion", "reasoning", "total"),
    [(20, 100, 120), (200, 45, 300), (20, 100, 220)],
    ids=["above", "below", "total"],
)
def test_reasoning_of_googles_models_is_on_top(completion, reasoning, total):
    """What is debited proves it: 100 x 2e-6 + 120 x 1.2e-5 = 0.00164; a total that holds it says the same."""
    details = {"reasoning_tokens": reasoning}
    counters = {"completion_tokens": completion, "total_tokens": total, "completion_tokens_details": details}
    usage = read_usage(thinking("google/gemini-3-pro-preview", **counters))
    assert usage.quantities == {"input": 100, "output": completion, "reasoning": reasoning}
    assert usage.reported == Decimal("0.00164")


def test_reasoning_of_other_makers_is_inside():
    """120 tokens of an answer, 100 of which are reasoning."""
    counters = {"completion_tokens": 120, "total_tokens": 220, "completion_tokens_details": {"reasoning_tokens": 100}}
    assert read_usage(thinking("openai/gpt-5", **counters)).quantities == {"input": 100, "output": 20, "reasoning": 100}
    elsewhere = {**thinking("google/gemini-3-pro-preview", **counters), "generationId": "run-7"}
    assert read_usage(elsewhere).quantities == {"input": 100, "output": 20, "reasoning": 100}
