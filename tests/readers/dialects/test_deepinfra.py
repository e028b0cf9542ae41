"""DeepInfra's estimate of a cost."""

from __future__ import annotations

from decimal import Decimal

from llmcost import CostMap

BODY = {
    "object": "chat.completion",
    "model": "m",
    "choices": [],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, "estimated_cost": 0.0000268},
}


def test_an_estimate_is_named_and_not_used():
    """1000 x 1e-6 + 100 x 2e-6; the estimate is not lost without a word."""
    cost = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}}).calculate(BODY)
    assert (cost.total, cost.reported, cost.complete) == (Decimal("0.0012"), None, True)
    assert [(note.code, note.about) for note in cost.notes] == [("cost_not_used", "estimated_cost")]
