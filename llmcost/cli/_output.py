"""What ``llmcost price`` writes: a table with totals, or JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

import llmcost
from llmcost.logs.sums import Sums, tokens

from ._grouped import Groups, stated_of
from ._pricing import Failures, Result, say_passed
from ._sums import count_text, numbers, write_groups, write_sums
from ._table import BLOCK, Column, Table, money

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from llmcost.logs.grouping import Grouping


class TextOutput:
    """A row per response, totals per model, the total; errors at the end, on standard error."""

    def __init__(self, *, rows: bool, every_row: bool, grouping: Grouping | None = None) -> None:
        self.failures = Failures()
        self._groups = None if grouping is None else Groups(grouping)
        self._rows, self._written, self._hidden = rows, 0, 0
        self._most = None if every_row or not sys.stdout.isatty() else BLOCK
        self._models = Sums()
        self._table = Table(
            Column("response", style="dim", drop=1, least=14),
            Column("model", style="cyan", least=14),
            Column("input", "right"),
            Column("cached", "right", drop=2),
            Column("output", "right"),
            Column("USD", "point", "bold"),
            Column("remarks", drop=3, least=14, cut="end"),
        )

    @property
    def silent(self) -> bool:
        """Whether no rows are being written to a terminal, so that a progress bar may be shown."""
        return not self._rows or not sys.stdout.isatty() or self._hidden > 0

    def add(self, result: Result) -> None:
        """Take the next result."""
        cost = result.cost
        if cost is None:
            # It is said once, below the table.
            self.failures.add(result)
            return
        if self._groups is None:
            self._models.add(_name(cost), cost)
        else:
            self._groups.add(result)
        if not self._rows:
            return
        if self._most is not None and self._written >= self._most:
            self._hidden += 1
            return
        self._written += 1
        quantities = (count_text(number) for number in tokens(cost))
        amount = money(cost.total, bound=cost.lower_bound)
        self._table.add(
            result.call.place,
            _name(cost),
            *quantities,
            amount,
            ", ".join(_remarks(result, cost)),
            style="yellow" if cost.unpriced else "",
        )

    def end(self, passed: Mapping[str, int]) -> None:
        """Write the totals, how many lines of session logs are no calls, and the errors."""
        self._table.end()
        if self._hidden:
            click.echo(f"... and {self._hidden:,} rows more: --all shows them, and so does a pipe or a file")
        groups = self._groups
        whole = self._models.whole() if groups is None else groups.whole
        asked = not self._rows or groups is not None
        if whole.calls and (asked or whole.calls + self.failures.count > 1):
            if self._rows:
                click.echo()
            if groups is None:
                rows = sorted(self._models.items(), key=lambda item: (-item[1].total, item[0]))
                write_sums("model", rows, whole, self.failures.count)
            else:
                write_groups(groups.axes, groups.rows(), whole, self.failures.count)
        say_passed(passed)
        if self.failures.count:
            if whole.calls:
                click.echo(err=True)
            self.failures.show()


class JsonOutput:
    """One JSON object, written as it comes: ``calls`` (one a line; only with ``rows``), ``models``, ``total``."""

    def __init__(self, *, rows: bool = True, grouping: Grouping | None = None) -> None:
        self.failures, self._rows = Failures(), rows
        self._groups = None if grouping is None else Groups(grouping)
        self._models = Sums()
        self._before = '{"calls": [\n'
        self.silent = not sys.stdout.isatty()

    def add(self, result: Result) -> None:
        """Take the next result."""
        call, cost = result.call, result.cost
        found: dict[str, object] = {"place": call.place, "source": call.source, "line": call.line}
        if self._rows and isinstance(call, llmcost.Record):
            found.update(stated_of(call))
        if cost is None:
            self.failures.add(result)
            error = result.error
            found["error"] = {"type": type(error).__name__ if error else "Unreadable", "message": result.reason}
            if isinstance(error, llmcost.UnknownModelError):
                found["error"].update(model=error.model, tried=list(error.tried), nearest=list(error.nearest))  # type: ignore[attr-defined]
        else:
            self._models.add(_name(cost), cost)
            if self._groups is not None:
                self._groups.add(result)
            if self._rows:
                found.update(cost.to_dict())
        if self._rows:
            click.echo(self._before + json.dumps(found), nl=False)
            self._before = ",\n"

    def end(self, passed: Mapping[str, int]) -> None:
        """Write the totals, how many lines of session logs are no calls, and the errors to standard error."""
        models = {name: numbers(part) for name, part in sorted(self._models.items())}
        total = {**numbers(self._models.whole()), "failed": self.failures.count}
        if self.failures.count:
            total["lower_bound"] = True
        if passed:
            total["passed"] = dict(passed)
        opening = '{"calls": [' if self._before != ",\n" else ""
        calls = f"{opening}\n], " if self._rows else "{"
        groups = "" if self._groups is None else f'"groups": {json.dumps(self._groups.as_json(numbers))}, '
        click.echo(f'{calls}"models": {json.dumps(models)}, {groups}"total": {json.dumps(total)}}}')
        self.failures.show()


def _name(cost: llmcost.Cost) -> str:
    return cost.matched_as or cost.model or "(several models)"


def _remarks(result: Result, cost: llmcost.Cost) -> Iterator[str]:
    """Yield the remarks of a row: missing rates, conditions, and quantities in other units than tokens."""
    if cost.unpriced:
        yield "no rate for " + " and ".join(cost.unpriced)
    elif cost.lower_bound:
        yield "lower bound"
    found: dict[str, None] = {}
    for line in cost.line_items:
        if line.meter in _SAYS_ITSELF:
            found[_SAYS_ITSELF[line.meter]] = None
            continue
        if line.unit != "token":
            found[f"{line.meter.replace('_', ' ')} {line.quantity:,}"] = None
        if line.side != "other":
            found.update(dict.fromkeys(filter(None, (line.conditions, *line.factors))))
    yield from found
    chunks = getattr(result.call, "chunks", 0)
    if chunks:
        yield f"stream of {chunks:,}"


_SAYS_ITSELF = {
    "free": "free",
    "reported": "reported by the provider",
    "discount": "discount",
    "margin": "margin",
    "fee": "fee",
}
