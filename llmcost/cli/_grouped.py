"""What calls cost by whatever they are grouped by, and the same as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from llmcost.core.cells import safe
from llmcost.core.exact import plain
from llmcost.logs.grouping import seconds_of_call
from llmcost.logs.sums import Sum, tokens
from llmcost.logs.whose import NAMES, whose

from ._pricing import Failures, Result, say_passed
from ._spend_rows import NOT_STATED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from llmcost import Cost, Record
    from llmcost.logs.grouping import Grouping

    Names = tuple[str | None, ...]

_NUMBERS = ("calls", "input", "cached", "output", "usd", "lower_bound")
_OF_CALLS = ("place", "time", *NAMES, "model", "input", "cached", "output", "usd", "lower_bound")
_TIMES = frozenset({"day", "hour"})


class Groups:
    """Sums by group."""

    def __init__(self, grouping: Grouping) -> None:
        self._grouping = grouping
        self._sums: dict[Names, Sum] = {}
        self.axes = grouping.axes

    def add(self, result: Result) -> None:
        """Add what a call cost to its group."""
        call, cost = result.call, result.cost
        assert cost is not None  # noqa: S101 - what has no cost is a failure
        names = self._grouping.of(call, cost)  # type: ignore[arg-type]
        found = self._sums.get(names)
        if found is None:
            found = self._sums[names] = Sum()
        found.add(cost)

    @property
    def whole(self) -> Sum:
        """The sum of all groups."""
        found = Sum()
        for part in self._sums.values():
            found.join(part)
        return found

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


class CsvOutput:
    """A row per call or, with a grouping, per group; money with every digit. Errors go to standard error.

    Attributes:
        silent: whether no rows are being written to a terminal, so that a progress bar may be shown.
    """

    def __init__(self, *, grouping: Grouping | None) -> None:
        self.failures = Failures()
        self._groups = None if grouping is None else Groups(grouping)
        self._out = csv.writer(sys.stdout, lineterminator="\n")
        self.silent = grouping is not None or not sys.stdout.isatty()
        self._out.writerow(_OF_CALLS if grouping is None else (*grouping.axes, *_NUMBERS))

    def add(self, result: Result) -> None:
        """Take the next result."""
        cost = result.cost
        if cost is None:
            self.failures.add(result)
        elif self._groups is not None:
            self._groups.add(result)
        else:
            self._out.writerow(_row(result.call, cost))  # type: ignore[arg-type]

    def end(self, passed: Mapping[str, int]) -> None:
        """Write the groups, and to standard error what is no call and what has no cost."""
        if self._groups is not None:
            for names, part in self._groups.rows():
                numbers = (part.calls, part.input, part.cached, part.output, plain(part.total, 0))
                shown = (safe("" if name is None else name) for name in names)
                self._out.writerow((*shown, *numbers, str(part.bound).lower()))
        say_passed(passed, err=True)
        self.failures.show()


def stated_of(call: Record) -> dict[str, str]:
    """Return what a log states of a call beside its response: when it was made, and on whose behalf."""
    found = {} if call.time is None else {"time": str(call.time)}
    of = whose(call)
    return found | {name: value for name in NAMES if (value := getattr(of, name)) is not None}


def _row(call: Record, cost: Cost) -> tuple[object, ...]:
    of = whose(call)
    seconds = seconds_of_call(call, cost)
    at = "" if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    texts = (call.place, at, *(getattr(of, name) or "" for name in NAMES))
    model = cost.matched_as or cost.model or ""
    return (*map(safe, texts), safe(model), *tokens(cost), plain(cost.total, 0), str(cost.lower_bound).lower())


__all__ = ["NOT_STATED", "CsvOutput", "Groups", "stated_of"]
