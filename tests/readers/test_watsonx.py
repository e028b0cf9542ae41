"""watsonx: tokens in each result."""

from __future__ import annotations

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage

from .billing import bill, lines

WATSONX = {
    "model_id": "ibm/granite-3-8b-instruct",
    "created_at": "2026-03-01T10:00:00.000Z",
    "results": [
        {"generated_text": "x", "generated_token_count": 12, "input_token_count": 31, "stop_reason": "eos_token"}
    ],
}


def one(answer, prompt=0, reason="not_finished"):
    row = {"generated_text": "x", "generated_token_count": answer, "input_token_count": prompt, "stop_reason": reason}
    return {**WATSONX, "results": [row]}


events = [one(1, 31), one(7), one(12, 0, "eos_token")]


def test_every_counter():
    """31 x 1e-6 + 12 x 2e-6."""
    row = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
    assert bill(row, WATSONX) == lines(("input", 31, "0.000031"), ("output", 12, "0.000024"))
    usage = read_usage(WATSONX)
    assert (usage.model, usage.provider, usage.at) == ("ibm/granite-3-8b-instruct", "watsonx", WATSONX["created_at"])


def test_a_stream():
    """The counts run; the prompt is stated once. Without its end it is a lower bound."""
    assert read_usage(events) == read_usage(WATSONX)
    cut = read_usage(events[:2])
    assert (cut.quantities, cut.partial) == ({"input": 31, "output": 7}, True)


def test_missing_counters():
    """A result without one of them, and no result."""
    with pytest.raises(MissingUsageError):
        read_usage({**WATSONX, "results": [{"generated_token_count": 12}]})
    with pytest.raises(InconsistentUsageError):
        read_usage({**WATSONX, "results": [{"generated_token_count": 12, "input_token_count": -1}]})
