"""Pending: work that a provider has taken on and not done yet, such as a response in the background or a video.

What it used is stated when it is done, in the answer to a later request that names its id. Until then the call is open.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Protocol

from ..core.remembering import LONGEST
from ..errors import MissingUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..core.usage import Usage
    from .body import Body
    from .runs import Runs

# OpenAI's, Replicate's and others' words for work that has not ended.
_UNFINISHED = frozenset(
    {"queued", "in_progress", "processing", "validating", "finalizing", "pending", "starting", "running", "submitted"}
)
_MOST = 10_000


class Open(Protocol):
    """A call that has not been settled: an Attempt."""

    def reopened(self) -> None:
        """Say that the work of the call goes on after an answer."""

    def answered(self, read: Callable[[], Usage]) -> Sequence[Runs]:
        """Settle it; return what is still to be awaited."""

    def left(self, runs: Sequence[Runs]) -> object:
        """Run elsewhere what nothing here awaits."""


class Pending:
    """The calls whose work is not done, by the id of the work."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._calls: dict[str, Open] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def named(self, path: str) -> Open | None:
        """Return the call whose work a path names, or None."""
        if not self._calls:
            return None
        # Looked up once: another thread may settle it meanwhile.
        return next((call for part in reversed(path.split("/")) if (call := self._calls.get(part)) is not None), None)

    def put_off(self, attempt: Open, body: Body) -> bool:
        """Return whether an answer says that the work is not done, and keep the call then."""
        value = body.parse()
        if not isinstance(value, dict) or not isinstance(value.get("id"), str) or len(value["id"]) > LONGEST:
            return False
        status = value.get("status")
        if not isinstance(status, str) or status not in _UNFINISHED or value.get("usage"):
            if self._calls:
                with self._lock:
                    self._calls.pop(value["id"], None)
            return False
        attempt.reopened()
        oldest: Open | None = None
        with self._lock:
            self._calls[value["id"]] = attempt
            if len(self._calls) > _MOST:
                oldest = self._calls.pop(next(iter(self._calls)))
        if oldest is not None:
            oldest.left(oldest.answered(_never_read))
        return True


def _never_read() -> Usage:
    raise MissingUsageError("nobody asked for the result of this work")
