"""``llmcost.context``: on whose behalf calls are made."""

from __future__ import annotations

from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..api.given import fees_of
from ..core.signatures import as_signed
from .call import checked_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Any, TypeVar

    Function = TypeVar("Function", bound=Callable[..., Any])


class Behalf(NamedTuple):
    """On whose behalf a call is made, and with which fees; ``by`` is the context, and ``outer`` what held before."""

    team: str | None = None
    user: str | None = None
    session: str | None = None
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, object] = {}
    by: Context | None = None
    outer: Behalf | None = None
    fees: Mapping[str, Any] = {}


NOBODY = Behalf()
_BEHALF: ContextVar[Behalf] = ContextVar("llmcost_behalf", default=NOBODY)
_COVER: ContextVar[Cover | None] = ContextVar("llmcost_cover", default=None)


# On whose behalf a call that starts now is made. It is asked for before every request, hence no function around it.
behalf = _BEHALF.get


class Covered(Protocol):
    """The call of a tracked function: an Attempt."""

    def released(self) -> None:
        """Give back what budgets hold for it: a call inside it is counted instead."""

    def budgets(self) -> Sequence[Any]:
        """Return the budgets that it counts in, those of functions around it included."""


class Cover:
    """What a tracked function, or a call of a framework, knows of the tracked clients that are called inside it.

    Such a call is seen twice: by the tap of the client, and by the function around it. The client's tap counts it,
    since it sees the request; ``counted`` tells the function then that it has nothing to count.

    Attributes:
        counted: whether a client that was called inside has counted a call.
        attempt: the call of the tracked function; None for a framework.

    Args:
        lasting: ``leave`` is never called, because the framework does not say when its call has ended. The cover holds
            until the next one of that task or thread is entered.
    """

    __slots__ = ("_lasting", "_outer", "attempt", "counted")

    def __init__(self, *, lasting: bool = False) -> None:
        self.counted, self._lasting = False, lasting
        self._outer: Cover | None = None
        self.attempt: Covered | None = None

    def enter(self) -> None:
        """Cover what is called from here on, in this task or thread and in those that it starts."""
        outer = _COVER.get()
        while outer is not None and outer._lasting and self._lasting:
            outer = outer._outer
        self._outer = outer
        _COVER.set(self)

    def leave(self) -> None:
        """Cover nothing more, unless another cover was entered that has not been left."""
        if _COVER.get() is self:
            _COVER.set(self._outer)

    def count(self) -> None:
        """Say that a call inside is counted."""
        cover: Cover | None = self
        while cover is not None and not cover.counted:
            cover.counted = True
            cover = cover._outer
        self.release()

    def release(self) -> None:
        """Give back what budgets hold for the functions: what is called inside reserves for itself."""
        cover: Cover | None = self
        while cover is not None:
            if cover.attempt is not None:
                cover.attempt.released()
            cover = cover._outer

    def budgets(self) -> Sequence[Any]:
        """Return the budgets of the tracked functions."""
        cover: Cover | None = self
        while cover is not None and cover.attempt is None:
            cover = cover._outer
        return () if cover is None or cover.attempt is None else cover.attempt.budgets()


# What covers a call that starts now, or None.
cover = _COVER.get


class Context:
    """A span of code in which calls are made on somebody's behalf; it may be entered often and at once."""

    __slots__ = ("_fees", "_metadata", "_tags", "_who")

    def __init__(
        self, who: tuple[str | None, ...], tags: tuple[str, ...], metadata: dict[str, object], fees: dict[str, Any]
    ) -> None:
        self._who, self._tags, self._metadata, self._fees = who, tags, metadata, fees

    def __enter__(self) -> Context:  # noqa: PYI034 - typing.Self is of 3.11
        now = _BEHALF.get()
        team, user, session = (new if new is not None else old for new, old in zip(self._who, now[:3], strict=True))
        tags = tuple(dict.fromkeys((*now.tags, *self._tags)))
        fees = {**now.fees, **self._fees}
        _BEHALF.set(Behalf(team, user, session, tags, {**now.metadata, **self._metadata}, self, now, fees))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # A generator may be closed in another task than it was opened in: what holds there is left as it is.
        now = _BEHALF.get()
        if now.by is self:
            _BEHALF.set(now.outer or NOBODY)

    def __call__(self, function: Function) -> Function:
        """Return the function, run in this context wherever it is called: for threads and executors."""
        if iscoroutinefunction(function):

            @wraps(function)
            async def waited(*args: Any, **keywords: Any) -> Any:
                with self:
                    return await function(*args, **keywords)

            return waited  # type: ignore[return-value]

        @wraps(function)
        def called(*args: Any, **keywords: Any) -> Any:
            with self:
                return function(*args, **keywords)

        return called  # type: ignore[return-value]


@as_signed
def context(
    *,
    team: str | None = None,
    user: str | None = None,
    session: str | None = None,
    tags: Iterable[str] = (),
    metadata: Mapping[str, object] | None = None,
    fees: Mapping[str, Any] | None = None,
) -> Context:
    """Return a context: the tracked calls that start inside it belong to this team, user and session.

    Contexts nest: a name replaces the outer one, tags and metadata are added to the outer ones. Tasks and
    ``asyncio.to_thread`` carry it along; a function for a plain thread or an executor is wrapped:
    ``pool.submit(llmcost.context(team="search")(work))``.

    >>> import llmcost
    >>> with llmcost.context(team="search", tags=["nightly"]):
    ...     with llmcost.context(user="u-17", tags=["rerank"]):
    ...         behalf().team, behalf().user, behalf().tags
    ('search', 'u-17', ('nightly', 'rerank'))

    Args:
        team, user, session: who calls.
        tags: words to find the calls by.
        metadata: anything else; keep it small, and keep prompts out of it.
        fees: fees of one's own that each of the calls has, by name: how many units of each.

    Raises:
        ArgumentError: a name is no text, the tags are a text or hold something else, or the metadata are no mapping.
        LLMCostError: the fees are no numbers by name.
    """
    names = (("team", team), ("user", user), ("session", session))
    words = checked_tags("context", names, tags, metadata)
    # A text of a foreign type may raise in every call that is made here.
    who = tuple(None if name is None else str.__str__(name) for _, name in names)
    return Context(who, words, dict(metadata or {}), fees_of(fees) if fees is not None else {})
