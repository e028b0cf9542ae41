"""Asking: a stream of OpenAI's completions states its usage where the request asks for it.

``include_usage="ask"`` asks in the caller's place where the caller says nothing, and keeps from it the chunk that
comes because of it: it has no choices, and ``chunk.choices[0]`` on it would fail.
https://platform.openai.com/docs/api-reference/chat/create#chat_create-stream_options
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .decoding import decoders
from .framing import ServerSentEvents
from .json_text import value_of

if TYPE_CHECKING:
    from .decoding import Decoder


def asking(request: Any) -> Any:
    """Return a copy of a request that also asks for the usage of its stream.

    None where that is not to be done: it is no stream of OpenAI's completions, or the caller has set ``include_usage``.
    The caller's own request is left as it is.
    """
    content = getattr(request, "_content", None)
    if request.method != "POST" or not request.url.path.endswith("/completions") or not content:
        return None
    # Most requests are no streams: their text needs no parsing.
    if b'"stream"' not in content:
        return None
    try:
        body = value_of(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or body.get("stream") is not True:
        return None
    options = body.get("stream_options")
    if options is not None and (not isinstance(options, dict) or "include_usage" in options):
        return None
    body["stream_options"] = {**(options or {}), "include_usage": True}
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() not in _OF_THE_BODY]
    return type(request)(
        request.method,
        request.url,
        headers=headers,
        content=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        extensions=request.extensions,
    )


# Headers that describe the body: the new body needs them anew.
_OF_THE_BODY = frozenset({"content-length", "transfer-encoding"})


class Hiding:
    """Takes the usage chunk out of a stream whose caller did not ask for it.

    Args:
        coding: the content coding of the stream. What is given back is decoded.
    """

    def __init__(self, coding: str) -> None:
        self._decoders: list[Decoder] = decoders(coding)
        self._held = b""

    def take(self, piece: bytes) -> bytes:
        """Return what the caller gets of a piece: all events that are whole by now."""
        for decoder in self._decoders:
            piece = decoder.decode(piece)
        self._held += piece
        found = []
        while True:
            end = _end(self._held)
            if not end:
                break
            event, self._held = self._held[:end], self._held[end:]
            if not _is_extra(event):
                found.append(event)
        return b"".join(found)

    def rest(self) -> bytes:
        """Return what is left when the stream has ended."""
        held, self._held = self._held, b""
        return b"" if _is_extra(held) else held


def _end(text: bytes) -> int:
    """Return where the first event of a text ends, behind its empty line; 0 if it does not end yet."""
    ends = [place + len(mark) for mark in (b"\n\n", b"\r\n\r\n", b"\r\r") if (place := text.find(mark)) >= 0]
    return min(ends, default=0)


def _is_extra(event: bytes) -> bool:
    """Return whether an event is a chunk without choices that states the usage."""
    if b'"usage"' not in event:
        return False
    lines = ServerSentEvents()
    for data in (*lines.feed(event), *lines.rest()):
        try:
            chunk = value_of(data)
        except (ValueError, RecursionError):
            return False
        return isinstance(chunk, dict) and chunk.get("choices") == [] and bool(chunk.get("usage"))
    return False
