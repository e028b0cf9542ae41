"""Tracked functions: what they return, or yield, is the response of a call."""

from __future__ import annotations

from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import TYPE_CHECKING, Any, cast

from ._guard import Seen, Thrown
from .loops import current_loop
from .results import AsyncResult, Result, Steps
from .running import Running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from .ledger import Ledger

_TRACKED = "__llmcost_tracked__"


def tap(function: Callable[..., Any], ledger: Ledger) -> Callable[..., Any]:
    """Return a function like this one, with the same signature and types, whose calls are tracked."""
    plain = untap(function)
    if isasyncgenfunction(plain):
        kind: Any = _async_generator
    elif isgeneratorfunction(plain):
        kind = _generator
    elif iscoroutinefunction(plain) or iscoroutinefunction(getattr(plain, "__call__", None)):  # noqa: B004
        kind = _coroutine
    else:
        kind = _function
    found: Callable[..., Any] = wraps(plain)(kind(plain, ledger))
    setattr(found, _TRACKED, plain)
    return found


def untap(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that a tracked one was made of, or the function itself."""
    plain: Any = getattr(function, _TRACKED, None)
    # What somebody has put around a tracked function has its attributes, and does more than it.
    if plain is None or getattr(function, "__wrapped__", None) is not plain:
        return function
    return cast("Callable[..., Any]", plain)


def _function(function: Callable[..., Any], ledger: Ledger) -> Callable[..., Any]:
    def tracked(*args: Any, **keywords: Any) -> Any:
        running = Running(ledger, keywords)
        running.cover.enter()
        try:
            with Seen(lambda error: running.left(running.raised(error))):
                result = function(*args, **keywords)
        finally:
            running.cover.leave()
        if running.streams(result):
            return ledger.guard.call("response", Result.around, result, running, default=result)
        running.left(running.returned(result))
        return result

    return tracked


def _coroutine(function: Callable[..., Any], ledger: Ledger) -> Callable[..., Any]:
    async def tracked(*args: Any, **keywords: Any) -> Any:
        running = Running(ledger, keywords, current_loop())
        running.cover.enter()
        try:
            async with Seen(running.raised):
                result = await function(*args, **keywords)
        finally:
            running.cover.leave()
        if running.streams(result):
            return ledger.guard.call("response", AsyncResult.around, result, running, default=result)
        for coroutine in running.returned(result):
            await coroutine
        return result

    return tracked


def _generator(function: Callable[..., Any], ledger: Ledger) -> Callable[..., Any]:
    def tracked(*args: Any, **keywords: Any) -> Generator[Any, Any, Any]:
        return (yield from Steps(function(*args, **keywords), Running(ledger, keywords)))

    return tracked


def _async_generator(function: Callable[..., Any], ledger: Ledger) -> Callable[..., Any]:
    async def tracked(*args: Any, **keywords: Any) -> AsyncIterator[Any]:
        running, thrown = Running(ledger, keywords, current_loop()), Thrown()
        inner = function(*args, **keywords)
        step = inner.__anext__()
        async with Seen(running.raised):
            while True:
                # The body of a generator runs in the context of whoever asks for its next value.
                running.cover.enter()
                try:
                    chunk = await step
                except StopAsyncIteration:
                    break
                finally:
                    running.cover.leave()
                running.chunk(chunk)
                with thrown:
                    sent = yield chunk
                if thrown.error is not None:
                    step = inner.athrow(thrown.error)
                else:
                    step = inner.__anext__() if sent is None else inner.asend(sent)
        for coroutine in running.ended():
            await coroutine

    return tracked
