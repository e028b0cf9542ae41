"""The tap of httpx and httpx2: golden responses and streams, codings, cuts, timeouts, retries; nothing is changed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import llmcost
from tests.golden import harness
from tests.servers.provider import Answer, coded, events, whole

LIBRARIES = ("httpx", "httpx2")
# gpt-4o: 1000 x 2.5e-6 + 100 x 10e-6 = 0.0035.
USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
CHAT = {
    "object": "chat.completion",
    "model": "gpt-4o-2024-08-06",
    "usage": USAGE,
    "choices": [{"finish_reason": "stop"}],
}
CHUNK = {"object": "chat.completion.chunk", "model": "gpt-4o-2024-08-06"}
STREAM = [
    {**CHUNK, "choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": None}]},
    {**CHUNK, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {**CHUNK, "choices": [], "usage": USAGE},
]
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "a secret prompt"}]}
PATH = "/v1/chat/completions"


@pytest.fixture(params=LIBRARIES)
def http(request):
    """One of the two libraries."""
    return pytest.importorskip(request.param)


@pytest.fixture
def client(http, tracker, provider):
    """A sync client of the library, tracked."""
    with http.Client(base_url=provider.url) as found:
        yield tracker.track(found)


def accepts(client, coding):
    """Skip a test whose coding the HTTP library cannot undo itself, so that no server would send it."""
    if coding == "zstd" and coding not in client.headers["accept-encoding"]:
        pytest.skip("the HTTP library has no zstd here")


CASES = [case for case in harness.cases("cases.jsonl") if "expected_error" not in case]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_golden(case, provider):
    """Every golden body and stream costs what the case says, to the last digit."""
    http = pytest.importorskip("httpx")
    context = dict(case.get("context") or {})
    context.pop("base_url", None)
    model = context.pop("model", None) or case["model_for_pricing"]
    facts = {harness.KEYWORDS.get(key, key): value for key, value in context.items()}
    entries = {case["model_for_pricing"]: case["rates"], **case.get("extra_rates", {})}
    calls = []
    tracker = llmcost.Tracker(
        cost_map=llmcost.CostMap(entries),
        prefer="calculated",
        success=[lambda kwargs, *_: calls.append(kwargs)],
        failure=[lambda kwargs, *_: calls.append(kwargs)],
        **facts,
    )
    response = case["response"]
    provider.gives(events(response) if isinstance(response, list) else whole(response))
    with http.Client(base_url=provider.url) as client:
        tracker.track(client).post(PATH, json={"model": model}).read()
    (kwargs,) = calls
    assert tracker.stats()["errors"] == {}
    assert kwargs["cost"].total == Decimal(case["expected_cost_usd"]), kwargs["call"]
    assert kwargs["response_cost"] == float(Decimal(case["expected_cost_usd"]))


@pytest.mark.parametrize("coding", ["", "gzip", "deflate", "br", "zstd", "gzip, gzip"])
def test_json(client, provider, calls, coding):
    """A response in any coding is handed on as it is, and costs 0.0035 USD."""
    accepts(client, coding)
    body = coded(json.dumps(CHAT).encode(), coding.partition(",")[0])
    provider.gives(Answer([coded(body, "gzip") if "," in coding else body], coding=coding))
    assert client.post(PATH, json=ASKED).json() == CHAT
    (call,) = calls
    assert (call.status, call.response_cost, call.model) == ("priced", 0.0035, "gpt-4o")
    assert 0 <= call.ttft_us <= call.latency_us
    assert "secret" not in str(call.to_dict())


@pytest.mark.parametrize("coding", ["", "gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("done", [True, False])
def test_sse(client, provider, calls, coding, done):
    """A stream that is read to its end, with and without OpenAI's last line."""
    accepts(client, coding)
    provider.gives(events(STREAM, done=done, coding=coding))
    with client.stream("POST", PATH, json={**ASKED, "stream": True}) as response:
        lines = [line for line in response.iter_lines() if line]
    assert len(lines) == 3 + done
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0035)]


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_host_that_stops_at_the_last_line(client, provider, calls, coding):
    """A stream is complete when its content says so: OpenAI's client closes at ``[DONE]``, before the bytes end."""
    provider.gives(events(STREAM, coding=coding))
    with client.stream("POST", PATH, json={**ASKED, "stream": True}) as response:
        for line in response.iter_lines():
            if line == "data: [DONE]":
                break
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0035)]


