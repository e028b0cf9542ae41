"""Sums of counters by model."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UnrecognizedResponseError, read_usage

COUNTERS = {
    "completion_tokens": 61,
    "prompt_tokens": 260,
    "total_tokens": 321,
    "completion_tokens_details": {"accepted_prediction_tokens": 0, "reasoning_tokens": 0, "text_tokens": None},
    "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 60, "text_tokens": None},
}
# In lower case: every key is a model, so that the laws with keys of their own do not hold.
one = {"openai/small": COUNTERS}
two = {"large": {"input_tokens": 10, "output_tokens": 5}, "openai/small": COUNTERS}


def test_every_model_is_a_part():
    """200 x 1 + 60 x 0.5 + 61 x 4 and 10 x 10 + 5 x 20 per million; any number of calls are added up."""
    prices = CostMap(
        {
            "small": {
                "litellm_provider": "openai",
                "input_cost_per_token": 1e-6,
                "cache_read_input_token_cost": 5e-7,
                "output_cost_per_token": 4e-6,
            },
            "large": {"input_cost_per_token": 1e-5, "output_cost_per_token": 2e-5},
        }
    )
    assert prices.calculate(one).total == Decimal("0.000474")
    cost = prices.calculate(two)
    assert (cost.total, {line.model for line in cost.line_items}) == (Decimal("0.000674"), {"large", "small"})
    assert all(part.aggregate for part in read_usage(two).parts)


def test_objects_in_envelopes_are_no_models():
    """The one object of counters under a name of an envelope is read by whoever knows it, or not at all."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"token_usage": COUNTERS, "metrics": COUNTERS})
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"small": COUNTERS, "large": {}})


def test_a_call_of_weave():
    """The counters stand in the summary: 9 x 3e-6 + 900 x 3e-7 + 20 x 15e-6, and one request has a context."""
    used = {"requests": 1, "input_tokens": 9, "output_tokens": 20, "cache_read_input_tokens": 900}
    summary = {"usage": {"claude-sonnet-4-5-20250929": used}, "status_counts": {"success": 1}}
    call = {"id": "c", "op_name": "messages.create", "summary": summary, "started_at": "2026-07-10T00:00:00Z"}
    usage = read_usage(call)
    assert (usage.aggregate, usage.context, str(usage.at)[:10]) == (False, 909, "2026-07-10")
    assert CostMap().calculate(call).total == Decimal("0.000597")
    assert read_usage({"usage": {"gpt-4o": {**COUNTERS, "requests": 2}}}).aggregate
