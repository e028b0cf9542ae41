"""Serving: the live page of a log, on this machine alone, for whoever has its address.

The address holds a random token. Without it, under another name of the host, and from a page of another origin nothing
is answered but 403.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING

from .page import as_data, page_of, policy_of_live

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

HOST = "127.0.0.1"


class PageServer(ThreadingHTTPServer):
    """The server of a live page.

    Args:
        report: gives what the page shows now.
        port: 0 for one that is free.
        mark: gives a text that is another one after every change of that; without it every request asks anew.

    Attributes:
        address: of the page, with its token.
    """

    daemon_threads = True

    def __init__(
        self, report: Callable[[], dict[str, Any]], port: int = 0, *, mark: Callable[[], str] | None = None
    ) -> None:
        super().__init__((HOST, port), _Handler)
        self._report, self._mark = report, mark
        # Several readers of one state share what was made for the first of them.
        self._making = Lock()
        self._made: tuple[str, str, str] | None = None
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        self.path = f"/{token_urlsafe(24)}/"
        self.address = f"http://{HOST}:{self.server_port}{self.path}"

    def data(self) -> tuple[str, str]:
        """Return what the page shows now, as JSON, and a tag of its content."""
        with self._making:
            # Asked before the log is read: what is stored meanwhile makes the next mark another one.
            mark = "" if self._mark is None else self._mark()
            if self._made is None or not mark or self._made[0] != mark:
                report = self._report()
                # The time at which it was made is no change.
                undated = as_data({**report, "made": ""})
                self._made = mark, as_data(report), f'"{sha256(undated.encode()).hexdigest()[:32]}"'
            return self._made[1:]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    timeout = 10

    def do_GET(self) -> None:
        """Answer with the page or its data."""
        if not self._may_read():
            self._refuse()
        elif self.path == self.server.path:
            self._answer(page_of(None), "text/html; charset=utf-8", [("Content-Security-Policy", policy_of_live())])
        elif self.path == f"{self.server.path}data.json":
            self._answer_data()
        else:
            self._refuse()

    def _may_read(self) -> bool:
        """Whether the request has the token, names this host, and comes from no other page."""
        headers = self.headers
        hosts, origins = headers.get_all("Host", []), headers.get_all("Origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.server.names:
            return False
        if any(origin != f"http://{hosts[0].lower()}" for origin in origins):
            return False
        if headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
            return False
        given = self.path[: len(self.server.path)].encode("utf-8", "replace")
        return hmac.compare_digest(given, self.server.path.encode())

    def _answer_data(self) -> None:
        text, tag = self.server.data()
        if self.headers.get("If-None-Match") == tag:
            self.send_response_only(304)
            self.end_headers()
            return
        self._answer(text, "application/json", [("ETag", tag)])

    def _answer(self, text: str, kind: str, more: list[tuple[str, str]]) -> None:
        body = text.encode()
        self.send_response_only(200)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            *more,
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self) -> None:
        self.send_response_only(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request of another kind, or bytes that are no request, as a request without the token."""
        del code, message, explain
        self.request_version = "HTTP/1.0"
        self.close_connection = True
        self._refuse()

    def log_message(self, format: str, *args: object) -> None:
        """Write no line for a request: its path is the token."""
