"""The SDKs themselves, sync and async, against a server of this machine: each call is seen, priced, and unchanged."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import Answer, events, whole
from tests.tracking.outcomes import outcome
from tests.tracking.test_transport import ANTHROPIC, STREAM, USAGE

# The SDKs leave sockets to the garbage collector, and one of them does what another package deprecates.
pytestmark = [
    pytest.mark.usefixtures("let_go"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The model:DeprecationWarning"),
]

MESSAGES = [{"role": "user", "content": "hi"}]
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1764000000,
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
    "usage": USAGE,
}
CHUNKS = [{"id": "c", "created": 1764000000, **chunk} for chunk in STREAM]
ASK = {"model": "gpt-4o", "messages": MESSAGES}
ASK_USAGE = {**ASK, "stream": True, "stream_options": {"include_usage": True}}
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1764000000,
    "status": "completed",
    "model": "gpt-4o-2024-08-06",
    "output": [],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {
        "input_tokens": 1000,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 100,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 1100,
    },
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-20250514",
    "content": [{"type": "text", "text": "hi"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 1000, "output_tokens": 100},
}
ASK_CLAUDE = {"model": "claude-sonnet-4-20250514", "max_tokens": 100, "messages": MESSAGES}
CLAUDE_EVENTS = [
    {
        **ANTHROPIC[0],
        "message": {**MESSAGE, "content": [], "stop_reason": None, **ANTHROPIC[0]["message"]},
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    ANTHROPIC[1],
    {"type": "content_block_stop", "index": 0},
    *ANTHROPIC[2:],
]


@pytest.fixture
def openai(provider):
    return SimpleNamespace(
        sdk=optional("openai"), given={"api_key": "x", "base_url": f"{provider.url}/v1", "max_retries": 2}
    )


def test_openai(openai, tracker, provider, calls):
    """1000 x 2.5e-6 + 100 x 10e-6 = 0.0035 USD by each way of calling, and each gives what it gives untracked."""
    client = openai.sdk.OpenAI(**openai.given)
    assert tracker.track(client) is client
    chat = client.chat.completions
    one = [("priced", 0.0035)]

    provider.gives(whole(CHAT))
    assert chat.create(**ASK).choices[0].message.content == "hi"
    assert outcome(calls) == one
    assert chat.with_raw_response.create(**ASK).parse().usage.total_tokens == 1100
    assert outcome(calls) == one
    with chat.with_streaming_response.create(**ASK) as response:
        assert b"chatcmpl-1" in response.read()
    assert outcome(calls) == one
    client.with_options(timeout=9).chat.completions.create(**ASK)
    assert outcome(calls) == one

    provider.gives(events(CHUNKS, coding="gzip"))
    assert len(list(chat.create(**ASK_USAGE))) == 3
    assert outcome(calls) == one
    with chat.stream(**ASK, stream_options={"include_usage": True}) as stream:
        stream.until_done()
    assert outcome(calls) == one
    provider.gives(events(CHUNKS))
    stream = chat.create(**ASK_USAGE)
    next(stream)
    stream.close()
    assert outcome(calls) == [("maybe_billed", None)]

    provider.gives(whole(RESPONSE))
    client.responses.create(model="gpt-4o", input="hi")
    assert outcome(calls) == one
    started = {"type": "response.created", "sequence_number": 0, "response": {**RESPONSE, "usage": None}}
    ended = {"type": "response.completed", "sequence_number": 1, "response": RESPONSE}
    provider.gives(events([started, ended], named=True, done=False))
    assert len(list(client.responses.create(model="gpt-4o", input="hi", stream=True))) == 2
    assert outcome(calls) == one

    provider.gives(whole({"object": "list", "data": []}))
    client.models.list()
    assert outcome(calls) == []


def test_openai_retries(openai, tracker, provider, calls):
    """Two refusals are failed, the third attempt is priced; the client says which attempt it is."""
    client = tracker.track(openai.sdk.OpenAI(**openai.given))
    refused = whole({"error": {"message": "slow down"}}, status=429)
    provider.gives(refused, refused, whole(CHAT))
    client.chat.completions.create(**ASK)
    assert [(call.status, call.attempt) for call in calls] == [("failed", 1), ("failed", 2), ("priced", 3)]


def test_openai_errors(openai, tracker, provider, calls):
    """The host gets the SDK's own errors."""
    client = tracker.track(openai.sdk.OpenAI(**{**openai.given, "max_retries": 0}))
    provider.gives(whole({"error": {"message": "no"}}, status=400))
    with pytest.raises(openai.sdk.BadRequestError, match="no"):
        client.chat.completions.create(**ASK)
    assert outcome(calls) == [("failed", 0.0)]
    provider.gives(Answer([], hang=True))
    with pytest.raises(openai.sdk.APITimeoutError):
        client.with_options(timeout=openai.sdk.Timeout(60, read=0.1)).chat.completions.create(**ASK)
    assert outcome(calls) == [("maybe_billed", None)]


