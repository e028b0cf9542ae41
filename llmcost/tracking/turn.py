"""Turn: one at a time, and never one in the middle of another.

The garbage collector settles calls in the middle of anything, so that a plain lock would wait for itself.
"""

from __future__ import annotations

from threading import RLock


class Turn:
    """One turn at a time. A thread that asks again in the middle of its turn gets none."""

    def __init__(self) -> None:
        self._lock, self._taken = RLock(), False

    def begin(self) -> bool:
        """Wait for a turn; return False if this thread is in the middle of one."""
        self._lock.acquire()
        if self._taken:
            self._lock.release()
            return False
        self._taken = True
        return True

    def end(self) -> None:
        """End the turn."""
        self._taken = False
        self._lock.release()

    @property
    def mine(self) -> bool:
        """Whether this thread is in the middle of a turn."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return self._taken
        finally:
            self._lock.release()

    def __enter__(self) -> None:
        if not self.begin():
            raise RuntimeError("a budget is asked in the middle of a question to it")

    def __exit__(self, *error: object) -> None:
        self.end()
