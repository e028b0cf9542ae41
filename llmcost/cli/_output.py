"""What ``llmcost price`` writes: a table with totals, or JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click

import llmcost
from llmcost.logs.sums import tokens

from ._groups import stated_of
from ._pricing import Result, name_of, say_passed
from ._sums import count_text, numbers, write_groups, write_sums
from ._table import BLOCK, Column, Table, money, say_hidden
from ._tally import Output, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from llmcost.logs.grouping import Grouping


class TextOutput(Output):
    """A row per response, totals per model, the total; errors at the end, on standard error."""

    def __init__(self, *, rows: bool, every_row: bool, grouping: Grouping | None) -> None:
        super().__init__(Tally(grouping, _row if rows else None, by_model=grouping is None))
        self._rows, self._written, self._hidden = rows, 0, 0
        self._most = None if every_row or not sys.stdout.isatty() else BLOCK
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

    def write(self, row: Any) -> None:
        """Write a row, unless a terminal has enough of them: then they are counted."""
        if self._most is not None and self._written >= self._most:
            self._hidden += 1
            self.tally.row = _costs
            return
        self._written += 1
        amount = money(row.total, bound=row.bound)
        self._table.add(*row.names, *row.quantities, amount, row.remarks, style="yellow" if row.unpriced else "")

    def end(self, passed: Mapping[str, int]) -> None:
        """Write the totals, how many lines of session logs are no calls, and the errors."""
        self._table.end()
        say_hidden(self._hidden)
        groups, models = self.tally.groups, self.tally.models
        whole = models.whole() if groups is None else groups.sums.whole()
        asked = not self._rows or groups is not None
        if whole.calls and (asked or whole.calls + self.failures.count > 1):
            if self._rows:
                click.echo()
            if groups is None:
                rows = sorted(models.items(), key=lambda item: (-item[1].total, item[0]))
                write_sums("model", rows, whole, self.failures.count)
            else:
                write_groups(groups.grouping.axes, groups.rows(), whole, self.failures.count)
        say_passed(passed)
        if self.failures.count:
            if whole.calls:
                click.echo(err=True)
            self.failures.show()


class JsonOutput(Output):
    """One JSON object, written as it comes: ``calls`` (one a line; only with ``rows``), ``models``, ``total``."""

    def __init__(self, *, rows: bool, grouping: Grouping | None) -> None:
        super().__init__(Tally(grouping, _json_of if rows else None, by_model=True))
        self._rows = rows
        self._before = '{"calls": [\n'

    @property
    def silent(self) -> bool:
        """Whether no rows are being written to a terminal."""
        return not sys.stdout.isatty()

    def write(self, row: str) -> None:
        """Write a call."""
        click.echo(self._before + row, nl=False)
        self._before = ",\n"

    def end(self, passed: Mapping[str, int]) -> None:
        """Write the totals, how many lines of session logs are no calls, and the errors to standard error."""
        groups = self.tally.groups
        models = {name: numbers(part) for name, part in sorted(self.tally.models.items())}
        total = {**numbers(self.tally.models.whole()), "failed": self.failures.count}
        if self.failures.count:
            total["lower_bound"] = True
        if passed:
            total["passed"] = dict(passed)
        opening = '{"calls": [' if self._before != ",\n" else ""
        calls = f"{opening}\n], " if self._rows else "{"
        by_group = "" if groups is None else f'"groups": {json.dumps(groups.as_json(numbers))}, '
        click.echo(f'{calls}"models": {json.dumps(models)}, {by_group}"total": {json.dumps(total)}}}')
        self.failures.show()


class _Row(NamedTuple):
    """What a table shows of a call; its amount is written as the command is asked to."""

    names: tuple[str, str]
    quantities: tuple[str, ...]
    total: Decimal
    bound: bool
    remarks: str
    unpriced: bool


def _row(result: Result) -> _Row | None:
    """Return the row of a call; one that has no cost is named once, below the table."""
    cost = result.cost
    if cost is None:
        return None
    return _Row(
        (result.call.place, name_of(cost)),
        tuple([count_text(number) for number in tokens(cost)]),
        cost.total,
        cost.lower_bound,
        ", ".join(_remarks(result, cost)),
        bool(cost.unpriced),
    )


def _costs(result: Result) -> bool | None:
    """Return what stands for a row that is not shown."""
    return True if result.cost is not None else None


def _json_of(result: Result) -> str:
    """Return a call as a line of JSON."""
    call, cost = result.call, result.cost
    found: dict[str, object] = {"place": call.place, "source": call.source, "line": call.line}
    if isinstance(call, llmcost.Record):
        found.update(stated_of(call))
    if cost is not None:
        return json.dumps({**found, **cost.to_dict()})
    error = result.error
    said: dict[str, object] = {"type": type(error).__name__ if error else "Unreadable", "message": result.reason}
    if isinstance(error, llmcost.UnknownModelError):
        said.update(model=error.model, tried=list(error.tried), nearest=list(error.nearest))
    return json.dumps({**found, "error": said})


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
