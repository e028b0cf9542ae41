"""``llmcost update``: newer prices, checked before they are used; and the way back."""

from __future__ import annotations

import os

import click

import llmcost
from llmcost.errors import printable
from llmcost.prices import places

from ._app import FAILED, leave
from ._changes import counts, show

_MOST_SHOWN = 20

_EXIT_CODES = """\b
Exit codes:
  0    the update is in place, would be, or brings nothing new
  1    the update failed or is refused; the last good prices stay in use
  2    the command line is wrong, or LLMCOST_PRICES names no price map
  130  interrupted
  141  whoever read the output closed it"""


@click.command(epilog=_EXIT_CODES)
@click.option(
    "--from",
    "source",
    metavar="URL|PATH",
    envvar="LLMCOST_UPDATE_FROM",
    help="An https address or a path: of a folder with map_info.json, or of one JSON map. "
    "By default what LLMCOST_UPDATE_FROM names.",
)
@click.option("--check", is_flag=True, help="Only show what would change, and whether it would be refused.")
@click.option("--accept", is_flag=True, help="Take it although it changes more than is usual.")
@click.option("--rollback", is_flag=True, help="Go back to the update before, or to the prices of the package.")
def update(source: str | None, *, check: bool, accept: bool, rollback: bool) -> None:
    r"""Update the prices, for this user. Nothing is ever fetched without this command.

    Every file has to have its published sha256, and every price has to be a number that can be billed. Without
    --accept an update is refused that changes the prices of more than 10% of the models, deletes more than 1% of them,
    moves a price by 10x or more or to 0, or is older than the prices in use.

    \b
    llmcost update --check --from https://prices.example/llmcost
    llmcost update --from ./prices
    llmcost update --rollback
    """
    if rollback:
        given = click.get_current_context().get_parameter_source("source")
        if check or accept or given is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError("--rollback goes with no other option")
        llmcost.CostMap.rollback()
        _say_what_is_in_use()
        return
    report = llmcost.CostMap.update(source, check=check, accept=accept)
    if report.unchanged:
        click.echo("there is nothing new")
        _say_what_is_in_use()
        return
    show(report.changes, _MOST_SHOWN)
    if report.changes:
        click.echo()
    click.echo(printable(f"prices of {report.as_of or 'an unknown date'}: {counts(report.changes)}"))
    for remark in report.remarks:
        click.echo(printable(remark))
    if report.installed:
        _say_what_is_in_use()
        click.echo("`llmcost update --rollback` goes back")
        return
    for reason in report.unusual:
        click.echo(f"{click.style('unusual:', fg='yellow')} {printable(reason)}")
    if report.unusual and not accept:
        click.echo("it would be refused; if it is right, --accept takes it", err=True)
        leave(FAILED)
    click.echo("nothing is changed; without --check it is put in place")


def _say_what_is_in_use() -> None:
    click.echo(printable(f"in use: {places.current().origin}"))
    own = os.environ.get("LLMCOST_PRICES")
    if own:
        click.echo(printable(f"LLMCOST_PRICES={own} is set and stronger than every update"), err=True)
