"""A copy of a usage, for a Cost to keep: a later change of the caller's own usage changes no Cost."""

from __future__ import annotations

from .stated import NOTHING_MORE
from .usage import Usage, counted


def copied(usage: Usage) -> Usage:
    """Return a usage of the same quantities and facts that shares no dict with this one."""
    quantities = {**usage.quantities}
    if usage.more is not NOTHING_MORE or type(usage) is not Usage:
        alternatives = tuple([tuple([{**unit} for unit in group]) for group in usage.alternatives])
        parts, readings = (tuple(map(copied, usages)) for usages in (usage.parts, usage.readings))
        return usage.replaced(
            quantities=quantities,
            alternatives=alternatives,
            parts=parts,
            readings=readings,
            unread={**usage.unread},
        )
    # One attribute after the other: asking for the dict of an object takes as long as pricing the call.
    copy = counted(quantities, usage.context, usage.dialect)
    copy.model, copy.provider, copy.service_tier, copy.at = usage.model, usage.provider, usage.service_tier, usage.at
    copy.partial, copy.notes = usage.partial, usage.notes
    return copy
