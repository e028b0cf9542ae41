"""Background: the thread that moves what was recorded to the database, beside the host's work."""

from __future__ import annotations

import atexit
import os
import sys
from importlib import import_module
from logging import getLogger
from threading import TIMEOUT_MAX, Event, Lock, RLock
from time import monotonic, sleep
from typing import TYPE_CHECKING
from weakref import WeakSet

from ..core.late import Late
from ..errors import MissingDependencyError, SpendLogError
from ..tracking._guard import Guard
from ..tracking.threads import started
from .drops import Drops
from .segments import paths, writer_of
from .spool import seal_all

if TYPE_CHECKING:
    from threading import Thread

    from . import drainer
    from .drainer import Drainer
    from .place import Place
else:
    # It loads SQLAlchemy, for which the host does not wait.
    drainer = Late("llmcost.spend.drainer")

_LOG = getLogger("llmcost")
# Seconds between two looks, and the longest wait after the database could not be used.
_OFTEN, _SELDOM = 0.5, 30.0
# Seconds that the end of the process waits.
_LAST_WAIT = 5.0
_POLL = 0.02
_IN_ITS_FILES = "what a subinterpreter records waits in its files: call drain() in the main one"


class Background:
    """Drains the spool of a log: in a thread that ``start`` starts, and whenever a caller asks for it.

    Attributes:
        drops: calls that could not be kept.
        guard: what runs here without disturbing the host.
    """

    def __init__(self, place: Place, *, durable: bool, patience: float) -> None:
        self._place, self._durable, self._patience = place, durable, patience
        self._drainer: Drainer | None = None
        self.forked()
        _ALL.add(self)

    def forked(self) -> None:
        """Begin anew in a process that was forked: it has no thread, and what was dropped is counted where it was."""
        self.drops, self.guard = Drops(), Guard()
        self._lock, self._passing, self._over = RLock(), Lock(), Event()
        self._thread: Thread | None = None
        self._alone = False
        if self._drainer is not None:
            self._drainer.database.forked()
            self._drainer = None

    def start(self) -> None:
        """Start the thread, unless it runs. Where none can be started, what waits is stored when the log is closed."""
        with self._lock:
            if self._thread is not None:
                return
            self._thread = started("llmcost-spend", "calls wait in their files until drain() or close()", self._work)
            if self._thread is None and self._alone:
                return
            self._alone = self._thread is None
            atexit.unregister(self._end)
            atexit.register(self._end)

    @property
    def started(self) -> bool:
        """Whether the thread has been started."""
        return self._thread is not None

    def drainer(self) -> Drainer:
        """Return what stores, made when it is first needed.

        Raises MissingDependencyError if SQLAlchemy does not load, or may not be used here.
        """
        with self._lock:
            if self._drainer is None:
                if _waits_for_itself():
                    raise MissingDependencyError(
                        f"the database of a spend log needs Python 3.12 or newer in a subinterpreter; {_IN_ITS_FILES}",
                        "spend",
                    )
                try:
                    make = drainer.Drainer
                except ImportError as error:
                    # It is compiled, and loads in the main interpreter alone.
                    raise MissingDependencyError(
                        "the database of a spend log needs SQLAlchemy, which does not load here "
                        f"({error}); {_IN_ITS_FILES}",
                        "spend",
                    ) from error
                self._drainer = make(self._place, durable=self._durable, patience=self._patience, drops=self.drops)
            return self._drainer

    def drain(self, seconds: float | None = None) -> bool:
        """Store what waits now; return False if that takes longer than ``seconds``.

        It waits for segments that another process is storing, and not for those that a living process writes.

        Raises SpendLogError if the database cannot be used, and MissingDependencyError as ``drainer`` does.
        """
        end = None if seconds is None else monotonic() + seconds
        folder = self._place.spool
        seal_all(folder)
        wanted = set(paths(folder))
        while True:
            # A lock waits for no longer than this.
            left = -1.0 if end is None else min(max(0.0, end - monotonic()), TIMEOUT_MAX)
            if not self._passing.acquire(timeout=left):
                return False
            try:
                if wanted or self.drops.waiting:
                    self.drainer().drain()
            finally:
                self._passing.release()
            wanted = {path for path in wanted.intersection(paths(folder)) if not _is_written(writer_of(path))}
            if not wanted:
                return True
            if end is not None and monotonic() >= end:
                return False
            sleep(_POLL)

    def _work(self) -> None:
        pause, over = _OFTEN, self._over
        while not over.wait(pause):
            pause = self.guard.call("spend log", self._pass, pause, default=_SELDOM)
        self.guard.call("spend log", self._pass, pause)

    def _pass(self, pause: float) -> float:
        """Store what waits; return the seconds until the next look."""
        try:
            seal_all(self._place.spool)
            if paths(self._place.spool) or self.drops.waiting:
                with self._passing:
                    self.drainer().drain()
        except (SpendLogError, MissingDependencyError) as error:
            if pause == _OFTEN:
                # A handler may keep what it is given, and the error holds the frames with all rows of a batch.
                _LOG.warning("llmcost: the spend log waits, nothing is lost: %s", str(error))
            return min(2 * pause, _SELDOM)
        return _OFTEN

    def _end(self) -> None:
        thread = self._thread
        if thread is not None:
            self._over.set()
            thread.join(_LAST_WAIT)
        elif self._alone:
            self.guard.call("spend log", self._pass, _OFTEN)

    def close(self) -> None:
        """End the thread when it has stored what waits, and close the database."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._over.set()
            thread.join()
            self._over = Event()
        elif self._alone:
            self.guard.call("spend log", self._pass, _OFTEN)
        self._alone = False
        atexit.unregister(self._end)
        with self._lock:
            if self._drainer is not None:
                self._drainer.database.close()
                self._drainer = None


def _waits_for_itself() -> bool:
    """Return whether this is a subinterpreter in which sqlite3 waits for itself, for ever, once it closes a database.

    It takes the lock of the main interpreter, which this one holds.
    https://docs.python.org/3.11/c-api/init.html#bugs-and-caveats
    """
    if sys.version_info >= (3, 12):
        return False
    try:
        interpreters = import_module("_xxsubinterpreters")
    except ImportError:
        return False
    return bool(interpreters.get_current() != interpreters.get_main())


def _is_written(process: int | None) -> bool:
    """Return whether a segment that a process has locked may be one that it writes, and not one that it stores."""
    if process == os.getpid():
        return False
    if process is None or os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


_ALL: WeakSet[Background] = WeakSet()


def _forked() -> None:
    for background in list(_ALL):
        background.forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
