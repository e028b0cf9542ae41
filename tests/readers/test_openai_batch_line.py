"""Batch output lines: any body at batch rates, and errors that are not billed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

CHAT = {
    "object": "chat.completion",
    "model": "gpt-5-2025-08-07",
    "choices": [],
    "service_tier": "default",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
}
EMBEDDING = {
    "object": "list",
    "data": [{"object": "embedding", "embedding": [0.1]}],
    "model": "e",
    "usage": {"prompt_tokens": 8, "total_tokens": 8},
}
RATES = {
    "input_cost_per_token": 1.25e-06,
    "output_cost_per_token": 1e-05,
    "input_cost_per_token_batches": 6.25e-07,
    "output_cost_per_token_batches": 5e-06,
}


def line(body, status=200, error=None):
    answer = {"status_code": status, "request_id": "r", "body": body}
    return {"id": "batch_req_1", "custom_id": "request-1", "response": answer, "error": error}


def test_the_wrapper_says_batch():
    """The body's own tier says default; the wrapper makes it a batch, and its context is its own."""
    usage = read_usage(line(CHAT))
    assert (usage.batch, usage.aggregate, usage.context, usage.model) == (True, False, 1000, "gpt-5-2025-08-07")
    cost = CostMap({"gpt-5": RATES}).calculate(line(CHAT), model="gpt-5")
    assert [(item.meter, item.amount) for item in cost.line_items] == [
        ("input", Decimal("0.000625")),
        ("output", Decimal("0.001")),
    ]


VERTEX_CLAUDE = {
    "custom_id": "request-1",
    "request": {"messages": [], "anthropic_version": "vertex-2023-10-16", "max_tokens": 50},
    "response": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "usage": {"input_tokens": 1000, "output_tokens": 100},
    },
    "status": "",
}


def test_a_line_of_claude_on_vertex():
    """The answer stands in the place of the wrapper: half of 1000 x 3e-6 + 100 x 15e-6."""
    usage = read_usage(VERTEX_CLAUDE)
    assert (usage.quantities, usage.batch) == ({"input": 1000, "output": 100}, True)
    cost = CostMap().calculate(VERTEX_CLAUDE, model="vertex_ai/claude-sonnet-4-5@20250929")
    assert cost.total == Decimal("0.00225")


def test_the_body_alone_is_no_batch():
    """Without its wrapper it is billed at standard."""
    assert CostMap({"gpt-5": RATES}).calculate(CHAT, model="gpt-5").total == Decimal("0.00325")


def test_any_body():
    """An embedding in a batch is read by its own reader."""
    usage = read_usage(line(EMBEDDING))
    assert (usage.quantities, usage.batch) == ({"input": 8}, True)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ({"custom_id": "1", "response": None, "error": {"code": "batch_expired", "message": "m"}}, "batch_expired"),
        (line({"error": {"type": "invalid_request_error", "code": None}}, 400), "invalid_request_error"),
        (line({}, 500), "500"),
        (line(CHAT, 429), "429"),
        ({"custom_id": "1", "response": None, "error": "boom"}, "no code"),
    ],
)
def test_failed_requests_are_free(response, reason):
    """A line of an error costs nothing, for a stated reason, whatever its model."""
    cost = CostMap({"gpt-5": RATES}).calculate(response, model="gpt-5")
    (item,) = cost.line_items
    assert item.meter == "free"
    assert item.note == f"the request of this batch line failed ({reason}): not billed"
    assert CostMap({"gpt-5": RATES}).calculate(response).total == 0


def test_a_response_that_failed_but_was_counted():
    """A Responses body carries its error beside a usage that is billed."""
    body = {
        "object": "response",
        "status": "failed",
        "error": {"code": "server_error"},
        "output": [],
        "model": "gpt-5",
        "usage": {"input_tokens": 10, "output_tokens": 3, "total_tokens": 13},
    }
    assert read_usage(line(body)).quantities == {"input": 10, "output": 3}


def test_missing_usage_raises():
    """A body without counters is not free, and neither is a line without a body."""
    with pytest.raises(MissingUsageError):
        read_usage(line({**CHAT, "usage": None}))
    with pytest.raises(MissingUsageError):
        read_usage({"custom_id": "1", "response": {"status_code": 200}, "error": None})


def test_lines_in_lines_raise():
    """However deep somebody wraps them."""
    wrapped = line(CHAT)
    for _ in range(50_000):
        wrapped = line(wrapped)
    with pytest.raises(UnrecognizedResponseError):
        read_usage(wrapped)
