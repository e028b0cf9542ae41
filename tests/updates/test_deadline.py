"""The deadline of a request over a secure line: the same as over a plain one."""

from __future__ import annotations

import ssl
import threading
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from llmcost.updates import deadline
from tests.servers.files import dripping


@pytest.fixture
def secure(server, monkeypatch):
    """The address of the local server as a secure one: what would encrypt passes everything on as it is."""
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda _, sock, **__: sock)
    return server.url.replace("http://", "https://")


def test_a_whole_answer_comes_in_time(server, secure):
    """It is read to its end."""
    server.answers["/map.json"] = b"x" * 100_000
    with build_opener(ProxyHandler({}), *deadline.handlers(60)).open(secure + "map.json", timeout=30) as answer:
        assert answer.read() == b"x" * 100_000


def test_byte_by_byte_ends_at_the_deadline(server, secure):
    """Each byte comes within its own 30 seconds, and the answer would never end."""
    stop = threading.Event()
    server.answers["/map.json"] = dripping(stop)
    opener = build_opener(ProxyHandler({}), *deadline.handlers(0.3))

    def fetch():
        with opener.open(secure + "map.json", timeout=30) as answer:
            return answer.read()

    try:
        with pytest.raises(OSError, match="takes longer than 0 s"):
            fetch()
    finally:
        stop.set()


def test_nothing_is_asked_after_the_deadline():
    """No line is opened at all."""
    _, handler = deadline.handlers(0)
    wanted = Request("https://127.0.0.1:9/")
    wanted.timeout = 1
    with pytest.raises(OSError, match="takes longer than 0 s"):
        handler.https_open(wanted)
