"""Haystack: replies of a generator, or one reply, and what an embedder returns, with the provider's usage in ``meta``.

https://docs.haystack.deepset.ai/docs/chatmessage
"""

from __future__ import annotations

from .fields import items, nested, sub, text
from .framework import HANDED_ON, read_bare, several
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_META = ("_meta", "meta")
# Anthropic's counters. The generator gives the first two OpenAI's names.
_ANTHROPIC = {"prompt_tokens": "input_tokens", "completion_tokens": "output_tokens"}
_BESIDE = ("cache_read_input_tokens", "cache_creation_input_tokens")


def read(fields: Fields) -> Usage:
    """Return the usage of the call that made these replies.

    >>> meta = {"model": "gpt-4o", "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}
    >>> read({"replies": [{"_role": "assistant", "_meta": meta}]}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if no reply states a usage.
    """
    metas = _metas(fields)
    usages: list[Usage] = []
    for meta in metas:
        counters = sub(meta, "usage")
        if not counters:
            continue
        usage = read_bare(_counts(counters), "this reply", model=text(meta, "model"))
        # Replies of one call repeat what it used as a whole.
        if usage not in usages:
            usages.append(usage)
    if not usages:
        raise missing("these replies of Haystack", "Streams may need stream_options={'include_usage': True}.")
    return several(usages, "haystack")


def _counts(counters: Fields) -> Fields:
    """Return the counters as the provider names them, where the generator has renamed a part of them."""
    if not any(name in counters for name in _BESIDE) or "total_tokens" in counters:
        return counters
    return {_ANTHROPIC.get(name, name): value for name, value in counters.items()}


def _metas(fields: Fields) -> list[Fields]:
    replies = items(fields, "replies")
    if "replies" in fields and not replies:
        # Generators of plain text have the metadata of their replies beside them.
        return items(fields, "meta")
    found = [_meta(reply) for reply in (replies or [fields])]
    return [meta for meta in found if meta is not None]


def _meta(holder: Fields) -> Fields | None:
    return next((found for name in _META if (found := nested(holder.get(name))) is not None), None)


def recognises(fields: Fields) -> bool:
    """Return whether these are replies, a reply, or what an embedder returns."""
    if "replies" in fields:
        return True
    if not any(name in fields for name in _META):
        return False
    return "usage" in (_meta(fields) or ())


READER = Reader("Haystack", recognises, read, HANDED_ON)
