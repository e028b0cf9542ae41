"""Runs: the async handlers of one call, which waits for them as long as nobody cancels it.

They run in a task of their own: a cancellation of the host ends its waiting and reaches no handler, and what a handler
has cancelled does not look like a cancellation of the host.
"""

from __future__ import annotations

import sys
from asyncio import Task, current_task, wait
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Awaitable, Callable, Generator, Iterable

    from ._guard import Guard

# Tasks that nobody waits for: a loop holds its tasks weakly.
_LEFT: set[Task[None]] = set()


class Runs:
    """Async handlers that were called with one call, and have to be awaited, one after the other.

    Args:
        lost: counts and logs a handler that does not run to its end.
        elsewhere: runs a handler where no loop is at work.
    """

    __slots__ = ("_elsewhere", "_guard", "_lost", "_rest")

    def __init__(
        self,
        coroutines: Iterable[Awaitable[Any]],
        guard: Guard,
        lost: Callable[[], None],
        elsewhere: Callable[[Awaitable[Any]], None],
    ) -> None:
        self._rest = deque(coroutines)
        self._guard, self._lost, self._elsewhere = guard, lost, elsewhere

    def __await__(self) -> Generator[Any, None, None]:
        return self._waited().__await__()

    async def _waited(self) -> None:
        # A coroutine that is closed may not wait for anything.
        closed = isinstance(sys.exc_info()[1], GeneratorExit)
        loop = _loop()
        if loop is not None:
            await self._in_a_task(loop, waits=not closed)
        elif closed:
            self.leave()
        else:
            # Another library than asyncio runs the call: trio, for one.
            try:
                await self._in_turn()
            finally:
                self.lose()

    async def _in_a_task(self, loop: AbstractEventLoop, *, waits: bool) -> None:
        task = Cancellable(self._in_turn(), loop=loop)
        try:
            if waits:
                await wait({task})
        finally:
            if task.done():
                # The end of a loop may cancel both at once, this task first.
                self.lose()
            else:
                _LEFT.add(task)
                task.add_done_callback(self._left)
        if waits:
            self._ended(task)

    async def _in_turn(self) -> None:
        while self._rest:
            await self._guard.wait("handler", self._rest[0])
            # What breaks off stays there, and is lost.
            self._rest.popleft()

    def _left(self, task: Task[None]) -> None:
        _LEFT.discard(task)
        self._ended(task)

    def _ended(self, task: Task[None]) -> None:
        self.lose()
        # The end of a loop cancels its tasks.
        if not task.cancelled():
            task.result()

    def leave(self) -> None:
        """Run elsewhere what has not run: nobody can wait for it."""
        while self._rest:
            self._elsewhere(self._rest.popleft())

    def lose(self) -> None:
        """Count what has not run to its end, and give it up."""
        while self._rest:
            coroutine = self._rest.popleft()
            # Python warns of a coroutine that is neither awaited nor closed.
            self._guard.call("handler", getattr(coroutine, "close", _nothing))
            self._lost()


class Cancellable(Task[None] if sys.version_info >= (3, 11) else Task):  # type: ignore[misc]
    """A task that says how often it was asked to cancel itself, which tasks do from Python 3.11 on."""

    if sys.version_info < (3, 11):
        _asked = 0

        def cancel(self, msg: Any = None) -> bool:
            """Ask the task to end."""
            self._asked += not self.done()
            return bool(super().cancel(msg))

        def cancelling(self) -> int:
            """Return how often somebody asked it to end."""
            return self._asked


def _loop() -> AbstractEventLoop | None:
    """Return the loop of asyncio that runs this task; None if there is none."""
    try:
        task = current_task()
    except RuntimeError:
        return None
    return task.get_loop() if task is not None else None


def _nothing() -> None:
    pass
