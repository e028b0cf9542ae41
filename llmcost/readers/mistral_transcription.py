"""Mistral transcription: seconds of audio, beside the tokens that a chat would count too.

A model that is sold by the second alone bills the seconds. https://docs.mistral.ai/capabilities/audio
"""

from __future__ import annotations

from . import openai_chat
from .chunk_reader import LastChunkReader
from .fields import sub, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a transcript, or of the event that ends its stream.

    >>> usage = {"prompt_audio_seconds": 203, "prompt_tokens": 4, "completion_tokens": 635, "total_tokens": 3264}
    >>> read({"model": "voxtral-mini-latest", "text": "Hi", "usage": usage}).alternatives
    (({'input_audio_seconds': 203}, {'compute_seconds': 203}),)

    Raises:
        MissingUsageError: there is no usage.
        InconsistentUsageError: a counter is no count.
    """
    if sub(fields, "usage") is None:
        raise missing("this transcript", "Pass duration= (seconds of audio).")
    return openai_chat.READER.read(fields)


def recognises(fields: Fields) -> bool:
    """Return whether this is a transcript that counts seconds as Mistral does."""
    if fields.get("type") == "transcription.done":
        return True
    counters = sub(fields, "usage") if type(fields.get("text")) is str else None
    return counters is not None and "prompt_audio_seconds" in counters


def _event(chunk: Fields) -> Fields:
    """Return an event; the SDK wraps it with its name."""
    return (sub(chunk, "data") or chunk) if "event" in chunk else chunk


def _is_event(chunk: Fields) -> bool:
    kind = text(_event(chunk), "type")
    return kind is not None and kind.startswith("transcription.")


class _Stream(LastChunkReader):
    """The last event holds the usage."""

    def __init__(self) -> None:
        self._done: Fields = {}

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        event = _event(chunk)
        if event.get("type") == "transcription.done":
            self._done = event
            self.ended = True

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the transcript."""
        del ended  # without its last event a stream has no usage, which is an error
        return read(self._done)


# Before OpenAI's, which reads any text with a usage.
READER = Reader(
    "Mistral transcription",
    recognises,
    read,
    "the reader of chats reads its counters",
    chunk=_is_event,
    stream=_Stream,
    rank=40,
)
