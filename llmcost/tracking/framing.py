"""Framing: where one event of a stream of bytes ends and the next begins."""

from __future__ import annotations

import json
from base64 import b64decode
from struct import unpack_from
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

# What ends a stream and is no event: OpenAI's last line, which many have taken over.
_DONE = b"[DONE]"


class Framing(Protocol):
    """Cuts a stream of bytes into events.

    Attributes:
        done: whether the stream has said that nothing more comes.
    """

    done: bool

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the JSON of each event that is whole by now."""

    def rest(self) -> Iterator[bytes]:
        """Yield the last event, where nothing but the end of the stream ends it."""


class ServerSentEvents:
    """Events whose lines begin with ``data:``, each ended by an empty line.

    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """

    def __init__(self) -> None:
        self.done = False
        self._rest = b""
        self._lines: list[bytes] = []

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the data of each event that is whole by now."""
        text = self._rest + data
        if b"\r" in text:
            # A piece may end between the two characters that end a line.
            held = b"\r" if text.endswith(b"\r") else b""
            text = text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        else:
            held = b""
        *lines, rest = text.split(b"\n")
        self._rest = rest + held
        for line in lines:
            yield from self._line(line)

    def _line(self, line: bytes) -> Iterator[bytes]:
        if line.startswith(b"data:"):
            self._lines.append(line[6:] if line.startswith(b"data: ") else line[5:])
        elif not line and self._lines:
            event = self._lines[0] if len(self._lines) == 1 else b"\n".join(self._lines)
            self._lines = []
            if event.startswith(_DONE):
                self.done = True
            elif event:
                yield event

    def rest(self) -> Iterator[bytes]:
        """Yield the last event, if the empty line after it is missing."""
        yield from self._line(self._rest.rstrip(b"\r"))
        self._rest = b""
        yield from self._line(b"")


class Lines:
    """One JSON value a line."""

    def __init__(self) -> None:
        self.done = False
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each line that is whole by now."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.strip():
                yield line

    def rest(self) -> Iterator[bytes]:
        """Yield the last line, which nothing ends."""
        line, self._rest = self._rest, b""
        if line.strip():
            yield line


class AmazonEvents:
    """Amazon's binary frames: lengths, headers, a JSON payload, a checksum.

    An event of InvokeModel holds the model's own event as base64; one of Converse is named by a header.
    https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
    """

    def __init__(self) -> None:
        self.done = False
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the JSON of each frame that is whole by now."""
        text, start = self._rest + data, 0
        while len(text) - start >= 12:
            length, headers = unpack_from(">II", text, start)
            if length < 16 or headers > length - 16:
                raise ValueError("a frame of an event stream contradicts itself")
            if len(text) - start < length:
                break
            name = _names(text[start + 12 : start + 12 + headers])
            payload = text[start + 12 + headers : start + length - 4]
            start += length
            yield _event(name, payload)
        self._rest = text[start:]

    def rest(self) -> Iterator[bytes]:
        """Yield nothing: a frame that is cut has no end."""
        yield from ()


def _names(block: bytes) -> str:
    """Return the name of an event or an exception, which stands in a header of text."""
    place = 0
    while place < len(block):
        size = block[place]
        name, kind = block[place + 1 : place + 1 + size], block[place + 1 + size]
        place += 2 + size
        if kind != 7:
            break
        (size,) = unpack_from(">H", block, place)
        value = block[place + 2 : place + 2 + size]
        place += 2 + size
        if name in {b":event-type", b":exception-type"}:
            return value.decode()
    return ""


def _event(name: str, payload: bytes) -> bytes:
    if name == "chunk":
        return b64decode(json.loads(payload)["bytes"])
    return b"{" + json.dumps(name).encode() + b":" + (payload or b"{}") + b"}"


# Content type -> how its events are framed.
FRAMINGS: dict[str, type[Framing]] = {
    "text/event-stream": ServerSentEvents,
    "application/x-ndjson": Lines,
    "application/ndjson": Lines,
    "application/jsonl": Lines,
    "application/x-jsonlines": Lines,
    "application/stream+json": Lines,
    "application/vnd.amazon.eventstream": AmazonEvents,
}
