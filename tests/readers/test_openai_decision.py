"""Decisions: counted like responses, at rates of their own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import openai_decision, read_usage
from tests.sdks import Kind

Decision = Kind("openai.types.Decision")

USAGE = {
    "input_tokens": 4000,
    "input_tokens_details": {"cached_tokens": 1000, "cache_write_tokens": 0},
    "output_tokens": 12,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 4012,
}
DECISION = {
    "answers": [{"type": "choice", "choice": "yes", "confidence": 0.98, "name": None, "probabilities": []}],
    "model": "gpt-6-luna",
    "usage": USAGE,
}


def test_billed_in_a_tier_of_its_own():
    """The decisions rates are used, and an output that is free there is a line of 0."""
    rates = {
        "input_cost_per_token": 2e-07,
        "output_cost_per_token": 1.2e-06,
        "input_cost_per_token_decisions": 1e-07,
        "cache_read_input_token_cost_decisions": 1e-08,
        "output_cost_per_token_decisions": 0.0,
    }
    cost = CostMap({"gpt-6-luna": rates}).calculate(DECISION)
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input", 3000, Decimal("0.0003")),
        ("cache_read", 1000, Decimal("0.00001")),
        ("output", 12, Decimal(0)),
    ]


def test_without_rates_of_its_own():
    """A card that has none bills at standard, with a note."""
    rates = {"input_cost_per_token": 2e-07, "output_cost_per_token": 1e-06, "cache_read_input_token_cost": 2e-08}
    cost = CostMap({"gpt-6-luna": rates}).calculate(DECISION)
    assert cost.total == Decimal("0.000632")
    assert cost.notes == ("no decisions rates for gpt-6-luna: billed at standard",)


def test_sdk_object():
    """The SDK's object gives what its dict gives."""
    assert read_usage(Decision.construct(**DECISION)) == read_usage(DECISION)


def test_a_refusal_is_an_answer():
    """A refused question was read all the same."""
    refused = {**DECISION, "answers": [{"type": "refusal", "name": None}]}
    assert read_usage(refused).quantities == {"input": 3000, "cache_read": 1000, "output": 12}


def test_missing_usage_raises():
    """A decision without counters is not free."""
    with pytest.raises(MissingUsageError):
        read_usage({**DECISION, "usage": None})


def test_contradictions_raise():
    """More cached than sent."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**DECISION, "usage": {**USAGE, "input_tokens": 999}})


def test_other_answers_are_no_decision():
    """A list of answers of another kind is not recognised."""
    assert not openai_decision.recognises({"answers": [{"text": "yes"}], "usage": {"tokens": 5}})
