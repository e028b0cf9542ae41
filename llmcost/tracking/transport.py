"""The tap of clients over httpx and httpx2: it stands around a client's transport, and changes nothing global.

Neither library is imported: what a byte stream has to be an instance of is found among the bases of the stream that is
wrapped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._guard import Seen
from .answer import Answer
from .attempt import Attempt
from .call import CallError
from .failures import error_of, reached
from .loops import current_loop
from .request import facts_of, may_be_call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence

    from .ledger import Ledger
    from .pricing import Facts


class Tee:
    """A byte stream that hands on the pieces of another one as they are."""

    def __init__(self, inner: Any, answer: Answer) -> None:
        self._inner, self._answer = inner, answer

    def _left(self, error: BaseException | None = None) -> tuple[()]:
        """Settle the call where nobody can await what async handlers leave."""
        left = self._answer.end(error)
        if left:
            attempt = self._answer.attempt
            attempt.ledger.dispatch.later(left, attempt.loop)
        return ()

    def _broken(self, error: BaseException) -> Sequence[Awaitable[Any]]:
        # A generator that is closed says nothing of why: close() comes after it.
        return () if isinstance(error, GeneratorExit) else self._answer.end(error)

    def __del__(self) -> None:
        # A stream that nobody reads on and nobody closes.
        self._left()


class SyncTee(Tee):
    """A byte stream of a sync client."""

    def __iter__(self) -> Iterator[bytes]:
        answer = self._answer
        take = answer.take
        with Seen(lambda error: () if isinstance(error, GeneratorExit) else self._left(error)):
            for piece in self._inner:
                take(piece)
                yield piece
        answer.exhausted = True
        self._left()

    def close(self) -> None:
        """Close the inner stream, and settle the call if its end was not seen."""
        try:
            self._inner.close()
        finally:
            self._left()


class AsyncTee(Tee):
    """A byte stream of an async client."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        answer = self._answer
        take = answer.take
        async with Seen(self._broken):
            async for piece in self._inner:
                take(piece)
                yield piece
        answer.exhausted = True
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


def _with_base(kind: type[Tee], stream: type[Any], name: str) -> Any:
    """Return a class of this kind that is one of the HTTP library's byte streams too."""
    found = _made.get((kind, stream))
    if found is None:
        base = next((base for base in stream.__mro__ if base.__name__ == name), object)
        found = _made[kind, stream] = type(name, (kind, base), {})
    return found


class Tap:
    """A transport around another one. What it does not know is the inner one's.

    Attributes:
        inner: the transport that sends.
        ledger: where calls are entered.
        module: the module of the client.
    """

    def __init__(self, inner: Any, ledger: Ledger, module: str) -> None:
        self.inner, self.ledger, self.module = inner, ledger, module

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def _begun(self, request: Any, loop: Any) -> tuple[Attempt, bool] | None:
        """Return the call of a request, and whether that has begun before; None if it is no call."""
        path = request.url.path
        if may_be_call(request.method, path):
            attempt = Attempt(self.ledger, lambda: self._facts(request), loop, quiet=True)
            attempt.counted()
            return attempt, False
        waited_for = self.ledger.pending.named(path)
        return (waited_for, True) if isinstance(waited_for, Attempt) else None

    def _facts(self, request: Any) -> Facts:
        content = getattr(request, "_content", None)
        return facts_of(request.url, request.headers, content, lambda: _form(request), self.module)

    def _raised(self, begun: tuple[Attempt, bool] | None, error: BaseException) -> Sequence[Awaitable[Any]]:
        if begun is None or begun[1]:
            return ()
        said = error_of(error)
        attempt = begun[0]
        return attempt.broke(said) if reached(error, said) else attempt.failed(said)

    def _answered(
        self, begun: tuple[Attempt, bool] | None, response: Any, kind: type[Tee], base: str
    ) -> Sequence[Awaitable[Any]]:
        """Put a tee into a response, or settle the call by its status or by what has been read already."""
        if begun is None:
            return ()
        attempt, polled = begun
        status = response.status_code
        if status >= 400:
            return () if polled else attempt.failed(CallError("HTTPStatusError", status))
        if not 200 <= status < 300:
            # A redirect: the request that follows it is the call.
            return () if polled else attempt.ignored()
        headers = response.headers
        answer = Answer(attempt, headers.get("content-type", ""), headers.get("content-encoding", ""), polled=polled)
        if hasattr(response, "_content"):
            return answer.decoded(response._content)
        response.stream = _with_base(kind, type(response.stream), base)(response.stream, answer)
        return ()


class SyncTap(Tap):
    """A transport around one of a sync client."""

    def handle_request(self, request: Any) -> Any:
        """Return the response of the inner transport, with its stream seen."""
        guard = self.ledger.guard
        begun = guard.call("request", self._begun, request, None)
        with Seen(lambda error: self._later(guard.call("request", self._raised, begun, error))):
            response = self.inner.handle_request(request)
        self._later(guard.call("response", self._answered, begun, response, SyncTee, "SyncByteStream"))
        return response

    def _later(self, left: Sequence[Awaitable[Any]] | None) -> tuple[()]:
        if left:
            self.ledger.dispatch.later(left, None)
        return ()

    def __enter__(self) -> Any:
        self.inner.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.inner.__exit__(*error)

    def close(self) -> None:
        """Close the inner transport."""
        self.inner.close()


class AsyncTap(Tap):
    """A transport around one of an async client."""

    async def handle_async_request(self, request: Any) -> Any:
        """Return the response of the inner transport, with its stream seen."""
        guard = self.ledger.guard
        begun = guard.call("request", self._begun, request, current_loop())
        async with Seen(lambda error: guard.call("request", self._raised, begun, error, default=())):
            response = await self.inner.handle_async_request(request)
        for coroutine in guard.call(
            "response", self._answered, begun, response, AsyncTee, "AsyncByteStream", default=()
        ):
            await coroutine
        return response

    async def __aenter__(self) -> Any:
        await self.inner.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.inner.__aexit__(*error)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self.inner.aclose()


def _form(request: Any) -> dict[str, str]:
    """Return the text fields of a multipart request; files are not read."""
    found = {}
    for field in getattr(getattr(request, "stream", None), "fields", ()):
        value = getattr(field, "value", None)
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, (str, int, float)) and isinstance(field.name, str):
            found[field.name] = str(value)
    return found


def is_http(client: Any) -> bool:
    """Return whether a client is one of httpx or httpx2."""
    fields = getattr(client, "__dict__", {})
    return "_transport" in fields and isinstance(fields.get("_mounts"), dict)


def tap(client: Any, ledger: Ledger, module: str) -> None:
    """Put taps around the transports of an HTTP client; those that are there get another ledger."""
    client._transport = _around(client._transport, ledger, module)
    # The transports of proxies; None stands for the client's own.
    for pattern, transport in client._mounts.items():
        if transport is not None:
            client._mounts[pattern] = _around(transport, ledger, module)


def untap(client: Any) -> None:
    """Take the taps from the transports of an HTTP client."""
    if isinstance(client._transport, Tap):
        client._transport = client._transport.inner
    for pattern, transport in client._mounts.items():
        if isinstance(transport, Tap):
            client._mounts[pattern] = transport.inner


def _around(transport: Any, ledger: Ledger, module: str) -> Tap:
    if isinstance(transport, Tap):
        transport.ledger = ledger
        return transport
    kind = AsyncTap if hasattr(transport, "handle_async_request") else SyncTap
    return kind(transport, ledger, module)
