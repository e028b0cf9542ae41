"""Worker: the thread that runs handlers beside the calls. It starts when it is first needed.

Where no thread can be started they run in the call.
"""

from __future__ import annotations

import atexit
import os
from asyncio import run, run_coroutine_threadsafe
from queue import SimpleQueue
from threading import Event, RLock
from typing import TYPE_CHECKING

from .threads import started

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable
    from concurrent.futures import Future
    from threading import Thread
    from typing import Any

    from ._guard import Guard

    Run = tuple[Callable[..., Any], tuple[Any, ...], AbstractEventLoop | None]

# Runs that wait at most. Beyond it a run is dropped and counted, since waiting would slow the host's calls.
_MOST_WAITING = 10_000
# Seconds that the end of the process waits for handlers.
_LAST_WAIT = 5.0


class Worker:
    """Runs functions one after the other on a thread of its own.

    The garbage collector settles a stream that was never closed, and may do so while something is put into the
    queue. So the queue is one that may be entered again meanwhile.
    """

    def __init__(self, guard: Guard, dropped: Callable[[], None]) -> None:
        self._guard, self._dropped = guard, dropped
        self._queue: SimpleQueue[Run | None] = SimpleQueue()
        self._lock = RLock()
        self._thread: Thread | None = None
        self._process = os.getpid()

    def put(self, function: Callable[..., Any], *given: Any, loop: AbstractEventLoop | None = None) -> None:
        """Run a function later; a coroutine that it returns is run in the loop, or there if that has ended."""
        if self._queue.qsize() >= _MOST_WAITING:
            self._dropped()
            return
        self._put((function, given, loop))

    def _put(self, what: Run) -> None:
        # A process that was forked has the object and not the thread.
        if self._thread is None or not self._thread.is_alive():
            with self._lock:
                runs = self._starts()
            if not runs:
                self._guard.call("handler", self._run, *what)
                return
        self._queue.put(what)

    def _starts(self) -> bool:
        """Return whether the thread runs, started if need be."""
        if self._process != os.getpid():
            # What waited in the process that was forked is run there.
            self._process, self._queue = os.getpid(), SimpleQueue()
        elif self._thread is not None and self._thread.is_alive():
            return True
        thread = started("llmcost-handlers", "handlers run in the calls", self._work, self._queue)
        if thread is None:
            return False
        if self._thread is None:
            atexit.register(self._end)
        self._thread = thread
        return True

    def _work(self, queue: SimpleQueue[Run | None]) -> None:
        while (what := queue.get()) is not None:
            self._guard.call("handler", self._run, *what)

    def _run(self, function: Callable[..., Any], given: tuple[Any, ...], loop: AbstractEventLoop | None) -> None:
        found = function(*given)
        if hasattr(found, "__await__"):
            coroutine = self._guard.wait("handler", found)
            if loop is not None and loop.is_running():
                run_coroutine_threadsafe(coroutine, loop).add_done_callback(self._done)
            else:
                run(coroutine)

    def _done(self, run: Future[None]) -> None:
        # A loop that ends breaks off what it still runs.
        if run.cancelled():
            self._dropped()

    def _end(self) -> None:
        """End the thread when everything has run: an interpreter inside a process cannot end while it has threads."""
        if self.flush(_LAST_WAIT) and self._thread is not None and self._process == os.getpid():
            self._queue.put(None)
            self._thread.join(_LAST_WAIT)

    def flush(self, seconds: float | None = None) -> bool:
        """Wait until everything that was put has run; return False if that took longer than ``seconds``."""
        if self._thread is None or self._process != os.getpid():
            return True
        done = Event()
        self._put((done.set, (), None))
        return done.wait(seconds)
