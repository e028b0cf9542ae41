"""A body in what gateways and proxies keep of an exchange over HTTP: ``{"status_code": 200, "body": {...}}``.

An exchange that failed is not billed.
"""

from __future__ import annotations

from ..core.stated import RESPONSE_FACTS
from ..core.usage import Usage
from ..core.work import is_nothing
from ..errors import MissingUsageError, UnrecognizedResponseError, shown
from . import read_usage
from .fields import sub
from .logged import object_at
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_STATUS = ("status_code", "status", "statusCode")
# What may stand beside the body, so that it is known for one of an exchange.
_BESIDE = frozenset({*_STATUS, "headers", "request_id", "reason", "url", "method", "latency", "latency_ms", "elapsed"})
_FIRST_ERROR = 400


def read(fields: Fields) -> Usage:
    """Return the usage of the body, which may be an object or its JSON text.

    >>> read({"status_code": 200, "body": '{"prompt_tokens": 9, "completion_tokens": 2}'}).quantities
    {'input': 9, 'output': 2}

    Raises:
        UsageError: the body has no usage, contradicts itself, or is not recognised.
    """
    body = object_at(fields, "body")
    status = next((fields[name] for name in _STATUS if isinstance(fields.get(name), int)), None)
    failed = None if sub(body, "usage") is not None else of_failure(status, "http")
    if failed is not None:
        return failed
    if not body:
        raise missing("this exchange, with a body that is no JSON object,")
    if recognises(body):
        raise UnrecognizedResponseError("the body of this exchange is again one with a body")
    return read_usage(body)


def of_failure(status: object, dialect: str) -> Usage | None:
    """Return the usage of a request that failed, by its status of HTTP; None for any other status."""
    if not isinstance(status, int) or status < _FIRST_ERROR:
        return None
    return Usage.of({}, 0, dialect, {"free": f"the request failed ({shown(status)}): not billed"})


def says(kept: Usage) -> bool:
    """Return whether a kept response counts something, or states why it costs nothing; zeros leave it to the log."""
    stated = kept.free is not None or kept.reported is not None or kept.undecided is not None
    return stated or not is_nothing(kept)


def with_facts(counted: Usage, kept: Usage | None) -> Usage:
    """Return what a log counts with the facts that a kept response of zeros states: its model, its tier."""
    for name in RESPONSE_FACTS if kept is not None else ():
        if getattr(counted, name) is None:
            setattr(counted, name, getattr(kept, name))
    return counted


def of_kept(body: Fields) -> Usage | None:
    """Return the usage of a response that a log has kept; None where it is an error, or its counters were cut off."""
    try:
        return read_usage(body) if body else None
    except (MissingUsageError, UnrecognizedResponseError):
        return None


def recognises(fields: Fields) -> bool:
    """Return whether this is an exchange with a body, and nothing else."""
    return "body" in fields and all(name == "body" or name in _BESIDE for name in fields)


READER = Reader("HTTP exchange", recognises, read, "the counters of an exchange stand in its body", rank=60)