def test_a_host_that_leaves_a_stream_whose_end_is_there(client, provider, calls):
    """Compressed, the whole stream came in one piece: Anthropic's last event says that it is complete, 0.0045 USD."""
    provider.gives(events(ANTHROPIC, named=True, done=False, coding="gzip"))
    with client.stream("POST", "/v1/messages", json={"model": "claude-sonnet-4-20250514", "stream": True}) as response:
        next(response.iter_lines())
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0045)]


def test_a_stream_that_is_closed_early(client, provider, calls):
    """OpenAI's states nothing until its end: it may have been billed, and nothing is known."""
    provider.gives(events(STREAM))
    with client.stream("POST", PATH, json={**ASKED, "stream": True}) as response:
        next(response.iter_lines())
    (call,) = calls
    assert (call.status, call.response_cost, call.cost, call.model, call.error) == (
        "maybe_billed",
        None,
        None,
        "gpt-4o",
        None,
    )


ANTHROPIC = [
    {
        "type": "message_start",
        "message": {
            "type": "message",
            "model": "claude-sonnet-4-20250514",
            "usage": {"input_tokens": 1000, "cache_read_input_tokens": 0, "output_tokens": 1},
        },
    },
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 100}},
    {"type": "message_stop"},
]


def test_a_stream_that_the_provider_cuts_off(client, http, provider, calls):
    """Anthropic states the prompt first: at least 1000 x 3e-6 + 1 x 15e-6 = 0.003015 USD; the host gets its error."""
    provider.gives(events(ANTHROPIC, named=True, done=False, keep=2))
    with pytest.raises(http.RemoteProtocolError):
        client.post("/v1/messages", json={"model": "claude-sonnet-4-20250514", "stream": True})
    (call,) = calls
    assert (call.status, call.response_cost, call.error.kind) == ("maybe_billed", 0.003015, "RemoteProtocolError")
    assert call.cost.lower_bound


def test_a_stream_to_its_end(client, provider, calls):
    """1000 x 3e-6 + 100 x 15e-6 = 0.0045 USD."""
    provider.gives(events(ANTHROPIC, named=True, done=False))
    client.post("/v1/messages", json={"model": "claude-sonnet-4-20250514", "stream": True})
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0045)]


def test_a_stream_without_usage(client, provider, calls):
    """It is unpriced and never 0; one warning a model names the option."""
    provider.gives(events(STREAM[:2]))
    with pytest.warns(llmcost.UnpricedUsageWarning, match="stream_options={'include_usage': True}") as said:
        answers = [client.post(PATH, json={**ASKED, "stream": True}) for _ in range(2)]
    assert (len(answers), len(said)) == (2, 1)
    assert [(call.status, call.response_cost) for call in calls] == [("unpriced", None)] * 2


def test_a_stream_that_is_let_go_of(http, tracker, provider, calls):
    """Nobody reads it and nobody closes it: it is settled when it goes."""
    provider.gives(events(STREAM))
    client = tracker.track(http.Client(base_url=provider.url))
    response = client.send(client.build_request("POST", PATH, json={**ASKED, "stream": True}), stream=True)
    del response
    client.close()
    del client
    gc.collect()
    assert [call.status for call in calls] == ["maybe_billed"]


def test_errors_and_retries(client, provider, calls):
    """Two refusals cost nothing, the third attempt is priced."""
    provider.gives(whole({"error": {}}, status=429), whole({"error": {}}, status=500), whole(CHAT))
    for _ in range(3):
        client.post(PATH, json=ASKED)
    assert [(call.status, call.response_cost) for call in calls] == [
        ("failed", 0.0),
        ("failed", 0.0),
        ("priced", 0.0035),
    ]
    assert [call.error for call in calls] == [("HTTPStatusError", 429), ("HTTPStatusError", 500), None]


def test_a_timeout(client, http, provider, calls):
    """The request was sent: it may have been billed."""
    provider.gives(Answer([], hang=True))
    with pytest.raises(http.ReadTimeout):
        client.post(PATH, json=ASKED, timeout=http.Timeout(60, read=0.1))
    (call,) = calls
    assert (call.status, call.response_cost, call.error) == ("maybe_billed", None, ("ReadTimeout", None))


