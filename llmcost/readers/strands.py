"""Strands Agents: the metrics of an agent's run, and the result that holds them.

https://strandsagents.com/latest/documentation/docs/user-guide/observability-evaluation/metrics
"""

from __future__ import annotations

from .fields import count, sub
from .framework import HANDED_ON, read_bare, summed
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_USED = "accumulated_usage"


def read(fields: Fields) -> Usage:
    """Return the usage of all cycles of a run together; it names no model.

    >>> read(
    ...     {"cycle_count": 2, "accumulated_usage": {"inputTokens": 9, "outputTokens": 2, "totalTokens": 11}}
    ... ).aggregate
    True

    Raises MissingUsageError if nothing is counted.
    """
    metrics = fields if _USED in fields else sub(fields, "metrics") or {}
    return summed(read_bare(sub(metrics, _USED), "this run of an agent"), count(metrics, "cycle_count"))


def recognises(fields: Fields) -> bool:
    """Return whether these are metrics of a run, or a result with them."""
    return _USED in fields or _USED in (sub(fields, "metrics") or ())


READER = Reader("Strands Agents", recognises, read, HANDED_ON)
