"""Portkey: rows of its log."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_log, read_usage

MAP = CostMap(
    {
        "gpt-4o": {
            "input_cost_per_token": 2.5e-06,
            "output_cost_per_token": 1e-05,
            "cache_read_input_token_cost": 1.25e-06,
        }
    }
)
BODY = {
    "id": "c",
    "object": "chat.completion",
    "model": "gpt-4o",
    "choices": [],
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 800},
    },
}
ROW = {
    "id": "r",
    "created_at": "2026-11-01T00:00:00Z",
    "trace_id": "t",
    "ai_org": "openai",
    "ai_model": "gpt-4o",
    "req_units": 1000,
    "res_units": 100,
    "total_units": 1100,
    "cost": 0.35,
    "cost_currency": "USD",
    "cache_status": "MISS",
    "response_status_code": 200,
    "is_success": 1,
    "response": {"body": BODY},
}


def units(**more):
    return {**{name: value for name, value in ROW.items() if name != "response"}, **more}


@pytest.mark.parametrize("row", [ROW, units(**{"response.body": json.dumps(BODY)})], ids=["nested", "text"])
def test_the_body_of_the_response(row):
    """200 x 2.5e-06 + 800 x 1.25e-06 + 100 x 1e-05; the cost beside it, in cents, is Portkey's own."""
    cost = MAP.calculate(row)
    assert (cost.total, cost.complete, cost.reported) == (Decimal("0.0025"), True, None)
    assert any("cost=0.0035 " in note for note in cost.notes)


def test_zeros_of_the_body_beside_units():
    """The set that counts is read: 1000 x 2.5e-06 + 100 x 1e-05. Where both are 0, nothing was used."""
    zeros = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    body = {"response": {"body": {**BODY, "usage": zeros}}}
    assert (MAP.calculate({**ROW, **body}).total, MAP.calculate({**ROW, **body}).complete) == (Decimal("0.0035"), True)
    cost = MAP.calculate({**ROW, **body, "req_units": 0, "res_units": 0, "total_units": 0})
    assert (cost.total, [note.code for note in cost.notes]) == (0, ["nothing_used", "cost_not_used"])


def test_units_are_tokens():
    """1000 x 2.5e-06 + 100 x 1e-05: whether a cache was read is not told."""
    assert MAP.calculate(units()).total == Decimal("0.0035")


@pytest.mark.parametrize("status", ["HIT", "SEMANTIC HIT"])
@pytest.mark.parametrize("row", [ROW, units()], ids=["body", "units"])
def test_the_cache_of_the_gateway_answered(row, status):
    """The body and the units are those of the call that was kept, which is not billed again."""
    cost = MAP.calculate({**row, "cache_status": status})
    assert (cost.total, cost.complete, cost.usage.free) == (0, True, "answered from Portkey's cache")


def test_a_request_that_failed():
    """It used nothing, and is not billed; without its status a row of zeros is an error."""
    none = dict.fromkeys(("req_units", "res_units", "total_units"), 0)
    failed = {**units(**none), "response_status_code": 429, "response": {"body": {"error": {"message": "x"}}}}
    assert MAP.calculate(failed).total == 0
    with pytest.raises(MissingUsageError, match="this row of Portkey"):
        read_usage(units(**none))


def test_a_row_in_a_log():
    """It is one call of its model, at its time."""
    (call,) = read_log([json.dumps(ROW)])
    assert (call.calculate(cost_map=MAP).total, call.stated().at) == (Decimal("0.0025"), "2026-11-01T00:00:00Z")
