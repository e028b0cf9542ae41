"""Recording: what is kept of a call, by what the tracker tells of it or what its Cost says."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from ..core.cost import Cost
from ..core.statuses import STATUSES, UNPRICED, status_of
from ..core.usage import Usage
from ..errors import ArgumentError, shown
from ..tracking.call import CallError, checked_tags
from .instants import instant, microseconds, now
from .spooled import call_text, with_cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..tracking.call import TrackedCall

    # A line, what decides the form of its Cost, and the Cost.
    Line = tuple[str, object, Cost | None]

# Where a call comes from.
TRACKER, BY_HAND, BY_IMPORT = "tracker", "record", "import"


class Given:
    """What the caller of ``record`` says of a call.

    Attributes:
        id, team, user, session, metadata: as they were given; None for what is not.
        tags: of the call; empty if none are given.
        at: microseconds, or None.

    Raises ArgumentError for what none of them can be.
    """

    __slots__ = ("at", "id", "metadata", "session", "tags", "team", "user")

    def __init__(
        self,
        id: str | None,
        team: str | None,
        user: str | None,
        session: str | None,
        tags: Iterable[str],
        metadata: Mapping[str, object] | None,
        at: object,
    ) -> None:
        self.id, self.team, self.user, self.session, self.metadata = id, team, user, session, metadata
        self.at = time_given(at)
        names = (("id", id), ("team", team), ("user", user), ("session", session))
        self.tags = checked_tags("record", names, tags or (), metadata)


def time_given(at: object) -> int | None:
    """Return when a call was made, as its caller says it, in microseconds; None for None.

    Raises ArgumentError for what is no time, and for one before 1970.
    """
    found = None if at is None else instant("at", at)
    if found is not None and found < 0:
        raise ArgumentError(f"record(at={shown(at)}): no call was made before 1970")
    return found


def _is_text(value: object) -> bool:
    return value is None or issubclass(type(value), str)


def _is_whole(value: object) -> bool:
    return value is None or type(value) is int


# Of a call that somebody made by hand, what stands in its line as it is: any other value would tear the line.
_FIELDS: dict[str, tuple[Callable[[object], bool], str]] = {
    **dict.fromkeys(("id", "model", "provider", "deployment", "team", "user", "session"), (_is_text, "text")),
    **dict.fromkeys(("latency_us", "ttft_us", "attempt"), (_is_whole, "a whole number")),
    "status": (lambda value: type(value) is str and value in STATUSES, f"one of {', '.join(STATUSES)}"),
    "started": (lambda value: issubclass(type(value), datetime), "a datetime"),
    "cost": (lambda value: value is None or issubclass(type(value), Cost), "a Cost"),
    "usage": (lambda value: value is None or issubclass(type(value), Usage), "a Usage"),
    "error": (lambda value: value is None or issubclass(type(value), CallError), "a CallError"),
}


def check_call(call: TrackedCall) -> None:
    """Raise ArgumentError for a field of a call that is not what it has to be."""
    for name, (fits, said) in _FIELDS.items():
        value = getattr(call, name)
        if not fits(value):
            raise ArgumentError(f"call.{name}={shown(value)}: it has to be {said}")
    for tag in call.tags:
        if not issubclass(type(tag), str):
            raise ArgumentError(f"call.tags: a tag is a text, this is {shown(tag)}")


def time_of_call(call: TrackedCall, given: Given) -> int:
    """Return when a tracked call was made."""
    return microseconds(call.started) if given.at is None else given.at


def line_of_call(call: TrackedCall, given: Given, at: int) -> Line:
    """Return the line of a tracked call."""
    cost, error = call.cost, call.error
    failure = None if error is None else error.kind if error.status is None else f"{error.kind} {error.status}"
    text = call_text(
        at,
        call.id if given.id is None else given.id,
        call.status,
        call.model if call.model is not None or cost is None else cost.model,
        call.provider,
        call.deployment,
        call.team if given.team is None else given.team,
        call.user if given.user is None else given.user,
        call.session if given.session is None else given.session,
        given.tags or call.tags,
        call.metadata if given.metadata is None else given.metadata,
        call.latency_us,
        call.ttft_us,
        failure,
        call.attempt,
        TRACKER,
    )
    # What was rated, if anything was.
    usage = call.usage if cost is None or cost.usage is None else cost.usage
    return (*with_cost(cost, usage, text), cost)


def line_of_cost(cost: Cost, given: Given, source: str = BY_HAND) -> Line:
    """Return the line of a call that is known by its Cost.

    A call of a stated time without an id gets a hash of all that is known of it, so that it counts once, however often
    a log of it is read.
    """
    known_as, at = given.id, _time_of(cost) if given.at is None else given.at
    if known_as is None and given.at is not None:
        line = with_cost(cost, cost.usage, _text(cost, given, at, None, source))[0]
        known_as = f"hash:{sha256(f'{line}{cost.matched_as}'.encode()).hexdigest()[:32]}"
    return (*with_cost(cost, cost.usage, _text(cost, given, at, known_as, source)), cost)


def line_of_usage(usage: Usage, model: str | None, given: Given, source: str) -> Line:
    """Return the line of a call without a known price; it has an id and a time."""
    assert given.at is not None  # noqa: S101 - an import knows when the call was made
    text = _stated(given.at, given.id, UNPRICED, model, usage.provider, given, source)
    return (*with_cost(None, usage, text), None)


def _text(cost: Cost, given: Given, at: int, id: str | None, source: str) -> str:
    model = cost.model if cost.model is not None else cost.matched_as
    return _stated(at, id, status_of(cost), model, cost.provider, given, source)


def _stated(
    at: int, id: str | None, status: str, model: str | None, provider: str | None, given: Given, source: str
) -> str:
    return call_text(
        at,
        id,
        status,
        model,
        provider,
        None,
        given.team,
        given.user,
        given.session,
        given.tags,
        given.metadata or {},
        None,
        None,
        None,
        None,
        source,
    )


def _time_of(cost: Cost) -> int:
    """Return the time that the response states, else now."""
    stated = None if cost.usage is None else cost.usage.at
    if stated is None:
        return now()
    try:
        return instant("at", stated)
    except (TypeError, ValueError):
        return now()
