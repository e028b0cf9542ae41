"""Opik: the counters of the provider, with dots in their names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

RESPONSES = {
    "type": "llm",
    "model": "gpt-4o",
    "provider": "openai",
    "start_time": "2026-06-04T10:00:00Z",
    "total_estimated_cost": 0.00532,
    "usage": {
        "prompt_tokens": 2128,
        "completion_tokens": 10,
        "total_tokens": 2138,
        "original_usage.input_tokens": 2128,
        "original_usage.input_tokens_details.cached_tokens": 2000,
        "original_usage.output_tokens": 10,
        "original_usage.output_tokens_details.reasoning_tokens": 0,
        "original_usage.total_tokens": 2138,
    },
}
GEMINI = {
    "type": "llm",
    "model": "gemini-2.5-flash",
    "provider": "google_ai",
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 20,
        "total_tokens": 1050,
        "original_usage.prompt_token_count": 1000,
        "original_usage.candidates_token_count": 20,
        "original_usage.thoughts_token_count": 30,
        "original_usage.cached_content_token_count": 900,
        "original_usage.total_token_count": 1050,
    },
}
CLAUDE = {
    "type": "llm",
    "model": "claude-sonnet-4-5",
    "provider": "anthropic",
    "usage": {
        "prompt_tokens": 909,
        "completion_tokens": 20,
        "total_tokens": 929,
        "original_usage.input_tokens": 9,
        "original_usage.output_tokens": 20,
        "original_usage.cache_read_input_tokens": 900,
        "original_usage.cache_creation_input_tokens": 0,
    },
}


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        # 128 x 2.5e-6 + 2000 x 1.25e-6 + 10 x 10e-6
        (RESPONSES, "0.00292"),
        # 100 x 3e-7 + 900 x 3e-8 + 20 and 30 x 2.5e-6
        (GEMINI, "0.000182"),
        # 9 x 3e-6 + 900 x 3e-7 + 20 x 15e-6
        (CLAUDE, "0.000597"),
    ],
)
def test_the_provider_counts_in_its_own_way(span, expected):
    """What is cached is told apart, which Opik's own sums do not show; nothing is left unread."""
    cost = CostMap().calculate(span)
    assert (cost.total, cost.complete, cost.usage.unread) == (Decimal(expected), True, {})


def test_what_stands_beside():
    """The time of the span dates its price, and the cost of Opik's own prices is no report."""
    usage = read_usage(RESPONSES)
    assert (str(usage.at)[:10], usage.named_provider, usage.reported) == ("2026-06-04", "openai", None)
    exported = {name: value for name, value in RESPONSES.items() if name != "start_time"}
    assert str(read_usage({**exported, "startTime": "2026-06-05T10:00:00Z"}).at)[:10] == "2026-06-05"


def test_names_that_are_not_nested():
    """A counter that is also called a holder is kept, and noted."""
    used = {**RESPONSES["usage"], "original_usage.input_tokens.zzz_tokens": 7}
    assert read_usage({**RESPONSES, "usage": used}).unread == {"input_tokens.zzz_tokens": 7}


@pytest.mark.parametrize(("beside", "unread"), [(None, {}), (7, {"original_usage.input_tokens_details": 7})])
def test_a_holder_that_is_also_a_counter(beside, unread):
    """What it holds counts, wherever it stands; a null beside it says nothing, and a key that is no text is none."""
    used = {**RESPONSES["usage"], "original_usage.input_tokens_details": beside}
    usage = read_usage({**RESPONSES, "usage": used})
    assert (usage.quantities, usage.unread) == ({"input": 128, "cache_read": 2000, "output": 10}, unread)
    assert read_usage({**RESPONSES, "usage": {**RESPONSES["usage"], 5: 0}}).quantities == usage.quantities


def test_what_is_missing_or_wrong():
    """A side that the provider does not state, and more cached than sent."""
    with pytest.raises(MissingUsageError):
        read_usage({"usage": {"prompt_tokens": 9, "original_usage.input_tokens": 9}})
    used = {**RESPONSES["usage"], "original_usage.input_tokens_details.cached_tokens": 3000}
    with pytest.raises(InconsistentUsageError):
        read_usage({**RESPONSES, "usage": used})
