"""Deepgram: a transcript is billed by the seconds of its audio, for each channel that was transcribed apart.

https://developers.deepgram.com/docs/multichannel
"""

from __future__ import annotations

from ..core.counts import checked
from ..core.exact import decimal_of, ratio
from ..core.notes import Note
from ..core.usage import Usage
from .fields import items, quantity, sub, text, when
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
    metadata = sub(fields, "metadata") or {}
    if metadata.get("duration") is None:
        raise missing("this transcript", "Pass duration= (seconds of audio).")
    facts = {"provider": "deepgram", "model": _model_of(metadata), "at": when(metadata, "created")}
    usage = Usage.of({}, 0, "transcription", facts)
    seconds, channels = quantity(metadata, "duration"), len(items(sub(fields, "results") or {}, "channels"))
    usage.duration = seconds
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
    """Return whether this is a transcript of Deepgram."""
    metadata, results = sub(fields, "metadata"), sub(fields, "results")
    if metadata is None or results is None:
        return False
    return "channels" in results and ("duration" in metadata or "request_id" in metadata)


# What a language model made of the text is sold by tokens, which nothing here reads.
# https://developers.deepgram.com/docs/text-intelligence
_ABOUT = ("metadata.summary_info", "metadata.topics_info", "metadata.intents_info", "metadata.sentiment_info")

READER = Reader(
    "Deepgram",
    recognises,
    read,
    {place: Block(ignored={"model_uuid": "a name"}, label=place) for place in _ABOUT},
)
