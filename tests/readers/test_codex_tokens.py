"""Events of Codex that state the tokens of the last call."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, read_usage

from .billing import bill, lines

LAST = {
    "input_tokens": 1000,
    "cached_input_tokens": 800,
    "cache_write_input_tokens": 100,
    "output_tokens": 60,
    "reasoning_output_tokens": 20,
    "total_tokens": 1060,
}
WHOLE = {name: number * 7 for name, number in LAST.items()}
EVENT = {
    "type": "token_count",
    "info": {"total_token_usage": WHOLE, "last_token_usage": LAST, "model_context_window": 400000},
    "rate_limits": None,
}
CAMEL = {
    "totalTokens": 1060,
    "inputTokens": 1000,
    "cachedInputTokens": 800,
    "cacheWriteInputTokens": 100,
    "outputTokens": 60,
    "reasoningOutputTokens": 20,
}
SERVER = {
    "threadId": "t",
    "turnId": "u",
    "tokenUsage": {
        "total": {name: number * 7 for name, number in CAMEL.items()},
        "last": CAMEL,
        "modelContextWindow": 400000,
    },
}
FORMS = [
    EVENT,
    {"timestamp": "2026-01-01T00:00:00Z", "type": "event_msg", "payload": EVENT},
    {"id": "1", "msg": EVENT},
    SERVER,
    {"jsonrpc": "2.0", "method": "thread/tokenUsage/updated", "params": SERVER},
]
PRICES = {
    "input_cost_per_token": 2e-06,
    "cache_read_input_token_cost": 2e-07,
    "cache_creation_input_token_cost": 2.5e-06,
    "output_cost_per_token": 1e-05,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_last_call(form):
    """Of 1000 tokens 800 were read and 100 written: 100 x 2e-6, 800 x 2e-7, 100 x 2.5e-6 and 60 x 1e-5."""
    assert bill(PRICES, form) == lines(
        ("input", 100, "0.0002"),
        ("cache_read", 800, "0.00016"),
        ("cache_write", 100, "0.00025"),
        ("output", 40, "0.0004"),
        ("reasoning", 20, "0.0002"),
    )
    assert read_usage(form).context == 1000
    assert not read_usage(form).unread


def test_unknown_counters_are_noted():
    """In either form."""
    event = {**EVENT, "info": {"last_token_usage": {**LAST, "zzz_tokens": 7}}}
    assert read_usage(event).unread == {"zzz_tokens": 7}


def test_an_event_before_the_first_call():
    """Its info is empty, which is no call of 0 tokens."""
    with pytest.raises(MissingUsageError):
        read_usage({"type": "token_count", "info": None, "rate_limits": {"primary": {"used_percent": 3.0}}})
