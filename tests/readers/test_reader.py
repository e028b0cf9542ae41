"""What readers have in common: a total whose parts are not stated is missing, whichever API states it."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, read_usage

ZEROS = {
    "chat": {
        "object": "chat.completion",
        "choices": [],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 9},
    },
    "responses": {
        "object": "response",
        "output": [],
        "usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "anthropic": {
        "type": "message",
        "role": "assistant",
        "content": [],
        "usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "converse": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 9},
    "gemini": {"candidates": [], "usageMetadata": {"promptTokenCount": 0, "totalTokenCount": 9}},
    "interactions": {
        "object": "interaction",
        "status": "completed",
        "usage": {"total_input_tokens": 0, "total_output_tokens": 0, "total_tokens": 9},
    },
    "realtime": {
        "type": "response.done",
        "response": {"usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9}},
    },
    "transcription": {
        "text": "",
        "usage": {"type": "tokens", "input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "ai_sdk": {
        "finishReason": "stop",
        "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 9, "cachedInputTokens": 0},
    },
    "langchain": {
        "response_metadata": {},
        "usage_metadata": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "prompt alone": {"prompt_tokens": 0, "total_tokens": 9},
}


@pytest.mark.parametrize("response", ZEROS.values(), ids=ZEROS)
def test_a_total_alone(response):
    """Which of the tokens are of the prompt, and which of the answer, nobody says: so no price is right, 0 least."""
    with pytest.raises(MissingUsageError):
        read_usage(response)