def test_no_connection(http, tracker, calls):
    """The request was never sent: it costs nothing."""
    with tracker.track(http.Client()) as client, pytest.raises(http.ConnectError):
        client.post("http://127.0.0.1:1/v1/chat/completions", json=ASKED)
    (call,) = calls
    assert (call.status, call.response_cost, call.error.kind) == ("failed", 0.0, "ConnectError")


def test_what_is_no_call(client, tracker, provider, calls):
    """Lists, files, token counts and unknown posts without a model are ignored, and counted as that."""
    provider.gives(whole({"object": "list", "data": []}))
    client.get("/v1/models")
    client.post("/v1/files", json={"purpose": "batch"})
    client.post("/v1/messages/count_tokens", json={"model": "claude-sonnet-4-20250514"})
    client.post("/anything", json={"a": 1})
    assert calls == []
    assert tracker.stats()["seen"] == 0
    assert tracker.stats()["ignored"] == 1


def test_an_answer_that_no_reader_knows(client, provider, calls):
    """It names a model and was answered, so it is a call: unpriced, with why."""
    provider.gives(whole({"something": "new"}))
    client.post("/v1/new", json=ASKED)
    (call,) = calls
    assert (call.status, call.error.kind) == ("unpriced", "UnrecognizedResponseError")


@pytest.mark.parametrize(
    "answer",
    [
        Answer([b"{ no json"]),
        Answer([b"\x00\x01"], coding="lzma"),
        Answer([b"no gzip"], coding="gzip"),
        Answer([b"data: {]\n\n"], "text/event-stream"),
        Answer([b"[" * 100_000]),
        whole({**CHAT, "usage": {"prompt_tokens": "many", "completion_tokens": None}}),
        whole({**CHAT, "usage": {"prompt_tokens": -1, "completion_tokens": 1}}),
    ],
    ids=["json", "coding", "gzip", "sse", "deep", "text", "negative"],
)
def test_garbage(client, provider, calls, answer, caplog):
    """The host gets the same bytes, or its own error; the call is unpriced, never 0."""
    caplog.set_level(logging.CRITICAL)
    provider.gives(answer)
    with client.stream("POST", PATH, json=ASKED) as response:
        assert b"".join(response.iter_raw()) == b"".join(answer.pieces)
    (call,) = calls
    assert (call.status, call.response_cost) == ("unpriced", None)


@pytest.mark.parametrize("word", [b"ping", b"", b"[1, 2", b'{"broken'])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_event_that_is_no_json(client, provider, calls, word, place):
    """A word that keeps the connection open is passed over; an event that is damaged may have stated anything."""
    lines = [json.dumps(chunk).encode() for chunk in STREAM]
    lines.insert(place, word)
    provider.gives(Answer([b"".join(b"data: %s\n\n" % line for line in lines)], "text/event-stream"))
    client.post(PATH, json={**ASKED, "stream": True})
    damaged = word.startswith((b"[", b"{"))
    assert [call.status for call in calls] == ["unpriced" if damaged else "priced"]


def test_a_response_in_the_background(client, tracker, provider, calls):
    """The answer says that it is not done; the call is settled once, when a later request reads what it used."""
    response = {"id": "resp_1", "object": "response", "model": "gpt-4o-2024-08-06", "status": "queued", "usage": None}
    usage = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
    done = {**response, "status": "completed", "usage": usage}
    provider.gives(whole(response), whole({**response, "status": "in_progress"}), whole(done))
    with llmcost.context(team="t"):
        client.post("/v1/responses", json={"model": "gpt-4o", "background": True})
    assert tracker.stats()["pending"] == 1
    for _ in range(3):
        client.get("/v1/responses/resp_1")
    assert [(call.status, call.response_cost, call.team) for call in calls] == [("priced", 0.0035, "t")]
    assert tracker.stats()["pending"] == 0


def test_speech_is_billed_by_the_characters_of_the_request(client, provider, calls):
    """tts-1 is 15 USD a million characters: 11 x 15e-6 = 0.000165; the answer is sound."""
    provider.gives(Answer([b"ID3"], "audio/mpeg"))
    client.post("/v1/audio/speech", json={"model": "tts-1", "input": "hello world", "voice": "alloy"})
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.000165)]


