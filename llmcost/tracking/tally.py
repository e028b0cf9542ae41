"""Tally: how many calls a tracker has seen, and what became of them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from ..core.exact import decimal_of
from ..core.statement import add
from ..core.statuses import STATUSES

if TYPE_CHECKING:
    from decimal import Decimal

    from .call import TrackedCall


class Tally:
    """Counts and the exact sum of what calls cost."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts = dict.fromkeys(STATUSES, 0)
        self._cost = (0, 1)
        self._ignored = self._dropped = 0

    def add(self, call: TrackedCall) -> None:
        """Count a call."""
        cost = call.cost
        money = None if cost is None else cost.as_integer_ratio()
        with self._lock:
            self._counts[call.status] += 1
            if money is not None and money[0]:
                self._cost = add(self._cost, money)

    def ignore(self) -> None:
        """Count a request that was no call of a model."""
        with self._lock:
            self._ignored += 1

    def drop(self) -> None:
        """Count a run of a handler that could not be done."""
        with self._lock:
            self._dropped += 1

    def read(self) -> dict[str, int | Decimal]:
        """Return the counts, and ``cost``: what all calls cost in USD, a lower bound where a status says so."""
        with self._lock:
            counts, cost = dict(self._counts), self._cost
            ignored, dropped = self._ignored, self._dropped
        seen = sum(counts.values())
        return {"seen": seen, **counts, "ignored": ignored, "dropped": dropped, "cost": decimal_of(*cost)[0]}
