"""OpenRouter's Agent SDK: cache and reasoning inside, and the charge as text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

USAGE = {
    "inputTokens": 160,
    "cachedTokens": 40,
    "outputTokens": 100,
    "reasoningTokens": 20,
    "totalTokens": 260,
    "cost": "0.000524",
}


def test_counters_and_charge():
    """120 fresh of 160, 80 answered of 100; the text is what was charged."""
    usage = read_usage(USAGE)
    assert usage.quantities == {"input": 120, "cache_read": 40, "output": 80, "reasoning": 20}
    assert (usage.reported, usage.named_provider, usage.unread) == (Decimal("0.000524"), "openrouter", {})


def test_the_charge_agrees_with_the_counters():
    """120 x 1e-06, 40 x 1e-07 and 100 x 4e-06 are 0.000524: cache and reasoning are inside."""
    row = {
        "input_cost_per_token": 1e-06,
        "cache_read_input_token_cost": 1e-07,
        "output_cost_per_token": 4e-06,
        "litellm_provider": "openrouter",
    }
    cost = CostMap({"openrouter/a/b": row}).calculate(USAGE, model="a/b")
    assert (str(cost.total), str(cost.calculated.total), cost.counts) == ("0.000524", "0.000524", "reported")


def test_what_is_missing_or_wrong():
    """A whole that is not stated, and a part above it."""
    with pytest.raises(MissingUsageError):
        read_usage({"inputTokens": None, "cachedTokens": 4, "outputTokens": 1})
    with pytest.raises(InconsistentUsageError):
        read_usage({**USAGE, "reasoningTokens": 101, "totalTokens": 400})
    assert read_usage({**USAGE, "cost": "free"}).reported is None