def test_images_take_size_and_quality_from_the_request(client, provider, calls):
    """OpenAI sells one image of dall-e-3 in hd of 1024x1792 for 0.12 USD: https://platform.openai.com/docs/pricing"""
    provider.gives(whole({"created": 1764000000, "data": [{"url": "http://x"}]}))
    client.post("/v1/images/generations", json={"model": "dall-e-3", "size": "1024x1792", "quality": "hd", "n": 1})
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.12)]


def test_a_form(client, provider, calls):
    """A transcription names its model in a form: whisper-1 is 0.006 USD a minute, 30 s are 0.003 USD."""
    provider.gives(whole({"text": "x", "usage": {"type": "duration", "seconds": 30}}))
    client.post("/v1/audio/transcriptions", data={"model": "whisper-1"}, files={"file": ("a.mp3", b"sound")})
    assert [(call.status, call.response_cost, call.model) for call in calls] == [("priced", 0.003, "whisper-1")]


@pytest.mark.parametrize("size", [1, 100, 100_000])
def test_a_long_stream(client, provider, calls, size):
    """Of 2,000 chunks only those are parsed that can change the usage, in pieces of any size; 0.0035 USD."""
    chunks = [*STREAM[:1] * 2000, *STREAM[1:]]
    text = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"
    pieces = [text[start : start + size] for start in range(0, len(text), size)] if size > 1 else [text]
    provider.gives(Answer(pieces, "text/event-stream"))
    assert client.post(PATH, json={**ASKED, "stream": True}).content == text
    assert [(call.status, call.response_cost) for call in calls] == [("priced", 0.0035)]


def test_a_stream_beyond_what_is_kept(client, provider, calls, monkeypatch):
    """Beyond the bytes that are kept, events are read as they come."""
    monkeypatch.setattr("llmcost.tracking.answer._MOST_KEPT", 100)
    test_a_long_stream(client, provider, calls, 100)


def test_a_list_of_chunks(client, provider, calls):
    """Gemini streams one JSON array where no SSE is asked for: 1000 x 0.15e-6 + 100 x 0.6e-6 = 0.00021 USD."""
    counters = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
    chunk = {"candidates": [{"content": {"parts": [{"text": "a"}]}}], "modelVersion": "gemini-2.0-flash"}
    last = {"candidates": [{**chunk["candidates"][0], "finishReason": "STOP"}], "usageMetadata": counters}
    provider.gives(whole([chunk, {**chunk, **last}]))
    client.post("/v1beta/models/gemini-2.0-flash:streamGenerateContent", json={"contents": []})
    (call,) = calls
    assert (call.status, call.model, call.response_cost) == ("priced", "gemini-2.0-flash", 0.00021)


def test_tracking_twice_and_not_at_all(http, tracker, provider, calls):
    """A second tracker takes the client over; untracked, its transports are its own again."""
    with http.Client(base_url=provider.url, mounts={"http://": http.HTTPTransport()}) as client:
        before = client._transport, dict(client._mounts)
        provider.gives(whole(CHAT))
        assert llmcost.track(client) is client
        assert tracker.track(tracker.track(client)) is client
        client.post(PATH, json=ASKED)
        assert len(calls) == 1
        assert llmcost.untrack(client) is client
        assert (client._transport, dict(client._mounts)) == before
        client.post(PATH, json=ASKED)
        assert len(calls) == 1


def test_an_async_client(http, tracker, provider, calls):
    """JSON, a stream to its end, one that is closed, one whose task is cancelled."""
    seen = []

    async def handler(kwargs, response_obj, start_time, end_time):
        await asyncio.sleep(0)
        seen.append(kwargs["response_cost"])

    tracker.success.append(handler)

    async def main():
        async with tracker.track(http.AsyncClient(base_url=provider.url)) as client:
            provider.gives(whole(CHAT))
            assert (await client.post(PATH, json=ASKED)).json() == CHAT
            assert seen == [0.0035]
            provider.gives(events(STREAM))
            async with client.stream("POST", PATH, json={**ASKED, "stream": True}) as response:
                assert len([line async for line in response.aiter_lines() if line]) == 4
            async with client.stream("POST", PATH, json={**ASKED, "stream": True}) as response:
                await response.aiter_lines().__anext__()

            provider.gives(Answer([], hang=True))
            task = asyncio.create_task(client.post(PATH, json=ASKED))
            while not provider.requests:  # noqa: ASYNC110 - the server is of another thread
                await asyncio.sleep(0.001)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert [call.status for call in calls] == ["priced", "priced", "maybe_billed", "maybe_billed"]
    assert calls[3].error == ("CancelledError", None)
    assert seen == [0.0035, 0.0035]


