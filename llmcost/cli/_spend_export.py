"""``llmcost spend export``: all calls of the log as CSV, JSON Lines or Parquet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from llmcost.errors import printable
from llmcost.spend.exporting import FORMS

from ._spend_log import call_options, opened
from ._table import money

if TYPE_CHECKING:
    from ._wanted import Wanted


@click.command()
@click.option(
    "--format", "form", type=click.Choice(FORMS), help="The format; by default what the name of FILE ends with, or csv."
)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write to this file instead of standard output.",
)
@click.option("--force", is_flag=True, help="Let --output replace a file.")
@call_options
def export(
    form: str | None, output: str | None, db: str | None, spool: str | None, *, force: bool, wanted: Wanted
) -> None:
    r"""Write a row for each call, with every digit of its cost. The costs add up to the total of the log.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe. Parquet needs pyarrow and --output.

    \b
    llmcost spend export --since 2026-11-01 --until 2026-12-01 -o november.csv
    llmcost spend export -o calls.parquet
    """
    form = form or (_of_name(output) if output is not None else FORMS[0])
    if output is None:
        if form == "parquet":
            raise click.UsageError("Parquet is no text: name a file by --output")
        with opened(db, spool) as log:
            log.export(sys.stdout, form, **wanted.keywords)
        return
    target = Path(output)
    if not target.parent.is_dir():
        raise click.UsageError(f"--output {output}: there is no folder {target.parent}")
    if target.exists() and not force:
        raise click.UsageError(f"--output {output}: it exists; --force replaces it, or name another file")
    with opened(db, spool) as log:
        total = log.export(output, form, **wanted.keywords)
    bound = money(total.cost, bound=total.lower_bound)
    click.echo(printable(f"{output}: {total.calls:,} calls, {bound} USD"), err=True)


def _of_name(output: str) -> str:
    ending = Path(output).suffix.removeprefix(".").lower()
    if ending not in FORMS:
        raise click.UsageError(f"--output {output}: it has to end with one of {', '.join(FORMS)}; else give --format")
    return ending
