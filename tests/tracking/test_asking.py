"""``include_usage="ask"``: it asks where the caller says nothing, and keeps the extra chunk from the caller."""

from __future__ import annotations

import asyncio
import json

import pytest

import llmcost
from llmcost.tracking.asking import Hiding
from tests.sdks import optional
from tests.servers.provider import Answer, events, whole
from tests.tracking.test_clients import ASK, CHAT, CHUNKS

# The SDKs leave sockets to the garbage collector, and one of them does what another package deprecates.
pytestmark = [
    pytest.mark.usefixtures("let_go"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
]


@pytest.fixture
def asked(calls):
    """A tracker that asks."""
    keep = [lambda kwargs, *_: calls.append(kwargs["call"])]
    return llmcost.Tracker(success=keep, failure=keep, include_usage="ask")


def sent(provider):
    return json.loads(provider.requests[-1][3])


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_openai(asked, provider, calls, coding):
    """The host sees two chunks, each with a choice; the third states 0.0035 USD."""
    client = asked.track(optional("openai").OpenAI(api_key="x", base_url=f"{provider.url}/v1"))
    provider.gives(events(CHUNKS, coding=coding))
    assert [chunk.choices[0].index for chunk in client.chat.completions.create(**ASK, stream=True)] == [0, 0]
    assert sent(provider)["stream_options"] == {"include_usage": True}
    assert {**sent(provider), "stream_options": None} == {**ASK, "stream": True, "stream_options": None}
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0035)]


def test_openai_async(asked, provider, calls):
    """As the sync client."""

    async def main():
        async with optional("openai").AsyncOpenAI(api_key="x", base_url=f"{provider.url}/v1") as client:
            asked.track(client)
            provider.gives(events(CHUNKS))
            stream = await client.chat.completions.create(**ASK, stream=True)
            assert len([chunk.choices[0] async for chunk in stream]) == 2

    asyncio.run(main())
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0035)]


@pytest.mark.parametrize(
    ("options", "chunks"),
    [({"include_usage": True}, 3), ({"include_usage": False}, 2)],
)
@pytest.mark.filterwarnings("ignore::llmcost.UnpricedUsageWarning")
def test_the_caller_decides(asked, provider, calls, options, chunks):
    """Who asks gets the chunk; an explicit false is respected, and the stream is unpriced."""
    client = asked.track(optional("openai").OpenAI(api_key="x", base_url=f"{provider.url}/v1"))
    provider.gives(events(CHUNKS[:chunks]))
    stream = client.chat.completions.create(**ASK, stream=True, stream_options=options)
    assert len(list(stream)) == chunks
    assert sent(provider)["stream_options"] == options
    assert [call.status for call in calls] == ["priced" if options["include_usage"] else "unpriced"]


def test_other_options_are_kept(asked, provider):
    """What the caller says beside it stays."""
    client = asked.track(optional("openai").OpenAI(api_key="x", base_url=f"{provider.url}/v1"))
    provider.gives(events(CHUNKS))
    list(client.chat.completions.create(**ASK, stream=True, stream_options={"include_obfuscation": False}))
    assert sent(provider)["stream_options"] == {"include_obfuscation": False, "include_usage": True}


def test_what_is_no_stream_is_left_alone(asked, provider):
    """Neither a request without a stream nor one to another path changes."""
    http = pytest.importorskip("httpx2")
    provider.gives(whole(CHAT))
    with asked.track(http.Client(base_url=provider.url)) as client:
        for path, body in (("/v1/chat/completions", ASK), ("/v1/responses", {**ASK, "stream": True})):
            client.post(path, json=body)
            assert sent(provider) == body


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("ending", [b"\n\n", b"\r\n\r\n", b"\r\r"])
def test_pieces_of_any_size(size, ending):
    """However the bytes are cut, what is shown is everything but the chunk without choices that states the usage."""
    shown = [b'data: {"choices":[1],"usage":null}', b": comment", b"data: [DONE]"]
    extra = b'data: {"choices":[],"usage":{"prompt_tokens":1}}'
    text = ending.join([shown[0], shown[1], extra, shown[2], b""])
    hiding = Hiding("")
    found = b"".join(hiding.take(text[start : start + size]) for start in range(0, len(text), size)) + hiding.rest()
    assert found == ending.join([*shown, b""])


def test_what_an_async_stream_broke_off_with(asked, provider):
    """An event without its empty line is the caller's, over an async client too."""
    http = pytest.importorskip("httpx2")
    text = b'data: {"choices": [{"delta": {}}]}'
    provider.gives(Answer([b"data: {}\n\n", text], "text/event-stream"))

    async def main():
        async with asked.track(http.AsyncClient(base_url=provider.url)) as client:
            return (await client.post("/v1/chat/completions", json={**ASK, "stream": True})).content

    assert asyncio.run(main()) == b"data: {}\n\n" + text


@pytest.mark.parametrize(
    ("last", "given"),
    [
        (b'data: {"choices": [{"delta": {}}]}', b'data: {"choices": [{"delta": {}}]}'),
        (b'data: {"choices": [], "usage": {"prompt_tokens": 1}}', b""),
        (b"data: [DONE]", b"data: [DONE]"),
    ],
)
def test_the_last_event_without_its_empty_line(last, given):
    """What the stream broke off with is the caller's, but for the extra chunk."""
    hiding = Hiding("")
    assert hiding.take(b"data: {}\n\n" + last) == b"data: {}\n\n"
    assert hiding.rest() == given
    assert hiding.rest() == b""
