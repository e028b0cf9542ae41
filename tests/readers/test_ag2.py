"""AG2 and AutoGen: what each model used, without the answers from the framework's own cache."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

ONE = {"cost": 0.0035, "prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
OTHER = {"cost": 0.1, "prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
summary = {
    "usage_including_cached_inference": {"total_cost": 0.2, "gpt-4o": {**ONE, "prompt_tokens": 5000}, "o3": OTHER},
    "usage_excluding_cached_inference": {"total_cost": 0.1035, "gpt-4o": ONE, "o3": OTHER},
}
chat = {
    "chat_id": None,
    "chat_history": [],
    "summary": "x",
    "cost": {
        "usage_including_cached_inference": {"total_cost": 0.0035, "gpt-4o": ONE},
        "usage_excluding_cached_inference": {"total_cost": 0.0035, "gpt-4o": ONE},
    },
}
ROW = {"input_cost_per_token": 2e-06, "output_cost_per_token": 1e-05}


def test_a_summary():
    """A part for each model; each is a sum of calls, and its cost is the framework's opinion."""
    usage = read_usage(summary)
    assert [(part.model, part.quantities, part.aggregate) for part in usage.parts] == [
        ("gpt-4o", {"input": 1000, "output": 100}, True),
        ("o3", {"input": 20, "output": 5}, True),
    ]
    assert [[note.code for note in part.notes] for part in usage.parts] == [["cost_not_used"], ["cost_not_used"]]


def test_the_price_of_a_summary():
    """1000 x 2e-06 + 100 x 1e-05, and 20 x 2e-06 + 5 x 1e-05."""
    cost = CostMap({"gpt-4o": ROW, "o3": ROW}).calculate(summary)
    assert [(line.model, line.meter, str(line.amount)) for line in cost.line_items] == [
        ("gpt-4o", "input", "0.002"),
        ("gpt-4o", "output", "0.001"),
        ("o3", "input", "0.00004"),
        ("o3", "output", "0.00005"),
    ]


def test_a_chat():
    """What a chat cost is such a summary; a single model is the usage itself."""
    usage = read_usage(chat)
    assert (usage.model, usage.quantities, usage.parts) == ("gpt-4o", {"input": 1000, "output": 100}, ())


def test_everything_came_from_the_cache():
    """Nothing was paid, and the reason says so; a summary without any model is no usage."""
    cached = {**summary, "usage_excluding_cached_inference": {"total_cost": 0}}
    assert read_usage(cached).free == "answered from the framework's own cache"
    with pytest.raises(MissingUsageError):
        read_usage({"usage_excluding_cached_inference": {"total_cost": 0}})
