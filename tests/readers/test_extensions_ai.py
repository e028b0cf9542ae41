"""Microsoft.Extensions.AI and Semantic Kernel."""

from __future__ import annotations

import pytest

from llmcost import UsageError, read_usage

DETAILS = {
    "InputTokenCount": 1000,
    "OutputTokenCount": 100,
    "TotalTokenCount": 1100,
    "CachedInputTokenCount": 800,
    "ReasoningTokenCount": 20,
    "AdditionalCounts": {"InputTokenDetails.AudioTokenCount": 0, "InputTokenDetails.CachedTokenCount": 800},
}
RESPONSE = {
    "Messages": [{"Role": "assistant"}],
    "ResponseId": "x",
    "ModelId": "gpt-4o-2024-08-06",
    "CreatedAt": "2025-10-01T00:00:00Z",
    "FinishReason": "stop",
    "Usage": DETAILS,
}
CAMEL = {
    "messages": [],
    "responseId": "x",
    "modelId": "gpt-4o-2024-08-06",
    "usage": {"inputTokenCount": 1000, "outputTokenCount": 100, "totalTokenCount": 1100, "cachedInputTokenCount": 800},
}
# Semantic Kernel hands on the usage of OpenAI's library for .NET.
KERNEL = {
    "Role": {"Label": "assistant"},
    "Items": [{"Text": "x"}],
    "ModelId": "gpt-4o-2024-08-06",
    "Metadata": {
        "Usage": {
            "OutputTokenCount": 100,
            "InputTokenCount": 1000,
            "TotalTokenCount": 1100,
            "OutputTokenDetails": {"ReasoningTokenCount": 20, "AudioTokenCount": 0},
            "InputTokenDetails": {"AudioTokenCount": 0, "CachedTokenCount": 800},
        }
    },
}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}


def test_a_response():
    """What the additional counts repeat counts once."""
    usage = read_usage(RESPONSE)
    assert (usage.quantities, usage.model, usage.at) == (QUANTITIES, "gpt-4o-2024-08-06", "2025-10-01T00:00:00Z")
    assert not usage.unread
    assert read_usage(DETAILS).quantities == QUANTITIES


def test_names_in_lower_case_and_messages_of_semantic_kernel():
    """Each is the same call."""
    assert read_usage(CAMEL).quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert (read_usage(KERNEL).quantities, read_usage(KERNEL).model) == (QUANTITIES, "gpt-4o-2024-08-06")


def test_no_output():
    """An input alone is no usage."""
    with pytest.raises(UsageError):
        read_usage({**RESPONSE, "Usage": {"InputTokenCount": 5}})
