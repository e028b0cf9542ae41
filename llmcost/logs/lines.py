"""Lines of a log that holds a record a line: read, and written again with another cost."""

from __future__ import annotations

import json

from .keywords import COSTS
from .shapes import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost


def with_cost(record: object, cost: Cost) -> dict[str, object]:
    """Return a record with another recorded cost, written as the one before: a number, decimal text, or an object."""
    if not isinstance(record, dict) or not shape_of(record).is_wrapped(record):
        return {"response": record, COSTS[0]: cost.response_cost}
    found: dict[str, object] = dict(record)
    for name in [name for name in COSTS if record.get(name) is not None] or COSTS[:1]:
        before = record.get(name)
        if isinstance(before, dict):
            found[name] = cost.to_dict()
        else:
            found[name] = str(cost) if isinstance(before, str) else cost.response_cost
    return found


def line_of(text: str | bytes) -> object:
    """Return the record of a line of a log; raise ValueError if the line is no JSON."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("no JSON that can be read: too deep") from None
    except ValueError as error:
        raise ValueError(f"no JSON: {error}; a log holds one record a line") from None
