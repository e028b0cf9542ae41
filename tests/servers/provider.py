"""A provider: it gives the answers that a test has put up, whole, in pieces, coded, broken off or never."""

from __future__ import annotations

import gzip
import json
import threading
import zlib

import pytest

from tests.servers.local import Handler, Local


def coded(data, coding):
    """Return bytes in a content coding; the test is skipped without its package."""
    if coding == "gzip":
        return gzip.compress(data)
    if coding == "deflate":
        return zlib.compress(data)
    if coding == "br":
        return pytest.importorskip("brotli").compress(data)
    if coding == "zstd":
        return pytest.importorskip("zstandard").compress(data)
    return data


class Answer:
    """What is sent: a status, headers, the body in pieces.

    ``cut`` breaks the connection off after them, ``stall`` sends nothing more, and ``hang`` nothing at all.
    """

    def __init__(
        self,
        pieces,
        content_type="application/json",
        *,
        status=200,
        coding="",
        location="",
        cut=False,
        hang=False,
        stall=False,
    ):
        self.pieces, self.content_type, self.status = pieces, content_type, status
        self.coding, self.location = coding, location
        self.cut, self.hang, self.stall = cut, hang, stall


def whole(value, **how):
    """Return an answer of JSON."""
    return Answer([coded(json.dumps(value).encode(), how.get("coding"))], **how)


def events(chunks, *, done=True, named=False, keep=None, **how):
    """Return a stream of server-sent events; ``keep`` is how many of them are sent before it is cut off."""
    lines = [
        (f"event: {chunk['type']}\n" if named else "").encode() + b"data: " + json.dumps(chunk).encode() + b"\n\n"
        for chunk in chunks
    ]
    if done:
        lines.append(b"data: [DONE]\n\n")
    if how.get("coding"):
        lines = [coded(b"".join(lines), how["coding"])]
    return Answer(lines[:keep], "text/event-stream", cut=keep is not None, **how)


class Provider(Local):
    """``answers`` are given in turn, the last again and again; ``requests`` are what it was asked."""

    def __init__(self):
        self.answers, self.requests, self.over = [], [], threading.Event()
        provider = self

        class Answering(Handler):
            def give(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                provider.requests.append((self.command, self.path, dict(self.headers), body))
                answers = provider.answers
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if answer.hang:
                    provider.over.wait(60)
                    self.close_connection = True
                    return
                try:
                    self.answer(answer)
                except OSError:
                    # The client reads no further.
                    self.close_connection = True

            do_GET = do_POST = give  # noqa: N815 - the names that the base class looks for

            def answer(self, answer):
                self.send_response(answer.status)
                self.send_header("content-type", answer.content_type)
                if answer.status == 429:
                    # A client that tries again waits no longer than that.
                    self.send_header("retry-after-ms", "1")
                if answer.coding:
                    self.send_header("content-encoding", answer.coding)
                if answer.location:
                    self.send_header("location", answer.location)
                if answer.status == 204:
                    self.end_headers()
                    return
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                for piece in filter(None, answer.pieces):
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                    self.wfile.flush()
                if answer.stall:
                    provider.over.wait(60)
                if answer.cut or answer.stall:
                    self.close_connection = True
                else:
                    self.wfile.write(b"0\r\n\r\n")

        super().__init__(Answering)

    def gives(self, *answers):
        """Put up answers."""
        self.answers, self.requests[:] = list(answers), []

    def close(self):
        self.over.set()
        super().close()
