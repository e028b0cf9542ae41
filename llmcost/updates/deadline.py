"""A deadline for a whole request: connecting, the headers, redirects and the body together.

The timeout of a socket is one for each read, so that a server which sends a byte a second never runs into it.
"""

from __future__ import annotations

from http.client import HTTPConnection, HTTPSConnection
from io import BufferedReader, RawIOBase
from time import monotonic
from urllib.request import HTTPHandler, HTTPSHandler

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from typing import Any


def handlers(seconds: float) -> tuple[HTTPHandler, HTTPSHandler]:
    """Return what opens plain and secure addresses until a deadline from now on.

    What takes longer raises TimeoutError, which is an OSError.
    """
    ends = monotonic() + seconds

    def left(timeout: float) -> float:
        rest = ends - monotonic()
        if rest <= 0:
            raise TimeoutError(f"it takes longer than {seconds:.0f} s")
        return min(timeout, rest)

    class Plain(HTTPConnection):
        def connect(self) -> None:
            timeout = self.timeout = left(_seconds(self.timeout))
            super().connect()
            self.sock: Any = _Timed(self.sock, timeout, left)

    class Secure(Plain, HTTPSConnection):
        """After ``connect`` of Plain comes that of HTTPSConnection."""

    class PlainHandler(HTTPHandler):
        def http_open(self, req: Any) -> Any:
            return self.do_open(Plain, req)

    class SecureHandler(HTTPSHandler):
        def https_open(self, req: Any) -> Any:
            return self.do_open(Secure, req)

    return PlainHandler(), SecureHandler()


def _seconds(timeout: object) -> float:
    return timeout if isinstance(timeout, (int, float)) else 60.0


class _Timed:
    """A socket whose every read has at most the time that is left."""

    def __init__(self, sock: socket.socket, timeout: float, left: Callable[[float], float]) -> None:
        self._sock, self._timeout, self._left = sock, timeout, left

    def makefile(self, *_: Any, **__: Any) -> BufferedReader:
        """Return the answer as a file; an answer is only read."""
        return BufferedReader(_Reads(self._sock, self._timeout, self._left))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Reads(RawIOBase):
    def __init__(self, sock: socket.socket, timeout: float, left: Callable[[float], float]) -> None:
        self._raw = sock.makefile("rb", buffering=0)
        self._sock, self._timeout, self._left = sock, timeout, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._left(self._timeout))
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            self._left(self._timeout)  # raises, if it was the deadline
            raise

    def close(self) -> None:
        self._raw.close()
        super().close()
