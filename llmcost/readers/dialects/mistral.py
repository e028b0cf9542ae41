"""Mistral: audio in a prompt is billed by the second, beside the text tokens.

https://docs.mistral.ai/capabilities/audio
"""

from __future__ import annotations

from ...core.notes import OF_TOTALS
from ..fields import quantity
from ..reader import Block, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("prompt_audio_seconds")


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with the seconds of audio, which ``prompt_tokens`` does not hold.

    Raises:
        MissingUsageError: an SDK object whose zeros nobody stated.
    """
    if usage is None:
        return None
    stated = getattr(fields.get("usage"), "__pydantic_fields_set__", None)
    if stated is not None and "prompt_tokens" not in stated:
        # The SDK's counters are 0 by default, so that an absent one looks like none.
        raise missing("this response (its usage object was not filled)")
    seconds = quantity(counters, "prompt_audio_seconds")
    if seconds:
        units = tuple({meter: seconds} for meter in ("input_audio_seconds", "compute_seconds"))
        usage.alternatives = (*usage.alternatives, units)
        # Audio is not among prompt_tokens, so that the total differs by what the seconds stand for.
        usage.notes = tuple(note for note in usage.notes if note.code not in OF_TOTALS)
    return usage
