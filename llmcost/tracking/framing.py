"""Framing: where one event of a stream of bytes ends and the next begins."""

from __future__ import annotations

import json
from base64 import b64decode
from itertools import accumulate
from struct import error, unpack_from
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Marks = tuple[bytes | tuple[bytes, ...], ...]
    Tells = Callable[[], Marks]

# What ends a stream and is no event: OpenAI's last line, which many have taken over.
_DONE = b"[DONE]"
_DONE_LINES = (b"data: [DONE]", b"data:[DONE]")


_DIGITS = b"0123456789"


class SameNames(bytes):
    """A text before an object whose names count, and not their numbers.

    Of the events that have the same names there, only the last is needed: ``"usage": {"input": 1}`` is replaced by a
    later ``"usage": {"input": 2}``, and not by ``"usage": {"output": 2}``.
    """

    __slots__ = ()


class DamagedStreamError(ValueError):
    """Bytes that cannot be cut into events: where the next one begins is not known."""


class Framing(Protocol):
    """Cuts a stream of bytes into events.

    Attributes:
        done: whether the stream has said that nothing more comes.
    """

    done: bool

    def feed(self, data: bytes, tells: Tells) -> Iterator[bytes]:
        """Yield the JSON of each event that is whole by now.

        ``tells`` returns the texts by which an event that can change the usage is known; nothing while they are not
        known. Once they are, these events are yielded:

        - every event that holds a text;
        - of the events that hold any of the texts of a tuple, the last;
        - of the events that hold a text of ``SameNames``, the last with each set of names in the object behind it.

        Other events may be left out. The last event of all is kept for ``last``.
        """

    def last(self) -> Iterator[bytes]:
        """Yield the last event that has arrived whole, if ``feed`` has left it out."""

    def rest(self) -> Iterator[bytes]:
        """Yield the last event of a stream that breaks off before the end of that event is written."""


class ServerSentEvents:
    """Events whose lines begin with ``data:``, each ended by an empty line.

    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """

    def __init__(self) -> None:
        self.done = False
        self._rest = self._last = b""

    def feed(self, data: bytes, tells: Tells = tuple) -> Iterator[bytes]:
        """Yield the data of each event that is whole by now; see ``Framing.feed``."""
        text = self._rest + data if self._rest else data
        held = b""
        if b"\r" in text:
            # A piece may end between the two characters that end a line.
            held = b"\r" if text.endswith(b"\r") else b""
            text = text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        start, marks = 0, tells()
        while not marks and (end := text.find(b"\n\n", start)) >= 0:
            yield from self._event(text[start:end])
            start, marks = end + 2, tells()
        if marks and (last := text.rfind(b"\n\n", start)) >= 0:
            # Most of a long stream is text without counters: a search in all of it at once is fastest.
            found = _around(text, start, last + 2, (*marks, _DONE_LINES))
            for begin in sorted(found):
                yield from self._event(text[begin : found[begin]])
            self._last = _last_of(text, start, last, found, self._last)
            start = last + 2
        self._rest = text[start:] + held

    def _event(self, event: bytes) -> Iterator[bytes]:
        if b"\n" not in event and event.startswith(b"data: "):
            found = event[6:]
        else:
            lines = [line[5:].removeprefix(b" ") for line in event.split(b"\n") if line.startswith(b"data:")]
            found = b"\n".join(lines)
        if found.startswith(_DONE):
            self.done = True
        elif found:
            yield found

    def last(self) -> Iterator[bytes]:
        """Yield the last event that is whole, if it was left out."""
        last, self._last = self._last, b""
        yield from self._event(last)

    def rest(self) -> Iterator[bytes]:
        """Yield the last event, if the empty line after it is missing."""
        rest, self._rest = self._rest.replace(b"\r", b"\n"), b""
        yield from self._event(rest.strip(b"\n"))


