"""Pipecat: who counts the cache beside the prompt, voices, and frames of several metrics."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

USED = {
    "prompt_tokens": 1000,
    "completion_tokens": 50,
    "total_tokens": 1050,
    "cache_read_input_tokens": 600,
    "cache_creation_input_tokens": None,
    "reasoning_tokens": 20,
}
OPENAI = {"processor": "OpenAILLMService#0", "model": "gpt-4o", "value": USED}
ANTHROPIC = {
    "processor": "AnthropicLLMService#0",
    "model": "claude-sonnet-4-5",
    "value": {
        "prompt_tokens": 150,
        "completion_tokens": 50,
        "total_tokens": 200,
        "cache_read_input_tokens": 2000,
        "cache_creation_input_tokens": 0,
    },
}
VOICE = {"processor": "OpenAITTSService#0", "model": "tts-1", "value": 1032}
WAITED = {"processor": "OpenAITTSService#0", "model": "tts-1", "value": 0.28}
frame = {"data": [WAITED, OPENAI, VOICE]}


def test_the_prompt_holds_the_cache():
    """400 x 2.5e-6 + 600 x 1.25e-6 + 50 x 10e-6; reasoning is inside the answer."""
    usage = read_usage(OPENAI)
    assert usage.quantities == {"input": 400, "cache_read": 600, "output": 30, "reasoning": 20}
    assert CostMap().calculate(OPENAI).total == Decimal("0.00225")


@pytest.mark.parametrize("total", [200, 2200])
def test_the_cache_stands_beside_claudes_prompt(total):
    """150 x 3e-6 + 2000 x 3e-7 + 50 x 15e-6; the total left the cache out once, and has it now."""
    metrics = {**ANTHROPIC, "value": {**ANTHROPIC["value"], "total_tokens": total}}
    assert read_usage(metrics).quantities == {"input": 150, "cache_read": 2000, "output": 50}
    assert CostMap().calculate(metrics).total == Decimal("0.0018")


def test_claude_on_bedrock_with_little_in_the_cache():
    """The service decides, also where the cache would have room in the prompt."""
    used = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050, "cache_read_input_tokens": 600}
    metrics = {"processor": "AWSBedrockLLMService#0", "model": "us.amazon.nova-2-lite-v1:0", "value": used}
    assert read_usage(metrics).quantities == {"input": 1000, "cache_read": 600, "output": 50}


def test_a_voice():
    """1032 characters at 15 USD a million; the time to the first byte, or a number that is none, is no call."""
    assert CostMap().calculate(VOICE).total == Decimal("0.01548")
    for other in (WAITED, {**VOICE, "value": float("nan")}, {**VOICE, "value": float("inf")}):
        with pytest.raises(UnrecognizedResponseError):
            read_usage(other)


def test_a_frame():
    """Its calls are parts with models of their own."""
    assert CostMap().calculate(frame).total == Decimal("0.01773")
    with pytest.raises(MissingUsageError):
        read_usage({"data": [WAITED]})


def test_what_contradicts_itself():
    """A negative count, and more cached than sent."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**OPENAI, "value": {**USED, "prompt_tokens": -1}})
    with pytest.raises(InconsistentUsageError):
        read_usage({**OPENAI, "value": {**USED, "cache_read_input_tokens": 1001, "total_tokens": 1060}})
