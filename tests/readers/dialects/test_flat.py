"""Details that stand beside the totals: Moonshot, Together and others."""

from __future__ import annotations

import pytest

from llmcost import Usage
from llmcost.errors import InconsistentUsageError
from llmcost.readers import read_usage
from llmcost.readers.dialects import flat


def usage_of(**counters):
    usage = {"prompt_tokens": 100, "completion_tokens": 50, **counters}
    return read_usage({"object": "chat.completion", "model": "kimi-k2", "usage": usage})


def test_cached_tokens_are_inside():
    """They are taken out of the prompt, once, though the details may repeat them."""
    assert usage_of(cached_tokens=40).quantities == {"input": 60, "cache_read": 40, "output": 50}
    twice = usage_of(cached_tokens=40, prompt_tokens_details={"cached_tokens": 40})
    assert twice.quantities == {"input": 60, "cache_read": 40, "output": 50}


def test_cached_tokens_that_contradict():
    """Two different numbers, or more than the prompt, are errors."""
    with pytest.raises(InconsistentUsageError, match="cached_tokens=40 stands beside details that say 30"):
        usage_of(cached_tokens=40, prompt_tokens_details={"cached_tokens": 30})
    with pytest.raises(InconsistentUsageError, match="exceed prompt_tokens=100"):
        usage_of(cached_tokens=101)


def test_reasoning_is_inside():
    """Unless the total proves that it is on top."""
    assert usage_of(reasoning_tokens=20).quantities == {"input": 100, "output": 30, "reasoning": 20}
    assert usage_of(reasoning_tokens=20, total_tokens=150).quantities == {"input": 100, "output": 30, "reasoning": 20}
    on_top = usage_of(reasoning_tokens=20, total_tokens=170)
    assert on_top.quantities == {"input": 100, "output": 50, "reasoning": 20}
    assert on_top.notes == ("total_tokens proves that reasoning is counted on top of completion_tokens",)


def test_reasoning_in_both_places():
    """Details that state it already are believed."""
    usage = usage_of(reasoning_tokens=20, completion_tokens_details={"reasoning_tokens": 20})
    assert usage.quantities == {"input": 100, "output": 30, "reasoning": 20}


def test_reasoning_above_the_answer():
    """It is the count of another tokenizer: the answer of 50 is what is billed, as where it stands in the details."""
    for below in (False, True):
        stated = {"completion_tokens_details": {"reasoning_tokens": 51}} if below else {"reasoning_tokens": 51}
        usage = usage_of(**stated)
        assert usage.quantities == {"input": 100, "reasoning": 50}
        assert [note.code for note in usage.notes] == ["reasoning_above_answer"]
        assert len(usage.readings) == 2


def test_thoughts_of_an_answer_that_only_the_total_states():
    """150 - 100 tokens are the answer, and 20 of them are thoughts."""
    usage = usage_of(completion_tokens=None, total_tokens=150, reasoning_tokens=20)
    assert usage.quantities == {"input": 100, "output": 30, "reasoning": 20}


def test_reasoning_beside_names_of_another_kind():
    """Of 5 tokens of the answer 3 are reasoning; those of a usage that has them already are left alone."""
    usage = flat.correct({}, {"output_tokens": 5, "reasoning_tokens": 3}, Usage(input=9, output=5))
    assert usage.quantities == {"input": 9, "output": 2, "reasoning": 3}
    usage = flat.correct({}, {"output_tokens": 5, "reasoning_tokens": 3}, Usage(input=9, output=2, reasoning=3))
    assert usage.quantities == {"input": 9, "output": 2, "reasoning": 3}
