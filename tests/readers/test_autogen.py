"""AutoGen since version 0.4."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, read_usage

RESULT = {
    "finish_reason": "stop",
    "content": "x",
    "usage": {"prompt_tokens": 100, "completion_tokens": 10},
    "cached": False,
    "logprobs": None,
    "thought": None,
}
MESSAGE = {
    "source": "assistant",
    "models_usage": {"prompt_tokens": 100, "completion_tokens": 10},
    "metadata": {},
    "content": "x",
    "type": "TextMessage",
}
TASK = {
    "messages": [
        {"source": "user", "models_usage": None, "content": "x", "type": "TextMessage"},
        MESSAGE,
        {**MESSAGE, "models_usage": {"prompt_tokens": 200, "completion_tokens": 20}},
    ],
    "stop_reason": None,
}


def test_a_result_and_a_message():
    """Each is one call."""
    assert read_usage(RESULT).quantities == {"input": 100, "output": 10}
    assert read_usage(MESSAGE).quantities == {"input": 100, "output": 10}


def test_a_task_has_a_part_for_each_call():
    """What a person wrote cost nothing."""
    parts = [part.quantities for part in read_usage(TASK).parts]
    assert parts == [{"input": 100, "output": 10}, {"input": 200, "output": 20}]


def test_an_answer_of_its_own_cache_is_free():
    """The counts are those of the first time."""
    usage = read_usage({**RESULT, "cached": True})
    assert (usage.quantities, usage.free) == ({}, "answered from the framework's own cache")


def test_no_message_of_a_model():
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage({"messages": TASK["messages"][:1], "stop_reason": None})


def test_objects_of_the_package():
    """A task returns an object."""
    models = pytest.importorskip("autogen_core.models")
    used = models.RequestUsage(prompt_tokens=100, completion_tokens=10)
    result = models.CreateResult(finish_reason="stop", content="x", usage=used, cached=False)
    assert read_usage(result).quantities == {"input": 100, "output": 10}
