"""More SDKs, each sync and async with a stream: seen, priced, and its answers unchanged."""

from __future__ import annotations

import asyncio

import pytest

from tests.sdks import optional
from tests.servers.provider import Answer, events, whole
from tests.tracking.outcomes import seen
from tests.tracking.test_aws import CLAUDE, INVOKE_STREAM, MODEL
from tests.tracking.test_clients import (
    ASK_CLAUDE,
    CHAT,
    CHUNKS,
    CLAUDE_EVENTS,
    MESSAGE,
    MESSAGES,
    USAGE,
)

# The SDKs leave sockets to the garbage collector, and some do what another package deprecates.
pytestmark = [
    pytest.mark.usefixtures("let_go"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The model:DeprecationWarning"),
]


def test_groq(provider, tracker, calls):
    """1000 x 0.59e-6 + 100 x 0.79e-6 = 0.000669 USD; a stream states its usage without being asked, in ``x_groq``."""
    sdk = optional("groq")
    model = "llama-3.3-70b-versatile"
    ask = {"model": model, "messages": MESSAGES}
    one = ("priced", 0.000669, model, "groq")
    chunks = [{**chunk, "model": model} for chunk in CHUNKS[:2]]
    chunks[1] = {**chunks[1], "x_groq": {"id": "req_1", "usage": USAGE}}

    async def main():
        async with tracker.track(sdk.AsyncGroq(api_key="x", base_url=provider.url)) as client:
            provider.gives(whole({**CHAT, "model": model}))
            assert (await client.chat.completions.create(**ask)).usage.total_tokens == 1100
            provider.gives(events(chunks))
            assert len([chunk async for chunk in await client.chat.completions.create(**ask, stream=True)]) == 2

    asyncio.run(main())
    assert seen(calls) == [one, one]
    with tracker.track(sdk.Groq(api_key="x", base_url=provider.url)) as client:
        assert len(list(client.chat.completions.create(**ask, stream=True))) == 2
    assert seen(calls) == [one]


# command-r-plus-08-2024: 1000 x 2.5e-6 + 100 x 10e-6 = 0.0035 USD.
COHERE = "command-r-plus-08-2024"
COHERE_USAGE = {
    "billed_units": {"input_tokens": 1000, "output_tokens": 100},
    "tokens": {"input_tokens": 1010, "output_tokens": 100},
}
COHERE_ANSWER = {
    "id": "1",
    "finish_reason": "COMPLETE",
    "message": {"role": "assistant", "content": [{"type": "text", "text": "hi"}]},
    "usage": COHERE_USAGE,
}
COHERE_EVENTS = [
    {"type": "message-start", "id": "1", "delta": {"message": {"role": "assistant", "content": []}}},
    {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "hi"}}}},
    {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": COHERE_USAGE}},
]


def test_cohere(provider, tracker, calls):
    """Its billed units count; the model stands in the request alone."""
    sdk = optional("cohere")
    ask = {"model": COHERE, "messages": MESSAGES}
    one = ("priced", 0.0035, COHERE, "cohere")

    async def main():
        async with tracker.track(sdk.AsyncClientV2(api_key="x", base_url=provider.url)) as client:
            provider.gives(whole(COHERE_ANSWER))
            assert (await client.chat(**ask)).message.content[0].text == "hi"
            provider.gives(events(COHERE_EVENTS, named=True, done=False))
            assert len([event async for event in client.chat_stream(**ask)]) == 3

    asyncio.run(main())
    assert seen(calls) == [one, one]
    with tracker.track(sdk.ClientV2(api_key="x", base_url=provider.url)) as client:
        provider.gives(whole(COHERE_ANSWER))
        client.chat(**ask)
        provider.gives(events(COHERE_EVENTS, named=True, done=False, coding="gzip"))
        assert len(list(client.chat_stream(**ask))) == 3
    assert seen(calls) == [one, one]


def test_together(provider, tracker, calls):
    """Llama 3.3 70B Turbo is 1.04 USD a million tokens: 1100 x 1.04e-6 = 0.001144."""
    sdk = optional("together")
    model = "meta-llama/Llama-3.3-70B-Instruct-Turbo"
    ask = {"model": model, "messages": MESSAGES}
    one = ("priced", 0.001144, model, "together_ai")
    chunks = [{**chunk, "model": model} for chunk in CHUNKS[:2]]
    chunks[1] = {**chunks[1], "usage": USAGE}

    async def main():
        async with tracker.track(sdk.AsyncTogether(api_key="x", base_url=provider.url)) as client:
            provider.gives(whole({**CHAT, "model": model}))
            await client.chat.completions.create(**ask)
            provider.gives(events(chunks))
            assert len([chunk async for chunk in await client.chat.completions.create(**ask, stream=True)]) == 2

    asyncio.run(main())
    assert seen(calls) == [one, one]
    with tracker.track(sdk.Together(api_key="x", base_url=provider.url)) as client:
        assert len(list(client.chat.completions.create(**ask, stream=True))) == 2
    assert seen(calls) == [one]


def test_anthropic_on_bedrock(provider, tracker, calls):
    """The model stands in the path, a stream in Amazon's frames: 1000 x 3e-6 + 100 x 15e-6 = 0.0045 USD."""
    sdk = optional("anthropic")
    optional("boto3")
    given = {"aws_access_key": "x", "aws_secret_key": "x", "aws_region": "us-east-1", "base_url": provider.url}
    ask = {**ASK_CLAUDE, "model": MODEL}
    one = ("priced", 0.0045, MODEL, "bedrock")
    stream = Answer(list(INVOKE_STREAM), "application/vnd.amazon.eventstream")

    async def main():
        async with tracker.track(sdk.AsyncAnthropicBedrock(**given)) as client:
            provider.gives(whole(CLAUDE))
            assert (await client.messages.create(**ask)).usage.output_tokens == 100
            provider.gives(stream)
            assert len([event async for event in await client.messages.create(**ask, stream=True)]) == 3

    asyncio.run(main())
    assert seen(calls) == [one, one]
    with tracker.track(sdk.AnthropicBedrock(**given)) as client:
        assert len(list(client.messages.create(**ask, stream=True))) == 3
    assert seen(calls) == [one]


def test_anthropic_on_vertex(provider, tracker, calls):
    """Model and location stand in the path: 1000 x 3e-6 + 100 x 15e-6 = 0.0045 USD."""
    sdk = optional("anthropic")
    optional("google.auth")
    given = {"access_token": "x", "project_id": "p", "region": "global", "base_url": provider.url}
    ask = {**ASK_CLAUDE, "model": "claude-sonnet-4@20250514"}
    one = ("priced", 0.0045, "claude-sonnet-4@20250514", "vertex_ai")

    async def main():
        async with tracker.track(sdk.AsyncAnthropicVertex(**given)) as client:
            provider.gives(whole(MESSAGE))
            await client.messages.create(**ask)

    asyncio.run(main())
    assert seen(calls) == [one]
    with tracker.track(sdk.AnthropicVertex(**given)) as client:
        provider.gives(events(CLAUDE_EVENTS, named=True, done=False))
        assert len(list(client.messages.create(**ask, stream=True))) == 6
    assert seen(calls) == [one]
