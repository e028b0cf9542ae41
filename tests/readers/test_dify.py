"""Dify: a message, an event and a usage."""

from __future__ import annotations

import pytest

from llmcost import UsageError, read_usage

USAGE = {
    "prompt_tokens": 1033,
    "prompt_unit_price": "0.001",
    "prompt_price_unit": "0.001",
    "prompt_price": "0.0010330",
    "completion_tokens": 135,
    "completion_unit_price": "0.002",
    "completion_price_unit": "0.001",
    "completion_price": "0.0002700",
    "total_tokens": 1168,
    "total_price": "0.0013030",
    "currency": "USD",
    "latency": 1.38,
}
MESSAGE = {
    "event": "message",
    "message_id": "m",
    "mode": "chat",
    "answer": "x",
    "metadata": {"usage": USAGE, "retriever_resources": [{"position": 1, "score": 0.98}]},
    "created_at": 1705407629,
}
LAST = {"event": "message_end", "id": "m", "conversation_id": "c", "metadata": {"usage": USAGE}}


@pytest.mark.parametrize("response", [USAGE, MESSAGE, LAST])
def test_its_tokens_are_read_and_its_prices_are_not(response):
    """The money is by a table of its own, and is noted."""
    usage = read_usage(response)
    assert (usage.quantities, usage.reported, usage.unread) == ({"input": 1033, "output": 135}, None, {})
    assert [note.code for note in usage.notes] == ["cost_not_used"]
    assert "total_price=0.001303" in usage.notes[0]


def test_the_time_of_a_message():
    """It is that of the call."""
    assert read_usage(MESSAGE).at == 1705407629


def test_without_tokens():
    """A price alone is no usage."""
    with pytest.raises(UsageError):
        read_usage({"metadata": {"usage": {"total_price": "0.1", "currency": "USD"}}})


def test_another_log_with_a_price_keeps_its_cache():
    """A sum of money alone is no sign of Dify, whose counters know no cache."""
    row = {"prompt_tokens": 1000, "completion_tokens": 10, "cached_tokens": 800, "total_price": "0.1"}
    assert read_usage(row).quantities == {"input": 200, "cache_read": 800, "output": 10}
