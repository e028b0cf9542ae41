"""Attempt: one request on its way, from its start until it is settled, once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from os import urandom
from time import perf_counter_ns, time_ns
from typing import TYPE_CHECKING

from ..core.call_cost import of_segments
from ..core.statuses import FAILED, MAYBE_BILLED, UNPRICED, status_of
from ..core.usage import Usage
from .call import CallError, TrackedCall
from .context import Behalf, behalf, cover
from .outcome import facts_of_call, no_usage, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..core.cost import Cost
    from .budget import Budget
    from .ledger import Ledger
    from .pricing import Facts
    from .reservation import Reservation
    from .runs import Runs

# There is nothing to wait for.
NOTHING: Sequence[Runs] = ()


class Attempt:
    """One request on its way.

    The code that sees it end calls ``answered``, ``failed``, ``broke`` or ``ignored``. The first call counts. Each
    returns what is still to be awaited: coroutines of async handlers.

    Attributes:
        ledger: where it is entered.
        loop: the event loop of the call, or None.
        held: what budgets hold for it, or None.
        covered_by: what the tracked functions around it know of it, or None.
        limited: whether a budget may hold for it.

    Args:
        quiet: a request that names no model and states no usage is no call.
        id: the id of the call; a random one if it is not given.
    """

    __slots__ = (
        "_begun",
        "_behalf",
        "_ended",
        "_facts",
        "_first",
        "_id",
        "_open",
        "_quiet",
        "_started",
        "covered_by",
        "held",
        "ledger",
        "limited",
        "loop",
    )

    def __init__(
        self,
        ledger: Ledger,
        facts: Callable[[], Facts],
        loop: Any = None,
        *,
        quiet: bool = False,
        id: str | None = None,
    ) -> None:
        # Read now: a stream may be closed in another task than it was asked for.
        self._behalf, self.covered_by = behalf(), cover()
        self.limited = self.covered_by is not None or bool(ledger.budgets)
        self.ledger, self.loop = ledger, loop
        self._facts, self._quiet, self._id = facts, quiet, id
        self._first = self._ended = 0
        self.held: Reservation | None = None
        # Taking the one element out is what settles it: two threads cannot both do so.
        self._open = [self]
        self._started, self._begun = time_ns(), perf_counter_ns()

    def counted(self) -> None:
        """Say that this call will be counted, so that a tracked function around it has nothing to count."""
        if self.covered_by is not None:
            self.covered_by.count()

    def stated(self) -> tuple[Facts, Behalf]:
        """Return what is known of the call before it is sent, and on whose behalf it is made."""
        return self._told(), self._behalf

    def budgets(self) -> Sequence[Budget]:
        """Return the budgets of the ledger, and of tracked functions around the call."""
        budgets, around = self.ledger.budgets, self.covered_by
        return tuple(dict.fromkeys((*budgets, *around.budgets()))) if around is not None else budgets

    def passes_on(self) -> None:
        """Say that it reserves for itself, so that tracked functions around it have nothing to reserve."""
        if self.covered_by is not None:
            self.covered_by.release()

    def first_byte(self) -> None:
        """Note the time of the first byte of the answer; later ones change nothing."""
        if not self._first:
            self._first = perf_counter_ns()

    def last_byte(self) -> None:
        """Note the time at which the answer had arrived; parsing it is no part of the call."""
        if not self._ended:
            self._ended = perf_counter_ns()

    def timed(self, start: datetime, first: datetime | None, end: datetime) -> None:
        """State when it happened, where somebody else has measured it."""
        self._started, self._begun = round(start.timestamp() * 1_000_000) * 1000, 0
        self._first = _after(start, first) if first is not None else 0
        self._ended = _after(start, end)

    def for_whom(self, who: Behalf) -> None:
        """State on whose behalf it is made, where the caller knows better."""
        self._behalf = who

    def reopened(self) -> None:
        """Say that the work of the call goes on after an answer."""
        self._ended = 0

    def answered(
        self, read: Callable[[], Usage], response: object = None, *, streamed: bool = False, ended: bool = True
    ) -> Sequence[Runs]:
        """Settle a call that was answered; ``read`` returns its usage.

        ``ended`` is False for a stream that stopped without saying that it is complete.
        """
        if not self._take():
            return NOTHING
        call = self._settled(read, None, None, streamed=streamed, ended=ended)
        return NOTHING if call is None else self._entered(call, response)

    def measured(self, read: Callable[[], Usage]) -> TrackedCall | None:
        """Return a call that was answered, for the caller to enter it; None if it is settled, or no call of a model."""
        return self._settled(read, None, None, streamed=False) if self._take() else None

    def failed(self, error: CallError) -> Sequence[Runs]:
        """Settle a call that the provider refused, or that never reached it: nothing is billed."""
        if not self._take():
            return NOTHING
        facts = self._told()
        if self._is_none(facts):
            return NOTHING
        why = f"HTTP {error.status}" if error.status is not None else error.kind
        usage = Usage(free=f"the call failed ({why}): nothing is billed", model=facts.model)
        cost = of_segments((), usage, facts.model)
        latency = (self._ended - self._begun) // 1000
        return self._entered(self._made(FAILED, facts, latency, None, cost, error))

    def broke(self, error: CallError | None, read: Callable[[], Usage] | None = None) -> Sequence[Runs]:
        """Settle a call that was sent and whose answer did not arrive whole; ``read`` returns what it stated."""
        if not self._take():
            return NOTHING
        call = self._settled(read, MAYBE_BILLED, error, streamed=True)
        return NOTHING if call is None else self._entered(call)

    def ignored(self) -> Sequence[Runs]:
        """Settle a request that is no call of a model."""
        if self._take():
            self.ledger.tally.ignore()
            self.released()
        return NOTHING

    def covered(self) -> Sequence[Runs]:
        """Settle a call that is counted already, by a client that was called inside it."""
        self._take()
        self.released()
        return NOTHING

    def _entered(self, call: TrackedCall, response: object = None) -> Sequence[Runs]:
        return self.ledger.settled(call, response, self.loop, self.held)

    def left(self, runs: Sequence[Runs]) -> tuple[()]:
        """Run elsewhere what the end of the call has left to be awaited, since nothing here awaits it."""
        self.ledger.dispatch.later(runs)
        return ()

    def released(self) -> None:
        """Give back what budgets hold for it."""
        if self.held is not None:
            self.held.give_back()

    def _take(self) -> bool:
        if not self._ended:
            self._ended = perf_counter_ns()
        try:
            self._open.pop()
        except IndexError:
            return False
        return True

    def _settled(
        self,
        read: Callable[[], Usage] | None,
        status: str | None,
        error: CallError | None,
        *,
        streamed: bool,
        ended: bool = True,
    ) -> TrackedCall | None:
        facts, latency = self._told(), (self._ended - self._begun) // 1000
        usage, cost, error = outcome_of(self.ledger, facts, read, error, latency, whole=status is None)
        if usage is None and cost is None and self._is_none(facts):
            return None
        if status is None:
            status = UNPRICED if cost is None else status_of(cost)
            if streamed and usage is not None and usage.partial:
                status = MAYBE_BILLED
            elif streamed and status == UNPRICED and no_usage(error):
                if ended:
                    self.ledger.without_usage(facts)
                else:
                    # Somebody on the way has ended it in good order before the provider did.
                    status, error = MAYBE_BILLED, None
        return self._made(status, facts, latency, usage, cost, error)

    def _told(self) -> Facts:
        return facts_of_call(self.ledger, self._facts, self._behalf)

    def _is_none(self, facts: Facts) -> bool:
        """Return whether a request that states no usage is no call of a model, and count it as none."""
        none = self._quiet and facts.model is None and facts.deployment is None and "model" not in facts.given
        if none:
            self.ledger.tally.ignore()
            self.released()
        return none

    def _made(
        self,
        status: str,
        facts: Facts,
        latency: int,
        usage: Usage | None,
        cost: Cost | None,
        error: CallError | None,
    ) -> TrackedCall:
        who, given = self._behalf, facts.given
        model = given.get("model") or facts.model or (usage.model if usage is not None else None)
        provider = given.get("provider") or facts.provider
        if provider is None and cost is not None:
            provider = cost.provider
        return TrackedCall(
            self._id or urandom(16).hex(),
            model,
            provider,
            facts.deployment,
            # Exact: a float of seconds tells the microseconds of times apart until the year 2242.
            datetime.fromtimestamp(self._started // 1000 / 1_000_000, timezone.utc),
            latency,
            (self._first - self._begun) // 1000 if self._first else None,
            status,
            usage,
            cost,
            error,
            who.team,
            who.user,
            who.session,
            who.tags,
            who.metadata,
            facts.attempt,
        )


def _after(start: datetime, then: datetime) -> int:
    return max(1, round((then - start) / timedelta(microseconds=1)) * 1000)
