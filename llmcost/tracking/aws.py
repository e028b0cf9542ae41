"""The tap of boto3: the events that botocore emits around each call of one client.

Bodies and event streams stay the objects that botocore made; what they read from is watched.
https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from ..core.late import Late
from ..errors import MissingUsageError
from ..readers import stated_usage
from ._guard import Seen, attribute
from .attempt import Attempt
from .call import CallError
from .failures import REFUSED, error_of, reached
from .json_text import value_of
from .request import facts_of, fields_of_body, may_be_call
from .usages import StreamUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.usage import Usage
    from ..errors import BudgetExceededError
    from . import gate
    from .ledger import Ledger
    from .pricing import Facts
else:
    # Most trackers have no budget.
    gate = Late("llmcost.tracking.gate")

_KEY = "llmcost_attempt"


class _Service(NamedTuple):
    """A service that models answer through: whose prices apply, and what the name of an endpoint begins with."""

    provider: str
    prefix: str = ""


_SERVICES = {"bedrock-runtime": _Service("bedrock"), "sagemaker-runtime": _Service("sagemaker", "sagemaker/")}


def _service(client: Any) -> str | None:
    """Return the service of a client of boto3, if models answer through it; None for any other client."""
    meta = attribute(client, "meta")
    model = attribute(meta, "service_model")
    hyphenize = attribute(attribute(model, "service_id"), "hyphenize")
    if attribute(meta, "events") is None or not callable(hyphenize):
        return None
    name = hyphenize()
    return name if type(name) is str and name in _SERVICES else None


def tap(client: Any, ledger: Ledger) -> bool:
    """Put taps into a client of boto3; return False for a client of another service."""
    service = _service(client)
    if service is None:
        return False
    untap(client)
    events = client.meta.events
    for name, handler in _Watch(ledger, client, _SERVICES[service]).handlers():
        events.register_last(f"{name}.{service}", handler, unique_id=f"llmcost-{name}")
    return True


def untap(client: Any) -> bool:
    """Take the taps out of a client of boto3; return False for a client of another service."""
    service = _service(client)
    if service is None:
        return False
    for name in ("before-call", "after-call", "after-call-error"):
        client.meta.events.unregister(f"{name}.{service}", unique_id=f"llmcost-{name}")
    return True


class _Watch:
    """What is told of each call. Botocore's own retries lie inside one call."""

    def __init__(self, ledger: Ledger, client: Any, service: _Service) -> None:
        self.ledger, self._service = ledger, service
        self._region = client.meta.region_name

    def handlers(self) -> Iterator[tuple[str, Any]]:
        guard = self.ledger.guard
        for name, handler in (
            ("before-call", self._before),
            ("after-call", self._after),
            ("after-call-error", self._error),
        ):
            # A value that is returned would stand for the answer.
            yield name, lambda handler=handler, **given: _raise(guard.call("aws", handler, given))

    def _before(self, given: dict[str, Any]) -> BudgetExceededError | None:
        """Begin a call; return the error that is raised in its place if a budget has no room for it."""
        params = given["params"]
        if may_be_call("POST", params["url_path"]):
            attempt = Attempt(self.ledger, lambda: self._facts(params), quiet=True)
            attempt.counted()
            if attempt.budgets():
                error: BudgetExceededError | None = gate.admitted(attempt, lambda: _asking(params))
                if error is not None:
                    attempt.left(attempt.failed(REFUSED))
                    return error
            given["context"][_KEY] = attempt
        return None

    def _facts(self, params: dict[str, Any]) -> Facts:
        fields, _ = _asking(params)
        path, provider = params["url_path"], self._service.provider
        found = facts_of(urlsplit(params.get("url") or "").hostname or "", path, None, fields, provider)
        if self._service.prefix:
            name = path.partition("/endpoints/")[2].partition("/")[0]
            found = found._replace(model=f"{self._service.prefix}{name}")
        return found._replace(given={"region": self._region, **found.given})

    def _error(self, given: dict[str, Any]) -> None:
        attempt = given["context"].pop(_KEY, None)
        if attempt is not None:
            failure = error_of(given["exception"])
            attempt.left(attempt.broke(failure) if reached(given["exception"], failure) else attempt.failed(failure))

    def _after(self, given: dict[str, Any]) -> None:
        attempt = given["context"].pop(_KEY, None)
        if attempt is None:
            return
        parsed, status = given["parsed"], given["http_response"].status_code
        if status >= 300:
            attempt.left(attempt.failed(CallError("ClientError", status)))
            return
        for name in ("stream", "body", "Body"):
            inner = parsed.get(name)
            if hasattr(inner, "_event_generator"):
                _watch_events(inner, attempt)
                return
            if hasattr(inner, "_raw_stream"):
                inner._raw_stream = _Reading(inner._raw_stream, attempt, parsed)
                return
        attempt.first_byte()
        attempt.left(attempt.answered(lambda: stated_usage(parsed), parsed))


