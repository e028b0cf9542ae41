"""Deepgram: a transcript is billed by the seconds of its audio, for each channel that was transcribed apart.

A live one states them at its end, and has prices of its own. https://developers.deepgram.com/docs/multichannel
https://developers.deepgram.com/reference/speech-to-text/listen-streaming, https://deepgram.com/pricing
"""

from __future__ import annotations

from ..core.counts import checked, is_number
from ..core.exact import decimal_of, ratio
from ..core.notes import Note
from ..core.usage import Usage
from .chunk_reader import EndingReader
from .fields import count, items, quantity, sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the seconds of a transcript.

    >>> read({"metadata": {"duration": 61.5, "channels": 1}, "results": {"channels": [{}]}}).duration
    61.5

    Raises:
        MissingUsageError: the length of the audio is not stated.
        InconsistentUsageError: it is no number.
    """
    live = _is_end(fields)
    metadata = fields if live else sub(fields, "metadata") or {}
    if metadata.get("duration") is None:
        raise missing("this transcript", "Pass duration= (seconds of audio).")
    model = _model_of(metadata)
    # What is live is sold apart.
    sold = f"streaming/{model}" if live and model is not None else model
    facts = {"provider": "deepgram", "model": sold, "at": when(metadata, "created")}
    usage = Usage.of({}, 0, "transcription", facts)
    channels = count(fields, _APART) if live else len(items(sub(fields, "results") or {}, "channels"))
    seconds = usage.duration = quantity(metadata, "duration")
    if channels > 1:
        numerator, denominator = ratio(seconds)
        usage.duration = checked("duration", decimal_of(numerator * channels, denominator)[0])
        said = f"{channels} channels were transcribed; each of them is billed"
        usage.notes = (Note("several_media", said, "channels"),)
    return usage


def _model_of(metadata: Fields) -> str | None:
    """Return the family of the only model that is named, which is what is sold."""
    about = sub(metadata, "model_info") or {}
    families = {family for name in about if (family := text(sub(about, name) or {}, "arch")) is not None}
    return families.pop() if len(families) == 1 else None


def recognises(fields: Fields) -> bool:
    """Return whether this is a transcript of Deepgram, or the end of a live one."""
    if _is_end(fields):
        return True
    metadata, results = sub(fields, "metadata"), sub(fields, "results")
    if metadata is None or results is None:
        return False
    return "channels" in results and ("duration" in metadata or "request_id" in metadata)


# How many channels were transcribed apart, which only the results of a live transcript say.
_APART = "channels_apart"
_LIVE = frozenset({"Results", "Metadata", "SpeechStarted", "UtteranceEnd"})
_CHANNELS = ("channel", "channel_index", "channels")


def _is_end(fields: Fields) -> bool:
    return "channels" in fields and "duration" in fields and text(fields, "type") == "Metadata"


def _is_event(fields: Fields) -> bool:
    return any(name in fields for name in _CHANNELS) and text(fields, "type") in _LIVE


class _Stream(EndingReader):
    """The last event states the length of the audio."""

    def __init__(self) -> None:
        self._end: dict[str, object] = {}
        self._channels = 1

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        index = chunk.get("channel_index")
        if isinstance(index, (list, tuple)) and len(index) == 2 and is_number(index[1]):
            self._channels = max(self._channels, int(index[1]))
        if _is_end(chunk):
            self._end, self.ended = dict(chunk), True

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the transcript."""
        del ended  # without its last event a stream has no usage, which is an error
        if not self._end:
            raise missing("this live transcript, whose last event is not here,", "Pass duration= (seconds of audio).")
        return read({**self._end, _APART: self._channels})


# What a language model made of the text is sold by tokens, which nothing here reads.
# https://developers.deepgram.com/docs/text-intelligence
_ABOUT = ("metadata.summary_info", "metadata.topics_info", "metadata.intents_info", "metadata.sentiment_info")

READER = Reader(
    "Deepgram",
    recognises,
    read,
    {place: Block(ignored={"model_uuid": "a name"}, label=place) for place in _ABOUT},
    chunk=_is_event,
    stream=_Stream,
)
