"""google-genai: sync, async over aiohttp and over httpx, streams, chats, errors."""

from __future__ import annotations

import asyncio

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import events, whole
from tests.tracking.outcomes import seen

# The SDKs leave sockets to the garbage collector, and one of them does what another package deprecates.
pytestmark = [
    pytest.mark.usefixtures("let_go"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
]

# gemini-2.5-flash: 1000 x 0.3e-6 + 100 x 2.5e-6 = 0.00055 USD.
MODEL = "gemini-2.5-flash"
COUNTERS = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
CANDIDATE = {"content": {"role": "model", "parts": [{"text": "hi"}]}}
ANSWER = {
    "candidates": [{**CANDIDATE, "finishReason": "STOP"}],
    "usageMetadata": COUNTERS,
    "modelVersion": MODEL,
    "responseId": "r",
}
STREAM = [{"candidates": [CANDIDATE], "modelVersion": MODEL}, ANSWER]
ONE = ("priced", 0.00055, MODEL, "gemini")


@pytest.fixture(params=["aiohttp", "httpx"])
def own_http(request):
    """A client of httpx to send over, which is its maker's to close; None where aiohttp sends."""
    return pytest.importorskip("httpx2").AsyncClient() if request.param == "httpx" else None


@pytest.fixture
def client(own_http, provider, tracker):
    """A client over each of the two libraries that its async side may send over."""
    genai = optional("google.genai")
    options = {"base_url": provider.url}
    if own_http is not None:
        options["httpx_async_client"] = own_http
    else:
        pytest.importorskip("aiohttp")
    found = genai.Client(api_key="x", http_options=options)
    assert tracker.track(found) is found
    yield found
    found.close()


def test_sync(client, provider, calls, tracker):
    """A call, a stream, a chat; counting tokens is no call."""
    provider.gives(whole(ANSWER))
    assert client.models.generate_content(model=MODEL, contents="hi").text == "hi"
    assert seen(calls) == [ONE]
    client.chats.create(model=MODEL).send_message("hi")
    assert seen(calls) == [ONE]
    provider.gives(events(STREAM, done=False))
    assert len(list(client.models.generate_content_stream(model=MODEL, contents="hi"))) == 2
    assert seen(calls) == [ONE]
    provider.gives(whole({"totalTokens": 3}))
    client.models.count_tokens(model=MODEL, contents="hi")
    assert seen(calls) == []
    assert tracker.stats()["errors"] == {}


def test_async(client, own_http, provider, calls):
    """As the sync side, whichever library it sends over."""

    async def main():
        provider.gives(whole(ANSWER))
        assert (await client.aio.models.generate_content(model=MODEL, contents="hi")).text == "hi"
        provider.gives(events(STREAM, done=False))
        stream = await client.aio.models.generate_content_stream(model=MODEL, contents="hi")
        assert len([chunk async for chunk in stream]) == 2
        await client.aio.aclose()
        if own_http is not None:
            await own_http.aclose()

    asyncio.run(main())
    assert seen(calls) == [ONE, ONE]


def test_errors(client, provider, calls):
    """The host gets the SDK's own error; the call costs nothing."""
    provider.gives(whole({"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}, status=400))
    errors = optional("google.genai").errors
    with pytest.raises(errors.ClientError, match="no"):
        client.models.generate_content(model=MODEL, contents="hi")
    ((call),) = calls
    assert (call.status, call.response_cost, call.error) == ("failed", 0.0, ("ClientError", 400))


def test_no_credentials(provider, tracker, calls):
    """The token that Vertex asks for cannot be had: nothing was sent, and nothing is billed."""
    credentials = pytest.importorskip("google.auth.credentials").AnonymousCredentials()
    found = optional("google.genai").Client(
        vertexai=True,
        project="p",
        location="us-central1",
        credentials=credentials,
        http_options={"base_url": provider.url},
    )
    errors = pytest.importorskip("google.auth.exceptions")
    with pytest.raises(errors.GoogleAuthError):
        tracker.track(found).models.generate_content(model=MODEL, contents="hi")
    assert seen(calls) == [("failed", 0.0, MODEL, "vertex_ai")]


def test_untrack(client, provider, calls):
    """Its methods are its own again."""
    llmcost.untrack(client)
    provider.gives(whole(ANSWER))
    client.models.generate_content(model=MODEL, contents="hi")
    assert seen(calls) == []


@pytest.mark.parametrize(("vertex", "total"), [(True, 0.002), (False, 0.001)])
def test_where_a_client_of_vertex_calls(provider, calls, vertex, total):
    """1000 x 2e-6 in us-central1, and 1000 x 1e-6 through a key of AI Studio."""
    pytest.importorskip("google.oauth2.credentials")
    from google.oauth2.credentials import Credentials

    row = {"input_cost_per_token": 1e-6, "output_cost_per_token": 0, "mode": "chat"}
    prices = llmcost.CostMap(
        {
            f"gemini/{MODEL}": {**row, "litellm_provider": "gemini"},
            f"vertex_ai/{MODEL}": {**row, "litellm_provider": "vertex_ai"},
            f"vertex_ai/us-central1/{MODEL}": {
                **row,
                "input_cost_per_token": 2e-6,
                "litellm_provider": "vertex_ai",
            },
        }
    )
    keep = [lambda kwargs, *_: calls.append(kwargs["call"])]
    tracker = llmcost.Tracker(cost_map=prices, success=keep, failure=keep)
    where = (
        {"vertexai": True, "project": "p", "location": "us-central1", "credentials": Credentials("token")}
        if vertex
        else {"api_key": "x"}
    )
    client = optional("google.genai").Client(**where, http_options={"base_url": provider.url})
    provider.gives(whole(ANSWER))
    tracker.track(client).models.generate_content(model=MODEL, contents="hi")
    client.close()
    assert [(call.status, call.response_cost) for call in calls] == [("priced", total)]
