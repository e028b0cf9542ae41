"""Mistral: cached tokens under names of its own, and audio that is billed by the second beside the text tokens.

https://docs.mistral.ai/api, https://docs.mistral.ai/capabilities/audio
"""

from __future__ import annotations

from ...core.notes import OF_TOTALS, Note
from ..fields import count, quantity, sub
from ..reader import Block, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_DETAILS = Block("cached_tokens", "audio_tokens")
BLOCK = Block(
    "prompt_audio_seconds",
    "num_cached_tokens",
    ignored={"request_count": "the one request that is billed by its tokens and seconds"},
    inner={"prompt_tokens_details": _DETAILS, "prompt_token_details": _DETAILS},
)
_WHOLES = ("prompt_tokens", "completion_tokens", "total_tokens")


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with cached tokens among the details of the prompt, and without the tokens of audio.

    Audio stands beside ``prompt_tokens``, and its tokens are its seconds in other words.

    Raises MissingUsageError for an answer that only the total could tell, which holds the tokens of audio too.
    """
    del fields
    details: dict[str, object] = dict(
        sub(counters, "prompt_tokens_details") or sub(counters, "prompt_token_details") or {}
    )
    cached = min(count(counters, "num_cached_tokens"), count(counters, "prompt_tokens"))
    if cached and not count(details, "cached_tokens"):
        details["cached_tokens"] = cached
    same = {**counters, "prompt_tokens_details": details}
    audio, seconds = count(details, "audio_tokens"), quantity(counters, "prompt_audio_seconds")
    if seconds and not audio and counters.get("completion_tokens") is None:
        raise missing("a usage object with prompt_audio_seconds and without completion_tokens")
    if audio and seconds:
        del details["audio_tokens"]
        prompt, completion, total = (count(counters, name) for name in _WHOLES)
        if total == prompt + completion and audio <= prompt:
            same["prompt_tokens"] = prompt - audio
        if total >= prompt + completion:
            same["total_tokens"] = total - audio
    return same


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the seconds of audio, which ``prompt_tokens`` does not hold.

    Raises:
        MissingUsageError: an SDK object whose zeros nobody stated.
    """
    stated = getattr(fields.get("usage"), "__pydantic_fields_set__", None)
    if stated is not None and "prompt_tokens" not in stated:
        # The SDK's counters are 0 by default, so that an absent one looks like none.
        raise missing("this response (its usage object was not filled)")
    cached, prompt = count(counters, "num_cached_tokens"), count(counters, "prompt_tokens")
    if cached > prompt:
        said = f"num_cached_tokens={cached} is more than the prompt of {prompt} tokens: all of it is taken as cached"
        usage.notes = (*usage.notes, Note("cached_above_prompt", said, "num_cached_tokens"))
    seconds = quantity(counters, "prompt_audio_seconds")
    if seconds:
        units = tuple({meter: seconds} for meter in ("input_audio_seconds", "compute_seconds"))
        usage.alternatives = (*usage.alternatives, units)
        # Audio is not among prompt_tokens, so that the total differs by what the seconds stand for.
        usage.notes = tuple(note for note in usage.notes if note.code not in OF_TOTALS)
    return usage
