"""Handlers: functions that are told of every call, with LiteLLM's arguments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ..errors import ArgumentError, shown
from ..errors.foreign_values import has_method
from .runs import Runs
from .worker import Worker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from typing import Any, SupportsIndex

    from ._guard import Guard
    from .call import TrackedCall

    Handler = Callable[..., Any]

HOW = ("inline", "thread")
_LOST = (
    "a handler did not run to its end, since its loop or the process ended, or too many were waiting; "
    "stats()['dropped'] counts them"
)


class HandlerList(list["Handler"]):
    """Functions that are called with ``(kwargs, response_obj, start_time, end_time)``; nothing else can be in it.

    >>> HandlerList("success_callback", ["langfuse"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    llmcost.errors.base.ArgumentError: success_callback holds functions handler(...), not 'langfuse'
    """

    def __init__(self, name: str, handlers: object = ()) -> None:
        kind = type(handlers)
        if issubclass(kind, (str, bytes)) or not has_method(kind, "__iter__"):
            raise ArgumentError(f"{name} is a list of functions, not {shown(handlers)}; write [handler]")
        self._name = name
        super().__init__(self._checked(handler) for handler in handlers)  # type: ignore[attr-defined]

    def _checked(self, handler: Any) -> Handler:
        if not callable(handler):
            raise ArgumentError(
                f"{self._name} holds functions handler(kwargs, response_obj, start_time, end_time), "
                f"not {shown(handler)}"
            )
        return handler  # type: ignore[no-any-return]

    def append(self, handler: Handler) -> None:
        """Put a function at the end."""
        super().append(self._checked(handler))

    def extend(self, handlers: Iterable[Handler]) -> None:
        """Put functions at the end."""
        super().extend(HandlerList(self._name, handlers))

    def insert(self, index: SupportsIndex, handler: Handler) -> None:
        """Put a function before a place."""
        super().insert(index, self._checked(handler))

    def __iadd__(self, handlers: Iterable[Handler]) -> HandlerList:  # type: ignore[override,misc]  # noqa: PYI034
        self.extend(handlers)
        return self

    def __setitem__(self, place: Any, handler: Any) -> None:
        checked = HandlerList(self._name, handler) if isinstance(place, slice) else self._checked(handler)
        super().__setitem__(place, checked)


class Dispatch:
    """Calls the handlers of one tracker, in the host's call or on a thread."""

    def __init__(self, how: str, guard: Guard, dropped: Callable[[], None]) -> None:
        if how not in HOW:
            raise ArgumentError(f"handlers={shown(how)}: it is one of {', '.join(map(repr, HOW))}")
        self._inline, self._guard, self._dropped, self._said = how == "inline", guard, dropped, False
        self.worker = Worker(guard, self._lost)

    def tell(self, handlers: Sequence[Handler], call: TrackedCall, response: object, loop: Any) -> Sequence[Runs]:
        """Tell every handler of a call; return the runs of async ones, which the caller has to await."""
        end = call.started + timedelta(0, 0, call.latency_us)
        given = (keywords_of(call), response, call.started, end)
        found: list[Awaitable[Any]] = []
        told = 0
        try:
            for handler in handlers:
                told += 1
                if not self._inline:
                    self.worker.put(handler, *given, loop=loop)
                    continue
                result = self._guard.call("handler", handler, *given)
                if self._guard.call("handler", hasattr, result, "__await__"):
                    if loop is None:
                        self.worker.put(_itself, result)
                    else:
                        found.append(result)
            runs, found = self._runs(found, loop) if found else None, []
        finally:
            # One of them ends the process: the others are not told.
            for _ in handlers[told:]:
                self._lost()
            for result in found:
                self.worker.put(_itself, result, loop=loop)
        return () if runs is None else (runs,)

    def later(self, left: Iterable[Runs]) -> None:
        """Run what cannot be awaited: the host dropped a stream outside its loop."""
        for runs in left:
            runs.leave()

    def _runs(self, coroutines: Sequence[Awaitable[Any]], loop: Any) -> Runs:
        return Runs(coroutines, self._guard, self._lost, lambda run: self.worker.put(_itself, run, loop=loop))

    def _lost(self) -> None:
        """Count a run of a handler that is not done, and log the first."""
        self._dropped()
        if not self._said:
            self._said = True
            import logging

            logging.getLogger("llmcost").error("llmcost: %s", _LOST)


def _itself(value: object) -> object:
    return value


def keywords_of(call: TrackedCall) -> dict[str, Any]:
    """Return the first argument of a handler: LiteLLM's names for what is known of a call, and the call itself."""
    metadata = {**call.metadata, "tags": list(call.tags)} if call.tags else dict(call.metadata)
    return {
        "response_cost": call.response_cost,
        "cost": call.cost,
        "call": call,
        "litellm_call_id": call.id,
        "model": call.model,
        "custom_llm_provider": call.provider,
        "user": call.user,
        "litellm_params": {"metadata": metadata},
    }
