"""Clients: where an SDK keeps its HTTP clients."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import doors, transport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .ledger import Ledger

# Attributes below which an HTTP client is found: OpenAI, Anthropic, Groq, Together and what is made like them
# (_client); Mistral (sdk_configuration); Cohere (_client_wrapper); LangChain (root_client, _async_client; bound is the
# model to which tools are bound); pydantic-ai and frameworks whose agents hold a model (model) and whose models hold an
# SDK's client (client, provider).
_PLACES = (
    "_client",
    "_async_client",
    "client",
    "async_client",
    "root_client",
    "root_async_client",
    "sdk_configuration",
    "_client_wrapper",
    "httpx_client",
    "_http_client",
    "http_client",
    "_provider",
    "model",
    "bound",
)
# Steps from what is given to the HTTP client: cohere.Client -> _client_wrapper -> httpx_client -> httpx_client.
_DEPTH = 5


def tap(client: Any, ledger: Ledger) -> bool:
    """Put taps into every HTTP client of an SDK's client; return False if it has none."""
    found = list(_http_clients(client))
    for http, module, holder in found:
        transport.tap(http, ledger, module)
        doors.hang(holder, lambda copy: ledger.guard.call("copy", tap, copy, ledger), refuses=bool(ledger.budgets))
    return bool(found)


def untap(client: Any) -> bool:
    """Take the taps out of every HTTP client of an SDK's client; return False if it has none."""
    found = list(_http_clients(client))
    for http, _, holder in found:
        transport.untap(http)
        doors.unhang(holder)
    return bool(found)


def _http_clients(client: Any) -> Iterator[tuple[Any, str, Any]]:
    """Yield the HTTP clients below a client, each once, with the module of what holds it, and that itself."""
    seen: set[int] = set()
    waiting = [(client, type(client).__module__, client, 0)]
    while waiting:
        here, module, holder, depth = waiting.pop()
        if here is None or id(here) in seen:
            continue
        seen.add(id(here))
        if transport.is_http(here):
            yield here, module, holder
            continue
        if depth < _DEPTH and hasattr(here, "__dict__"):
            # The SDK's own module says more than that of a framework around it.
            waiting += [(inner, type(here).__module__, here, depth + 1) for inner in _inside(here)]


def _inside(holder: Any) -> Iterator[Any]:
    fields = vars(holder)
    private = getattr(holder, "__pydantic_private__", None)
    for name in _PLACES:
        inner = fields.get(name)
        if inner is None and private:
            inner = private.get(name)
        if inner is None and isinstance(getattr(type(holder), name, None), (property, cached_property)):
            inner = getattr(holder, name, None)
        # A class or a function is nobody's client.
        if inner is not None and not isinstance(inner, (type, str, bytes, dict, list)):
            yield inner
