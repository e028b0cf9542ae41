"""Mistral transcription: seconds of audio, beside the tokens that a chat would count too.

A model that is sold by the second alone bills the seconds. https://docs.mistral.ai/capabilities/audio
"""

from __future__ import annotations

from . import openai_chat
from .chunk_reader import LastChunkReader, event_in
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


def _is_event(chunk: Fields) -> bool:
    kind = text(event_in(chunk), "type")
    return kind is not None and kind.startswith("transcription.")


def _last(chunk: Fields) -> Fields | None:
    """Return the last event, which holds the usage."""
    event = event_in(chunk)
    return event if event.get("type") == "transcription.done" else None


# Before OpenAI's, which reads any text with a usage.
READER = Reader(
    "Mistral transcription",
    recognises,
    read,
    "the reader of chats reads its counters",
    chunk=_is_event,
    stream=lambda: LastChunkReader(read, _last),
    rank=40,
)
