"""What calls cost by whatever they are grouped by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmcost.logs.sums import Sums
from llmcost.logs.whose import NAMES, whose

if TYPE_CHECKING:
    from collections.abc import Callable

    from llmcost import Cost, Record
    from llmcost.api.kinds import Kind
    from llmcost.logs.grouping import At, Grouping
    from llmcost.logs.sums import Sum

    Names = tuple[str | None, ...]

_TIMES = frozenset({"day", "hour"})


class Groups:
    """Sums by group."""

    def __init__(self, grouping: Grouping) -> None:
        self._grouping = grouping
        self._sums: Sums[Names] = Sums()
        self.axes = grouping.axes

    @property
    def told_by_price(self) -> bool:
        """Whether the group of a call is known by its time and what priced it."""
        return self._grouping.told_by_price

    def add(self, call: Record | At, cost: Cost) -> None:
        """Add what a call cost to its group."""
        self.named(self.names(call, cost)).add(cost)

    def names(self, call: Record | At, cost: Cost | Kind) -> Names:
        """Return the group of a call."""
        return self._grouping.of(call, cost)

    def named(self, names: Names) -> Sum:
        """Return the sum of a group."""
        return self._sums[names]

    def join(self, other: Groups) -> None:
        """Add the groups of another part of the input."""
        self._grouping.join(other._grouping)
        self._sums.join(other._sums)

    @property
    def whole(self) -> Sum:
        """The sum of all groups."""
        return self._sums.whole()

    def rows(self) -> list[tuple[Names, Sum]]:
        """Return the groups: those of times in their order, others by their cost, the highest first."""
        ordered = self.axes[0] in _TIMES

        def order(item: tuple[Names, Sum]) -> tuple[object, ...]:
            names = tuple((name is None, name or "") for name in item[0])
            return (names[0], -item[1].total, names) if ordered else (-item[1].total, names)

        return sorted(self._sums.items(), key=order)

    def as_json(self, numbers: Callable[[Sum], dict[str, object]]) -> list[dict[str, object]]:
        """Return the groups as JSON-safe dicts; null is what is not stated."""
        return [{**dict(zip(self.axes, names, strict=True)), **numbers(part)} for names, part in self.rows()]


def stated_of(call: Record) -> dict[str, str]:
    """Return what a log states of a call beside its response: when it was made, and on whose behalf."""
    found = {} if call.time is None else {"time": str(call.time)}
    of = whose(call)
    return found | {name: value for name in NAMES if (value := getattr(of, name)) is not None}
