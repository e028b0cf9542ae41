"""Tracker: tracks clients and functions, and says what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ledger import Ledger
from .taps import tapped

if TYPE_CHECKING:
    from typing import Any, TypeVar

    Tracked = TypeVar("Tracked")


class Tracker(Ledger):
    """Tracks the calls of clients and functions: prices each, and tells handlers and a log of it.

    >>> costs = []
    >>> tracker = Tracker(success=[lambda kwargs, response, start, end: costs.append(kwargs["response_cost"])])
    >>> @tracker.track
    ... def ask():
    ...     usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    ...     return {"object": "chat.completion", "model": "gpt-4o", "usage": usage}
    >>> _ = ask()
    >>> costs, tracker.stats()["priced"], tracker.flush()
    ([0.0035], 1, True)

    Args:
        success: called for each call that was answered, as ``handler(kwargs, response_obj, start_time, end_time)``
            with ``kwargs["response_cost"]`` (USD; None where nothing is known), ``kwargs["cost"]`` (the Cost) and
            ``kwargs["call"]`` (the TrackedCall).
        failure: called in the same way for each call with the status ``failed`` or ``maybe_billed``.
        log: what keeps every call: something with ``record(call)``, such as a SpendLog, or a function ``log(call)``. It
            is called once for each TrackedCall, whatever its status, in the thread of the call and after the handlers
            that run inline (an async handler is awaited later). ``handlers="thread"`` does not move it, so that a call
            that returned is kept. What it raises is logged and counted in ``stats()["errors"]`` below ``log``.
        budget: a ``Budget``, or several: a call is made if all that hold for it have room for what it may cost, and
            raises BudgetExceededError otherwise, before it is sent.
        handlers: ``inline`` runs them after the last byte, in the host's call; ``thread`` runs them beside it.
        include_usage: ``ask`` asks for the usage of OpenAI's streams where the caller says nothing about it, and keeps
            the extra chunk from the caller. None leaves requests as they are.
        cost_map: whose prices; the default map's if it is not given.
        prefer: which cost counts where the provider reports one; see ``CostMap.calculate``.
        **facts: keywords of ``calculate`` that hold for every call, such as ``provider`` or ``model``.

    Raises:
        ArgumentError: a handler is no function, ``log`` keeps no calls, ``budget`` is no Budget, a keyword is neither a
            setting nor a fact, or a setting has a value that it cannot have.
    """

    def track(self, target: Tracked) -> Tracked:
        """Return the same client, tracked; or a function like this one whose calls are tracked.

        A client keeps its type and its identity, and so do the copies that it makes of itself. Tracking it again
        changes nothing, or moves it to this tracker.

        Raises ArgumentError for what is neither a client that can be tracked nor a function.
        """
        return tapped(target, self)  # type: ignore[no-any-return]

    def stats(self) -> dict[str, Any]:
        """Return how many calls were seen, and what became of them.

        ``seen`` is the number of calls, and every status (``priced``, ``failed`` ...) has a count of its own; ``cost``
        is the exact sum in USD. ``ignored`` counts requests that are no calls of a model, ``pending`` calls whose work
        goes on in the background, ``dropped`` runs of handlers that could not be done, and ``errors`` what tracking
        itself raised, by kind.
        """
        return {**self.tally.read(), "pending": len(self.pending), "errors": self.guard.failures()}

    def flush(self, seconds: float | None = None) -> bool:
        """Wait until all handlers on the thread have run; return False if that takes longer than ``seconds``."""
        return self.dispatch.worker.flush(seconds)
