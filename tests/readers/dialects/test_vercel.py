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
