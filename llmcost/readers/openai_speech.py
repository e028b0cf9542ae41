"""OpenAI speech as events (``stream_format="sse"``): text in, audio out.

The plain response is audio bytes without any usage: give ``characters=`` (or ``duration=``) and the model instead.
https://platform.openai.com/docs/api-reference/audio/speech-audio-done-event
"""

from __future__ import annotations

from ..core.usage import Usage
from .chunk_reader import LastChunkReader
from .fields import count, sub, text, whole_number
from .reader import Block, Reader, missing, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_BLOCK = Block("input_tokens", "output_tokens", ignored={"total_tokens": "the sum of the two"})


def read(fields: Fields) -> Usage:
    """Return the usage of the event that ends the audio.

    >>> read({"type": "speech.audio.done", "usage": {"input_tokens": 14, "output_tokens": 101}}).quantities
    {'input': 14, 'output_audio': 101}

    Raises:
        MissingUsageError: the tokens are not stated.
        InconsistentUsageError: a counter is no count.
    """
    counters = sub(fields, "usage")
    if counters is None or counters.get("input_tokens") is None or counters.get("output_tokens") is None:
        raise missing("this speech", "Pass characters= of the text that was spoken.")
    spoken, heard = (
        whole_number("input_tokens", counters["input_tokens"]),
        whole_number("output_tokens", counters["output_tokens"]),
    )
    quantities = {"input": spoken, "output_audio": heard}
    usage = Usage.of(quantities, spoken, "speech", {})
    usage.notes = refuse_total_alone("total_tokens", count(counters, "total_tokens"), spoken + heard)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is the event that ends the audio."""
    return fields.get("type") == "speech.audio.done"


def _is_event(fields: Fields) -> bool:
    kind = text(fields, "type")
    return kind is not None and kind.startswith("speech.audio.")


def _read_last(event: Fields) -> Usage:
    if not event:
        raise missing("this stream, which broke off before the audio was done,", "Pass characters= instead.")
    return read(event)


def _last(event: Fields) -> Fields | None:
    """Return the event that ends the audio, which states the usage."""
    return event if recognises(event) else None


READER = Reader(
    "OpenAI Speech",
    recognises,
    read,
    {"usage": _BLOCK},
    chunk=_is_event,
    stream=lambda: LastChunkReader(_read_last, _last),
    tells=("speech.audio.done",),
)
