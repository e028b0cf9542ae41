"""Rows that ``llmcost spend export`` writes: what each call cost, and the tokens of its prompt and its answer.

A row does not say how much of its prompt was cached, so that its stated cost counts, and no other can be calculated.
"""

from __future__ import annotations

from ..core.statuses import MAYBE_BILLED, PARTIAL, STATUSES, UNPRICED
from ..core.usage import Usage
from ..errors import MissingUsageError
from .dialects.reported import charge
from .fields import count, text, when
from .logged import Logged
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

# Of these only a part of the cost is known, or none, and a stated cost is a whole one.
_UNKNOWN = {UNPRICED: "no price", PARTIAL: "a price for a part of it alone", MAYBE_BILLED: "no answer that was whole"}
_UNDECIDED = "a row of an exported spend log states the tokens of its prompt, and not how many of them were cached"


def read(fields: Fields) -> Usage:
    """Return the usage of a row, with what the call has cost.

    >>> row = {"at": "2026-01-05T10:00:00+00:00", "id": "c", "status": "priced", "model": "gpt-4o", "usd": "0.0025"}
    >>> usage = read({**row, "provider": "openai", "input": 1000, "output": 100, "ttft_us": None})
    >>> usage.reported, usage.quantities, usage.at
    (Decimal('0.0025'), {'input': 1000, 'output': 100}, '2026-01-05T10:00:00+00:00')

    Raises MissingUsageError for a call whose cost was not known, or not all of it.
    """
    usage: Usage = Usage.of({}, None, "spend_export", {})
    usage.reported = charge(usage, fields.get("usd"), "usd")
    unknown = _UNKNOWN.get(text(fields, "status") or "", "no price" if usage.reported is None else None)
    if unknown is not None:
        raise MissingUsageError(f"this call had {unknown}: read the log that it came from. {_UNDECIDED.capitalize()}")
    usage.quantities = {side: tokens for side in ("input", "output") if (tokens := count(fields, side))}
    usage.model, usage.provider, usage.at = text(fields, "model"), text(fields, "provider"), when(fields, "at")
    usage.undecided = _UNDECIDED
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a row of an export; in CSV its empty cells are no fields."""
    if "usd" not in fields or "status" not in fields or "at" not in fields:
        return False
    if "ttft_us" in fields:
        return True
    status = fields["status"]
    return isinstance(status, str) and status in STATUSES


READER = Reader(
    "llmcost's own export",
    recognises,
    read,
    "what the call has cost is stated beside its tokens",
    rank=12,
    logged=Logged(
        id=("id",), time=("at",), cost=("usd",), team=("team",), user=("user",), session=("session",), tags=("tags",)
    ),
)
