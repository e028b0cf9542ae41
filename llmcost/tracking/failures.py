"""What an exception says of a call: its class, its HTTP status, and whether the provider was reached at all."""

from __future__ import annotations

from ..errors.foreign_values import class_name
from ._guard import attribute
from .call import CallError

# Classes of HTTP libraries for a request that was never sent: no connection, no free one, no address.
# https://www.python-httpx.org/exceptions/
_NOT_SENT = frozenset(
    {
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "UnsupportedProtocol",
        "InvalidURL",
        "LocalProtocolError",
        "ProxyError",
        "TooManyRedirects",
        # botocore, urllib3, aiohttp
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "TokenRetrievalError",
        "SSOError",
        "ParamValidationError",
        "NewConnectionError",
        "ClientConnectorError",
        # google-auth: the base of its errors
        "GoogleAuthError",
        # ours
        "BudgetExceededError",
    }
)


# Of a call for which a budget has no room.
REFUSED = CallError("BudgetExceededError")


def error_of(error: BaseException) -> CallError:
    """Return the class of an exception and the HTTP status that it states; its message may quote the prompt.

    >>> error_of(ValueError("the prompt was: ..."))
    CallError(kind='ValueError', status=None)
    """
    return CallError(class_name(type(error))[:100], _status(error))


def _status(error: BaseException) -> int | None:
    for found in (error, attribute(error, "response")):
        # Told by its type: what an exception holds may fail when it is asked for its class.
        if type(found) is dict:
            # botocore keeps the parsed answer.
            stated = found.get("ResponseMetadata")
            status = stated.get("HTTPStatusCode") if type(stated) is dict else None
        else:
            status = attribute(found, "status_code")
            status = attribute(found, "code") if status is None else status
        if type(status) is int and 100 <= status <= 599:
            return status
    return None


def reached(error: BaseException, failure: CallError) -> bool:
    """Return whether the provider may have worked on the call: False where it refused it, or never got it."""
    if failure.status is not None and failure.status >= 400:
        return False
    return not any(class_name(kind) in _NOT_SENT for kind in type.mro(type(error)))
