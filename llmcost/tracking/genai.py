"""The tap of google-genai: the four methods through which all of its requests go.

Its async side sends over aiohttp where that is installed, so that a transport would not see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors.foreign_values import module_name
from . import functions
from .json_text import bytes_of, value_of
from .loops import current_loop
from .request import facts_of, may_be_call
from .running import Running

if TYPE_CHECKING:
    from collections.abc import Callable

    from .ledger import Ledger
    from .pricing import Facts

_METHODS = ("request", "request_streamed", "async_request", "async_request_streamed")


def _api(client: Any) -> Any:
    """Return what a client of google-genai sends through; None for any other client."""
    if not module_name(type(client)).startswith("google.genai"):
        return None
    found = getattr(client, "_api_client", None)
    return found if all(callable(getattr(found, name, None)) for name in _METHODS) else None


def tap(client: Any, ledger: Ledger) -> bool:
    """Put taps into a client of google-genai; return False for any other client."""
    api = _api(client)
    if api is None:
        return False
    for name in _METHODS:
        setattr(api, name, _tapped(functions.untap(getattr(api, name)), api, ledger))
    return True


def untap(client: Any) -> bool:
    """Take the taps out of a client of google-genai; return False for any other client."""
    api = _api(client)
    if api is None:
        return False
    for name in _METHODS:
        vars(api).pop(name, None)
    return True


def _tapped(method: Callable[..., Any], api: Any, ledger: Ledger) -> Callable[..., Any]:
    def begin(args: tuple[Any, ...], keywords: dict[str, Any]) -> Running:
        path, body = str(_given(args, keywords, 1, "path")), _given(args, keywords, 2, "request_dict")
        seller = "vertex_ai" if getattr(api, "vertexai", False) else "gemini"

        def facts() -> Facts:
            found = facts_of("", f"/{path}", None, body if isinstance(body, dict) else {}, seller)
            location = getattr(api, "location", None)
            if seller == "vertex_ai" and isinstance(location, str):
                return found._replace(given={**found.given, "region": location})
            return found

        running = Running(ledger, facts, current_loop(), _response)
        running.attempt.counted()
        return running.admitted(lambda: (body, bytes_of(body)) if isinstance(body, dict) else ({}, None))

    def is_call(args: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
        verb, path = _given(args, keywords, 0, "http_method"), _given(args, keywords, 1, "path")
        return may_be_call(str(verb).upper(), f"/{path}")

    return functions.watched(method, begin, is_call)


def _given(args: tuple[Any, ...], keywords: dict[str, Any], place: int, name: str) -> Any:
    return args[place] if len(args) > place else keywords.get(name)


def _response(result: Any) -> object:
    """Return the parsed body of what the client gives its callers."""
    body = getattr(result, "body", result)
    return value_of(body) if isinstance(body, (str, bytes)) else body
