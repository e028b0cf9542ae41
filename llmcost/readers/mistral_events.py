"""Mistral's SDK wraps each chunk of a streamed chat, agent or code completion in an event with ``data``.

https://docs.mistral.ai/capabilities/completion
"""

from __future__ import annotations

from . import openai_chat
from .chunk_reader import ChunkReader
from .fields import sub
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def _chunk(event: Fields) -> Fields:
    """Return the chunk inside an event."""
    return sub(event, "data") or {}


def read(fields: Fields) -> Usage:
    """Return the usage of the last event alone.

    >>> chunk = {
    ...     "object": "chat.completion.chunk",
    ...     "choices": [],
    ...     "usage": {"prompt_tokens": 16, "completion_tokens": 34},
    ... }
    >>> read({"data": chunk}).quantities
    {'input': 16, 'output': 34}

    Raises:
        MissingUsageError: the event has no usage; only the last one does.
    """
    return openai_chat.READER.read(_chunk(fields))


def recognises(fields: Fields) -> bool:
    """Return whether this is an event around a chunk."""
    return "data" in fields and "choices" in _chunk(fields)


class _Stream(ChunkReader):
    """The stream of the chunks inside."""

    def __init__(self) -> None:
        assert openai_chat.READER.stream is not None  # noqa: S101 - a chat has streams
        self._inside = openai_chat.READER.stream()

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        self._inside.feed(_chunk(chunk))
        self.ended = self._inside.ended

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether the chunk inside begins another call."""
        return self._inside.begins_another(_chunk(chunk))

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the stream."""
        return self._inside.usage(ended=ended)


READER = Reader(
    "Mistral chat events",
    recognises,
    read,
    "it hands on the chunk inside",
    chunk=recognises,
    stream=_Stream,
    tells=openai_chat.READER.tells,
)
