"""A copy of a usage, for a Cost to keep: a later change of the caller's own usage changes no Cost."""

from __future__ import annotations

from .stated import NOTHING_MORE
from .usage import Usage, twin


def copied(usage: Usage) -> Usage:
    """Return a usage of the same quantities and facts that shares no dict with this one."""
    copy = twin(usage)
    copy.quantities = {**usage.quantities}
    if usage.more is not NOTHING_MORE:
        copy.alternatives = tuple([tuple([{**unit} for unit in group]) for group in usage.alternatives])
        copy.parts, copy.readings = (tuple(map(copied, usages)) for usages in (usage.parts, usage.readings))
        copy.unread = {**usage.unread}
    return copy
