"""AG2 and AutoGen: what agents used, model by model.

``usage_excluding_cached_inference`` is what was paid: the other one counts answers from the framework's own cache as
well. The cost of each is calculated by prices of the framework. https://docs.ag2.ai/latest/docs/user-guide/advanced-concepts/llm-configuration-deep-dive/
"""

from __future__ import annotations

from ..core.usage import Usage
from .dialects.reported import doubt_cost
from .fields import nested, sub
from .framework import HANDED_ON, read_bare, several, summed
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_PAID, _WITH_CACHED = "usage_excluding_cached_inference", "usage_including_cached_inference"
_CACHED = "answered from the framework's own cache"


def read(fields: Fields) -> Usage:
    """Return the usage that was paid for, with a part for each model.

    >>> used = {"total_cost": 0.1, "gpt-4o": {"cost": 0.1, "prompt_tokens": 9, "completion_tokens": 2}}
    >>> read({"usage_excluding_cached_inference": used}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if no model states tokens.
    """
    stated = fields if _PAID in fields else sub(fields, "cost") or {}
    paid = _models(stated, _PAID)
    if not paid:
        if _models(stated, _WITH_CACHED):
            return Usage.of({}, 0, "ag2", {"free": _CACHED})
        raise missing("this summary of usage")
    usages = []
    for model, counters in paid.items():
        # A summary adds up all calls of a model and does not say how many there were.
        usage = summed(read_bare(counters, f"the usage of {model}", model=model))
        doubt_cost(usage, counters, "cost")
        usages.append(usage)
    return several(usages, "ag2")


def _models(stated: Fields, name: str) -> dict[str, Fields]:
    rows = {str(model): nested(row) for model, row in (sub(stated, name) or {}).items()}
    return {model: row for model, row in sorted(rows.items()) if row and "prompt_tokens" in row}


def recognises(fields: Fields) -> bool:
    """Return whether this is a summary of usage, or a chat that has one as its cost."""
    return _PAID in fields or ("chat_history" in fields and "cost" in fields)


READER = Reader("AG2", recognises, read, HANDED_ON)
