"""HTTP/2: what a client reads over it is seen and priced as over HTTP/1.1."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.sdks import optional
from tests.servers.http2 import Http2
from tests.servers.provider import events
from tests.tracking.test_transport import ASKED, CHAT, LIBRARIES, PATH, STREAM

ONE = ("priced", 0.0035)


@pytest.fixture(params=LIBRARIES)
def http(request):
    """One of the two libraries, with what HTTP/2 needs."""
    optional("h2")
    return pytest.importorskip(request.param)


@pytest.fixture
def serve():
    """Return a function that starts a server."""
    servers = []

    def start(pieces, content_type):
        servers.append(Http2(pieces, content_type))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.mark.parametrize("kind", ["json", "stream"])
def test_sync(http, serve, tracker, calls, kind):
    """1000 x 2.5e-6 + 100 x 10e-6 = 0.0035 USD, twice over one connection."""
    stream = kind == "stream"
    answer = events(STREAM)
    server = serve(
        answer.pieces if stream else [json.dumps(CHAT).encode()], answer.content_type if stream else "application/json"
    )
    with http.Client(base_url=server.url, http1=False, http2=True) as client:
        tracker.track(client)
        for _ in range(2):
            response = client.post(PATH, json={**ASKED, "stream": stream})
            assert response.http_version == "HTTP/2"
            assert response.content == b"".join(server.pieces)
    assert [json.loads(body)["model"] for body in server.asked] == ["gpt-4o"] * 2
    assert [(call.status, call.response_cost) for call in calls] == [ONE, ONE]


def test_async(http, serve, tracker, calls):
    """Two calls at once over one connection."""
    server = serve(events(STREAM).pieces, "text/event-stream")

    async def main():
        async with http.AsyncClient(base_url=server.url, http1=False, http2=True) as client:
            tracker.track(client)
            await asyncio.gather(*(client.post(PATH, json={**ASKED, "stream": True}) for _ in range(2)))

    asyncio.run(main())
    assert [(call.status, call.response_cost) for call in calls] == [ONE, ONE]
