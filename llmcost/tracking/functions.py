"""Tracked functions: what they return, or yield, is the response of a call."""

from __future__ import annotations

from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from ._guard import Seen, Thrown
from .json_text import bytes_of
from .loops import current_loop
from .pricing import Facts
from .results import AsyncResult, Result, Steps
from .running import Running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Generator

    from .ledger import Ledger

    Begin = Callable[[tuple[Any, ...], dict[str, Any]], Running]
    IsCall = Callable[[tuple[Any, ...], dict[str, Any]], bool]

_TRACKED = "__llmcost_tracked__"


def tap(function: Callable[..., Any], ledger: Ledger) -> Callable[..., Any]:
    """Return a function like this one, with the same signature and types, whose calls are tracked."""
    plain = untap(function)

    def begin(args: tuple[Any, ...], keywords: dict[str, Any]) -> Running:
        model = keywords.get("model")
        facts = Facts(str.__str__(model) if issubclass(type(model), str) else None)
        return Running(ledger, lambda: facts, current_loop()).admitted(lambda: _asking(args, keywords))

    return watched(plain, begin)


# Arguments of LiteLLM's and the SDKs' functions that hold all of a prompt.
_PROMPTS = frozenset({"messages", "prompt", "input", "contents"})


def _asking(args: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[dict[str, Any], int | None]:
    """Return the keywords of a function, and the bytes of their text where they hold all of the prompt."""
    holds_the_prompt = not args and not _PROMPTS.isdisjoint(keywords)
    return keywords, bytes_of(keywords) if holds_the_prompt else None


def watched(plain: Callable[..., Any], begin: Begin, is_call: IsCall | None = None) -> Callable[..., Any]:
    """Return a function like this one whose calls are tracked.

    ``begin`` is told of the arguments and returns the call that they begin; where ``is_call`` denies that they are one,
    the function itself is called.
    """
    if isasyncgenfunction(plain):
        kind: Any = _async_generator
    elif isgeneratorfunction(plain):
        kind = _generator
    elif iscoroutinefunction(plain) or iscoroutinefunction(getattr(plain, "__call__", None)):  # noqa: B004
        kind = _coroutine
    else:
        kind = _function
    tracked = kind(plain, begin)
    if is_call is None:
        tracked_function: Callable[..., Any] = wraps(plain)(tracked)
    else:

        @wraps(plain)
        def tracked_function(*args: Any, **keywords: Any) -> Any:
            return (tracked if is_call(args, keywords) else plain)(*args, **keywords)

    setattr(tracked_function, _TRACKED, plain)
    return tracked_function


def untap(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function that a tracked one was made of, or the function itself."""
    plain: Any = getattr(function, _TRACKED, None)
    # A wrapper around a tracked function has the attributes of the function, and does more.
    if plain is None or getattr(function, "__wrapped__", None) is not plain:
        return function
    return cast("Callable[..., Any]", plain)


def _function(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    def tracked(*args: Any, **keywords: Any) -> Any:
        running = begin(args, keywords)
        running.cover.enter()
        try:
            with Seen(lambda error: running.attempt.left(running.raised(error))):
                result = function(*args, **keywords)
        finally:
            running.cover.leave()
        # Told by its type: what a function returns may fail when it is asked for its class.
        if type(result) is CoroutineType:
            return _waited(result, running)
        if running.streams(result):
            return running.attempt.ledger.guard.call("response", Result, result, running, default=result)
        running.attempt.left(running.returned(result))
        return result

    return tracked


def _coroutine(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    async def tracked(*args: Any, **keywords: Any) -> Any:
        running = begin(args, keywords)
        return await _waited(function(*args, **keywords), running)

    return tracked


async def _waited(coroutine: Coroutine[Any, Any, Any], running: Running) -> Any:
    """Return what a coroutine returns, whether a coroutine function has made it or a function of an SDK around one."""
    running.awaited()
    running.cover.enter()
    try:
        async with Seen(running.raised):
            result = await coroutine
    finally:
        running.cover.leave()
    if running.streams(result):
        return running.attempt.ledger.guard.call("response", AsyncResult.around, result, running, default=result)
    for left in running.returned(result):
        await left
    return result


def _generator(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    def tracked(*args: Any, **keywords: Any) -> Generator[Any, Any, Any]:
        return (yield from Steps(function(*args, **keywords), begin(args, keywords)))

    return tracked


def _async_generator(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    async def tracked(*args: Any, **keywords: Any) -> AsyncIterator[Any]:
        running, thrown = begin(args, keywords), Thrown()
        running.awaited()
        inner = function(*args, **keywords)
        step = inner.__anext__()
        async with Seen(running.raised):
            while True:
                # The body of a generator runs in the context of the code that asks for its next value.
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
