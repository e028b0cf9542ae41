"""What happens to clients in real programs: the host sees what it would see untracked, and each call counts once."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import threading

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import Answer, events, whole
from tests.tracking.outcomes import outcome
from tests.tracking.test_clients import ASK, ASK_CLAUDE, ASK_USAGE, CHAT, CHUNKS, CLAUDE_EVENTS, MESSAGE, RESPONSE
from tests.tracking.test_transport import ASKED, LIBRARIES, PATH, STREAM, USAGE

pytestmark = [
    pytest.mark.usefixtures("let_go"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The model:DeprecationWarning"),
]
ONE = ("priced", 0.0035)
CUT = ("maybe_billed", None)


@pytest.fixture(params=LIBRARIES)
def http(request):
    return pytest.importorskip(request.param)


@pytest.fixture
def given(provider):
    return {"api_key": "x", "base_url": f"{provider.url}/v1", "max_retries": 0}


# Copies and clients that are shared.


def test_two_clients_over_one(tracker, provider, calls, given):
    """Two clients of an SDK share one HTTP client: what one is tracked for, the other is."""
    openai = optional("openai")
    inner = openai.DefaultHttpxClient()
    one, two = (openai.OpenAI(**given, http_client=inner) for _ in range(2))
    tracker.track(one)
    provider.gives(whole(CHAT))
    for client in (one, two):
        client.chat.completions.create(**ASK)
    assert outcome(calls) == [ONE, ONE]
    tracker.track(two)
    two.chat.completions.create(**ASK)
    assert outcome(calls) == [ONE]


def test_a_legacy_client_inside_a_new_sdk(tracker, provider, calls, given):
    """OpenAI's SDK takes a client of httpx too."""
    httpx, openai = pytest.importorskip("httpx"), optional("openai")
    client = tracker.track(openai.OpenAI(**given, http_client=httpx.Client()))
    provider.gives(whole(CHAT))
    client.chat.completions.create(**ASK)
    assert outcome(calls) == [ONE]


def test_openai_over_aiohttp(tracker, provider, calls, given):
    """An HTTP client whose transport is aiohttp's."""
    openai = optional("openai")
    pytest.importorskip("aiohttp")

    async def main():
        try:
            inner = openai.DefaultAioHttpClient()
        except RuntimeError as error:
            pytest.skip(str(error))
        async with tracker.track(openai.AsyncOpenAI(**given, http_client=inner)) as client:
            provider.gives(whole(CHAT))
            await client.chat.completions.create(**ASK)
            provider.gives(events(CHUNKS))
            async for _ in await client.chat.completions.create(**ASK_USAGE):
                pass

    asyncio.run(main())
    assert outcome(calls) == [ONE, ONE]


# Ways of reading.


def test_raw_responses(tracker, provider, calls, given):
    """Raw and streaming responses: read in lines, parsed, left unread."""
    client = tracker.track(optional("openai").OpenAI(**given))
    chat = client.chat.completions
    provider.gives(events(CHUNKS))
    raw = chat.with_raw_response.create(**ASK_USAGE)
    assert len(list(raw.parse())) == 3
    assert outcome(calls) == [ONE]
    with chat.with_streaming_response.create(**ASK_USAGE) as response:
        assert len([line for line in response.iter_lines() if line]) == 4
    assert outcome(calls) == [ONE]
    with chat.with_streaming_response.create(**ASK_USAGE):
        pass
    assert outcome(calls) == [CUT]
    provider.gives(whole(CHAT))
    with chat.with_streaming_response.create(**ASK) as response:
        assert response.parse().usage.total_tokens == 1100
    assert outcome(calls) == [ONE]


