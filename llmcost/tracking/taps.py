"""Which tap fits what is to be tracked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError
from . import aws, clients, functions, genai

if TYPE_CHECKING:
    from .ledger import Ledger

# Each knows its clients; the last takes whatever holds an HTTP client.
_CLIENTS = (genai, aws, clients)


def tapped(target: Any, ledger: Ledger) -> Any:
    """Return the client itself, tapped; or a tracked function.

    Raises ArgumentError for what is neither.
    """
    if any(kind.tap(target, ledger) for kind in _CLIENTS):
        return target
    if isinstance(target, (classmethod, staticmethod)):
        return type(target)(functions.tap(target.__func__, ledger))
    if callable(target) and not isinstance(target, type):
        return functions.tap(target, ledger)
    raise _not_tracked(target)


def untapped(target: Any) -> Any:
    """Return the client itself, without taps; or the function that a tracked one was made of.

    Raises ArgumentError for what is neither.
    """
    if any(kind.untap(target) for kind in _CLIENTS):
        return target
    if isinstance(target, (classmethod, staticmethod)):
        return type(target)(functions.untap(target.__func__))
    if callable(target) and not isinstance(target, type):
        return functions.untap(target)
    raise _not_tracked(target)


def _not_tracked(target: object) -> ArgumentError:
    kind = f"{type(target).__module__}.{type(target).__qualname__}"
    return ArgumentError(
        f"track() takes a client over httpx or httpx2, of google-genai or of boto3, or a function; this is a {kind}. "
        "Track the function that calls it: @llmcost.track"
    )
