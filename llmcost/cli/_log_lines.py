"""Lines of somebody's log: a response, or its usage, and beside it what the caller knows of the call.

``{"time": "...", "model": "gpt-4o", "duration": 1.2, "response": {...}}``: read as ``llmcost reprice`` reads it, by
``llmcost.api.records``, but for a recorded cost, which is no matter here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import llmcost
from llmcost.api.records import COSTS, Record
from llmcost.readers import COMMON

if TYPE_CHECKING:
    Fields = dict[str, object]

# Values of the field ``object`` that make a whole response of a value.
OBJECTS = frozenset(name for reader in COMMON for name in reader.objects)


def opened(fields: Fields) -> tuple[object, object, Fields]:
    """Return ``(response, usage, facts)`` of a value; one that a reader knows is the response itself.

    The time of the call is in the usage, unless the response states its own or the line calls it ``at``.

    Raises:
        ValueError: a fact has a type that it cannot have, or the time is none.
    """
    uncosted = {name: value for name, value in fields.items() if name not in COSTS}
    record = Record(uncosted)
    response = fields if record.response is uncosted else record.response
    facts, usage = dict(record.facts), record.usage
    if record.time is not None and record.overrides:
        facts["at"] = record.time
    elif record.time is not None:
        try:
            usage = record.stated()
        except llmcost.UsageError:
            return response, usage, facts  # pricing says what is wrong with it
        if usage is None:
            facts["at"] = record.time
    return response, usage, facts


def word(fields: Fields, name: str) -> str:
    """Return a text field; empty if it is absent or anything else."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
