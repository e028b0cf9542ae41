"""Chunks that say that more of them come."""

from __future__ import annotations

import pytest

from llmcost.readers.unfinished import unfinished


@pytest.mark.parametrize(
    "chunk",
    [
        {"stop": False, "tokens_predicted": 1},
        {"Choices": [{"FinishReason": ""}]},
        {"results": [{"stop_reason": "not_finished"}]},
        {"result": {"alternatives": [{"status": "ALTERNATIVE_STATUS_PARTIAL"}]}},
        {"output": {"finish_reason": "null", "text": "x"}},
        {"output": {"choices": [{"finish_reason": None}]}},
    ],
)
def test_more_comes(chunk):
    """Each API has a word of its own."""
    assert unfinished(chunk)


@pytest.mark.parametrize(
    "chunk",
    [
        {},
        {"stop": True},
        {"stop": None},
        {"Choices": [{"FinishReason": "stop"}]},
        {"Choices": [{}]},
        {"results": [{"stop_reason": ["not_finished"]}]},
        {"results": "not_finished"},
        {"result": {"alternatives": [{"status": "ALTERNATIVE_STATUS_FINAL"}]}},
        {"result": None},
        {"output": {"finish_reason": "stop"}},
        {"output": {"finish_reason": ["null"]}},
        {"output": {"embeddings": []}},
        {"output": None},
    ],
)
def test_nothing_says_so(chunk):
    """A whole response, and values of a kind that no API sends."""
    assert not unfinished(chunk)
