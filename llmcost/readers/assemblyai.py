"""AssemblyAI: a transcript is billed by the seconds of its audio, and what else is done with it on top.

https://www.assemblyai.com/docs/api-reference/transcripts/get, https://www.assemblyai.com/pricing
"""

from __future__ import annotations

from ..core.unread import add_unread
from ..core.usage import Usage
from ..errors import shown
from .fields import quantity, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_OWN = ("speech_model", "speech_models", "language_model", "acoustic_model", "audio_url")
# Each has a price of its own by the hour of audio, which depends on the model and stands in no map.
# https://www.assemblyai.com/docs/faq/is-pricing-for-audio-intelligence-per-feature-or-all-inclusive
_FEATURES = (
    "auto_chapters",
    "auto_highlights",
    "content_safety",
    "entity_detection",
    "iab_categories",
    "redact_pii",
    "sentiment_analysis",
    "summarization",
)


def read(fields: Fields) -> Usage:
    """Return the seconds of a transcript.

    >>> read({"status": "completed", "text": "Hi", "audio_duration": 7200, "speech_model": "nano"}).duration
    7200

    Raises:
        MissingUsageError: the transcript is not ready, or does not state the length of its audio.
        InconsistentUsageError: that is no number.
    """
    status, model = text(fields, "status"), text(fields, "speech_model_used") or text(fields, "speech_model")
    usage = Usage.of({}, 0, "transcription", {"provider": "assemblyai", "model": model})
    if status == "error":
        usage.free = f"a transcript that failed is not billed: {text(fields, 'error') or 'no reason is stated'}"
    elif not quantity(fields, "audio_duration"):
        raise missing(f"this transcript (status {shown(status)})", "Read it again when it is completed.")
    else:
        usage.duration = quantity(fields, "audio_duration")
        asked = {name: 1 for name in _FEATURES if fields.get(name) is True}
        if asked:
            add_unread(usage, asked)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a transcript of AssemblyAI."""
    if "audio_duration" not in fields or "status" not in fields:
        return False
    return "text" in fields or any(name in fields for name in _OWN)


READER = Reader("AssemblyAI", recognises, read, "the length of the audio is what is counted")
