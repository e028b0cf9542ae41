"""Vendors that state details beside the totals instead of below them: Moonshot, StepFun, Together and others.

https://platform.moonshot.ai/docs/api/chat
"""

from __future__ import annotations

from ...core.notes import OF_TOTALS, Note
from ...errors import InconsistentUsageError
from ..fields import count
from ..reader import Block
from .parts import take

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("cached_tokens", "reasoning_tokens")


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with cached tokens taken out of the input, and reasoning out of the output, once.

    Reasoning is on top only where ``total_tokens`` proves it.
    """
    del fields
    if usage is None:
        return None
    quantities = usage.quantities
    cached, known = count(counters, "cached_tokens"), quantities.get("cache_read", 0)
    if cached and known and cached != known:
        raise InconsistentUsageError(
            f"cached_tokens={cached} stands beside details that say {known}",
            {"prompt_tokens": counters.get("prompt_tokens")},
            {"cached_tokens": cached, "details": known},
        )
    take(quantities, "input", "cache_read", cached, "cached_tokens")
    reasoning = count(counters, "reasoning_tokens")
    if reasoning and "reasoning" not in quantities:
        parts = count(counters, "prompt_tokens") + count(counters, "completion_tokens")
        if counters.get("total_tokens") == parts + reasoning:
            quantities["reasoning"] = reasoning
            usage.notes = (
                *(note for note in usage.notes if note.code not in OF_TOTALS),
                Note(
                    "counted_on_top",
                    "total_tokens proves that reasoning is counted on top of completion_tokens",
                    "reasoning_tokens",
                ),
            )
        else:
            take(quantities, "output", "reasoning", reasoning, "reasoning_tokens")
    return usage
