"""Vendors that state details beside the totals instead of below them: Moonshot, StepFun, Together and others.

https://platform.moonshot.ai/docs/api/chat
"""

from __future__ import annotations

from ...errors import InconsistentUsageError
from ..fields import count, sub
from ..reader import Block
from .parts import take

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("cached_tokens", "reasoning_tokens")


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with these details below the totals, where they are not stated there as well.

    Raises:
        InconsistentUsageError: the details state another number of cached tokens.
    """
    del fields
    cached, in_details = count(counters, "cached_tokens"), count(_details(counters, "prompt"), "cached_tokens")
    if cached and in_details and cached != in_details:
        raise InconsistentUsageError(
            f"cached_tokens={cached} stands beside details that say {in_details}",
            {"prompt_tokens": counters.get("prompt_tokens")},
            {"cached_tokens": cached, "details": in_details},
        )
    same = counters
    for name, side in (("cached_tokens", "prompt"), ("reasoning_tokens", "completion")):
        stated, details = count(counters, name), _details(counters, side)
        if stated and not count(details, name):
            same = {**same, f"{side}_tokens_details": {**details, name: stated}}
    return same


def _details(counters: Fields, side: str) -> Fields:
    return sub(counters, f"{side}_tokens_details") or {}


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage, which was read with these details below the totals.

    Raises:
        InconsistentUsageError: reasoning is stated, and nothing that it could be a part of.
    """
    del fields
    if "reasoning" not in usage.quantities and counters.get("completion_tokens") is None:
        take(usage.quantities, "output", "reasoning", count(counters, "reasoning_tokens"), "reasoning_tokens")
    return usage
