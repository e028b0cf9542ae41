"""Importing: the calls of somebody's log into the spend log, each once, however often the log is read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ..api.default import DEFAULT
from ..core.exact import plain
from ..core.late import Late
from ..core.signatures import as_signed
from ..errors import ArgumentError, LLMCostError, UnknownModelError, shown
from ..logs.grouping import time_of_call
from ..logs.identity import Identities
from ..logs.record import Record
from ..logs.sums import Sum
from ..logs.whose import whose
from .recording import BY_IMPORT, Given, line_of_cost, line_of_usage, time_given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from ..core.usage import Usage
    from . import stored
    from .background import Background
    from .recording import Line
    from .spool import Spool

    # Tokens of the answer, and of the prompt.
    Tokens = tuple[int, int]
else:
    # It loads SQLAlchemy.
    stored = Late("llmcost.spend.stored")

# Calls whose ids are looked up at once, and calls after which those that wait are stored.
_AT_ONCE, _STORED_AT_ONCE = 500, 10_000


class Imported:
    """What an import has done so far.

    Attributes:
        new: how many calls the log did not have.
        known: how many it has already, and that are as they were.
        grown: how many it has with less usage: the fuller record counts.
        unpriced: how many of the new ones have no price, and are kept as such.
        undated: how many state no time, and were not kept.
        failed: how many state nothing that could be kept.
        cost: the sum of the new ones.
    """

    def __init__(self) -> None:
        self.new = self.known = self.grown = self.unpriced = self.undated = self.failed = 0
        self.cost = Sum()

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        names = ("new", "known", "grown", "unpriced", "undated", "failed")
        counts: dict[str, object] = {name: getattr(self, name) for name in names}
        bound = self.cost.bound or self.unpriced > 0
        return {**counts, "cost": plain(self.cost.total, 0), "lower_bound": bound}


class Importing:
    """How calls of somebody's log come into this one."""

    _background: Background
    _spool: Spool

    @as_signed
    def import_calls(
        self,
        calls: Iterable[Record],
        *,
        cost_map: CostMap = DEFAULT,
        at: object = None,
        dry_run: bool = False,
        on_error: Callable[[Record, Exception], object] | None = None,
        progress: Callable[[Imported], object] | None = None,
    ) -> Imported:
        """Return what was done to keep the calls of a log, each at the prices of its own time.

        A call is known again by the id that its log states, else by all that its record holds: what the spend log has
        already is left as it is, so that an import may be repeated, and goes on after one that was cut off. The cost
        that a log states is kept among the metadata, as ``recorded_cost``.

        >>> import llmcost, tempfile
        >>> rows = [
        ...     {"time": "2026-01-05", "model": "gpt-4o", "usage": {"input": 1000, "output": 100}, "team": "search"}
        ... ]
        >>> with tempfile.TemporaryDirectory() as folder, llmcost.SpendLog(f"sqlite:///{folder}/spend.db") as log:
        ...     first, second = (log.import_calls(llmcost.read_log(rows)) for _ in range(2))
        ...     print(first.new, second.new, second.known, log.total())
        1 0 1 $0.0035

        Args:
            calls: what ``read_log`` returns.
            cost_map: whose prices apply.
            at: when calls were made that state no time; without it they are counted, and not kept.
            dry_run: only count.
            on_error: called with every call that cannot be priced, and why; one whose usage is known is kept all the
                same, as unpriced.
            progress: called after each batch.

        Raises:
            SpendLogError: the database cannot be used, or nothing more can be kept. What was kept stays.
            ArgumentError: ``at`` is no time.
        """
        time_given(at)
        run, names = _Import(None if dry_run else self._spool, cost_map, at, on_error), Identities()
        # What was kept and is not stored yet, with its tokens.
        waiting: dict[str, Tokens] = {}
        if not dry_run:
            # What an import that was cut off has kept, and not stored yet, is known too.
            self._background.drain()
        remaining = iter(calls)
        while batch := list(islice(remaining, _AT_ONCE)):
            odd = next((call for call in batch if not isinstance(call, Record)), None)
            if odd is not None:
                raise ArgumentError(f"calls: a call is a Record, as read_log returns them; this is {shown(odd)}")
            named = [(names.of(call), call) for call in batch]
            known = {**self._known([name for name, _ in named]), **waiting}
            for name, call in named:
                if run.take(name, call, known):
                    waiting[name] = known[name]
            if len(waiting) >= _STORED_AT_ONCE and not dry_run:
                self._background.drain()
                waiting = {}
            if progress is not None:
                progress(run.done)
        if not dry_run:
            self._background.drain()
        return run.done

    def _known(self, names: list[str]) -> dict[str, Tokens]:
        with self._background.drainer().database.reading() as connection:
            return stored.known_calls(connection, names)


