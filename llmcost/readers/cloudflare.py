"""Cloudflare Workers AI: the text of a model with its counters, or a transcript, alone or as the REST API's result.

https://developers.cloudflare.com/workers-ai/models
https://developers.cloudflare.com/workers-ai/models/whisper-large-v3-turbo
"""

from __future__ import annotations

from ..core.usage import Usage
from . import openai_chat
from .fields import quantity, sub
from .framework import HANDED_ON
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a text, or the seconds of a transcript; the caller names the model, which the address states.

    >>> read({"response": "Hi", "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}).quantities
    {'input': 9, 'output': 2}

    Raises UsageError if the counters are missing or contradict each other.
    """
    result = _result(fields)
    if _HEARD in result:
        usage = Usage.of({}, 0, "cloudflare", {})
        usage.duration = quantity(sub(result, _HEARD) or {}, "duration")
        if not usage.duration:
            raise missing("this transcript of Workers AI")
        usage.named_provider = "cloudflare"
        return usage
    usage = openai_chat.READER.read({"object": "chat.completion", "usage": result["usage"]})
    usage.named_provider = "cloudflare"
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a text with its usage or a transcript, or the answer of the REST API that holds one."""
    result = _result(fields)
    if _HEARD in result:
        return "duration" in (sub(result, _HEARD) or ())
    if result is fields and "tool_calls" not in fields:
        # A record of somebody's log has a text and counters, too.
        return False
    return "response" in result and "prompt_tokens" in (sub(result, "usage") or ())


def _result(fields: Fields) -> Fields:
    """Return the result in an answer of the REST API, or the answer of a binding, which is the result."""
    return sub(fields, "result") or {} if "success" in fields else fields


# What Whisper heard, with the length of the audio.
_HEARD = "transcription_info"

READER = Reader("Cloudflare Workers AI", recognises, read, HANDED_ON, rank=60)
