"""TrackedCall: one call as it happened."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from ..core.statuses import FAILED, MAYBE_BILLED, UNPRICED
from ..errors import ArgumentError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ..core.cost import Cost
    from ..core.usage import Usage


class CallError(NamedTuple):
    """What went wrong: the class of the error and the HTTP status. A message is not kept: it may quote the prompt.

    Attributes:
        kind: the name of the class, such as ``ReadTimeout``; ``HTTPStatusError`` for an answer with a status from 400.
        status: the HTTP status, or None if there was no answer.

    >>> CallError("HTTPStatusError", 429)
    CallError(kind='HTTPStatusError', status=429)
    """

    kind: str
    status: int | None = None


class TrackedCall:
    """One call as it happened: who, when, what was used, and what it cost. No text of it is kept.

    Attributes:
        id: a random id of this call.
        model: the model that was asked for; the response's if the request names none.
        provider: whose prices apply, as the map names it; None if it is not known.
        deployment: the deployment in the address (Azure), or None.
        started: when the request started (UTC).
        latency_us: whole microseconds from the start to the last byte.
        ttft_us: whole microseconds to the first byte of the answer; None if there was none.
        status: one word of ``llmcost.core.statuses``.
        usage: what was used, as far as it is known.
        cost: what it cost; None if nothing is known of it.
        error: the class and the HTTP status of what went wrong, or None.
        team, user, session, tags, metadata: of ``llmcost.context`` at the start of the request.
        attempt: which attempt it was, from 1, where the client says so; None otherwise.

    >>> import llmcost
    >>> calls = []
    >>> @llmcost.track(success=[lambda kwargs, *rest: calls.append(kwargs["call"])])
    ... def ask():
    ...     usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    ...     return {"object": "chat.completion", "model": "gpt-4o", "usage": usage}
    >>> _ = ask()
    >>> calls[0].status, calls[0].model, str(calls[0].cost), calls[0].response_cost, calls[0].failed
    ('priced', 'gpt-4o', '0.0035', 0.0035, False)
    >>> calls[0].to_dict()["usage"]["input"]
    1000
    """

    __slots__ = (
        "attempt",
        "cost",
        "deployment",
        "error",
        "id",
        "latency_us",
        "metadata",
        "model",
        "provider",
        "session",
        "started",
        "status",
        "tags",
        "team",
        "ttft_us",
        "usage",
        "user",
    )

    def __init__(
        self,
        id: str,
        model: str | None,
        provider: str | None,
        deployment: str | None,
        started: datetime,
        latency_us: int,
        ttft_us: int | None,
        status: str,
        usage: Usage | None,
        cost: Cost | None,
        error: CallError | None,
        team: str | None = None,
        user: str | None = None,
        session: str | None = None,
        tags: tuple[str, ...] = (),
        metadata: Mapping[str, object] | None = None,
        attempt: int | None = None,
    ) -> None:
        self.id, self.model, self.provider, self.deployment = id, model, provider, deployment
        self.started, self.latency_us, self.ttft_us = started, latency_us, ttft_us
        self.status, self.usage, self.cost, self.error = status, usage, cost, error
        self.team, self.user, self.session, self.tags = team, user, session, tags
        self.metadata = {} if metadata is None else metadata
        self.attempt = attempt

    @property
    def response_cost(self) -> float | None:
        """USD as a float; None if nothing is known of what the call cost."""
        cost = self.cost
        if cost is None or self.status == UNPRICED or (self.status == MAYBE_BILLED and not cost.line_items):
            return None
        return cost.response_cost

    @property
    def failed(self) -> bool:
        """Whether the call is handed to the handlers of failures."""
        return self.status in {FAILED, MAYBE_BILLED}

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text, and so is what JSON has no form for among the metadata."""
        plain: dict[str, object] = {name: getattr(self, name) for name in sorted(self.__slots__)}
        plain["started"] = self.started.isoformat()
        plain["usage"] = None if self.usage is None else self.usage.to_dict()
        plain["cost"] = None if self.cost is None else self.cost.to_dict()
        plain["error"] = None if self.error is None else self.error._asdict()
        plain["tags"] = list(self.tags)
        plain["metadata"] = _plain(self.metadata)
        return plain

    def __repr__(self) -> str:
        money = "" if self.cost is None else f", {self.cost} USD"
        return f"<TrackedCall {self.status}, {self.model}{money}, {self.latency_us} us>"


# Levels of metadata that are kept as such.
_DEEPEST = 20


def _plain(value: object, depth: int = 0) -> object:
    """Return a value as JSON can hold it; what it has no form for is its text."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, str) or depth >= _DEEPEST:
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner, depth + 1) for inner in value]
    return str(value)


def checked_tags(
    where: str, names: Iterable[tuple[str, object]], tags: Iterable[str], metadata: object
) -> tuple[str, ...]:
    """Return the tags of a call as plain texts, if they and all else that says whose call it is are of the right types.

    Args:
        where: the function that they were given to.
        names: keyword -> a text, or None.

    Raises ArgumentError, which names the function and the keyword.
    """
    for name, value in names:
        if value is not None and not issubclass(type(value), str):
            raise ArgumentError(f"{where}({name}={shown(value)}): it is a text")
    if issubclass(type(tags), (str, bytes)):
        raise ArgumentError(f"{where}(tags={shown(tags)}): tags are a list of texts; write tags=[{shown(tags)}]")
    found = tuple(tags)
    for tag in found:
        if not issubclass(type(tag), str):
            raise ArgumentError(f"{where}(tags=...): a tag is a text, this is {shown(tag)}")
    if metadata is not None and not hasattr(metadata, "keys"):
        raise ArgumentError(f"{where}(metadata={shown(metadata)}): metadata are a mapping")
    return tuple(map(str.__str__, found))
