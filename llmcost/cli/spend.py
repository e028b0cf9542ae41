"""``llmcost spend``: the log of calls."""

from __future__ import annotations

import click

import llmcost
from llmcost.errors import printable


@click.group()
def spend() -> None:
    r"""Look after the log of calls that `llmcost.SpendLog` keeps.

    \b
    llmcost spend drain
    """


@spend.command()
@click.option(
    "--db",
    metavar="URL|PATH",
    help="sqlite:///spend.db, the path of such a file, or postgresql://... By default what LLMCOST_SPEND_DB names, "
    "else the log of this user.",
)
@click.option("--spool", metavar="FOLDER", help="Where the files that wait are, if not beside the database.")
def drain(db: str | None, spool: str | None) -> None:
    """Store the calls that wait in files, those that dead processes have left too."""
    with llmcost.SpendLog(db, spool=spool, drain=False) as log:
        log.drain()
        total = log.total()
    click.echo(printable(f"everything is stored: {total.calls:,} calls, {total}"))
