"""``llmcost spend import``: the calls of logs into the log of calls, each once."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

import llmcost
from llmcost import Record
from llmcost.logs.files import Files
from llmcost.spend.place import place_of

from ._app import leave
from ._ending import FAILED
from ._options import TYPES, Maps, cost_map, exact, say_day
from ._pricing import Failures, Result, say_passed
from ._progress import watched
from ._spend_log import address, log_options, opened
from ._table import money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llmcost.spend.importing import Imported


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER|-...")
@click.option("--dry-run", is_flag=True, help="Say what would be kept, and keep nothing.")
@click.option("--at", type=TYPES["time"], metavar="TIME", help="The time of calls without a time in their records.")
@click.option("--json", "as_json", is_flag=True, help="JSON: how many calls were new, known, unpriced ...")
@exact
@cost_map
@log_options
def import_(
    files: tuple[str, ...],
    at: str | None,
    maps: Maps,
    db: str | None,
    spool: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    r"""Keep the calls of files in the spend log, each at the prices of its own time.

    A file is anything that `llmcost price` reads. An import may be repeated, and continues after one that was cut off:
    a call is recognised by the id that its record states, or else by the whole record. A call of an unknown model is
    kept as unpriced.

    \b
    llmcost spend import --dry-run spend_logs.csv
    llmcost spend import ~/exports ~/.claude/projects
    """
    inputs, failures = Files(files), Failures()
    prices = maps.made()

    def failed(call: Record, error: Exception) -> None:
        failures.add(Result(call, None, error))

    with _opened(db, spool, dry_run=dry_run) as log:
        found = log.import_calls(
            watched(_read(inputs, failures), inputs, what="calls"),
            cost_map=prices,
            at=at,
            dry_run=dry_run,
            on_error=failed,
        )
    if as_json:
        click.echo(json.dumps({**found.to_dict(), "dry_run": dry_run}))
    else:
        _write(found, address(db, spool), dry_run=dry_run)
        say_passed(inputs.passed)
        say_day(prices.as_of)
    failures.show()
    leave(failures.code or (FAILED if found.undated else 0))


@contextmanager
def _opened(db: str | None, spool: str | None, *, dry_run: bool) -> Iterator[llmcost.SpendLog]:
    """Give the log; for a dry run one that is not there yet is not made."""
    place = place_of(db, spool)
    if not dry_run or place.file is None or place.file.exists() or place.spool.exists():
        with opened(db, spool, new=True) as log:
            yield log
        return
    with tempfile.TemporaryDirectory() as folder, opened(str(Path(folder) / "spend.db"), None, new=True) as log:
        yield log


def _read(inputs: Iterable[Record | llmcost.LogError], failures: Failures) -> Iterator[Record]:
    for call in inputs:
        if isinstance(call, Record):
            yield call
        else:
            failures.add(Result(call, None))


def _write(imported: Imported, where: str, *, dry_run: bool) -> None:
    usd = money(imported.cost.total, bound=imported.cost.bound or imported.unpriced > 0)
    click.echo(f"{'would be kept' if dry_run else 'kept'} in {where}: {imported.new:,} calls, {usd} USD")
    for count, said in (
        (imported.known, "in the log already"),
        (imported.grown, "in the log with less usage, which the fuller record replaces"),
        (imported.unpriced, "of the kept ones have no price"),
        (imported.undated, "state no time and are not kept: --at TIME says when they were made"),
        (imported.failed, "state nothing that could be kept"),
    ):
        if count:
            click.echo(f"  {count:,} {said}")