def test_openai_async(openai, tracker, provider, calls):
    """As the sync client; an async handler has run when the call returns."""
    costs = []

    async def handler(kwargs, response_obj, start_time, end_time):
        costs.append(kwargs["response_cost"])

    tracker.success.append(handler)

    async def main():
        async with tracker.track(openai.sdk.AsyncOpenAI(**openai.given)) as client:
            provider.gives(whole(CHAT))
            await client.chat.completions.create(**ASK)
            assert costs == [0.0035]
            provider.gives(events(CHUNKS))
            assert len([chunk async for chunk in await client.chat.completions.create(**ASK_USAGE)]) == 3
            stream = await client.chat.completions.create(**ASK_USAGE)
            await stream.__anext__()
            await stream.close()

    asyncio.run(main())
    assert outcome(calls) == [("priced", 0.0035), ("priced", 0.0035), ("maybe_billed", None)]


def test_azure(openai, provider, calls):
    """The deployment stands in the path; the response names the model: azure/gpt-4o-2024-08-06 costs the same 0.0035.

    A price of one's own for the deployment is stronger: 1000 x 0.421e-3 + 100 x 0.52e-3 = 0.473.
    """
    keep = [lambda kwargs, *_: calls.append(kwargs["call"])]
    own = {"azure/my-deployment": {"input_cost_per_token": 0.000421, "output_cost_per_token": 0.00052}}
    prices = llmcost.CostMap.bundled()
    provider.gives(whole(CHAT))
    for register in (False, True):
        if register:
            prices.register(own) if hasattr(prices, "register") else prices.register_model(own)
        tracker = llmcost.Tracker(success=keep, cost_map=prices, provider="azure")
        client = openai.sdk.AzureOpenAI(
            api_key="x", azure_endpoint=provider.url, api_version="2024-06-01", azure_deployment="my-deployment"
        )
        tracker.track(client).chat.completions.create(**ASK)
    assert [(call.deployment, call.response_cost, call.provider) for call in calls] == [
        ("my-deployment", 0.0035, "azure"),
        ("my-deployment", 0.473, "azure"),
    ]


def test_anthropic(provider, tracker, calls):
    """1000 x 3e-6 + 100 x 15e-6 = 0.0045 USD: messages, streams, the helper for streams."""
    sdk = optional("anthropic")
    client = tracker.track(sdk.Anthropic(api_key="x", base_url=provider.url))
    one = [("priced", 0.0045)]
    provider.gives(whole(MESSAGE))
    assert client.messages.create(**ASK_CLAUDE).content[0].text == "hi"
    assert outcome(calls) == one
    assert client.messages.with_raw_response.create(**ASK_CLAUDE).parse().id == "msg_1"
    assert outcome(calls) == one
    provider.gives(events(CLAUDE_EVENTS, named=True, done=False, coding="gzip"))
    assert len(list(client.messages.create(**ASK_CLAUDE, stream=True))) == 6
    assert outcome(calls) == one
    with client.messages.stream(**ASK_CLAUDE) as stream:
        assert stream.get_final_text() == "a"
    assert outcome(calls) == one
    provider.gives(events(CLAUDE_EVENTS, named=True, done=False))
    with client.messages.stream(**ASK_CLAUDE) as stream:
        next(iter(stream))
    # Its first event states the prompt: 1000 x 3e-6 + 1 x 15e-6.
    assert outcome(calls) == [("maybe_billed", 0.003015)]
    provider.gives(whole({"input_tokens": 10}))
    client.messages.count_tokens(model="claude-sonnet-4-20250514", messages=MESSAGES)
    assert outcome(calls) == []


def test_anthropic_async(provider, tracker, calls):
    """As the sync client."""
    sdk = optional("anthropic")

    async def main():
        async with tracker.track(sdk.AsyncAnthropic(api_key="x", base_url=provider.url)) as client:
            provider.gives(whole(MESSAGE))
            await client.messages.create(**ASK_CLAUDE)
            provider.gives(events(CLAUDE_EVENTS, named=True, done=False))
            async with client.messages.stream(**ASK_CLAUDE) as stream:
                assert await stream.get_final_text() == "a"

    asyncio.run(main())
    assert outcome(calls) == [("priced", 0.0045)] * 2


