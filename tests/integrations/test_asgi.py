"""The middleware in FastAPI, with a tracked client inside: the header says what the calls of a request cost."""

from __future__ import annotations

import asyncio

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import events, whole
from tests.tracking.test_clients import ASK, CHAT, CHUNKS

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:Using `httpx`"),
]


@pytest.fixture
def let_go():
    return


@pytest.fixture
def calls():
    return []


@pytest.fixture
def http(provider, calls):
    """A client of an application that makes as many calls of a model as it is asked for."""
    fastapi = optional("fastapi")
    openai = optional("openai")
    from fastapi.responses import StreamingResponse
    from fastapi.testclient import TestClient

    from llmcost.integrations.asgi import CostMiddleware

    def keep(kwargs, *_):
        calls.append(kwargs["call"])

    tracker = llmcost.Tracker(success=[keep], failure=[keep])
    client = tracker.track(openai.AsyncOpenAI(api_key="x", base_url=f"{provider.url}/v1", max_retries=0))
    app = fastapi.FastAPI()
    app.add_middleware(CostMiddleware, tracker=tracker, user="x-user", team=lambda scope: scope["path"].strip("/"))

    @app.get("/ask")
    async def ask(times: int = 1, model: str = "gpt-4o"):
        made = [client.chat.completions.create(**{**ASK, "model": model}) for _ in range(times)]
        return len(await asyncio.gather(*made))

    @app.get("/stream")
    async def stream():
        async def words():
            found = await client.chat.completions.create(**ASK, stream=True, stream_options={"include_usage": True})
            async for chunk in found:
                yield chunk.id

        return StreamingResponse(words())

    with TestClient(app) as found:
        yield found


@pytest.mark.parametrize(("times", "header"), [(0, None), (1, "0.0035"), (2, "0.007"), (10, "0.035")])
def test_the_header(http, provider, times, header):
    """0.0035 USD a call, added up exactly; no header where there was none."""
    provider.gives(whole(CHAT))
    answer = http.get("/ask", params={"times": times})
    assert (answer.json(), answer.headers.get("x-llm-cost")) == (times, header)


def test_what_is_not_known(http, provider):
    """A model without a price costs something, and never nothing."""
    provider.gives(whole({**CHAT, "model": "my-own"}))
    assert http.get("/ask", params={"model": "my-own"}).headers["x-llm-cost"] == "unknown"


def test_on_whose_behalf(http, provider, calls):
    """The calls say whose they are, and of which request."""
    provider.gives(whole(CHAT))
    http.get("/ask", headers={"x-user": "u-17", "x-request-id": "r-1"})
    http.get("/ask")
    one, two = calls
    assert (one.team, one.user, one.metadata["request_id"]) == ("ask", "u-17", "r-1")
    assert two.user is None
    assert two.metadata["request_id"] not in {"r-1", ""}


def test_a_function_that_raises_leaves_nothing_behind():
    """A function that says whose a request is raises into the host, and the middleware keeps no list of its calls."""
    from llmcost.integrations.asgi import CostMiddleware

    def team(scope):
        raise KeyError(scope["path"])

    middleware = CostMiddleware(None, tracker=llmcost.Tracker(), team=team)
    with pytest.raises(KeyError):
        asyncio.run(middleware({"type": "http", "path": "/", "headers": []}, None, None))
    assert not middleware._open


def test_a_stream_has_begun_before_its_cost_is_known(http, provider, calls):
    """It has no header; the call is tracked, and counts in its request."""
    provider.gives(events(CHUNKS))
    answer = http.get("/stream", headers={"x-request-id": "r-2"})
    assert "x-llm-cost" not in answer.headers
    assert answer.text
    (call,) = calls
    assert (call.status, call.response_cost, call.metadata["request_id"]) == ("priced", 0.0035, "r-2")
