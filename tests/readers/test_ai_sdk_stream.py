"""Vercel's AI SDK: the parts of a stream."""

from __future__ import annotations

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage


def used(prompt, answer, **more):
    return {"inputTokens": prompt, "outputTokens": answer, "totalTokens": prompt + answer, **more}


START = [{"type": "start-step", "request": {}, "warnings": []}, {"type": "text-delta", "id": "0", "text": "x"}]
STEP = {
    "type": "finish-step",
    "finishReason": "tool-calls",
    "usage": used(1000, 100, cachedInputTokens=800),
    "response": {"id": "r", "modelId": "gpt-4o", "timestamp": "2025-10-01T00:00:00Z"},
    "providerMetadata": {"openai": {"serviceTier": "flex"}},
}
ONE = [*START, STEP, {"type": "finish", "finishReason": "stop", "totalUsage": used(1000, 100, cachedInputTokens=800)}]
TWO = [
    *START,
    STEP,
    *START,
    {**STEP, "finishReason": "stop", "usage": used(2000, 50)},
    {"type": "finish", "finishReason": "stop", "totalUsage": used(3000, 150, cachedInputTokens=800)},
]
LAST = {"type": "finish", "finishReason": "stop", "totalUsage": used(3000, 150)}
# Version 4; in lower case, since the laws know the names of today.
former = [
    {"type": "text-delta", "textDelta": "x"},
    {
        "type": "step-finish",
        "finishReason": "stop",
        "usage": {"promptTokens": 100, "completionTokens": 10},
        "isContinued": False,
    },
    {"type": "finish", "finishReason": "stop", "usage": {"promptTokens": 100, "completionTokens": 10}},
]


def test_one_step():
    """The step and the end state the same usage, which counts once; model and tier stand in the step."""
    usage = read_usage(ONE)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert (usage.model, usage.service_tier, usage.context, usage.partial) == ("gpt-4o", "flex", 1000, False)


def test_several_steps_are_a_sum():
    """Each has a context of its own, so that their sum has none."""
    usage = read_usage(TWO)
    assert usage.quantities == {"input": 2200, "cache_read": 800, "output": 150}
    assert (usage.aggregate, usage.partial) == (True, False)


def test_the_last_part_alone_and_the_former_version():
    """Each is the whole usage."""
    assert read_usage(LAST).quantities == {"input": 3000, "output": 150}
    assert read_usage(former).quantities == {"input": 100, "output": 10}


def test_a_stream_that_broke_off():
    """What ended is a lower bound; before the first step ended nothing is known."""
    usage = read_usage(ONE[:-1])
    assert (usage.quantities["input"], usage.partial) == (200, True)
    with pytest.raises(MissingUsageError):
        read_usage(START)


def test_two_streams_are_two_calls():
    """Nothing follows the end."""
    with pytest.raises(InconsistentUsageError):
        read_usage([*ONE, *ONE])


def test_the_stream_of_a_model_names_it_in_a_part_of_its_own():
    """Each side is an object with its total: 1000 of which 800 were read from the cache, and 100."""
    used = {"inputTokens": {"total": 1000, "noCache": 200, "cacheRead": 800}, "outputTokens": {"total": 100}}
    usage = read_usage(
        [
            {"type": "stream-start", "warnings": []},
            {"type": "response-metadata", "id": "r", "modelId": "gpt-4o"},
            {"type": "text-delta", "id": "0", "delta": "x"},
            {"type": "finish", "finishReason": {"unified": "stop", "raw": "stop"}, "usage": used},
        ]
    )
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert (usage.model, usage.partial) == ("gpt-4o", False)


def test_the_usage_that_an_application_adds_to_the_stream_of_a_message():
    """The docs of the SDK add the model at the start and the usage at the end."""
    usage = read_usage(
        [
            {"type": "start", "messageId": "m", "messageMetadata": {"model": "gpt-4o"}},
            {"type": "text-delta", "id": "0", "delta": "x"},
            {"type": "finish", "messageMetadata": {"totalUsage": used(1000, 100, cachedInputTokens=800)}},
        ]
    )
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert (usage.model, usage.partial) == ("gpt-4o", False)
