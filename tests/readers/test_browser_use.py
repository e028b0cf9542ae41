"""browser-use: summaries of runs."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

SUMMARY = {
    "total_prompt_tokens": 3000,
    "total_prompt_cost": 0.009,
    "total_prompt_cached_tokens": 1000,
    "total_prompt_cache_creation_tokens": 500,
    "total_completion_tokens": 10,
    "total_tokens": 3010,
    "total_cost": 0.01,
    "entry_count": 2,
    "by_model": {
        "claude-sonnet-4-5": {
            "model": "claude-sonnet-4-5",
            "prompt_tokens": 3000,
            "completion_tokens": 10,
            "total_tokens": 3010,
            "cost": 0.01,
            "invocations": 2,
        }
    },
}
HISTORY = {"history": [], "usage": SUMMARY}


@pytest.mark.parametrize("response", [SUMMARY, HISTORY])
def test_one_model(response):
    """3000 hold the 1000 that were read and the 500 that were written; the cost is the framework's opinion."""
    usage = read_usage(response)
    assert usage.quantities == {"input": 1500, "cache_read": 1000, "cache_write": 500, "output": 10}
    assert (usage.model, usage.aggregate, [note.code for note in usage.notes]) == (
        "claude-sonnet-4-5",
        True,
        ["cost_not_used"],
    )


def test_several_models():
    """Cached tokens are not told apart by model: they are billed as fresh, and a note says so."""
    rows = {name: {"prompt_tokens": 1500, "completion_tokens": 5, "invocations": 1} for name in ("a", "b")}
    usage = read_usage({**SUMMARY, "by_model": rows})
    assert [(part.model, part.quantities, part.context) for part in usage.parts] == [
        ("a", {"input": 1500, "output": 5}, 1500),
        ("b", {"input": 1500, "output": 5}, 1500),
    ]
    assert [note.code for note in usage.notes] == ["cached_not_split", "cost_not_used"]
    with pytest.raises(MissingUsageError):
        read_usage({**SUMMARY, "by_model": {"a": {"prompt_tokens": 1}, "b": {"prompt_tokens": 1}}})


def test_no_counters():
    """A missing whole is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({**SUMMARY, "total_completion_tokens": None})


@pytest.mark.parametrize("around", [lambda summary: summary, lambda summary: {"history": [], "usage": summary}])
def test_an_unknown_counter_beside_the_rows_of_the_models(around):
    """It is named, as one in a row is."""
    row = {**SUMMARY["by_model"]["claude-sonnet-4-5"], "zzz_tokens": 7}
    assert read_usage(around({**SUMMARY, "total_prompt_zzz_tokens": 7})).unread == {"total_prompt_zzz_tokens": 7}
    assert read_usage(around({**SUMMARY, "by_model": {"m": row}})).unread == {"by_model.zzz_tokens": 7}