def _raise(error: BudgetExceededError | None) -> None:
    if error is not None:
        raise error


def _asking(params: dict[str, Any]) -> tuple[dict[str, Any], int | None]:
    """Return the fields of the body of a request and how long it is; nothing of a body that is no text."""
    body = params.get("body")
    return (fields_of_body(body), len(body)) if isinstance(body, (str, bytes, bytearray)) else ({}, None)


def _watch_events(stream: Any, attempt: Attempt) -> None:
    """Watch an event stream: its bytes, its parsed events, and its being closed."""
    usage = StreamUsage(attempt.ledger.guard)
    parse, close = stream._parse_event, stream.close

    def ended(error: BaseException | None = None) -> tuple[()]:
        if error is None:
            return attempt.left(attempt.answered(usage.whole, streamed=True))
        if isinstance(error, GeneratorExit):
            return attempt.left(attempt.broke(None, usage.cut))
        return attempt.left(attempt.broke(error_of(error), usage.cut))

    def events() -> Iterator[Any]:
        with Seen(ended):
            yield from inner
        ended()

    def parsed(event: Any) -> Any:
        with Seen(ended):
            found = parse(event)
        attempt.first_byte()
        if found:
            usage.feed(found)
        return found

    def closed() -> Any:
        try:
            return close()
        finally:
            if usage.ended:
                ended()
            else:
                attempt.left(attempt.broke(None, usage.cut))

    inner = stream._event_generator
    stream._event_generator, stream._parse_event, stream.close = events(), parsed, closed


class _Reading:
    """The raw stream of a body, read through."""

    def __init__(self, inner: Any, attempt: Attempt, parsed: dict[str, Any]) -> None:
        self._inner, self._attempt, self._parsed = inner, attempt, parsed
        self._pieces: list[bytes] = []
        length = str(parsed.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("content-length", ""))
        self._length = int(length) if length.isdigit() else -1
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        if name == "_inner":
            # A copy that has no attributes yet.
            raise AttributeError(name)
        return getattr(self._inner, name)

    def read(self, *args: Any, **keywords: Any) -> Any:
        """Read from the inner stream."""
        with Seen(self._broken):
            piece = self._inner.read(*args, **keywords)
        amount = args[0] if args else keywords.get("amt")
        self._take(piece, last=amount is None or amount < 0 or not piece)
        return piece

    def readinto(self, buffer: Any) -> Any:
        """Read from the inner stream into a buffer."""
        with Seen(self._broken):
            size = self._inner.readinto(buffer)
        self._take(bytes(buffer[:size]), last=not size)
        return size

    def _take(self, piece: bytes, *, last: bool) -> None:
        self._attempt.first_byte()
        self._pieces.append(piece)
        self._size += len(piece)
        if last or self._size == self._length:
            self._attempt.left(self._attempt.answered(self._usage))

    def _usage(self) -> Usage:
        """Return the usage of the body, or of the counts in the headers around it."""
        body = b"".join(self._pieces)
        try:
            value_of(body)
        except ValueError:
            raise MissingUsageError("the body is no JSON, and states no usage") from None
        return stated_usage({**self._parsed, "body": body})

    def _broken(self, error: BaseException) -> tuple[()]:
        return self._attempt.left(self._attempt.broke(error_of(error)))

    def close(self) -> None:
        """Close the inner stream; a body that was not read to its end may have been billed."""
        try:
            self._inner.close()
        finally:
            self._attempt.left(self._attempt.broke(None))
