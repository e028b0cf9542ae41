"""What other prices make of logs: the run of ``llmcost reprice`` and ``whatif``, and its answer as a table or JSON."""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

import click

from llmcost.errors import printable
from llmcost.logs.files import Files, name_of
from llmcost.logs.reprice import Repricer
from llmcost.logs.sessions import counted_once

from ._app import leave
from ._jobs import repriced_by_jobs
from ._options import say_day
from ._pricing import Failures, say_passed
from ._progress import watched
from ._rewriting import rewrite
from ._table import Column, Table, money
from ._wording import error_text, in_options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from llmcost.logs import result
    from llmcost.logs.result import LineError, Row

    from ._jobs import RepricingJob
    from ._rewriting import Rewrite, Rewritten

LOG = click.Path(exists=True, allow_dash=True)


class _Output:
    """What other prices make of a log, as a table or as JSON; and the lines that could not be priced."""

    def __init__(self, logs: tuple[str, ...], *, as_json: bool) -> None:
        self.failures = Failures()
        self._source = name_of(logs[0])
        self._as_json = as_json
        self._before = '{"errors": [\n'

    def add(self, error: LineError) -> None:
        """Note a line that could not be priced; JSON holds every one, and is written as they come."""
        place = error.source or self._source
        self.failures.note(f"{place}:{error.line}" if error.line else place, error_text(error.error), error.error)
        if self._as_json:
            click.echo(self._before + json.dumps(error.to_dict()), nl=False)
            self._before = ",\n"

    def end(self, found: result.Repricing, passed: Mapping[str, int]) -> None:
        """Write the sums, how many lines are no calls, and the errors to standard error."""
        if not found.total.calls and not self.failures.count:
            self.failures.note(self._source, "is empty: there is no record in it")
        if self._as_json:
            rest = {name: value for name, value in found.to_dict().items() if name != "errors"}
            opening = '{"errors": [' if self._before != ",\n" else ""
            click.echo(f"{opening}\n], {json.dumps(rest)[1:]}")
        else:
            _table(found)
            say_passed(passed)
            if self.failures.count:
                click.echo(err=True)
        self.failures.show()


def _table(found: result.Repricing) -> None:
    table = Table(
        Column("model", style="cyan", least=16),
        Column("calls", "right", drop=1),
        Column("old USD", "point"),
        Column("new USD", "point", "bold"),
        Column("delta", "point"),
        Column("%", "right", drop=2),
        Column("old is", style="dim", drop=3),
    )
    for row in found.rows:
        table.add(*_cells(row.model, row))
    if found.rows:
        failed = f", {found.failed:,} not priced" if found.failed else ""
        table.rule()
        table.add(*_cells(f"total{failed}", found.total, partial=bool(failed)), style="bold")
    table.end()
    if found.notes and found.rows:
        click.echo()
    for note in found.notes:
        click.echo(printable(f"note: {in_options(note)}"))


def _cells(name: str, row: Row, *, partial: bool = False) -> tuple[str, ...]:
    """Return the cells of a row. ``partial``: some lines could not be priced."""
    percent = row.percent
    recorded = "recorded" if row.recorded == row.calls else f"recorded for {row.recorded:,}" if row.recorded else ""
    return (
        name,
        f"{row.calls:,}",
        money(row.old, bound=row.old_bound or partial),
        money(row.new, bound=row.new_bound or partial),
        ("+" if row.delta > 0 else "") + money(row.delta),
        "" if percent is None else f"{percent:+,.1f}%",
        recorded,
    )


def answer(
    logs: tuple[str, ...], jobs: int, job: RepricingJob, rewrites: Sequence[Rewrite] = (), *, as_json: bool
) -> None:
    """Reprice logs by so many processes, write what other prices make of them, and end with an exit code.

    ``rewrites``: logs that are written again with their new costs, in this process.
    """
    output = _Output(logs, as_json=as_json)
    repricer, prices = job.repricer(output.add)
    inputs = Files(logs, empty="")
    written: list[Rewritten] = []
    if rewrites:
        found = chain.from_iterable(rewrite(work, inputs, repricer, written) for work in rewrites)
        for call in counted_once(found, inputs.passed):
            repricer.take(call)
    else:
        _run(inputs, repricer, jobs, job, silent=not as_json)
    output.end(repricer.result(), inputs.passed)
    if not as_json:
        say_day(prices.as_of)
    for one in written:
        click.echo(str(one), err=True)
    leave(output.failures.code)


def _run(inputs: Files, repricer: Repricer, jobs: int, job: RepricingJob, *, silent: bool) -> None:
    """Reprice the calls of logs, by so many processes. ``silent``: their errors are not written as they come."""
    found = inputs if jobs == 1 else repriced_by_jobs(inputs, jobs, job)
    if jobs == 1 and silent:
        inputs.sink = repricer.sink()
    for call in watched(found, inputs, what="calls"):
        if isinstance(call, Repricer):
            repricer.join(call)
        else:
            repricer.take(call)
