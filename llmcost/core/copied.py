"""A copy of a usage, for a Cost to keep: a later change of the caller's own usage changes no Cost."""

from __future__ import annotations

from .stated import NOTHING_MORE
from .usage import Usage, twin


def copied(usage: Usage) -> Usage:
    """Return a usage of the same quantities and facts that shares no dict with this one."""
    copy = twin(usage)
    copy.quantities = {**usage.quantities}
    more = copy.more
    if more is not NOTHING_MORE:
        if more.alternatives:
            more.alternatives = tuple([tuple([{**unit} for unit in group]) for group in more.alternatives])
        if more.parts:
            more.parts = tuple(map(copied, more.parts))
        if more.readings:
            more.readings = tuple(map(copied, more.readings))
        if more.unread:
            more.unread = {**more.unread}
    return copy
