"""The tap of clients over httpx and httpx2: it stands around a client's transport, and changes nothing global.

Neither library is imported.
"""

from __future__ import annotations

from functools import partial
from sys import exc_info
from typing import TYPE_CHECKING, Any

from ..core.late import Late
from ..prices.hosts import of_module
from .answer import Answer
from .asking import Hiding, asking
from .attempt import Attempt
from .call import CallError
from .doors import raised
from .failures import REFUSED, error_of, reached
from .loops import loop_of_coroutine
from .request import facts_of, fields_of_body, may_be_call
from .tee import AsyncTee, SyncTee, Tee, with_base

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import gate
    from .ledger import Ledger
    from .pricing import Facts
    from .runs import Runs
else:
    # Most trackers have no budget.
    gate = Late("llmcost.tracking.gate")


class Tap:
    """A transport around another one. What it does not know is the inner one's.

    Attributes:
        inner: the transport that sends.
        ledger: where calls are entered.
        seller: who sells what this kind of client calls, or None.
    """

    def __init__(self, inner: Any, ledger: Ledger, module: str) -> None:
        self.inner, self.ledger, self.seller = inner, ledger, of_module(module)

    def __getattr__(self, name: str) -> Any:
        if name == "inner":
            # A copy that has no attributes yet.
            raise AttributeError(name)
        return getattr(self.inner, name)

    def _begun(self, request: Any, loop: Any) -> tuple[Attempt, bool] | None:
        """Return the call of a request, and whether that has begun before; None if it is no call."""
        path = request.url.path
        if may_be_call(request.method, path):
            attempt = Attempt(self.ledger, partial(self._facts, request, path), loop, quiet=True)
            attempt.counted()
            return attempt, False
        waited_for = self.ledger.pending.named(path)
        return (waited_for, True) if isinstance(waited_for, Attempt) else None

    def _facts(self, request: Any, path: str) -> Facts:
        content = getattr(request, "_content", None)
        body = fields_of_body(content) if content is not None else _form(request)
        # As its one writer spells it.
        retry = dict(request.headers.raw).get(b"x-stainless-retry-count")
        return facts_of(request.url.host, path, None if retry is None else retry.decode("latin-1"), body, self.seller)

    def _refused(self, begun: tuple[Attempt, bool] | None, request: Any) -> tuple[BaseException, Sequence[Runs]] | None:
        """Return what is raised in the place of a request for which a budget has no room; None if it may be sent."""
        if begun is None or begun[1] or not begun[0].limited or not begun[0].budgets():
            return None
        error = gate.admitted(begun[0], lambda: _asking(request))
        return None if error is None else (raised(error), begun[0].failed(REFUSED))

    def _raised(self, begun: tuple[Attempt, bool] | None, error: BaseException | None) -> Sequence[Runs]:
        if begun is None or begun[1] or error is None:
            return ()
        failure = error_of(error)
        attempt = begun[0]
        return attempt.broke(failure) if reached(error, failure) else attempt.failed(failure)

    def _asked(self, request: Any) -> Any:
        """Return the request that is sent where it is to ask for its usage."""
        return self.ledger.guard.call("request", asking, request) or request

    def _answered(
        self, begun: tuple[Attempt, bool] | None, response: Any, kind: type[Tee], asked: bool
    ) -> Sequence[Runs]:
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
        named = _named(headers, _OF_A_BODY)
        kind_of, coding = named.get("content-type", ""), named.get("content-encoding", "")
        answer = Answer(attempt, kind_of, coding, polled=polled)
        if hasattr(response, "_content"):
            return answer.decoded(response._content)
        hiding = None
        if asked and kind_of.startswith("text/event-stream"):
            hiding = self.ledger.guard.call("request", Hiding, coding)
            if hiding is not None and coding:
                # What the host gets is decoded.
                del headers["content-encoding"]
        response.stream = with_base(kind, type(response.stream))(response.stream, answer, hiding)
        return ()


class SyncTap(Tap):
    """A transport around one of a sync client."""

    def handle_request(self, request: Any) -> Any:
        """Return the response of the inner transport, with its stream seen."""
        ledger, response = self.ledger, None
        guard = ledger.guard
        begun = guard.call("request", self._begun, request, None)
        refused = self._refused(begun, request)
        if refused is not None:
            ledger.dispatch.later(refused[1])
            raise refused[0]
        sent = request if ledger.include_usage is None else self._asked(request)
        try:
            response = self.inner.handle_request(sent)
        finally:
            # An exception of the host's is looked at here, and not caught: it goes on as it was raised.
            if response is None:
                ledger.dispatch.later(guard.call("request", self._raised, begun, exc_info()[1], default=()))
        left = guard.call("response", self._answered, begun, response, SyncTee, sent is not request, default=())
        ledger.dispatch.later(left)
        return response

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
        ledger, response = self.ledger, None
        guard = ledger.guard
        begun = guard.call("request", self._begun, request, loop_of_coroutine())
        refused = self._refused(begun, request)
        if refused is not None:
            for coroutine in refused[1]:
                await coroutine
            raise refused[0]
        sent = request if ledger.include_usage is None else self._asked(request)
        try:
            response = await self.inner.handle_async_request(sent)
        finally:
            if response is None:
                for coroutine in guard.call("request", self._raised, begun, exc_info()[1], default=()):
                    await coroutine
        left = guard.call("response", self._answered, begun, response, AsyncTee, sent is not request, default=())
        for coroutine in left:
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


def _asking(request: Any) -> tuple[dict[str, Any], int | None]:
    """Return the fields of a request and the bytes of its text. Those of a form are its files', which are no text."""
    content = getattr(request, "_content", None)
    if content is None:
        return _form(request), None
    return fields_of_body(content), len(content)


_OF_A_BODY = frozenset({b"content-type", b"content-encoding"})


def _named(headers: Any, names: frozenset[bytes]) -> dict[str, str]:
    """Return some headers, found in one pass; those of one name are joined."""
    found: dict[str, str] = {}
    for raw, value in headers.raw:
        name = raw.lower()
        if name in names:
            key, text = name.decode("ascii"), value.decode("latin-1")
            found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _form(request: Any) -> dict[str, Any]:
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
    # A transport may serve both kinds of client.
    kind = AsyncTap if hasattr(client, "aclose") else SyncTap
    client._transport = _around(client._transport, kind, ledger, module)
    # The transports of proxies; None stands for the client's own.
    for pattern, transport in client._mounts.items():
        if transport is not None:
            client._mounts[pattern] = _around(transport, kind, ledger, module)


def untap(client: Any) -> None:
    """Take the taps from the transports of an HTTP client."""
    if isinstance(client._transport, Tap):
        client._transport = client._transport.inner
    for pattern, transport in client._mounts.items():
        if isinstance(transport, Tap):
            client._mounts[pattern] = transport.inner


def _around(transport: Any, kind: type[Tap], ledger: Ledger, module: str) -> Tap:
    if isinstance(transport, Tap):
        transport.ledger = ledger
        return transport
    return kind(transport, ledger, module)
