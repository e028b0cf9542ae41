"""Drops: calls that could not be kept, which the sums of the log have to mention."""

from __future__ import annotations


class Drops:
    """Counts calls that could not be kept, by the hour, until the database counts them."""

    def __init__(self) -> None:
        self.waiting: dict[int, int] = {}

    def add(self, hour: int, calls: int = 1) -> None:
        """Count dropped calls of an hour."""
        self.waiting[hour] = self.waiting.get(hour, 0) + calls

    def take(self) -> dict[int, int]:
        """Return what waits, and let nothing wait."""
        found, self.waiting = self.waiting, {}
        return found

    def give_back(self, dropped: dict[int, int]) -> None:
        """Let wait again what was not stored."""
        for hour, calls in dropped.items():
            self.add(hour, calls)
