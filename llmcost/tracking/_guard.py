"""The one guard: nothing that tracking does can break the call of the host.

Readers meet what no vendor documents, handlers are somebody's code, and both run inside the host's call. What they
raise ends here: it is logged with its traceback once a kind, and counted.
"""

from __future__ import annotations

import sys
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from types import TracebackType
    from typing import Any

# Kinds that are told apart. A kind is a place and the class of what was raised there.
_MOST_KINDS = 1000


class Guard:
    """Runs what belongs to tracking, and keeps count of what it raised.

    >>> guard = Guard()
    >>> guard.call("reader", int, "12")
    12
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._failures: dict[str, int] = {}

    def call(self, where: str, function: Callable[..., Any], *given: Any, default: Any = None) -> Any:
        """Return what the function returns; ``default`` if it raises."""
        try:
            return function(*given)
        except Exception as error:  # noqa: BLE001 - the one place where everything ends
            self.caught(where, error)
        except _cancelled() as error:
            # Nothing cancels a task inside a function that awaits nothing: it is the outcome of another task.
            self.caught(where, error)
        return default

    async def wait(self, where: str, awaitable: Awaitable[Any]) -> None:
        """Wait for a coroutine; what it raises is logged and counted, unless the host's own task is cancelled."""
        before, raised = _cancellations(), Thrown()
        with raised:
            await awaitable
        error, after = raised.error, _cancellations()
        of_host = None if before is None or after is None else after > before
        if isinstance(error, _cancelled()) and of_host is not False:
            # Without a count of them, a cancellation is taken for the host's.
            raise error
        if error is not None:
            self.call(where, _raise, error)
        if of_host:
            # The coroutine has kept the cancellation to itself, or has raised something else in its place.
            from asyncio import CancelledError

            raise CancelledError

    def caught(self, where: str, error: BaseException) -> None:
        """Count an error, and log the first of its kind with its traceback."""
        kind = f"{where}: {type(error).__name__}"
        with self._lock:
            if kind not in self._failures and len(self._failures) >= _MOST_KINDS:
                kind = "others"
            times = self._failures[kind] = self._failures.get(kind, 0) + 1
        if times == 1:
            import logging

            logging.getLogger("llmcost").error(
                "llmcost: %s; the call itself is untouched, and more of this kind are only counted",
                kind,
                exc_info=(type(error), error, error.__traceback__),
            )

    def failures(self) -> dict[str, int]:
        """Return how often each kind was caught."""
        with self._lock:
            return dict(self._failures)


def attribute(holder: object, name: str) -> Any:
    """Return an attribute of a foreign object; None if there is none, or reading it raises."""
    try:
        return getattr(holder, name, None)
    except Exception:  # noqa: BLE001 - it says nothing then, and this is no failure of tracking
        return None


def _raise(error: BaseException) -> None:
    raise error


def _cancelled() -> type[BaseException] | tuple[()]:
    """Return the class of asyncio's cancellations; nothing is one where nobody has loaded asyncio."""
    asyncio = sys.modules.get("asyncio")
    return asyncio.CancelledError if asyncio is not None else ()


def _cancellations() -> int | None:
    """Return how many cancellations of the running task were asked for and have reached it.

    None outside a task of asyncio, and for a task that does not count them: Python 3.10's, for one.
    """
    asyncio = sys.modules.get("asyncio")
    try:
        task = asyncio.current_task() if asyncio is not None else None
    except RuntimeError:
        return None
    asked = getattr(task, "cancelling", None)
    # One that is asked for in a step of the task itself reaches it at the next await.
    return None if asked is None else asked() - bool(getattr(task, "_must_cancel", False))


class Seen:
    """A block in which the host's own code runs: an exception that it raises is told to a function, and raised on.

    A ``with`` block is told of an exception without catching it, so that the host gets it as it was raised.
    """

    __slots__ = ("_tell",)

    def __init__(self, tell: Callable[[BaseException], Sequence[Awaitable[Any]]]) -> None:
        self._tell = tell

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self._tell(error)

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            for coroutine in self._tell(error):
                await coroutine


class Thrown:
    """Takes what is raised inside it, so that it can be raised in another place.

    Attributes:
        error: what was raised, or None.
    """

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> None:
        self.error = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self.error = error
        return error is not None
