"""The default tracker: ``llmcost.track`` and the lists ``llmcost.success_callback`` and ``failure_callback``."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from .handlers import HandlerList
from .taps import untapped
from .tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    from .handlers import Handler

    Tracked = TypeVar("Tracked")

DEFAULT = Tracker()
DEFAULT.success, DEFAULT.failure = HandlerList("success_callback"), HandlerList("failure_callback")


def setting(name: str) -> HandlerList:
    """Return the list ``success_callback`` or ``failure_callback``."""
    return DEFAULT.success if name == "success_callback" else DEFAULT.failure


def set_setting(name: str, value: Iterable[Handler]) -> None:
    """Put a list in the place of ``success_callback`` or ``failure_callback``.

    Raises ArgumentError for what is no list of functions.
    """
    checked = HandlerList(name, value)
    if name == "success_callback":
        DEFAULT.success = checked
    else:
        DEFAULT.failure = checked


if TYPE_CHECKING:

    @overload
    def track(target: Tracked, **settings: Any) -> Tracked: ...
    @overload
    def track(target: None = None, **settings: Any) -> Callable[[Tracked], Tracked]: ...


def track(target: Any = None, **settings: Any) -> Any:
    """Return the same client with its calls tracked, or a function whose calls are.

    Every call is priced when its answer has arrived; ``llmcost.success_callback`` and ``llmcost.failure_callback`` are
    told of it, or the handlers of ``settings``, which are those of ``Tracker``. Without a target it is a decorator.

    >>> import llmcost
    >>> costs = []
    >>> @llmcost.track(model="gpt-4o-mini", success=[lambda kwargs, *rest: costs.append(kwargs["response_cost"])])
    ... def ask():
    ...     return {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    >>> _ = ask()
    >>> costs
    [0.00021]

    Args:
        target: a client of an SDK over httpx or httpx2, of google-genai or of boto3; or a function, a coroutine
            function or a generator function that returns a response.
        **settings: of ``Tracker``, for this target alone.

    Raises:
        ArgumentError: the target cannot be tracked, a setting is unknown, or has a value that it cannot have.
    """
    tracker = Tracker(**settings) if settings else DEFAULT
    return tracker.track if target is None else tracker.track(target)


def untrack(target: Tracked) -> Tracked:
    """Return the same client, no longer tracked; of a tracked function the function itself.

    >>> def ask():
    ...     return {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    >>> untrack(track(ask)) is ask
    True

    Raises ArgumentError for what can be neither tracked nor untracked.
    """
    return untapped(target)  # type: ignore[no-any-return]
