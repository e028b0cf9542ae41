"""Transcripts of makers who state nothing but the length of the audio: ElevenLabs, Google Cloud and Soniox.

https://elevenlabs.io/docs/api-reference/speech-to-text/convert, https://soniox.com/docs/stt/api-reference
https://cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize
"""

from __future__ import annotations

from ..core.counts import checked
from ..core.exact import decimal_of, ratio
from ..core.usage import Usage
from ..errors import InconsistentUsageError, shown
from .fields import sub, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantity
    from .reader import Fields

# The key of the length, how many of its units are a second, what else the maker's answer has, and whose it is.
_KEYS = (
    ("audio_duration_secs", 1, "text", "elevenlabs"),
    ("audio_duration_ms", 1000, "status", "soniox"),
    ("totalBilledTime", 1, "results", ""),
    ("totalBilledDuration", 1, "results", ""),
)


def read(fields: Fields) -> Usage:
    """Return the seconds of a transcript.

    >>> read({"results": [], "totalBilledTime": "15s"}).duration
    15

    Raises:
        MissingUsageError: the length is not stated yet.
        InconsistentUsageError: it is no number.
    """
    stated, per, maker = _length(fields) or (None, 1, "")
    if stated is None or stated == "":
        raise missing("this transcript", "Read it again when it is completed.")
    facts = {"model": text(fields, "model"), "named_provider": maker}
    usage = Usage.of({}, 0, "transcription", {name: value for name, value in facts.items() if value})
    usage.duration = _seconds(stated, per)
    return usage


def _length(fields: Fields) -> tuple[object, int, str] | None:
    """Return the length as it is stated, how many of its units are a second, and the maker; None without one."""
    holders = (fields, sub(fields, "metadata") or {})
    return next(
        (
            (holder[key], per, maker)
            for key, per, beside, maker in _KEYS
            for holder in holders
            if key in holder and beside in fields
        ),
        None,
    )


def _seconds(stated: object, per: int) -> Quantity:
    length = stated
    if isinstance(stated, str):
        # JSON of Google's writes a length of time as text: 15s, 3.500s.
        try:
            length = decimal_of(*ratio(stated.removesuffix("s")))[0]
        except ValueError:
            raise InconsistentUsageError(f"{shown(stated)} is no length of time", {}, {"length": stated[:40]}) from None
    numerator, denominator = ratio(checked("length", length))
    return checked("length", decimal_of(numerator, denominator * per)[0])


def recognises(fields: Fields) -> bool:
    """Return whether this is a transcript of one of them."""
    return "usage" not in fields and _length(fields) is not None


READER = Reader("Lengths of speech", recognises, read, "the length of the audio is what is counted", rank=60)
