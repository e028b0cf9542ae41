"""smolagents: what a run of an agent returns, and one of its steps, each with what the model used.

https://huggingface.co/docs/smolagents/reference/agents
"""

from __future__ import annotations

from .fields import sub
from .framework import HANDED_ON, read_bare, summed
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_USED = "token_usage"


def read(fields: Fields) -> Usage:
    """Return the usage of a run, all its steps together, or of one step; neither names its model.

    >>> used = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    >>> read({"output": "x", "state": "success", "token_usage": used, "timing": {}}).aggregate
    True

    Raises MissingUsageError if no step was counted.
    """
    return summed(read_bare(sub(fields, _USED), "this run of an agent"), 1 if "step_number" in fields else 2)


def recognises(fields: Fields) -> bool:
    """Return whether this is a run or a step: both have their time beside their tokens."""
    return _USED in fields and "timing" in fields


READER = Reader("smolagents", recognises, read, HANDED_ON)
