"""Tokens that were written to Anthropic's cache, by how long they are kept, and those that Bedrock states apart.

https://platform.claude.com/docs/en/build-with-claude/prompt-caching
"""

from __future__ import annotations

from ..core.notes import Note
from .anthropic_quick import HOUR, SHORT
from .fields import count, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .reader import Fields


def kept_apart(counters: Fields, written: int, kept: tuple[tuple[str, str], ...]) -> Fields | None:
    """Return the split by time to live that stands beside the count; what it lacks is five minutes'.

    ``kept`` are the names of what is kept for five minutes and for an hour, of everybody who states both there.
    """
    for name, long in kept:
        short, hour = counters.get(name), count(counters, long)
        if short or hour:
            return {SHORT: count(counters, name) if short is not None else written - hour, HOUR: hour}
    return None


def beside_the_message(counters: Fields, metrics: Fields, names: Mapping[str, str]) -> dict[str, int]:
    """Return the tokens of the cache that only Bedrock's metrics state, by the names of the message.

    ``names`` are those of the metrics, each by the message's name of the same.
    """
    stated = {name: count(metrics, its) for name, its in names.items() if not count(counters, name)}
    return {name: tokens for name, tokens in stated.items() if tokens}


def written_late(counters: Fields) -> tuple[object, tuple[Note, ...]]:
    """Return the split by time to live with what a tool of the server wrote after it was stated, and a note.

    What is missing is taken as written for five minutes, or as the rest was if that is for an hour.
    """
    split = sub(counters, "cache_creation")
    parts = {name: count(split or {}, name) for name in (SHORT, HOUR)}
    added = count(counters, "cache_creation_input_tokens") - sum(parts.values())
    if added <= 0 or not any(parts.values()):
        return counters.get("cache_creation"), ()
    name = SHORT if parts[SHORT] else HOUR
    said = f"{added} tokens were written after the split by time to live was stated: taken as {name}"
    return {**parts, name: parts[name] + added}, (Note("ttl_assumed", said, "cache_write"),)