def test_groq(provider, tracker, calls):
    """The client's maker sells what it calls: 1000 x 0.59e-6 + 100 x 0.79e-6 = 0.000669 USD."""
    sdk = optional("groq")
    client = tracker.track(sdk.Groq(api_key="x", base_url=provider.url))
    provider.gives(whole({**CHAT, "model": "llama-3.3-70b-versatile"}))
    client.chat.completions.create(model="llama-3.3-70b-versatile", messages=MESSAGES)
    (call,) = calls
    assert (call.status, call.response_cost, call.provider) == ("priced", 0.000669, "groq")


def test_mistral(provider, tracker, calls):
    """mistral-large-latest when the answers were created: 1000 x 2e-6 + 100 x 6e-6 = 0.0026; sync, async, stream."""
    optional("mistralai")
    try:
        from mistralai.client import Mistral
    except ImportError:
        from mistralai import Mistral
    given = {"model": "mistral-large-latest", "messages": MESSAGES}
    answer = {**CHAT, "model": "mistral-large-latest"}
    provider.gives(whole(answer))

    async def main():
        async with tracker.track(Mistral(api_key="x", server_url=provider.url)) as client:
            await client.chat.complete_async(**given)

    asyncio.run(main())
    with tracker.track(Mistral(api_key="x", server_url=provider.url)) as client:
        assert client.chat.complete(**given).usage.total_tokens == 1100
        chunks = [{**chunk, "model": "mistral-large-latest"} for chunk in CHUNKS[:2]]
        provider.gives(events([chunks[0], {**chunks[1], "usage": USAGE}]))
        assert len(list(client.chat.stream(**given))) == 2
    assert [(call.status, call.response_cost, call.provider) for call in calls] == [("priced", 0.0026, "mistral")] * 3


def test_untrack(openai, tracker, provider, calls):
    """The client is as it was."""
    client = openai.sdk.OpenAI(**openai.given)
    transport = client._client._transport
    assert tracker.track(client)._client._transport is not transport
    assert llmcost.untrack(client)._client._transport is transport
    provider.gives(whole(CHAT))
    client.chat.completions.create(**ASK)
    assert calls == []


def test_a_function_around_a_tracked_client(openai, tracker, provider, calls):
    """The client sees most, so that the function around it counts nothing."""
    client = tracker.track(openai.sdk.OpenAI(**openai.given))
    provider.gives(whole(CHAT))

    @tracker.track
    def ask():
        return client.chat.completions.create(**ASK).choices[0].message.content

    assert ask() == "hi"
    assert outcome(calls) == [("priced", 0.0035)]


@pytest.mark.parametrize("copy", ["copy", "with_options"])
@pytest.mark.parametrize("sdk", ["openai", "anthropic", "groq"])
def test_a_copy_with_an_http_client_of_its_own(provider, tracker, calls, sdk, copy):
    """Its calls are seen once each, those of a copy of it too; without a tap it would be another client."""
    made, path, answer, ask, cost = {
        "openai": ("OpenAI", "/v1", CHAT, ASK, 0.0035),
        "anthropic": ("Anthropic", "", MESSAGE, ASK_CLAUDE, 0.0045),
        "groq": ("Groq", "", {**CHAT, "model": "llama-3.1-8b-instant"}, {**ASK, "model": "llama-3.1-8b-instant"}, None),
    }[sdk]
    module = optional(sdk)
    provider.gives(whole(answer))
    client = tracker.track(getattr(module, made)(api_key="x", base_url=provider.url + path))
    own = getattr(client, copy)(http_client=module.DefaultHttpxClient())
    for each in (client, own, own.with_options(timeout=9)):
        (each.messages if sdk == "anthropic" else each.chat.completions).create(**ask)
    assert [call.status for call in calls] == ["priced"] * 3
    assert cost is None or [call.response_cost for call in calls] == [cost] * 3
    assert tracker.stats()["errors"] == {}
    untracked = llmcost.untrack(client)
    assert not {"copy", "with_options", "request"} & vars(untracked).keys()


def test_a_budget_holds_for_a_copy_with_an_http_client_of_its_own(provider):
    """The copy has the door, and the server sees no request."""
    openai = optional("openai")
    provider.gives(whole(CHAT))
    client = llmcost.track(openai.OpenAI(api_key="x", base_url=f"{provider.url}/v1"), budget=llmcost.Budget("0.000001"))
    own = client.with_options(http_client=openai.DefaultHttpxClient())
    with pytest.raises(llmcost.BudgetExceededError):
        own.chat.completions.create(**ASK, max_tokens=10)
    assert provider.requests == []
