"""What a tool of Anthropic's server writes to the cache while a message is streamed.

The split by time to live stands in the first event alone, and the last one raises the count.
https://platform.claude.com/docs/en/build-with-claude/streaming
"""

from __future__ import annotations

from ..core.notes import Note
from .fields import count, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_SHORT, _HOUR = "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"


def written_late(counters: Fields) -> tuple[object, tuple[Note, ...]]:
    """Return the split by time to live with what was written after it was stated, and a note.

    What is missing is taken as written for five minutes, or as the rest was if that is for an hour.

    >>> split = {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 100}
    >>> written_late({"cache_creation_input_tokens": 740, "cache_creation": split})[0]
    {'ephemeral_5m_input_tokens': 640, 'ephemeral_1h_input_tokens': 100}
    """
    split = sub(counters, "cache_creation")
    parts = {name: count(split or {}, name) for name in (_SHORT, _HOUR)}
    added = count(counters, "cache_creation_input_tokens") - sum(parts.values())
    if added <= 0 or not any(parts.values()):
        return counters.get("cache_creation"), ()
    name = _SHORT if parts[_SHORT] else _HOUR
    said = f"{added} tokens were written after the split by time to live was stated: taken as {name}"
    return {**parts, name: parts[name] + added}, (Note("ttl_assumed", said, "cache_write"),)