class _Import:
    """One import while it goes on.

    Attributes:
        done: what it has done so far.

    Args:
        spool: what keeps a line; None for a dry run.
        cost_map, at, on_error: as of ``import_calls``.
    """

    def __init__(
        self,
        spool: Spool | None,
        cost_map: CostMap,
        at: object,
        on_error: Callable[[Record, Exception], object] | None,
    ) -> None:
        self._spool, self._cost_map, self._at, self._on_error = spool, cost_map, at, on_error
        self.done = Imported()

    def take(self, name: str, call: Record, known: dict[str, Tokens]) -> bool:
        """Keep one call, and count it; return whether it was kept. ``known`` has the tokens of calls by their names."""
        done = self.done
        usage: Usage | None = None
        why: Exception | None = None
        try:
            usage = call.stated()
        except (LLMCostError, ValueError) as error:
            why = error
        # Tokens in the order in which the spend log compares two rows of one id, so that both keep the same one.
        counted = (0, 0) if usage is None else (int(usage.output_tokens), int(usage.input_tokens))
        before = known.get(name)
        if before is not None and counted <= before:
            done.known += 1
            return False
        try:
            when = time_of_call(call, usage) or self._at
            if when is None and why is not None:
                raise why  # the time may stand in what could not be read
            if when is None:
                done.undated += 1
                return False
            cost, why = self._priced(call, usage, why)
            given = _given(name, call, when)
        except (LLMCostError, ValueError) as error:
            done.failed += 1
            self._tell(call, error)
            return False
        if self._spool is not None:
            self._spool.append(*_line(cost, usage, call, given))
        known[name] = counted
        if before is not None:
            done.grown += 1
            return True
        done.new += 1
        if cost is not None:
            done.cost.add(cost)
        else:
            done.unpriced += 1
            self._tell(call, why)
        return True

    def _priced(
        self, call: Record, usage: Usage | None, unread: Exception | None
    ) -> tuple[Cost | None, Exception | None]:
        """Return the Cost of a call, or why it has none though its usage is known.

        Raises LLMCostError or ValueError for a call with neither of them; ``unread`` is why its usage is not.
        """
        try:
            return call.calculate(cost_map=self._cost_map), None
        except (LLMCostError, ValueError) as error:
            if usage is None or not isinstance(error, UnknownModelError):
                raise unread or error from None
            return None, error

    def _tell(self, call: Record, why: Exception | None) -> None:
        if self._on_error is not None and why is not None:
            self._on_error(call, why)


def _given(name: str, call: Record, when: object) -> Given:
    of, recorded = whose(call), call.cost
    metadata = None if recorded is None else {"recorded_cost": plain(recorded, 0)}
    return Given(name, of.team, of.user, of.session, of.tags, metadata, when)


def _line(cost: Cost | None, usage: Usage | None, call: Record, given: Given) -> Line:
    if cost is not None:
        return line_of_cost(cost, given, BY_IMPORT)
    assert usage is not None  # noqa: S101 - what states no usage has a Cost, or fails
    return line_of_usage(usage, call.facts.get("model") or usage.model, given, BY_IMPORT)
