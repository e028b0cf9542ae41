"""Drops: calls that could not be kept, which the sums of the log have to mention."""

from __future__ import annotations

from collections import deque


class Drops:
    """Counts calls that could not be kept, by the hour, until the database counts them.

    >>> drops = Drops()
    >>> drops.add(5), drops.add(5), drops.take(), drops.waiting
    (None, None, {5: 2}, False)
    """

    def __init__(self) -> None:
        # A call is put down in one step, which no other thread and no garbage collector comes between.
        self._new: deque[tuple[int, int]] = deque()

    @property
    def waiting(self) -> bool:
        """Whether there is something to count."""
        return bool(self._new)

    def add(self, hour: int, calls: int = 1) -> None:
        """Count dropped calls of an hour."""
        self._new.append((hour, calls))

    def take(self) -> dict[int, int]:
        """Return what waits, and let nothing wait."""
        found: dict[int, int] = {}
        while self._new:
            hour, calls = self._new.popleft()
            found[hour] = found.get(hour, 0) + calls
        return found

    def give_back(self, dropped: dict[int, int]) -> None:
        """Let wait again what was not stored."""
        for hour, calls in dropped.items():
            self.add(hour, calls)
