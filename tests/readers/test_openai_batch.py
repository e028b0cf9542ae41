"""Batch objects: the sum of a batch, at batch rates, without any threshold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind

Batch = Kind("openai.types.Batch")

BATCH = {
    "id": "batch_abc123",
    "object": "batch",
    "endpoint": "/v1/chat/completions",
    "model": "gpt-5-2025-08-07",
    "errors": None,
    "status": "completed",
    "output_file_id": "file-1",
    "created_at": 1757300000,
    "request_counts": {"total": 100, "completed": 95, "failed": 5},
    "usage": {
        "input_tokens": 1_500_000,
        "input_tokens_details": {"cached_tokens": 1_024_000},
        "output_tokens": 500_000,
        "output_tokens_details": {"reasoning_tokens": 300_000},
        "total_tokens": 2_000_000,
    },
}
RATES = {
    "input_cost_per_token": 1.25e-06,
    "output_cost_per_token": 1e-05,
    "cache_read_input_token_cost": 1.25e-07,
    "input_cost_per_token_batches": 6.25e-07,
    "output_cost_per_token_batches": 5e-06,
    "cache_read_input_token_cost_batches": 6.25e-08,
}


def test_the_sum_at_batch_rates():
    """The object itself says that it is a batch: every line is at half the price."""
    cost = CostMap({"gpt-5": RATES}).calculate(BATCH, model="gpt-5")
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input", 476_000, Decimal("0.2975")),
        ("cache_read", 1_024_000, Decimal("0.064")),
        ("output", 200_000, Decimal("1.0")),
        ("reasoning", 300_000, Decimal("1.5")),
    ]
    assert cost.total == Decimal("2.8615")


def test_no_threshold_on_a_sum():
    """A million tokens are many prompts and not one: no threshold is applied, which is said."""
    usage = read_usage(BATCH)
    assert (usage.aggregate, usage.batch, usage.context, usage.partial) == (True, True, None, False)
    rates = {**RATES, "input_cost_per_token_above_200k_tokens": 5e-06}
    cost = CostMap({"gpt-5": rates}).calculate(BATCH, model="gpt-5")
    assert cost.total == Decimal("2.8615")
    assert cost.lower_bound
    assert any("aggregate" in note for note in cost.notes)


def test_sdk_object():
    """The SDK's object gives what its dict gives."""
    assert read_usage(Batch.construct(**BATCH)) == read_usage(BATCH)


def test_a_running_batch_is_a_lower_bound():
    """What was counted so far is not all."""
    usage = read_usage({**BATCH, "status": "in_progress"})
    assert (usage.partial, [note.code for note in usage.notes]) == (True, ["left_out"])


@pytest.mark.parametrize("status", ["completed", "expired", "cancelled", "failed"])
def test_an_ended_batch_is_whole(status):
    """Nothing is added once it has ended."""
    assert not read_usage({**BATCH, "status": status}).partial


def test_images_in_a_batch():
    """The output of an image endpoint is image tokens."""
    usage = {"input_tokens": 50, "output_tokens": 4160, "total_tokens": 4210}
    batch = {**BATCH, "endpoint": "/v1/images/generations", "usage": usage}
    assert read_usage(batch).quantities == {"input": 50, "output_image": 4160}
    assert read_usage({**batch, "endpoint": "/v1/responses"}).quantities == {"input": 50, "output": 4160}


@pytest.mark.parametrize("status", ["completed", "in_progress", "validating"])
def test_missing_usage_raises(status):
    """Older batches state none; the lines of their output do."""
    with pytest.raises(MissingUsageError, match="output file"):
        read_usage({**BATCH, "status": status, "usage": None})


def test_a_batch_of_which_nothing_completed_is_free():
    """Only completed requests are billed."""
    none = {"total": 5, "completed": 0, "failed": 5}
    assert read_usage({**BATCH, "status": "expired", "usage": None, "request_counts": none}).free
    with pytest.raises(MissingUsageError):
        read_usage({**BATCH, "status": "in_progress", "usage": None, "request_counts": none})
    with pytest.raises(MissingUsageError):
        read_usage({**BATCH, "status": "failed", "usage": None, "request_counts": None})


def test_contradictions_raise():
    """More cached than sent."""
    usage = {**BATCH["usage"], "input_tokens": 1_023_999}
    with pytest.raises(InconsistentUsageError):
        read_usage({**BATCH, "usage": usage})


# As OpenRouter and LiteLLM state it: by the names of a completion.
GATEWAY = {
    **BATCH,
    "usage": {
        "prompt_tokens": 1000,
        "prompt_tokens_details": {"cached_tokens": 400},
        "completion_tokens": 100,
        "completion_tokens_details": {"reasoning_tokens": 60},
        "total_tokens": 1100,
    },
}


@pytest.mark.parametrize(
    "cost", [{}, {"cost": 0.002, "is_byok": False, "cost_details": {"upstream_inference_cost": 0}}]
)
def test_counters_by_the_names_of_a_completion(cost):
    """600 x 6.25e-7 + 400 x 6.25e-8 + 100 x 5e-6, or what the gateway charges."""
    batch = {**GATEWAY, "usage": {**GATEWAY["usage"], **cost}}
    usage = read_usage(batch)
    assert usage.quantities == {"input": 600, "cache_read": 400, "output": 40, "reasoning": 60}
    assert (usage.batch, usage.aggregate, usage.context, usage.model) == (True, True, None, "gpt-5-2025-08-07")
    assert (usage.at, usage.unread) == (1757300000, {})
    total = CostMap({"gpt-5-2025-08-07": RATES}).calculate(batch).total
    assert total == Decimal("0.002" if cost else "0.0009")
    assert read_usage({**GATEWAY, "usage": {**GATEWAY["usage"], "zzz_tokens": 7}}).unread == {"zzz_tokens": 7}
