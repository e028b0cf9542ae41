"""Objects of the SDKs of Mistral, Cohere, Groq and Together state the same usage as the bodies they were made of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind, module

GOLDEN = Path(__file__).parents[1] / "golden" / "cases.jsonl"
BODIES = {case["id"]: case["response"] for case in map(json.loads, GOLDEN.read_text(encoding="utf-8").splitlines())}


def mistral(kind, body):
    return Kind(f"mistralai.client.models.{kind}").model_validate(body)


def cohere(kind, body):
    union = Kind(f"cohere.{kind}").load()
    return module("cohere.core.unchecked_base_model").construct_type(type_=union, object_=body)


def groq(kind, body):
    return Kind(f"groq.types.chat.{kind}").event(body)


def together(kind, body):
    return Kind(f"together.types.chat.{kind}").construct(**body)


CONVERSATION = {
    **BODIES["mistral-agents-connectors"],
    "outputs": [
        {"object": "entry", "type": "tool.execution", "name": "web_search", "arguments": "{}"},
        {"object": "entry", "type": "message.output", "content": "Hi", "model": "mistral-medium-latest"},
    ],
}
CONVERSATION_EVENTS = [
    {"type": "conversation.response.started", "conversation_id": "conv_1", "created_at": "2026-01-01T00:00:00Z"},
    {"type": "message.output.delta", "id": "m", "content": "Hi", "model": "mistral-medium-latest", "role": "assistant"},
    {"type": "conversation.response.done", "usage": CONVERSATION["usage"]},
]
TRANSCRIPT = {
    "model": "voxtral-mini-latest",
    "text": "Hi",
    "language": None,
    "segments": [],
    "usage": {"prompt_audio_seconds": 203, "prompt_tokens": 4, "completion_tokens": 635, "total_tokens": 3264},
}
CACHED = {
    **BODIES["mistral-chat"],
    "usage": {
        "prompt_tokens": 1000,
        "completion_tokens": 34,
        "total_tokens": 1034,
        "service_tier": "priority",
        "prompt_tokens_details": {"cached_tokens": 800},
    },
}
CHUNK = {
    "id": "1",
    "object": "chat.completion.chunk",
    "model": "mistral-small",
    "created": 1,
    "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 16, "completion_tokens": 34, "total_tokens": 50},
}


@pytest.mark.parametrize(
    ("build", "kind", "body"),
    [
        (mistral, "ChatCompletionResponse", BODIES["mistral-chat"]),
        (mistral, "ChatCompletionResponse", BODIES["mistral-voxtral-chat-audio-seconds"]),
        (mistral, "ChatCompletionResponse", CACHED),
        (mistral, "OCRResponse", BODIES["mistral-ocr-pages"]),
        (mistral, "ConversationResponse", CONVERSATION),
        (mistral, "TranscriptionResponse", TRANSCRIPT),
        (cohere, "V2ChatResponse", BODIES["cohere-chat-v2-billed-units"]),
        (cohere, "V2ChatResponse", BODIES["cohere-chat-v2-floats-and-cached"]),
        (cohere, "NonStreamedChatResponse", BODIES["cohere-chat-v1-meta"]),
        (cohere, "V2RerankResponse", BODIES["cohere-rerank-search-units"]),
        (cohere, "EmbedByTypeResponse", BODIES["cohere-embed-text"]),
        (groq, "ChatCompletion", BODIES["groq-compound-usage-breakdown"]),
        (together, "ChatCompletion", BODIES["together-chat"]),
    ],
)
def test_responses(build, kind, body):
    """Declared fields, undeclared extras and sentinels are read as the body's."""
    assert read_usage(build(kind, body)) == read_usage(body)


@pytest.mark.parametrize(
    ("build", "kind", "events"),
    [
        (cohere, "V2ChatStreamResponse", BODIES["cohere-chat-v2-stream"]),
        (groq, "ChatCompletionChunk", BODIES["groq-stream-x-groq-usage-only"]),
        (mistral, "CompletionEvent", [{"data": CHUNK}]),
        (mistral, "ConversationEvents", [{"event": event["type"], "data": event} for event in CONVERSATION_EVENTS]),
        (
            mistral,
            "TranscriptionStreamEvents",
            [{"event": "transcription.done", "data": {**TRANSCRIPT, "type": "transcription.done"}}],
        ),
    ],
)
def test_streams(build, kind, events):
    """Events as the SDK yields them are the same call as the bodies of the events."""
    assert read_usage([build(kind, event) for event in events]) == read_usage(events)


def test_mistral_caches_and_tiers():
    """What the SDK does not declare is read all the same."""
    usage = read_usage(mistral("ChatCompletionResponse", CACHED))
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 34}
    assert usage.service_tier == "priority"


def test_mistral_zeros_that_nobody_stated():
    """An absent usage looks like three zeros in the SDK's object; it is an error."""
    response = mistral("ChatCompletionResponse", {**BODIES["mistral-chat"], "usage": {}})
    assert response.usage.prompt_tokens == 0
    with pytest.raises(MissingUsageError, match="all 0"):
        read_usage(response)
