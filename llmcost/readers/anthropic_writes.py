"""Tokens that were written to Anthropic's cache, by how long they are kept.

https://platform.claude.com/docs/en/build-with-claude/prompt-caching
"""

from __future__ import annotations

from ..core.notes import Note
from .fields import count, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_SHORT, _HOUR = "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"
# As rows of somebody's table keep them.
_KEPT_SHORT, _KEPT_HOUR = "cache_creation_input_tokens_5m", "cache_creation_input_tokens_1h"


def kept_apart(counters: Fields, written: int) -> Fields | None:
    """Return the split by time to live that stored rows state beside the count; what it lacks is five minutes'."""
    short, hour = counters.get(_KEPT_SHORT), count(counters, _KEPT_HOUR)
    if short is None and not hour:
        return None
    fresh = count(counters, _KEPT_SHORT) if short is not None else written - hour
    return {_SHORT: fresh, _HOUR: hour}


def written_late(counters: Fields) -> tuple[object, tuple[Note, ...]]:
    """Return the split by time to live with what a tool of the server wrote after it was stated, and a note.

    What is missing is taken as written for five minutes, or as the rest was if that is for an hour.
    """
    split = sub(counters, "cache_creation")
    parts = {name: count(split or {}, name) for name in (_SHORT, _HOUR)}
    added = count(counters, "cache_creation_input_tokens") - sum(parts.values())
    if added <= 0 or not any(parts.values()):
        return counters.get("cache_creation"), ()
    name = _SHORT if parts[_SHORT] else _HOUR
    said = f"{added} tokens were written after the split by time to live was stated: taken as {name}"
    return {**parts, name: parts[name] + added}, (Note("ttl_assumed", said, "cache_write"),)
