"""Ledger: where calls are entered that have ended, and what is done with them then."""

from __future__ import annotations

from typing import TYPE_CHECKING
from warnings import warn

from ..api.arguments import one_text
from ..api.default import DEFAULT
from ..api.facts import FACTS
from ..api.given import given_facts
from ..core.late import Late
from ..core.signatures import as_signed
from ..core.statuses import UNPRICED
from ..errors import ArgumentError, UnpricedUsageWarning, did_you_mean, shown
from ._guard import Guard
from .handlers import Dispatch, HandlerList
from .pending import Pending
from .tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from ..api.costmap import CostMap
    from . import budget as _budget
    from . import settling
    from .budget import Budget
    from .call import TrackedCall
    from .handlers import Handler
    from .pricing import Facts
    from .reservation import Reservation
    from .runs import Runs

else:
    # Most trackers have no budget.
    _budget = Late("llmcost.tracking.budget")
    settling = Late("llmcost.tracking.settling")

_SETTINGS = ("success", "failure", "log", "budget", "handlers", "include_usage", "cost_map", "prefer")
# What ``calculate`` takes beside its facts, or asks the price map about.
_OF_A_CALL = frozenset({"model", "duration", "at", "prices"})
# Models that are warned of once each.
_MOST_WARNED = 1000


def _recording(log: Any) -> Callable[[TrackedCall], object] | None:
    """Return the function of a log that keeps a call; a method ``record`` counts before the object itself.

    Raises ArgumentError for what is no log.
    """
    record = getattr(log, "record", log)
    if log is None or callable(record):
        return record  # type: ignore[no-any-return]
    raise ArgumentError(f"log={shown(log)}: a log is a function log(call), or has a method record(call)")


@as_signed
def _checked(facts: Mapping[str, object]) -> dict[str, Any]:
    """Return the facts with their texts as Python's own; raise an error that names the one that is no such fact."""
    texts = {name for name, value in facts.items() if FACTS[name].kind == "text" and value is not None}
    given_facts({name: value for name, value in facts.items() if name not in _OF_A_CALL})
    # The word for the kind of a call may be an enum.
    return {
        name: one_text(name, value) if name in texts and name != "call_type" else value for name, value in facts.items()
    }


class Ledger:
    """Enters calls: counts each, keeps it in a log, and tells handlers of it.

    Its arguments are those of ``Tracker``.

    Attributes:
        guard: what runs here without disturbing the host.
        tally: the counts.
        pending: calls whose work is not done.
        dispatch: calls the handlers.
        record: keeps a call in the log; None without one.
        budgets: what calls have to pass before they are sent.
        facts: keywords of ``calculate`` that hold for every call.
    """

    @as_signed
    def __init__(
        self,
        *,
        success: Iterable[Handler] = (),
        failure: Iterable[Handler] = (),
        log: object = None,
        budget: object = None,
        handlers: str = "inline",
        include_usage: str | None = None,
        cost_map: CostMap | None = None,
        prefer: str = "auto",
        **facts: Any,
    ) -> None:
        if include_usage not in {None, "ask"}:
            raise ArgumentError(f"include_usage={shown(include_usage)}: it is 'ask' or None")
        if prefer not in FACTS["prefer"].choices:
            raise ArgumentError(f"prefer={shown(prefer)}: it is one of {', '.join(map(repr, FACTS['prefer'].choices))}")
        for name in facts:
            if name not in FACTS or name == "strict":
                near = did_you_mean(name, (*_SETTINGS, *FACTS))
                raise ArgumentError(f"{name}= is neither a setting of a tracker nor a fact of its calls.{near}")
        # What a fact is made of is looked at here, and not in a call of the host.
        facts = _checked(facts)
        self.success, self.failure = HandlerList("success", success), HandlerList("failure", failure)
        self.record, self.include_usage, self.prefer, self.facts = _recording(log), include_usage, prefer, facts
        self.cost_map = DEFAULT if cost_map is None else cost_map
        self.guard, self.tally, self.pending = Guard(), Tally(), Pending()
        self.dispatch = Dispatch(handlers, self.guard, self.tally.drop)
        self._warned: set[str] = set()
        self.budgets: Sequence[Budget] = () if budget is None else _budget.budgets_of(budget)

    def settled(
        self, call: TrackedCall, response: object, loop: Any, held: Reservation | None = None
    ) -> Sequence[Runs]:
        """Count a call, tell the handlers, and keep it in the log; return the coroutines that are left to await.

        ``held`` is what budgets hold for it.
        """
        self.tally.add(call)
        if held is not None or self.budgets:
            self.guard.call("budget", settling.settle, held, self.budgets, call)
        handlers = self.failure if call.failed else self.success
        try:
            return self.dispatch.tell(tuple(handlers), call, response, loop) if handlers else ()
        finally:
            # A handler may raise what no guard stops, such as SystemExit: the call is kept here all the same.
            if self.record is not None:
                self.guard.call("log", self.record, call)

    def without_usage(self, facts: Facts) -> None:
        """Warn, once a model, of a stream that stated no usage."""
        name = str(facts.model)
        if facts.asks_usage is None or name in self._warned or len(self._warned) >= _MOST_WARNED:
            return
        self._warned.add(name)
        said = (
            f"a stream of {name} stated no usage, so that its cost is not known (status {UNPRICED!r}): call with "
            "stream_options={'include_usage': True}, or track with include_usage='ask'"
        )
        self.guard.call("warning", warn, said, UnpricedUsageWarning, 2)
