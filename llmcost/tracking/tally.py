"""Tally: how many calls a tracker has seen, and what became of them."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from ..core.exact import decimal_of
from ..core.statement import add
from ..core.statuses import STATUSES

if TYPE_CHECKING:
    from decimal import Decimal

    from .call import TrackedCall


_IGNORED, _DROPPED = "ignored", "dropped"
# Calls that are not summed yet, at most about so many.
_MANY = 256


class Tally:
    """Counts and the exact sum of what calls cost.

    The garbage collector settles a stream that was never closed, and may do so in the middle of a sum. So calls
    are first put down, which cannot be interrupted, and one thread at a time sums them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._new: deque[tuple[str, tuple[int, int] | None]] = deque()
        self._counts = dict.fromkeys((*STATUSES, _IGNORED, _DROPPED), 0)
        self._cost = (0, 1)

    def add(self, call: TrackedCall) -> None:
        """Count a call."""
        cost = call.cost
        self._put(call.status, None if cost is None else cost.as_integer_ratio())

    def ignore(self) -> None:
        """Count a request that was no call of a model."""
        self._put(_IGNORED, None)

    def drop(self) -> None:
        """Count a run of a handler that could not be done."""
        self._put(_DROPPED, None)

    def _put(self, word: str, money: tuple[int, int] | None) -> None:
        self._new.append((word, money))
        if len(self._new) >= _MANY and self._lock.acquire(blocking=False):
            try:
                self._sum()
            finally:
                self._lock.release()

    def _sum(self) -> None:
        new = self._new
        while new:
            word, money = new.popleft()
            self._counts[word] += 1
            if money is not None and money[0]:
                self._cost = add(self._cost, money)

    def read(self) -> dict[str, int | Decimal]:
        """Return the counts, and ``cost``: what all calls cost in USD, a lower bound where a status says so."""
        with self._lock:
            self._sum()
            counts, cost = dict(self._counts), self._cost
        seen = sum(counts[status] for status in STATUSES)
        return {"seen": seen, **counts, "cost": decimal_of(*cost)[0]}
