"""Streams that a tracked function returns: the same objects to their caller, whose chunks are seen on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._guard import Seen

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import TracebackType

    from .running import Running


class Steps:
    """The steps of a generator, as ``yield from`` asks for them."""

    def __init__(self, inner: Generator[Any, Any, Any], running: Running) -> None:
        self._inner, self._running = inner, running

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._step(self._inner.__next__)

    def send(self, value: object) -> Any:
        """Send a value into the generator."""
        return self._step(self._inner.send, value)

    def throw(self, *error: Any) -> Any:
        """Throw an error into the generator."""
        return self._step(self._inner.throw, error[0] if len(error) == 1 else error[1] or error[0])

    def close(self) -> None:
        """Close the generator."""
        try:
            self._inner.close()
        finally:
            self._running.over(None)

    def _step(self, step: Any, *given: object) -> Any:
        running = self._running
        # The body of a generator runs in the context of the code that asks for its next value.
        running.cover.enter()
        try:
            with Seen(running.over):
                chunk = step(*given)
        finally:
            running.cover.leave()
        running.chunk(chunk)
        return chunk


class _Proxy:
    """An object that looks like another one, and hands its chunks on."""

    def __init__(self, inner: Any, running: Running) -> None:
        self._inner, self._running = inner, running

    def __getattr__(self, name: str) -> Any:
        if name == "_inner":
            # A copy that has no attributes yet.
            raise AttributeError(name)
        return getattr(self._inner, name)

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._inner)

    def __del__(self) -> None:
        # The host has dropped the stream without reading it to its end.
        self._running.over(None)


class Result(_Proxy):
    """A stream that is read in a loop."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        with Seen(self._running.over):
            chunk = next(self._inner)
        self._running.chunk(chunk)
        return chunk

    def send(self, value: object) -> Any:
        """Send a value into a generator."""
        with Seen(self._running.over):
            chunk = self._inner.send(value)
        self._running.chunk(chunk)
        return chunk

    def close(self) -> Any:
        """Close the stream."""
        try:
            return self._inner.close()
        finally:
            self._running.over(None)

    def __enter__(self) -> Any:
        self._inner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Any:
        try:
            return self._inner.__exit__(kind, error, traceback)
        finally:
            self._running.attempt.left(self._running.raised(error))


class AsyncResult(_Proxy):
    """A stream that is read in an async loop; or, of a coroutine, in a plain one."""

    @classmethod
    def around(cls, inner: Any, running: Running) -> Any:
        """Return what stands for the stream."""
        return cls(inner, running) if hasattr(inner, "__anext__") else Result(inner, running)

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        async with Seen(self._ended):
            chunk = await self._inner.__anext__()
        self._running.chunk(chunk)
        return chunk

    def _ended(self, error: BaseException) -> Any:
        running = self._running
        return running.ended() if isinstance(error, StopAsyncIteration) else running.raised(error)

    async def aclose(self) -> Any:
        """Close the stream."""
        return await self._ended_by("aclose")

    async def close(self) -> Any:
        """Close the stream."""
        return await self._ended_by("close")

    async def __aenter__(self) -> Any:
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> Any:
        return await self._ended_by("__aexit__", kind, error, traceback)

    async def _ended_by(self, method: str, *given: Any) -> Any:
        """Return what a method of the stream returns that ends it; the second argument is an error, if there is one."""
        try:
            return await getattr(self._inner, method)(*given)
        finally:
            for coroutine in self._running.raised(given[1] if given else None):
                await coroutine
