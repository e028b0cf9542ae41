"""Worker: the thread that runs handlers beside the calls. It starts when it is first needed."""

from __future__ import annotations

import atexit
import os
from asyncio import run, run_coroutine_threadsafe
from queue import Full, Queue
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable
    from typing import Any

    from ._guard import Guard

# Runs that wait at most. Beyond it a run is dropped and counted, since waiting would slow the host's calls.
_MOST_WAITING = 10_000
# Seconds that the end of the process waits for handlers.
_LAST_WAIT = 5.0


class Worker:
    """Runs functions one after the other on a thread of its own."""

    def __init__(self, guard: Guard, dropped: Callable[[], None]) -> None:
        self._guard, self._dropped = guard, dropped
        self._queue: Queue[tuple[Callable[..., Any], tuple[Any, ...], AbstractEventLoop | None]] = Queue(_MOST_WAITING)
        self._lock = Lock()
        self._thread: Thread | None = None
        self._process = os.getpid()
        self._done = Condition()
        self._left = 0

    def put(self, function: Callable[..., Any], *given: Any, loop: AbstractEventLoop | None = None) -> None:
        """Run a function later; a coroutine that it returns is run in the loop, or here if that has ended."""
        with self._lock:
            # A process that was forked has the object and not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._start()
            with self._done:
                self._left += 1
            try:
                self._queue.put_nowait((function, given, loop))
            except Full:
                self._finished()
                self._dropped()

    def _start(self) -> None:
        if self._process != os.getpid():
            # What waited in the process that was forked is run there.
            self._process = os.getpid()
            self._queue, self._done, self._left = Queue(_MOST_WAITING), Condition(), 0
        elif self._thread is None:
            atexit.register(self.flush, _LAST_WAIT)
        self._thread = Thread(target=self._work, args=(self._queue,), name="llmcost-handlers", daemon=True)
        self._thread.start()

    def _work(self, queue: Queue[tuple[Callable[..., Any], tuple[Any, ...], AbstractEventLoop | None]]) -> None:
        while True:
            function, given, loop = queue.get()
            try:
                self._guard.call("handler", self._run, function, given, loop)
            finally:
                self._finished()

    def _run(self, function: Callable[..., Any], given: tuple[Any, ...], loop: AbstractEventLoop | None) -> None:
        found = function(*given)
        if hasattr(found, "__await__"):
            coroutine = self._guard.wait("handler", found)
            if loop is not None and loop.is_running():
                run_coroutine_threadsafe(coroutine, loop)
            else:
                run(coroutine)

    def _finished(self) -> None:
        with self._done:
            self._left -= 1
            if not self._left:
                self._done.notify_all()

    def flush(self, seconds: float | None = None) -> bool:
        """Wait until everything that was put has run; return False if that took longer than ``seconds``."""
        with self._done:
            return self._done.wait_for(lambda: not self._left, seconds)
