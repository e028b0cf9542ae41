"""Tees: byte streams that hand on the pieces of another one and let an answer see them.

An HTTP library accepts only instances of its own class of byte streams. That class is found among the bases of the
stream that is wrapped, so that no HTTP library is imported.
"""

from __future__ import annotations

from sys import exc_info
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from .answer import Answer
    from .asking import Hiding
    from .runs import Runs


class Tee:
    """A byte stream that gives the host the pieces of another one, and an ``Answer`` a look at each.

    The pieces are the same objects, except where a chunk has to be hidden that only tracking has asked for.

    Attributes:
        base: the name of the HTTP library's class that it has to be an instance of.
    """

    base = ""

    def __init__(self, inner: Any, answer: Answer, hiding: Hiding | None) -> None:
        self._inner, self._answer, self._hiding = inner, answer, hiding

    def _shown(self, hiding: Hiding, piece: bytes) -> list[bytes]:
        """Return what the host gets of a piece."""
        shown: bytes = self._answer.attempt.ledger.guard.call("request", hiding.take, piece)
        return [shown] if shown else []

    def _rest(self) -> list[bytes]:
        """Return what the host gets when the inner stream has ended."""
        rest = self._hiding.rest() if self._hiding is not None else b""
        return [rest] if rest else []

    def _broken(self) -> Sequence[Runs]:
        """Settle the call by the exception that is on its way to the host, which goes on as it was raised."""
        error = exc_info()[1]
        # GeneratorExit only says that nobody reads on; close() is called next, and settles the call.
        return () if isinstance(error, GeneratorExit) else self._answer.end(error)

    def __del__(self) -> None:
        # The host has dropped the stream without reading it to its end and without closing it.
        self._answer.attempt.left(self._answer.end())


class SyncTee(Tee):
    """A byte stream of a sync client."""

    base = "SyncByteStream"

    def __iter__(self) -> Iterator[bytes]:
        answer, hiding = self._answer, self._hiding
        take = answer.take
        try:
            for piece in self._inner:
                take(piece)
                if hiding is None:
                    yield piece
                else:
                    yield from self._shown(hiding, piece)
            yield from self._rest()
            answer.exhausted = True
        finally:
            if not answer.exhausted:
                answer.attempt.left(self._broken())
        answer.attempt.left(answer.end())

    def close(self) -> None:
        """Close the inner stream, and settle the call if its end was not seen."""
        try:
            self._inner.close()
        finally:
            self._answer.attempt.left(self._answer.end())


class AsyncTee(Tee):
    """A byte stream of an async client."""

    base = "AsyncByteStream"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        answer, hiding = self._answer, self._hiding
        take = answer.take
        try:
            async for piece in self._inner:
                take(piece)
                if hiding is None:
                    yield piece
                else:
                    for shown in self._shown(hiding, piece):
                        yield shown
            for rest in self._rest():
                yield rest
            answer.exhausted = True
        finally:
            if not answer.exhausted:
                for coroutine in self._broken():
                    await coroutine
        for coroutine in answer.end():
            await coroutine

    async def aclose(self) -> None:
        """Close the inner stream, and settle the call if its end was not seen."""
        try:
            await self._inner.aclose()
        finally:
            for coroutine in self._answer.end():
                await coroutine


_made: dict[tuple[type[Tee], type[Any]], Any] = {}


def with_base(kind: type[Tee], stream: type[Any]) -> Any:
    """Return a class of this kind that is one of the HTTP library's byte streams too."""
    found = _made.get((kind, stream))
    if found is None:
        base = next((base for base in stream.__mro__ if base.__name__ == kind.base), object)
        found = _made[kind, stream] = type(kind.base, (kind, base), {})
    return found
