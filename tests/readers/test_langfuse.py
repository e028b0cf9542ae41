"""Langfuse: observations."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, UsageError, read_usage

OBSERVATION = {
    "id": "o",
    "type": "GENERATION",
    "model": "gpt-4o",
    "startTime": "2025-10-01T00:00:00Z",
    "usageDetails": {
        "input": 200,
        "output": 80,
        "total": 1100,
        "input_cached_tokens": 800,
        "output_reasoning_tokens": 20,
    },
    "costDetails": {"input": 0.001, "total": 0.0025},
    "promptTokens": 1000,
    "completionTokens": 100,
    "totalTokens": 1100,
}
ANTHROPIC = {
    "type": "GENERATION",
    "model": "claude-sonnet-4-5",
    "usageDetails": {
        "input": 10,
        "output": 5,
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 200,
        "total": 1215,
    },
}
FORMER = {
    "type": "GENERATION",
    "model": "gpt-4o",
    "usage": {"input": 1000, "output": 100, "total": 1100, "unit": "TOKENS"},
}
# Details without a rate of their own are tokens of their side.
SPLIT = {
    "type": "GENERATION",
    "usageDetails": {"input": 0, "input_text_tokens": 20, "input_audio_tokens": 10, "output": 5, "total": 35},
}


def test_names_stand_beside_each_other():
    """200 and 800 are the input of 1,000; the costs are Langfuse's."""
    usage = read_usage(OBSERVATION)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}
    assert (usage.model, usage.at, usage.unread, usage.reported) == ("gpt-4o", "2025-10-01T00:00:00Z", {}, None)
    assert read_usage(ANTHROPIC).quantities == {"input": 10, "cache_read": 1000, "cache_write": 200, "output": 5}


def test_a_total_that_says_otherwise():
    """Some wrappers leave the cached tokens in the input: 17,903 + 100 are the whole, so that 17,817 are inside."""
    held = {"input": 17903, "output": 100, "total": 18003, "input_cached_tokens": 17817}
    assert read_usage({**OBSERVATION, "usageDetails": held}).quantities == {
        "input": 86,
        "cache_read": 17817,
        "output": 100,
    }


def test_the_former_usage():
    """It has a unit; another one than tokens is refused."""
    assert read_usage(FORMER).quantities == {"input": 1000, "output": 100}
    with pytest.raises(UsageError, match="CHARACTERS"):
        read_usage({**FORMER, "usage": {**FORMER["usage"], "unit": "CHARACTERS"}})


def test_tokens_of_a_side():
    """20 of text and 10 of audio."""
    assert read_usage(SPLIT).quantities == {"input": 20, "input_audio": 10, "output": 5}


def test_what_nobody_knows_is_named():
    """Names of no side are not understood."""
    details = {**OBSERVATION["usageDetails"], "zzz_units": 7}
    assert read_usage({**OBSERVATION, "usageDetails": details}).unread == {"usageDetails.zzz_units": 7}


def test_nothing_counted():
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({**OBSERVATION, "usageDetails": {"total": 1100}})
