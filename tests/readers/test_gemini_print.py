"""What ``gemini -p --output-format json`` prints: the counts of a session, by model."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, read_usage
from tests.agent_prices import row

PRICES = CostMap({"pro": row("gemini", 2), "flash": row("gemini")})
pro = {
    "api": {"totalRequests": 2, "totalErrors": 0, "totalLatencyMs": 5053},
    "tokens": {"prompt": 900, "candidates": 20, "total": 1074, "cached": 400, "thoughts": 154, "tool": 0, "input": 500},
}
flash = {
    "api": {"totalRequests": 1, "totalErrors": 0, "totalLatencyMs": 1879},
    "tokens": {"prompt": 100, "candidates": 10, "total": 115, "cached": 0, "thoughts": 0, "tool": 5},
    "roles": {"main": {"tokens": {"prompt": 100}}},
}
STATS = {"models": {"pro": pro, "flash": flash}, "tools": {"totalCalls": 1}, "files": {"totalLinesAdded": 3}}
result = {"session_id": "s", "response": "Done.", "stats": STATS, "error": None}


def test_a_part_for_each_model():
    """pro: 500 x 2e-6 + 400 x 2e-7 + 174 x 8e-6; flash: 105 x 1e-6 + 10 x 4e-6; the answer of a tool is input."""
    cost = PRICES.calculate(result)
    assert [(line.model, line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("flash", "input", 105, Decimal("0.000105")),
        ("flash", "output", 10, Decimal("0.00004")),
        ("pro", "input", 500, Decimal("0.001")),
        ("pro", "cache_read", 400, Decimal("0.00008")),
        ("pro", "output", 20, Decimal("0.00016")),
        ("pro", "reasoning", 154, Decimal("0.001232")),
    ]
    assert [(part.aggregate, part.context) for part in cost.usage.parts] == [(False, 105), (True, None)]


def test_a_model_that_was_not_called_is_none():
    idle = {"tokens": dict.fromkeys(pro["tokens"], 0)}
    usage = read_usage({**result, "stats": {"models": {"pro": pro, "idle": idle}}})
    assert (usage.model, usage.parts) == ("pro", ())
    with pytest.raises(MissingUsageError):
        read_usage({**result, "stats": {"models": {"idle": idle}}})


def test_a_counter_that_nobody_knows():
    more = {**flash, "tokens": {**flash["tokens"], "fancy": 7}}
    usage = read_usage({**result, "stats": {"models": {"flash": more}}})
    assert usage.unread == {"stats.models.fancy": 7}


def test_a_cache_above_its_prompt():
    wrong = {**flash, "tokens": {**flash["tokens"], "cached": 101}}
    with pytest.raises(InconsistentUsageError):
        read_usage({**result, "stats": {"models": {"flash": wrong}}})
