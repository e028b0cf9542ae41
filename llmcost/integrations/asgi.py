"""ASGI (Starlette, FastAPI): what the calls of a request cost, in a header of its response.

::

    app.add_middleware(CostMiddleware, tracker=tracker, user="x-user")

It imports no framework: a middleware of ASGI is a function of three arguments.
https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from ..core.statuses import PARTIAL
from ..tracking.context import context
from ..tracking.default import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from ..core.cost import Cost
    from ..tracking.call import TrackedCall
    from ..tracking.ledger import Ledger

_ID = "request_id"
UNKNOWN = "unknown"


class CostMiddleware:
    """Opens a context for each request, and says in a header of the response what its calls cost.

    The header is USD as exact text, ``>=0.01`` where it is a lower bound, ``unknown`` where nothing is known of a call,
    and absent where no call has ended before the response begins; what a streamed response costs is known later. Each
    call has the id of its request under ``request_id`` of its metadata, which logs keep.

    Args:
        app: the application of ASGI.
        tracker: whose calls count; the default one, of ``llmcost.track``, if it is not given. Its handlers run inline.
        header: the name of the header.
        team, user, session: the header of a request that says so, or a function of the scope of ASGI; None for nothing.
        request_id: the header of a request that holds its id; without it the id is a random one.
    """

    def __init__(
        self,
        app: Callable[..., Awaitable[None]],
        *,
        tracker: Ledger | None = None,
        header: str = "x-llm-cost",
        team: str | Callable[[Any], str | None] | None = None,
        user: str | Callable[[Any], str | None] | None = None,
        session: str | Callable[[Any], str | None] | None = None,
        request_id: str = "x-request-id",
    ) -> None:
        self.app = app
        self._header, self._whose, self._named = header.lower().encode("latin-1"), (team, user, session), request_id
        self._open: dict[str, list[TrackedCall]] = {}
        ledger = DEFAULT if tracker is None else tracker
        ledger.success.append(self._ended)
        ledger.failure.append(self._ended)

    def _ended(self, kwargs: dict[str, Any], *_: object) -> None:
        call: TrackedCall = kwargs["call"]
        calls = self._open.get(str(call.metadata.get(_ID)))
        if calls is not None:
            calls.append(call)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Run the application for one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        calls: list[TrackedCall] = []
        stated = _header_of(scope, self._named)
        team, user, session = (_who(source, scope) for source in self._whose)
        # Two requests may have one id: each has its own list under a name of its own.
        name = stated if stated and stated not in self._open else uuid4().hex
        self._open[name] = calls

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start" and calls:
                row = (self._header, _in_words(calls).encode("latin-1"))
                message = {**message, "headers": [*message.get("headers", ()), row]}
            await send(message)

        try:
            with context(team=team, user=user, session=session, metadata={_ID: name}):
                await self.app(scope, receive, sending)
        finally:
            del self._open[name]


def _in_words(calls: list[TrackedCall]) -> str:
    """Return what calls cost together, in words of a header."""
    costs: list[Cost] = []
    for call in calls:
        if call.cost is None or call.response_cost is None:
            return UNKNOWN
        costs.append(call.cost)
    total = sum(costs[1:], costs[0])
    low = any(cost.lower_bound for cost in costs) or any(call.status == PARTIAL for call in calls)
    return f"{'>=' if low else ''}{total}"


def _who(source: str | Callable[[Any], str | None] | None, scope: Any) -> str | None:
    if source is None:
        return None
    return _header_of(scope, source) if isinstance(source, str) else source(scope)


def _header_of(scope: Any, name: str) -> str | None:
    wanted = name.lower().encode("latin-1")
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == wanted), None)