def _around(text: bytes, start: int, last: int, marks: Marks) -> dict[int, int]:
    """Return where the events of a text begin, and end, in which one of the marks stands."""
    found = {}
    for mark in marks:
        if isinstance(mark, tuple):
            place = -1
            for spelling in mark:
                # From the end: the one that counts is near it.
                place = max(place, text.rfind(spelling, max(start, place), last))
            if place >= 0:
                found[_begin(text, start, place)] = text.find(b"\n\n", place)
            continue
        if isinstance(mark, SameNames):
            for place in _same_names(text[start:last], mark):
                found[_begin(text, start, start + place)] = text.find(b"\n\n", start + place)
            continue
        place = text.find(mark, start, last)
        while place >= 0:
            # Two marks of one event find it twice.
            end = text.find(b"\n\n", place)
            found[_begin(text, start, place)] = end
            place = text.find(mark, end, last)
    return found


def _same_names(text: bytes, mark: bytes) -> list[int]:
    """Return where a mark stands. Of events whose objects behind it differ in digits alone, the last one counts."""
    place = text.rfind(mark)
    if place < 0 or text.find(mark, 0, place) < 0:
        return [place] if place >= 0 else []
    _, *behind = text.translate(None, _DIGITS).split(mark)
    opened = mark.count(b"{")
    last: dict[bytes, int] = {}
    names_of_last = b""
    for number, piece in enumerate(behind):
        # Most events of a stream have the names of the one before.
        if not names_of_last or not piece.startswith(names_of_last):
            names_of_last = _object(piece, opened)
        last[names_of_last or piece.partition(b"\n\n")[0]] = number
    if len(last) == 1:
        return [place]
    ends = list(accumulate(map(len, text.split(mark))))
    return [ends[number] + number * len(mark) for number in last.values()]


def _object(text: bytes, opened: int) -> bytes:
    """Return a text up to the end of its first object; ``opened`` of its braces stand before the text."""
    end = 0
    while (brace := text.find(b"}", end)) >= 0:
        opened += text.count(b"{", end, brace) - 1
        end = brace + 1
        if opened <= 0:
            return text[:end]
    return b""


def _begin(text: bytes, start: int, place: int) -> int:
    """Return where the event begins in which a place is."""
    begin = text.rfind(b"\n\n", start, place)
    return start if begin < 0 else begin + 2


def _last_of(text: bytes, start: int, last: int, reported: dict[int, int], earlier: bytes) -> bytes:
    """Return the last event of a text if it was not found; the earlier one where the text only ends the stream."""
    begin = _begin(text, start, last)
    while text.startswith(_DONE_LINES, begin):
        if begin == start:
            return earlier
        last = begin - 2
        begin = _begin(text, start, last)
    return b"" if begin in reported else text[begin:last]


class Lines:
    """One JSON value a line."""

    def __init__(self) -> None:
        self.done = False
        self._rest = b""

    def feed(self, data: bytes, tells: Tells) -> Iterator[bytes]:
        """Yield each line that is whole by now."""
        del tells
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.strip():
                yield line

    def last(self) -> Iterator[bytes]:
        """Yield nothing: no line was left out."""
        yield from ()

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

    def feed(self, data: bytes, tells: Tells) -> Iterator[bytes]:
        """Yield the JSON of each frame that is whole by now.

        Raises DamagedStreamError if a frame contradicts itself, or holds no event.
        """
        del tells
        text, start = self._rest + data, 0
        while len(text) - start >= 12:
            length, headers = unpack_from(">II", text, start)
            if length < 16 or headers > length - 16:
                raise DamagedStreamError
            if len(text) - start < length:
                break
            payload = text[start + 12 + headers : start + length - 4]
            try:
                event = _event(_names(text[start + 12 : start + 12 + headers]), payload)
            except (ValueError, LookupError, TypeError, RecursionError, error) as damage:
                raise DamagedStreamError from damage
            start += length
            yield event
        self._rest = text[start:]

    def last(self) -> Iterator[bytes]:
        """Yield nothing: no frame was left out."""
        yield from ()

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