def test_helpers_that_parse(tracker, provider, calls, given):
    """parse() of chats and responses, and the helper for streams of responses."""
    from pydantic import BaseModel

    class Answered(BaseModel):
        n: int

    client = tracker.track(optional("openai").OpenAI(**given))
    message = {"role": "assistant", "content": '{"n": 3}'}
    provider.gives(whole({**CHAT, "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}))
    parsed = client.chat.completions.parse(**ASK, response_format=Answered)
    assert parsed.choices[0].message.parsed.n == 3
    assert outcome(calls) == [ONE]
    provider.gives(whole(RESPONSE))
    client.responses.parse(model="gpt-4o", input="hi", text_format=Answered)
    assert outcome(calls) == [ONE]
    started = {"type": "response.created", "sequence_number": 0, "response": {**RESPONSE, "usage": None}}
    ended = {"type": "response.completed", "sequence_number": 1, "response": RESPONSE}
    provider.gives(events([started, ended], named=True, done=False))
    with client.responses.stream(model="gpt-4o", input="hi") as stream:
        assert stream.get_final_response().usage.total_tokens == 1100
    assert outcome(calls) == [ONE]


def test_beta(tracker, provider, calls):
    """Anthropic's beta messages, and a batch, which is no call until its results are read."""
    client = tracker.track(optional("anthropic").Anthropic(api_key="x", base_url=provider.url))
    provider.gives(whole(MESSAGE))
    client.beta.messages.create(**ASK_CLAUDE, betas=["x"])
    assert outcome(calls) == [("priced", 0.0045)]
    provider.gives(events(CLAUDE_EVENTS, named=True, done=False))
    with client.beta.messages.stream(**ASK_CLAUDE) as stream:
        stream.until_done()
    assert outcome(calls) == [("priced", 0.0045)]
    batch = {"id": "b", "type": "message_batch", "processing_status": "in_progress", "request_counts": {}}
    provider.gives(whole(batch))
    client.messages.batches.create(requests=[{"custom_id": "1", "params": ASK_CLAUDE}])
    client.messages.batches.retrieve("b")
    assert outcome(calls) == []
    assert tracker.stats()["pending"] == 0


def test_what_else_openai_sells(tracker, provider, calls, given):
    """Embeddings are calls; moderations are free; batches, files and lists are none.

    text-embedding-3-small: 1000 x 0.02e-6 = 0.00002 USD.
    """
    client = tracker.track(optional("openai").OpenAI(**given))
    usage = {"prompt_tokens": 1000, "total_tokens": 1000}
    row = {"object": "embedding", "index": 0, "embedding": [0.1]}
    provider.gives(whole({"object": "list", "model": "text-embedding-3-small", "data": [row], "usage": usage}))
    client.embeddings.create(model="text-embedding-3-small", input="hi", encoding_format="float")
    assert outcome(calls) == [("priced", 0.00002)]
    verdict = {"flagged": False, "categories": {}, "category_scores": {}, "category_applied_input_types": {}}
    provider.gives(whole({"id": "m", "model": "omni-moderation-latest", "results": [verdict]}))
    client.moderations.create(model="omni-moderation-latest", input="hi")
    assert outcome(calls) == [("free", 0.0)]
    provider.gives(
        whole(
            {
                "id": "b",
                "object": "batch",
                "status": "validating",
                "endpoint": "/v1/chat/completions",
                "input_file_id": "f",
                "completion_window": "24h",
                "created_at": 1764000000,
            }
        )
    )
    client.batches.create(input_file_id="f", endpoint="/v1/chat/completions", completion_window="24h")
    client.batches.retrieve("b")
    provider.gives(whole({"object": "list", "data": []}))
    client.files.list()
    assert outcome(calls) == []
    assert tracker.stats()["pending"] == 0


def test_a_request_of_ones_own(tracker, provider, calls, given):
    """``client.post`` to a path that the SDK does not know."""
    client = tracker.track(optional("openai").OpenAI(**given))
    provider.gives(whole(CHAT))
    client.post("/custom", body=ASK, cast_to=object)
    assert outcome(calls) == [ONE]


# Timeouts, cancelled tasks, streams that nobody closes.


def test_retries_after_timeouts(tracker, provider, calls, given):
    """Each attempt that was sent may have been billed; the client says which it was."""
    openai = optional("openai")
    client = tracker.track(openai.OpenAI(**{**given, "max_retries": 1, "timeout": openai.Timeout(60, read=0.1)}))
    provider.gives(Answer([], hang=True))
    with pytest.raises(openai.APITimeoutError):
        client.chat.completions.create(**ASK)
    assert [(call.status, call.attempt) for call in calls] == [("maybe_billed", 1), ("maybe_billed", 2)]


def test_a_deadline_around_a_stream(tracker, provider, calls, given):
    """asyncio.wait_for cancels in the middle of a stream: the host sees its TimeoutError."""

    async def main():
        async with tracker.track(optional("openai").AsyncOpenAI(**given)) as client:
            provider.gives(Answer([*events(CHUNKS[:1], done=False).pieces], "text/event-stream", stall=True))
            stream = await client.chat.completions.create(**ASK_USAGE)
            await stream.__anext__()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(stream.__anext__(), 0.1)

    asyncio.run(main())
    (call,) = calls
    assert (call.status, call.response_cost, call.error.kind) == (*CUT, "CancelledError")


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_stream_that_nobody_closes(tracker, provider, calls, given, how):
    """It is settled when it goes, on whatever thread, also when its loop has ended."""
    provider.gives(events(CHUNKS))
    openai = optional("openai")
    if how == "sync":
        client = tracker.track(openai.OpenAI(**given))
        next(iter(client.chat.completions.create(**ASK_USAGE)))
    else:
        client = tracker.track(openai.AsyncOpenAI(**given))

        async def main():
            stream = await tracked[0].chat.completions.create(**ASK_USAGE)
            await stream.__anext__()

        tracked = [client]
        asyncio.run(main())
        del tracked
    del client
    gc.collect()
    assert outcome(calls) == [CUT]
    assert tracker.stats()["errors"] == {}


def test_an_exception_of_the_host_in_the_middle_of_a_stream(tracker, provider, calls, given):
    """KeyboardInterrupt goes on as it is."""
    client = tracker.track(optional("openai").OpenAI(**given))
    provider.gives(events(CHUNKS))

    def read():
        with client.chat.completions.create(**ASK_USAGE) as stream:
            for _ in stream:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert outcome(calls) == [CUT]


def test_a_client_that_is_closed_while_a_stream_is_open(http, tracker, provider, calls):
    """The rest of the stream cannot be read."""
    provider.gives(Answer([*events(STREAM[:1], done=False).pieces], "text/event-stream", stall=True))
    client = tracker.track(http.Client(base_url=provider.url))
    response = client.send(client.build_request("POST", PATH, json={**ASKED, "stream": True}), stream=True)
    next(response.iter_lines())
    client.close()
    response.close()
    assert outcome(calls) == [CUT]


def test_untracked_while_a_stream_is_open(http, tracker, provider, calls):
    """What has begun is settled."""
    provider.gives(events(STREAM))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        with client.stream("POST", PATH, json={**ASKED, "stream": True}) as response:
            llmcost.untrack(client)
            response.read()
        client.post(PATH, json=ASKED)
    assert outcome(calls) == [ONE]


# What stands between the client and the provider.


def test_a_redirect(http, tracker, provider, calls):
    """The request that follows it is the call."""
    provider.gives(Answer([b""], status=307, location=f"{provider.url}{PATH}"), whole(CHAT))
    with tracker.track(http.Client(base_url=provider.url, follow_redirects=True)) as client:
        assert client.post("/old/chat/completions", json=ASKED).json() == CHAT
    assert outcome(calls) == [ONE]


def test_a_proxy(http, tracker, provider, calls):
    """The transports of proxies are tapped too."""
    provider.gives(whole(CHAT))
    with tracker.track(http.Client(proxy=provider.url)) as client:
        assert client.post("http://api.openai.com/v1/chat/completions", json=ASKED).json() == CHAT
    (call,) = calls
    assert (call.status, call.provider) == ("priced", "openai")


def test_a_transport_that_retries(http, tracker, calls):
    """What a transport of one's own does inside is one call: the tap stands around it."""
    answers = [http.Response(503), http.Response(200, json=CHAT)]

    class Retrying(http.BaseTransport):
        def handle_request(self, request):
            response = answers.pop(0)
            return response if response.status_code == 200 else self.handle_request(request)

    with tracker.track(http.Client(transport=Retrying(), base_url="http://x")) as client:
        client.post(PATH, json=ASKED)
    assert outcome(calls) == [ONE]


def test_a_hook_that_raises(http, tracker, provider, calls):
    """A hook of the host's refuses the answer: its error goes on, and the call may have been billed."""

    def refuse(response):
        raise PermissionError

    provider.gives(whole(CHAT))
    client = tracker.track(http.Client(base_url=provider.url, event_hooks={"response": [refuse]}))
    with client, pytest.raises(PermissionError):
        client.post(PATH, json=ASKED)
    assert outcome(calls) == [CUT]


def test_a_hook_that_reads(http, tracker, provider, calls):
    """A hook that reads the answer sees all of it, and so does the host."""
    read = []
    provider.gives(whole(CHAT))
    hooks = {"response": [lambda response: read.append(response.read())]}
    with tracker.track(http.Client(base_url=provider.url, event_hooks=hooks)) as client:
        assert client.post(PATH, json=ASKED).json() == json.loads(read[0]) == CHAT
    assert outcome(calls) == [ONE]


def test_another_kind_of_loop(http, tracker, provider, calls):
    """trio runs the client; an async handler is awaited in place."""
    trio = optional("trio")
    seen = []

    async def handler(kwargs, *rest):
        await trio.sleep(0)
        seen.append(kwargs["response_cost"])

    tracker.success.append(handler)
    provider.gives(whole(CHAT))

    @tracker.track
    async def ask():
        await trio.sleep(0)
        return CHAT

    async def main():
        async with tracker.track(http.AsyncClient(base_url=provider.url)) as client:
            await client.post(PATH, json=ASKED)
        await ask()

    trio.run(main)
    assert outcome(calls) == [ONE, ONE]
    assert seen == [0.0035, 0.0035]


# Requests and answers of unusual form.


def test_a_request_in_pieces(http, tracker, provider, calls):
    """A body that is sent as it is made is not read: the answer names the model."""

    def body():
        yield json.dumps(ASKED).encode()

    provider.gives(whole(CHAT))
    text = json.dumps(ASKED).encode()
    with tracker.track(http.Client(base_url=provider.url)) as client:
        headers = {"content-type": "application/json", "content-length": str(len(text))}
        client.post(PATH, content=body(), headers=headers)
    (call,) = calls
    assert (call.status, call.response_cost, call.model) == (*ONE, "gpt-4o-2024-08-06")


@pytest.mark.parametrize("status", [200, 202, 204])
def test_an_empty_answer(http, tracker, provider, calls, status):
    """It states nothing, and is never 0."""
    provider.gives(Answer([], status=status))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        client.post(PATH, json=ASKED)
    assert outcome(calls) == [("unpriced", None)]


def test_an_error_in_the_middle_of_a_stream(tracker, provider, calls, given):
    """The SDK raises what the provider says; the call may have been billed, and its error is the host's."""
    openai = optional("openai")
    client = tracker.track(openai.OpenAI(**given))
    provider.gives(events([CHUNKS[0], {"error": {"message": "overloaded", "code": 529}}], done=False))
    with pytest.raises(openai.APIError, match="overloaded"):
        list(client.chat.completions.create(**ASK_USAGE))
    # Older versions of the SDK leave the stream open.
    gc.collect()
    assert [call.status for call in calls] == ["maybe_billed"]


def test_an_error_in_the_middle_of_claude(tracker, provider, calls):
    """Anthropic's stream states the prompt before it breaks off: 1000 x 3e-6 + 1 x 15e-6 at least."""
    anthropic = optional("anthropic")
    client = tracker.track(anthropic.Anthropic(api_key="x", base_url=provider.url, max_retries=0))
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    provider.gives(events([*CLAUDE_EVENTS[:3], error], named=True, done=False))
    with pytest.raises(anthropic.APIError), client.messages.stream(**ASK_CLAUDE) as stream:
        stream.until_done()
    assert outcome(calls) == [("maybe_billed", 0.003015)]


def test_a_long_answer(http, tracker, provider, calls):
    """Beyond the bytes that are kept by reference: 9 MiB of text around the usage."""
    text = {**CHAT, "choices": [{**CHAT["choices"][0], "message": {"role": "assistant", "content": "x" * (9 << 20)}}]}
    body = json.dumps(text).encode()
    provider.gives(Answer([body[start : start + 65536] for start in range(0, len(body), 65536)]))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        assert client.post(PATH, json=ASKED).content == body
    assert outcome(calls) == [ONE]


def test_a_stream_with_a_mark_of_its_byte_order(http, tracker, provider, calls):
    """The standard of events allows one before the first."""
    body = b"\xef\xbb\xbf" + b"".join(events(STREAM).pieces)
    provider.gives(Answer([body], "text/event-stream; charset=utf-8"))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        client.post(PATH, json={**ASKED, "stream": True})
    assert outcome(calls) == [ONE]


@pytest.mark.parametrize("kind", ["", "text/plain", "application/json", "text/html"])
def test_a_stream_under_a_wrong_name(http, tracker, provider, calls, kind):
    """Gateways get the type of the content wrong; the first bytes tell events from a whole answer."""
    provider.gives(Answer(events(STREAM).pieces, kind))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        client.post(PATH, json={**ASKED, "stream": True})
        provider.gives(Answer([b" ", json.dumps(CHAT).encode()], "text/event-stream"))
        client.post(PATH, json={**ASKED, "stream": True})
    assert outcome(calls) == [ONE, ONE]


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_a_stream_that_ends_in_good_order_before_its_end(http, tracker, provider, calls, keep):
    """Somebody on the way has cut it: between two events, or within one. Nothing is known of its cost."""
    body = b"".join(events(STREAM, done=False).pieces)
    cut = {1: body.index(b"\n\n") + 2, 2: body.index(b"finish_reason"), 3: len(body) - 20}[keep]
    provider.gives(Answer([body[:cut]], "text/event-stream"))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        assert client.post(PATH, json={**ASKED, "stream": True}).content == body[:cut]
    assert outcome(calls) == [CUT]


def test_claude_s_stream_that_ends_within_an_event(http, tracker, provider, calls):
    """It has stated the prompt: 1000 x 3e-6 + 1 x 15e-6 at least."""
    body = b"".join(events(CLAUDE_EVENTS, named=True, done=False).pieces)
    provider.gives(Answer([body[: body.index(b"end_turn")]], "text/event-stream"))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        client.post("/v1/messages", json={**ASK_CLAUDE, "stream": True})
    assert outcome(calls) == [("maybe_billed", 0.003015)]


def test_a_header_in_capitals(http, tracker, provider, calls):
    """Types of content are written in any case."""
    provider.gives(Answer(events(STREAM).pieces, "Text/Event-Stream"))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        client.post(PATH, json={**ASKED, "stream": True})
    assert outcome(calls) == [ONE]


def test_a_loop_that_ends_before_an_async_handler(provider, given):
    """Beside the call it is begun in the loop, which breaks it off: it is counted as dropped, and the call is not."""
    tracker = llmcost.Tracker(handlers="thread")
    begun = threading.Event()

    async def handler(*rest):
        begun.set()
        await asyncio.sleep(60)

    tracker.success.append(handler)
    provider.gives(whole(CHAT))

    async def main():
        async with tracker.track(optional("openai").AsyncOpenAI(**given)) as client:
            await client.chat.completions.create(**ASK)
            await asyncio.to_thread(begun.wait, 10)

    asyncio.run(main())
    assert tracker.flush(10)
    assert (tracker.stats()["priced"], tracker.stats()["dropped"], tracker.stats()["errors"]) == (1, 1, {})


# Functions.


def test_a_method_of_an_sdk(provider, tracker, calls, given):
    """One method alone, sync and async: the decorators of an SDK hide that it is a coroutine function."""
    openai = optional("openai")
    provider.gives(whole(CHAT))
    create = tracker.track(openai.OpenAI(**given).chat.completions.create)
    assert create(**ASK).usage.total_tokens == 1100
    assert outcome(calls) == [ONE]

    async def main():
        async with openai.AsyncOpenAI(**given) as client:
            asked = tracker.track(client.chat.completions.create)
            assert (await asked(**ASK)).usage.total_tokens == 1100
            provider.gives(events(CHUNKS))
            assert len([chunk async for chunk in await asked(**ASK_USAGE)]) == 3
            async with await asked(**ASK_USAGE) as stream:
                await stream.__anext__()

    asyncio.run(main())
    assert outcome(calls) == [ONE, ONE, CUT]


def test_methods_of_a_class(tracker, calls):
    """Of an instance, of a class and static, on either side of the decorator."""

    class Model:
        @tracker.track
        def ask(self):
            return CHAT

        @tracker.track
        @classmethod
        def above(cls):
            return CHAT if cls is Model else None

        @classmethod
        @tracker.track
        def below(cls):
            return CHAT if cls is Model else None

        @tracker.track
        @staticmethod
        def alone():
            return CHAT

    assert [Model().ask(), Model.above(), Model().below(), Model.alone()] == [CHAT] * 4
    assert outcome(calls) == [ONE] * 4


# Handlers.


def test_a_handler_that_calls_a_model_itself(tracker, provider, calls, given):
    """A judge that is called for every answer of another client is a call too."""
    openai = optional("openai")
    client, judge = tracker.track(openai.OpenAI(**given)), tracker.track(openai.OpenAI(**given))
    provider.gives(whole(CHAT))

    def grade(kwargs, *rest):
        if "judge" not in kwargs["call"].tags:
            with llmcost.context(tags=["judge"]):
                judge.chat.completions.create(**ASK)

    tracker.success.append(grade)
    client.chat.completions.create(**ASK)
    assert sorted(call.tags for call in calls) == [(), ("judge",)]


def test_what_a_handler_gets_is_plain(tracker, provider, calls, given):
    """A call is JSON-safe, whatever the metadata hold."""
    import datetime

    client = tracker.track(optional("openai").OpenAI(**given))
    provider.gives(whole(CHAT))
    with llmcost.context(metadata={"when": datetime.date(2026, 1, 2), "set": {1}, "nan": float("nan")}):
        client.chat.completions.create(**ASK)
    found = json.loads(json.dumps(calls[0].to_dict(), allow_nan=False))
    assert found["metadata"] == {"when": "2026-01-02", "set": [1], "nan": "nan"}


def test_many_threads_over_one_client(http, tracker, calls):
    """8 threads x 50 streams and answers, each with its own team."""
    pieces = events(STREAM).pieces

    class Pieces(http.SyncByteStream):
        def __iter__(self):
            yield from pieces

    def answer(request):
        return http.Response(200, headers={"content-type": "text/event-stream"}, stream=Pieces())

    client = tracker.track(http.Client(transport=http.MockTransport(answer), base_url="http://x"))

    def work(team):
        with llmcost.context(team=team):
            for _ in range(50):
                client.post(PATH, json={**ASKED, "stream": True})

    threads = [threading.Thread(target=work, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {team: sum(call.team == team for call in calls) for team in "01234567"} == dict.fromkeys("01234567", 50)
    assert {(call.status, call.response_cost) for call in calls} == {ONE}


def test_exceptions_are_the_same(http, provider, tracker):
    """Class, text, request and cause of what the host catches are those of an untracked client."""
    caught = []
    for track in (False, True):
        client = http.Client(base_url=provider.url, timeout=60)
        if track:
            tracker.track(client)
        for answer in (Answer([], hang=True), Answer([b"{"], cut=True), Answer([b"no gzip"], coding="gzip")):
            provider.gives(answer)
            with pytest.raises(http.HTTPError) as error:
                client.post(PATH, json=ASKED, timeout=http.Timeout(60, read=0.1 if answer.hang else 60))
            caught.append(
                (track, type(error.value), str(error.value), str(error.value.request.url), type(error.value.__cause__))
            )
        client.close()
    assert [row[1:] for row in caught[:3]] == [row[1:] for row in caught[3:]]


def test_a_stream_that_is_closed_twice(http, tracker, provider, calls):
    """It is settled once."""
    provider.gives(events(STREAM))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        response = client.send(client.build_request("POST", PATH, json={**ASKED, "stream": True}), stream=True)
        response.read()
        for _ in range(3):
            with contextlib.suppress(Exception):
                response.close()
    assert outcome(calls) == [ONE]
    assert USAGE["total_tokens"] == 1100
