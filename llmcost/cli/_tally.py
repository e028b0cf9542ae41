"""What results add up to, here or in several processes: sums, failures, and what is written of each result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import llmcost
from llmcost.logs.lane import priced
from llmcost.logs.sums import Sums

from ._grouped import Groups
from ._pricing import Failures, Result, name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from llmcost import Record
    from llmcost.logs.grouping import Grouping

    # What is written of a result; None for nothing.
    Row = Callable[[Result], object]


class Tally:
    """Results, added up one by one. It travels between processes.

    Attributes:
        failures: what has no cost.
        models: the sum of each model; empty where ``by_model`` is False.
        groups: the sum of each group; None without a grouping.
        row: makes what is written of a result.
        count: how many results there were.
        rows: what is written of the results, of a tally that was made in another process.
        undated: how many calls state no time and are in no span, as ``Selection.undated`` says.

    Args:
        row: None for nothing; a function of a module, so that it travels.
    """

    def __init__(self, grouping: Grouping | None, row: Row | None, *, by_model: bool) -> None:
        self.failures, self.models = Failures(), Sums()
        self.groups = None if grouping is None else Groups(grouping)
        self._grouping, self.row, self._by_model = grouping, row, by_model
        self.rows: list[object] = []
        self.count = self.undated = 0

    def empty(self) -> Tally:
        """Return another one of the same kind, in which nothing is added up yet."""
        grouping = None if self._grouping is None else self._grouping.anew()
        return Tally(grouping, self.row, by_model=self._by_model)

    def add(self, result: Result) -> object:
        """Take the next result, and return what is written of it."""
        if result.cost is None:
            self.count += 1
            self.failures.add(result)
        else:
            self.add_cost(result.call, result.cost)  # type: ignore[arg-type]  # what has a cost is a call
        return None if self.row is None else self.row(result)

    def add_cost(self, call: Record, cost: llmcost.Cost) -> None:
        """Add what the next call cost; nothing is written of it."""
        self.count += 1
        if self._by_model:
            self.models[cost.matched_as or name_of(cost)].add(cost)
        if self.groups is not None:
            self.groups.add(call, cost)

    def taking(self, prices: llmcost.CostMap, options: dict[str, Any]) -> Callable[[Record], None] | None:
        """Return what prices a call and adds its cost; None where something is written of each call.

        It does as ``priced`` and ``add`` do, without a result for each of millions of calls.
        """
        if self.row is not None:
            return None
        add_cost = self.add_cost

        def take(call: Record) -> None:
            try:
                cost = call.calculate(cost_map=prices, **options) if options else priced(call, prices)
            except (llmcost.LLMCostError, ValueError) as error:
                self.add(Result(call, None, error))
            else:
                add_cost(call, cost)

        return take

    def join(self, other: Tally) -> None:
        """Add what another one added up of the results that come next."""
        self.count += other.count
        self.failures.join(other.failures)
        self.models.join(other.models)
        if self.groups is not None and other.groups is not None:
            self.groups.join(other.groups)


class Output:
    """What is written of results as they come.

    Attributes:
        tally: what they add up to.
        failures: what has no cost.
    """

    def __init__(self, tally: Tally) -> None:
        self.tally, self.failures = tally, tally.failures

    def add(self, result: Result | Tally) -> None:
        """Take the next result, or the tally that another process made of the next ones."""
        if isinstance(result, Tally):
            self.tally.join(result)
            for row in result.rows:
                self.write(row)
            return
        row = self.tally.add(result)
        if row is not None:
            self.write(row)

    def write(self, row: Any) -> None:
        """Write what a result has become."""
