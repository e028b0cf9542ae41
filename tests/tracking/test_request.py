"""What a request says of a call: is it one, of which model, served by whom and where."""

from __future__ import annotations

import pytest

from llmcost.tracking.request import facts_of, fields_of_body, may_be_call


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/completions",
        "/v1/complete",
        "/v1/messages",
        "/v1/responses",
        "/v1/embeddings",
        "/v1/threads/t/runs",
        "/v1/videos/v/remix",
        "/openai/deployments/d/chat/completions",
        "/v1beta/models/gemini-2.0-flash:generateContent",
        "/model/anthropic.claude/converse",
        "/files/of-a-gateway/v1/chat/completions",
        "/v1/anything",
    ],
)
def test_calls(path):
    """Posts that a model works on."""
    assert may_be_call("POST", path)
    assert not may_be_call("GET", path)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/messages/count_tokens",
        "/v1/responses/input_tokens",
        "/v1/responses/r/cancel",
        "/v1/chat/completions/c",
        "/v1/files",
        "/v1/uploads/u/complete",
        "/v1/assistants",
        "/v1/threads",
        "/v1/threads/t/messages",
        "/v1/fine_tuning/jobs",
        "/v1/batches",
        "/v1/realtime/client_secrets",
        "/v1beta/models/gemini-2.0-flash:countTokens",
        "/v1beta/cachedContents",
    ],
)
def test_no_calls(path):
    """Posts that only manage something."""
    assert not may_be_call("POST", path)


SEARCH = {"search_context_size": "high"}


def facts(host, path, body=None, retry=None, seller=None):
    return facts_of(host, path, retry, body or {}, seller)


@pytest.mark.parametrize(
    ("host", "path", "body", "wanted"),
    [
        ("api.openai.com", "/v1/chat/completions", {"model": "gpt-4o"}, ("gpt-4o", "openai", None, {})),
        ("eu.api.openai.com", "/v1/responses", {"model": "gpt-4o"}, ("gpt-4o", "openai", None, {"region": "eu"})),
        (
            "me.openai.azure.com",
            "/openai/deployments/my%20one/chat/completions",
            {"model": "gpt-4o"},
            (None, "azure", "my one", {}),
        ),
        ("me.services.ai.azure.com", "/openai/v1/responses", {"model": "d"}, (None, "azure", "d", {})),
        ("me.services.ai.azure.com", "/models/chat/completions", {"model": "d"}, ("d", "azure_ai", None, {})),
        (
            "generativelanguage.googleapis.com",
            "/v1beta/models/gemini-2.5-pro:streamGenerateContent",
            {},
            ("gemini-2.5-pro", "gemini", None, {}),
        ),
        (
            "us-east5-aiplatform.googleapis.com",
            "/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4@20250514:rawPredict",
            {},
            ("claude-sonnet-4@20250514", "vertex_ai", None, {"region": "us-east5"}),
        ),
        (
            "aiplatform.googleapis.com",
            "/v1/projects/p/locations/global/publishers/google/models/gemini-2.5-pro:generateContent",
            {},
            ("gemini-2.5-pro", "vertex_ai", None, {"region": "global"}),
        ),
        (
            "bedrock-runtime.eu-west-1.amazonaws.com",
            "/model/eu.anthropic.claude-sonnet-4-20250514-v1%3A0/invoke",
            {},
            ("eu.anthropic.claude-sonnet-4-20250514-v1:0", "bedrock", None, {"region": "eu-west-1"}),
        ),
        ("api.replicate.com", "/v1/models/meta/llama/predictions", {}, ("meta/llama", "replicate", None, {})),
        ("127.0.0.1", "/v1/chat/completions", {"model": "m"}, ("m", None, None, {})),
    ],
)
def test_who_and_where(host, path, body, wanted):
    """The host names the seller and the region, the path or the body the model."""
    found = facts(host, path, body)
    assert (found.model, found.provider, found.deployment, found.given) == wanted


def test_a_host_that_is_not_known():
    """There the client's maker is the seller, where that sells what it calls."""
    assert facts("127.0.0.1", "/chat/completions", {"model": "m"}, seller="groq").provider == "groq"


@pytest.mark.parametrize(
    ("path", "body", "given"),
    [
        ("/v1/responses", {"service_tier": "flex"}, {"service_tier": "flex"}),
        ("/model/m/converse", {"serviceTier": {"type": "priority"}}, {"service_tier": "priority"}),
        (
            "/v1/chat/completions",
            {"web_search_options": {"search_context_size": "high"}},
            {"search_context_size": "high"},
        ),
        (
            "/v1/responses",
            {"tools": [{"type": "web_search", "search_context_size": "low"}]},
            {"search_context_size": "low"},
        ),
        ("/v1/images/generations", {"size": "1024x1024", "quality": "auto", "n": 2}, {"size": "1024x1024", "n": 2}),
        ("/v1/images/edits", {"size": "auto", "n": "3"}, {"n": 3}),
        ("/v1/videos", {"size": "1280x720", "seconds": "8"}, {"size": "1280x720", "duration": 8}),
        ("/v1/audio/speech", {"input": "four"}, {"characters": 4}),
        # Choices of a chat are counted in its tokens.
        ("/v1/chat/completions", {"n": 3, "size": "x", "seconds": 4, "input": "x"}, {}),
        ("/v1/responses", {"tools": "none", "service_tier": 3}, {}),
    ],
)
def test_facts(path, body, given):
    """Tier, sizes and numbers, each where it is billed by."""
    assert facts("api.openai.com", path, body).given == given


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ({}, None),
        ({"stream": True}, False),
        ({"stream": True, "stream_options": {"include_usage": True}}, True),
        ({"stream": True, "stream_options": None}, False),
    ],
)
def test_whether_a_stream_asks_for_its_usage(body, asks):
    """Only a stream of completions has something to ask for."""
    assert facts("x", "/v1/chat/completions", body).asks_usage is asks
    assert facts("x", "/v1/messages", body).asks_usage is None


def test_attempts():
    """The clients that state it count from 0."""
    assert facts("x", "/", retry="2").attempt == 3
    assert facts("x", "/", retry="many").attempt is None
    assert facts("x", "/", retry="²").attempt is None


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000, "null"])
def test_bodies_that_hold_no_fields(content):
    """They say nothing, and break nothing."""
    assert fields_of_body(content) == {}
