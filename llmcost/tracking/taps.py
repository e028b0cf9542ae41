"""Which tap fits what is to be tracked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ..core.signatures import as_signed
from ..errors import ArgumentError
from ..errors.foreign_values import class_name, module_name
from . import aws, clients, functions, genai

if TYPE_CHECKING:
    from .ledger import Ledger

# Each knows its clients; the last takes whatever holds an HTTP client.
_CLIENTS = (genai, aws, clients)


@as_signed
def tapped(target: object, ledger: Ledger) -> Any:
    """Return the client itself, tapped; or a tracked function.

    Raises ArgumentError for what is neither, and for what raises when it is looked at.
    """
    if any(client.tap(target, ledger) for client in _CLIENTS):
        return target
    # Told by its type: a foreign object may fail when it is asked for its class.
    kind = type(target)
    if issubclass(kind, (classmethod, staticmethod)):
        return kind(functions.tap(cast("Any", target).__func__, ledger))
    if callable(target) and not issubclass(kind, type):
        return functions.tap(target, ledger)
    raise _not_tracked(target)


@as_signed
def untapped(target: object) -> Any:
    """Return the client itself, without taps; or the function that a tracked one was made of.

    Raises ArgumentError for what is neither, and for what raises when it is looked at.
    """
    if any(client.untap(target) for client in _CLIENTS):
        return target
    kind = type(target)
    if issubclass(kind, (classmethod, staticmethod)):
        return kind(functions.untap(cast("Any", target).__func__))
    if callable(target) and not issubclass(kind, type):
        return functions.untap(target)
    raise _not_tracked(target)


def _not_tracked(target: object) -> ArgumentError:
    kind = f"{module_name(type(target))}.{class_name(type(target))}"
    return ArgumentError(
        f"track() takes a client over httpx or httpx2, of google-genai or of boto3, or a function; this is a {kind}. "
        "Track the function that calls it: @llmcost.track"
    )
