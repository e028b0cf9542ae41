"""What calls cost by whatever they are grouped by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmcost.logs.sums import Sums
from llmcost.logs.whose import NAMES, whose

if TYPE_CHECKING:
    from collections.abc import Callable

    from llmcost import Cost, Record
    from llmcost.logs.grouping import At, Grouping
    from llmcost.logs.sums import Sum

    Names = tuple[str | None, ...]

_TIMES = frozenset({"day", "hour"})


class Groups:
    """Sums by group.

    Attributes:
        grouping: says which group a call belongs to.
        sums: by the names of a group, one for each axis.
    """

    def __init__(self, grouping: Grouping) -> None:
        self.grouping = grouping
        self.sums: Sums[Names] = Sums()

    def add(self, call: Record | At, cost: Cost) -> None:
        """Add what a call cost to its group."""
        self.sums[self.grouping.of(call, cost)].add(cost)

    def join(self, other: Groups) -> None:
        """Add the groups of another part of the input."""
        self.grouping.join(other.grouping)
        self.sums.join(other.sums)

    def rows(self) -> list[tuple[Names, Sum]]:
        """Return the groups: those of times in their order, others by their cost, the highest first."""
        ordered = self.grouping.axes[0] in _TIMES

        def order(item: tuple[Names, Sum]) -> tuple[object, ...]:
            names = tuple((name is None, name or "") for name in item[0])
            return (names[0], -item[1].total, names) if ordered else (-item[1].total, names)

        return sorted(self.sums.items(), key=order)

    def as_json(self, numbers: Callable[[Sum], dict[str, object]]) -> list[dict[str, object]]:
        """Return the groups as JSON-safe dicts; null is what is not stated."""
        return [{**dict(zip(self.grouping.axes, names, strict=True)), **numbers(part)} for names, part in self.rows()]


def stated_of(call: Record) -> dict[str, str]:
    """Return what a log states of a call beside its response: when it was made, and on whose behalf."""
    found = {} if call.time is None else {"time": str(call.time)}
    of = whose(call)
    return found | {name: value for name in NAMES if (value := getattr(of, name)) is not None}
