"""Bifrost: a row of its log, as its database and its API have it.

The counters of all providers have OpenAI's names, with the cache inside the prompt. The cost is Bifrost's calculation.
https://github.com/maximhq/bifrost/blob/main/framework/logstore/tables.go
"""

from __future__ import annotations

from ..core.usage import Usage
from . import openai_chat, read_usage
from .bifrost_cache import CACHE, with_cache
from .dialects.reported import doubt_cost
from .fields import text, when
from .logged import Logged, object_at
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_USAGE = "token_usage"
# What the row of a call has instead, or beside it.
_ANSWERS = ("image_generation_output", "transcription_output", "speech_output", "video_retrieve_output")
# Columns of this log; any of them tells it from the logs of others.
_SIGNS = frozenset({"selected_key_id", "fallback_index", "number_of_retries", "routing_engines_used"})


def read(fields: Fields) -> Usage:
    """Return the usage of a row.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "prompt_tokens_details": {"cached_read_tokens": 5}}
    >>> read({"provider": "openai", "model": "gpt-4o", "fallback_index": 0, "token_usage": used}).quantities
    {'input': 4, 'cache_read': 5, 'output': 2}

    Raises:
        UsageError: the row states no usage, or one that contradicts itself.
    """
    counters, answer = object_at(fields, _USAGE), object_at(fields, *_ANSWERS)
    if counters:
        usage = openai_chat.READER.read({"usage": counters})
    elif answer:
        usage = read_usage(answer)
    elif text(fields, "status") == "error":
        return Usage.of({}, 0, "bifrost", {"free": "the request failed: not billed"})
    else:
        raise missing("this row of Bifrost")
    usage.model, usage.named_provider = text(fields, "model"), text(fields, "provider")
    usage.at = when(fields, "timestamp") or usage.at
    usage = with_cache(usage, object_at(fields, CACHE) or None)
    doubt_cost(usage, fields, "cost")
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a row of the log."""
    return not _SIGNS.isdisjoint(fields) and "provider" in fields and "model" in fields


READER = Reader(
    "Bifrost log",
    recognises,
    read,
    "the reader of chats reads its counters",
    rank=12,
    logged=Logged(
        id=("id",),
        time=("timestamp", "created_at"),
        cost=("cost",),
        team=("team_name", "team_id"),
        user=("user_id", "customer_id"),
    ),
)
