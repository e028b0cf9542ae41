"""What results add up to, here or in several processes: sums, failures, and what is written of each result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import llmcost
from llmcost.api.kinds import Kinds
from llmcost.core.rating import amount
from llmcost.logs.grouping import At
from llmcost.logs.lane import PlainSink, priced
from llmcost.logs.sums import Sums
from llmcost.readers import stated_usage

from ._groups import Groups
from ._pricing import Failures, Result, name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from llmcost import Record
    from llmcost.logs.grouping import Grouping

    # What is written of a result; None for nothing.
    Row = Callable[[Result], object]


class Tally:
    """Results, added up one by one. It travels between processes, once it is settled.

    Attributes:
        failures: what has no cost.
        models: the sum of each model; empty where ``by_model`` is False.
        groups: the sum of each group; None without a grouping.
        row: makes what is written of a result.
        count: how many results there were.
        rows: what is written of the results, of a tally that was made in another process.
        undated: how many calls state no time and are in no span, as ``Selection.undated`` says.
        unstated: the axes of ``Selection.where`` that no call has stated, of a tally of another process.

    Args:
        row: None for nothing; a function of a module, so that it travels.
    """

    def __init__(self, grouping: Grouping | None, row: Row | None, *, by_model: bool) -> None:
        self.failures = Failures()
        self.models: Sums[str] = Sums()
        self.groups = None if grouping is None else Groups(grouping)
        self._grouping, self.row, self._by_model = grouping, row, by_model
        self.rows: list[object] = []
        self.unstated: set[str] = set()
        self.count = self.undated = 0
        self._kinds: Kinds | None = None

    def __getstate__(self) -> dict[str, object]:
        # The prices stay where they are: what travels is what was added up.
        return {**self.__dict__, "_kinds": None}

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

    def add_cost(self, call: Record | At, cost: llmcost.Cost) -> None:
        """Add what the next call cost; nothing is written of it."""
        self.count += 1
        if self._by_model:
            self.models[cost.matched_as or name_of(cost)].add(cost)
        if self.groups is not None:
            self.groups.add(call, cost)

    def taking(self, prices: llmcost.CostMap, options: dict[str, Any]) -> Callable[[Record], None] | None:
        """Return what prices a call and adds its cost; None where something is written of each call.

        It does as ``priced`` and ``add`` do, without a result for each of millions of calls; and without a record of
        the common call, unless only that tells its group.
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

        groups = self.groups
        if options or (groups is not None and not groups.grouping.told_by_price):
            return take
        kinds = self._kinds = Kinds(
            prices, None if groups is None else lambda when, kind: groups.grouping.of(At(when), kind)
        )
        add, learn, of_usage = kinds.add, kinds.learn, prices.of_usage

        def plainly(response: dict[str, object], when: int | None) -> bool:
            try:
                usage = stated_usage(response)
                if usage.at is None:
                    usage.at = when
                if add(usage, when):
                    return True
                cost = of_usage(usage)
            except (llmcost.LLMCostError, ValueError):
                return False  # its record is taken, which tells where it stands
            add_cost(At(when), cost)
            learn(usage, cost)
            return True

        return PlainSink(take, plainly)

    def settle(self) -> None:
        """Add what is still added up by kinds of calls."""
        for kind, names, pile in () if self._kinds is None else self._kinds.taken():
            self.count += pile.calls
            quantities, tariff = kind.quantities(pile), kind.tariff
            numerator = amount(quantities, tariff) or 0
            if self._by_model:
                self.models[kind.matched_as].add_rated(quantities, numerator, tariff.denominator, pile.calls)
            if self.groups is not None:
                self.groups.sums[names].add_rated(quantities, numerator, tariff.denominator, pile.calls)

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