def test_tags_do_not_mix_between_tasks(http, tracker, provider, calls):
    """Two streams at once, each closed in the other's task, keep the team of their start."""
    provider.gives(events(STREAM))

    async def main():
        async with tracker.track(http.AsyncClient(base_url=provider.url)) as client:

            async def begin(team):
                with llmcost.context(team=team, tags=[team]):
                    request = client.build_request("POST", PATH, json={**ASKED, "stream": True, "user": team})
                    return await client.send(request, stream=True)

            async def end(team, response):
                with llmcost.context(team=team):
                    await response.aread()

            one, two = await asyncio.gather(begin("a"), begin("b"))
            await asyncio.gather(end("b", one), end("a", two))

    asyncio.run(main())
    assert sorted((call.team, call.tags, call.status) for call in calls) == [
        ("a", ("a",), "priced"),
        ("b", ("b",), "priced"),
    ]


def test_a_transport_that_has_read_the_answer_already(http, tracker, calls):
    """A transport of tests or of a cache gives a whole response: it is decoded already."""
    transport = http.MockTransport(lambda _: http.Response(200, json=CHAT))
    with tracker.track(http.Client(transport=transport, base_url="http://x")) as client:
        assert client.post(PATH, json=ASKED).json() == CHAT
    assert [call.response_cost for call in calls] == [0.0035]


BODIES = st.one_of(
    st.binary(max_size=200),
    st.just(json.dumps(CHAT).encode()),
    st.just(b"".join(b"data: %s\r\n\r\n" % json.dumps(chunk).encode() for chunk in STREAM)),
    st.just(b"".join(b"data: %s\n\n" % json.dumps(chunk).encode() for chunk in STREAM) + b"data: [DONE]\n\n"),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    body=BODIES,
    sizes=st.lists(st.integers(1, 50), min_size=1, max_size=20),
    coding=st.sampled_from(["", "gzip", "deflate", "br", "nonsense"]),
    kind=st.sampled_from(["application/json", "text/event-stream", "application/vnd.amazon.eventstream", ""]),
    status=st.sampled_from([200, 201, 400]),
    read=st.sampled_from(["iter_raw", "iter_bytes", "iter_lines", "read"]),
    asynchronous=st.booleans(),
)
def test_nothing_is_changed(http, tracker, body, sizes, coding, kind, status, read, asynchronous):
    """Whatever is sent, in whatever pieces, read in whatever way: all is as with an untracked client."""
    data = coded(body, coding)
    pieces, rest = [], data
    while rest:
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(rest[:size])
        rest = rest[size:]

    class Pieces(http.SyncByteStream, http.AsyncByteStream):
        def __iter__(self):
            yield from pieces

        async def __aiter__(self):
            for piece in pieces:
                yield piece

    headers = {"content-type": kind, "content-encoding": coding, "x-request-id": "1"}

    def answer(request):
        return http.Response(status, headers=headers, stream=Pieces())

    def one(client):
        with client, client.stream("POST", PATH, json=ASKED) as response:
            try:
                found = response.read() if read == "read" else list(getattr(response, read)())
            except http.HTTPError as error:
                found = type(error), str(error)
            return response.status_code, response.headers.raw, response.is_closed, found

    async def one_async(client):
        async with client, client.stream("POST", PATH, json=ASKED) as response:
            try:
                found = (
                    await response.aread()
                    if read == "read"
                    else [piece async for piece in getattr(response, f"a{read}")()]
                )
            except http.HTTPError as error:
                found = type(error), str(error)
            return response.status_code, response.headers.raw, response.is_closed, found

    got = []
    for track in (False, True):
        kind_of = http.AsyncClient if asynchronous else http.Client
        client = kind_of(transport=http.MockTransport(answer), base_url="http://x")
        if track:
            tracker.track(client)
        got.append(asyncio.run(one_async(client)) if asynchronous else one(client))
    assert got[0] == got[1]
