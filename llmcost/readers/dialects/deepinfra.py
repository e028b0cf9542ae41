"""DeepInfra: its usage has an estimate of what the request costs, which is no bill.

https://deepinfra.com/docs/openai_api
"""

from __future__ import annotations

from ..reader import Block
from .reported import doubt_cost

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block(ignored={"estimated_cost": "an estimate is no bill; it is noted"})


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with a note of the estimate; others state such a field too, so that it proves no seller."""
    del fields
    if usage is not None:
        doubt_cost(usage, counters, "estimated_cost")
    return usage
