"""Codex: a ``token_count`` event of a session, and the notification of its app server, each after a call of a model.

Both state the tokens of the last call, which are read, and those of the whole session. No model is named. The cached
tokens are inside the input, and the reasoning inside the output.
https://github.com/openai/codex/blob/main/codex-rs/protocol/src/protocol.rs
https://github.com/openai/codex/blob/main/codex-rs/app-server-protocol/src/protocol/v2.rs
"""

from __future__ import annotations

from .fields import sub, text
from .framework import HANDED_ON, read_bare
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_KIND = "token_count"
# What holds both counts, and the last of them.
_OF_EVENT, _OF_SERVER = ("info", "last_token_usage"), ("tokenUsage", "last")


def read(fields: Fields) -> Usage:
    """Return the usage of the last call.

    >>> used = {"input_tokens": 9, "cached_input_tokens": 5, "output_tokens": 2, "total_tokens": 11}
    >>> read({"type": "token_count", "info": {"last_token_usage": used}}).quantities
    {'input': 4, 'cache_read': 5, 'output': 2}

    Raises:
        MissingUsageError: nothing is counted yet.
        InconsistentUsageError: a part exceeds what holds it.
    """
    holder, last = _of(fields) or (fields, _OF_EVENT)
    return read_bare(sub(sub(holder, last[0]) or {}, last[1]), "this event of Codex", "inclusive")


def _of(fields: Fields) -> tuple[Fields, tuple[str, str]] | None:
    """Return what holds the counts, and their names; None if these fields are no such event."""
    for holder in (fields, sub(fields, "payload"), sub(fields, "msg")):
        if holder is not None and "info" in holder and text(holder, "type") == _KIND:
            return holder, _OF_EVENT
    for holder in (fields, sub(fields, "params")):
        if holder is not None and _OF_SERVER[1] in (sub(holder, _OF_SERVER[0]) or ()):
            return holder, _OF_SERVER
    return None


def recognises(fields: Fields) -> bool:
    """Return whether this is such an event, alone or as a line of a session wraps it."""
    return _of(fields) is not None


READER = Reader("Codex tokens", recognises, read, HANDED_ON)
