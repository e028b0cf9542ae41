"""Cloudflare Workers AI: the text of a model with its counters, alone or as the result of the REST API.

https://developers.cloudflare.com/workers-ai/models
"""

from __future__ import annotations

from . import openai_chat
from .fields import sub
from .framework import HANDED_ON
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a text; the model stands in the address alone, and is the caller's to name.

    >>> read({"response": "Hi", "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}).quantities
    {'input': 9, 'output': 2}

    Raises UsageError if the counters are missing or contradict each other.
    """
    usage = openai_chat.READER.read({"object": "chat.completion", "usage": (sub(fields, "result") or fields)["usage"]})
    usage.named_provider = "cloudflare"
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a text with its usage, or the answer of the REST API that holds one."""
    if "success" in fields:
        fields = sub(fields, "result") or {}
    elif "tool_calls" not in fields:
        # A record of somebody's log has a text and counters, too.
        return False
    return "response" in fields and "prompt_tokens" in (sub(fields, "usage") or ())


READER = Reader("Cloudflare Workers AI", recognises, read, HANDED_ON, rank=60)
