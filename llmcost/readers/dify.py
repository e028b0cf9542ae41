"""Dify: a message of an application, its last event of a stream, and the usage in their metadata.

The prices beside the counters are those of Dify's own table. https://docs.dify.ai/api-reference/chat/send-chat-message
"""

from __future__ import annotations

from .chunk_reader import LastChunkReader
from .dialects.reported import doubt_cost
from .fields import sub, when
from .framework import read_bare
from .reader import Block, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_READ = ("prompt_tokens", "completion_tokens", "total_tokens")
_SIGN = "total_price"
_MONEY = "money by the framework's own table of prices"
_MADE_OF = ("prompt_unit_price", "prompt_price_unit", "prompt_price")
_BLOCK = Block(
    *_READ,
    ignored={
        **dict.fromkeys(_MADE_OF, _MONEY),
        **{name.replace("prompt", "completion"): _MONEY for name in _MADE_OF},
        _SIGN: _MONEY,
        "currency": _MONEY,
    },
)


def read(fields: Fields) -> Usage:
    """Return the usage of a message; its model stands in the application, and is the caller's to name.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11, "total_price": "0.0000425"}
    >>> read({"answer": "Hi", "metadata": {"usage": used}}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if nothing is counted.
    """
    stated = _counters(fields) or {}
    counters = {name: stated[name] for name in _READ if name in stated}
    usage = read_bare(counters, "this message of Dify", at=when(fields, "created_at"))
    doubt_cost(usage, stated, _SIGN)
    return usage


def _counters(fields: Fields) -> Fields | None:
    """Return the counters: of the metadata, or the fields themselves."""
    return fields if _SIGN in fields else sub(sub(fields, "metadata") or {}, "usage")


def recognises(fields: Fields) -> bool:
    """Return whether this is a message, an event, or a usage, which holds prices by the unit."""
    counters = _counters(fields)
    return counters is not None and _SIGN in counters and _MADE_OF[0] in counters


def _is_event(fields: Fields) -> bool:
    return "event" in fields and "message_id" in fields and "conversation_id" in fields


def _last(event: Fields) -> Fields | None:
    """Return the event that states the usage of a message, which is the last."""
    return event if recognises(event) else None


READER = Reader(
    "Dify",
    recognises,
    read,
    {"metadata.usage": _BLOCK, "": _BLOCK},
    chunk=_is_event,
    stream=lambda: LastChunkReader(read, _last),
    events={"metadata.usage": _BLOCK},
    rank=45,
)
