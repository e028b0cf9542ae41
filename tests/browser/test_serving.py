"""The live page: who may read it, and that it follows the log."""

from __future__ import annotations

import http.client
import socket
from threading import Thread
from urllib.parse import urlsplit

import pytest

from llmcost.spend.serving import PageServer
from tests.browser.conftest import START
from tests.spend.calls import cost


@pytest.fixture
def server(log):
    """A server of a log with one call."""
    log.record(cost(), id="a", team="payroll", at=START)
    log.drain()
    with PageServer(log.report) as found:
        thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def ask(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.read(), dict(answer.getheaders())
    connection.close()
    return found


def test_with_the_token(server):
    """The page, its data, and nothing to be kept by a cache."""
    status, body, headers = ask(server, server.path)
    assert (status, b"LLM spend" in body, headers["Cache-Control"]) == (200, True, "no-store")
    assert b"payroll" not in body
    assert "connect-src 'self'" in headers["Content-Security-Policy"]
    stated = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    assert stated.items() <= headers.items()
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    status, body, headers = ask(server, f"{server.path}data.json")
    assert (status, b'"cost":"0.0028"' in body) == (200, True)
    assert ask(server, f"{server.path}data.json", If_None_Match=headers["ETag"])[0] == 304
    assert ask(server, server.path, Host=f"localhost:{server.server_port}")[0] == 200


def test_who_may_not_read(server):
    """No token, a wrong one, part of one, another host, another origin, another method: 403 and nothing else."""
    port, path = server.server_port, server.path
    wrong = path[:-2] + ("A" if path[-2] != "A" else "B") + "/"
    for given in (
        ("/",),
        ("/data.json",),
        (wrong,),
        (f"{wrong}data.json",),
        (path[:-1],),
        (f"{path}other",),
        (f"{path}../data.json",),
    ):
        assert ask(server, *given) == (403, b"", {"Content-Length": "0"}), given
    for headers in (
        {"Host": f"evil.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Host": f"127.0.0.1.evil.example:{port}"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://localhost:{port}"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ):
        assert ask(server, f"{path}data.json", **headers) == (403, b"", {"Content-Length": "0"}), headers
    for method in ("POST", "PUT", "OPTIONS", "HEAD", "DELETE"):
        assert ask(server, path, method) == (403, b"", {"Content-Length": "0"}), method


@pytest.mark.parametrize(
    "line",
    [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET " + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"],
    ids=range(3),
)
def test_what_is_no_request(server, line):
    """It gets no page either, and no version of anything."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        connection.sendall(line)
        answer = b""
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except ConnectionResetError:
            pass
    assert answer in {b"", b"HTTP/1.0 403 Forbidden\r\nContent-Length: 0\r\n\r\n"}


def test_only_this_machine(server):
    """It listens on the loopback address alone."""
    assert server.server_address[0] == "127.0.0.1"
    assert urlsplit(server.address).hostname == "127.0.0.1"
    assert len(server.path) == 34


@pytest.mark.browser
def test_it_follows_the_log(server, show, log):
    """A call that comes is on the page, without a reload."""
    page = show(address=server.address)
    assert page.locator("#tiles .big").nth(1).inner_text() == "1"
    log.record(cost(), id="b", team="support", at=START)
    log.drain()
    page.wait_for_selector("#tiles > div:nth-child(2) .big >> text=2")
    assert "support" in page.locator("#table").inner_text()


def test_a_log_that_has_not_changed_is_not_read_again(log):
    """Three polls, and three more after a call was stored: two reports, the second with the call."""
    made = []

    def report():
        made.append(True)
        return log.report()

    log.record(cost(), id="a", at=START)
    log.drain()
    with PageServer(report, mark=log.mark) as server:
        first = [server.data() for _ in range(3)]
        log.record(cost(), id="b", at=START)
        log.drain()
        then = [server.data() for _ in range(3)]
    assert len(made) == 2
    assert len({*first}) == len({*then}) == 1
    assert '"cost":"0.0028"' in first[0][0]
    assert '"cost":"0.0056"' in then[0][0]
    assert first[0][1] != then[0][1]
