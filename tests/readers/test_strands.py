"""Strands Agents: the metrics of a run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost import MissingUsageError, read_usage

USED = {
    "inputTokens": 10,
    "outputTokens": 5,
    "totalTokens": 1115,
    "cacheReadInputTokens": 1000,
    "cacheWriteInputTokens": 100,
}
METRICS = {
    "cycle_count": 2,
    "tool_metrics": {},
    "cycle_durations": [1.2, 2.0],
    "traces": [],
    "accumulated_usage": USED,
    "accumulated_metrics": {"latencyMs": 1200},
}
RESULT = {"stop_reason": "end_turn", "message": {"role": "assistant"}, "metrics": METRICS, "state": {}}
QUANTITIES = {"input": 10, "cache_read": 1000, "cache_write": 100, "output": 5}


@pytest.mark.parametrize("response", [METRICS, RESULT])
def test_all_cycles_together(response):
    """Their sum has no context; a single cycle has one."""
    usage = read_usage(response)
    assert (usage.quantities, usage.aggregate, usage.context) == (QUANTITIES, True, None)
    assert read_usage({**METRICS, "cycle_count": 1}).context == 1110


def test_an_object():
    """A result is an object, and so are its metrics."""
    result = SimpleNamespace(stop_reason="end_turn", metrics=SimpleNamespace(**METRICS))
    assert read_usage(result).quantities == QUANTITIES


def test_nothing_counted():
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({"accumulated_usage": {}})
