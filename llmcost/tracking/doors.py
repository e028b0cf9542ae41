"""Doors: where a refused call leaves an SDK's client, above the retries of the SDK.

SDKs take what is raised below them for a lost connection, and try again. What passes through them is no ``Exception``;
the door around the client's own method turns it into the error that the host sees.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..errors import BudgetExceededError

_INSIDE: ContextVar[bool] = ContextVar("llmcost_inside_door", default=False)
_REQUEST, _COPIES = "request", ("copy", "with_options")


class Refused(BaseException):
    """Passes through an SDK, up to its door."""

    def __init__(self, error: BudgetExceededError) -> None:
        super().__init__(error)
        self.error = error


def raised(error: BudgetExceededError) -> BaseException:
    """Return what is raised in the place of a request: what passes up to the door, where there is one."""
    return Refused(error) if _INSIDE.get() else error


def hang(client: Any, copied: Callable[[Any], object], *, refuses: bool) -> None:
    """Put a door into an SDK's client, if calls may be refused; any other object stays as it is.

    ``copied`` is called with each copy that the client makes, which may have another HTTP client.
    """
    kind = type(client)
    if not (callable(getattr(kind, _REQUEST, None)) and callable(getattr(kind, "copy", None))):
        return
    fields = vars(client)
    for name in _COPIES:
        if callable(getattr(kind, name, None)) and name not in fields:
            fields[name] = _copying(getattr(client, name), copied)
    if refuses and _REQUEST not in fields:
        plain = getattr(client, _REQUEST)
        fields[_REQUEST] = _async_door(plain) if iscoroutinefunction(plain) else _door(plain)


def unhang(client: Any) -> None:
    """Take the door out of a client."""
    fields = vars(client)
    for name in (_REQUEST, *_COPIES):
        if hasattr(fields.get(name), "__llmcost_door__"):
            del fields[name]


def _door(plain: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(plain)
    def request(*given: Any, **named: Any) -> Any:
        token = _INSIDE.set(True)
        try:
            return plain(*given, **named)
        except Refused as refused:
            raise refused.error from None
        finally:
            _INSIDE.reset(token)

    return _marked(request)


def _async_door(plain: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(plain)
    async def request(*given: Any, **named: Any) -> Any:
        token = _INSIDE.set(True)
        try:
            return await plain(*given, **named)
        except Refused as refused:
            raise refused.error from None
        finally:
            _INSIDE.reset(token)

    return _marked(request)


def _copying(plain: Callable[..., Any], copied: Callable[[Any], object]) -> Callable[..., Any]:
    @wraps(plain)
    def copy(*given: Any, **named: Any) -> Any:
        found = plain(*given, **named)
        copied(found)
        return found

    return _marked(copy)


def _marked(function: Callable[..., Any]) -> Callable[..., Any]:
    function.__llmcost_door__ = True  # type: ignore[attr-defined]
    return function
