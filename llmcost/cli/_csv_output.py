"""What ``llmcost price --csv`` writes: rows that no spreadsheet runs, with every digit."""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from llmcost import Record
from llmcost.core.cells import safe
from llmcost.core.exact import plain
from llmcost.logs.grouping import seconds_of_call
from llmcost.logs.sums import tokens
from llmcost.logs.whose import NAMES, whose

from ._pricing import Result, say_passed
from ._sums import CSV_TITLES, csv_numbers
from ._tally import Output, Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from llmcost.logs.grouping import Grouping

# Of a row that is one call.
_TITLES = ("place", "time", *NAMES, "model", *CSV_TITLES[1:])


class CsvOutput(Output):
    """A row per call or, with a grouping, per group; money with every digit. Errors go to standard error."""

    def __init__(self, *, grouping: Grouping | None) -> None:
        super().__init__(Tally(grouping, _row if grouping is None else None, by_model=False))
        self._out = csv.writer(sys.stdout, lineterminator="\n")
        self._out.writerow(_TITLES if grouping is None else (*grouping.axes, *CSV_TITLES))

    @property
    def silent(self) -> bool:
        """Whether no rows are being written to a terminal."""
        return self.tally.groups is not None or not sys.stdout.isatty()

    def write(self, row: Any) -> None:
        """Write a row."""
        self._out.writerow(row)

    def end(self, passed: Mapping[str, int]) -> None:
        """Write the groups, and to standard error what is no call and what has no cost."""
        if self.tally.groups is not None:
            for names, part in self.tally.groups.rows():
                self._out.writerow((*(safe(name or "") for name in names), *csv_numbers(part)))
        say_passed(passed, err=True)
        self.failures.show()


def _row(result: Result) -> tuple[object, ...] | None:
    call, cost = result.call, result.cost
    if cost is None or not isinstance(call, Record):
        return None
    of = whose(call)
    seconds = seconds_of_call(call, cost)
    at = "" if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    texts = (call.place, at, *(getattr(of, name) or "" for name in NAMES))
    model = cost.matched_as or cost.model or ""
    return (*map(safe, texts), safe(model), *tokens(cost), plain(cost.total, 0), str(cost.lower_bound).lower())
