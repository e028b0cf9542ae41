"""crewAI: what a crew or an agent returns, with the sum of what all its calls used.

https://docs.crewai.com/en/concepts/crews
"""

from __future__ import annotations

from .fields import count, sub
from .framework import HANDED_ON, read_bare, summed
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_USED = ("token_usage", "usage_metrics")


def read(fields: Fields) -> Usage:
    """Return the usage of all calls of a crew together; it names no model.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11, "successful_requests": 2}
    >>> read({"raw": "x", "tasks_output": [], "token_usage": used}).aggregate
    True

    Raises MissingUsageError if no call was counted.
    """
    counters = next((found for name in _USED if (found := sub(fields, name))), None)
    requests = count(counters or {}, "successful_requests")
    if counters is not None and not requests and not count(counters, "total_tokens"):
        counters = None
    return summed(read_bare(counters, "this output of a crew"), requests or 2)


def recognises(fields: Fields) -> bool:
    """Return whether this is the output of a crew, or of an agent alone."""
    if "raw" not in fields:
        return False
    return ("tasks_output" in fields and "token_usage" in fields) or (
        "agent_role" in fields and "usage_metrics" in fields
    )


READER = Reader("crewAI", recognises, read, HANDED_ON)
