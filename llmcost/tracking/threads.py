"""Threads: what of ours runs beside the host, in a thread that never keeps the process alive."""

from __future__ import annotations

from logging import getLogger
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LOG = getLogger("llmcost")
# The threads of which was said that they do not start; each has a name of its own.
_TOLD: set[str] = set()


def started(name: str, instead: str, work: Callable[..., Any], *given: Any) -> Thread | None:
    """Start a thread; None where none can be started, and what is done ``instead`` is logged once.

    The system has no more threads, the process ends, or this interpreter is a subinterpreter that may not have any
    that end with it. https://docs.python.org/3/c-api/init.html#c.PyInterpreterConfig.allow_daemon_threads
    """
    try:
        thread = Thread(target=work, args=given, name=name, daemon=True)
        thread.start()
    except RuntimeError as error:
        if name not in _TOLD:
            _TOLD.add(name)
            _LOG.warning("llmcost: the thread %s does not start (%s): %s", name, str(error), instead)
        return None
    return thread
