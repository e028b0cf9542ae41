"""``llmcost update``: newer prices, checked before they are used; the way back; and what is in use."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click

import llmcost
from llmcost.errors import printable
from llmcost.prices import places
from llmcost.updates.status import status

from ._app import WRONG, leave
from ._changes import counts, show
from ._ending import FAILED

if TYPE_CHECKING:
    from llmcost.updates.update import Report

_MOST_SHOWN = 20

_EXIT_CODES = """\b
Exit codes:
  0    the update is in place, could be put in place (--check), or brings nothing new; --status: the prices in use
       are sound and not too old
  1    the update failed or is refused, and the last good prices stay in use; --status: the prices in use are
       damaged, or older than --max-age
  2    the command line is wrong, no source is set, or LLMCOST_PRICES names no price map
  130  interrupted
  141  the program that reads the output closed it"""

_WAYS = """no source of newer prices is set. The ways to get them:

  the data wheel     install a newer llm-costmap-data beside llm-costmap, with the installer that you use: it is found
                     without a setting, and a lock file pins it
  --from SOURCE      a folder with map_info.json or a data wheel (.whl), at a path or an https address; a JSON map
  LLMCOST_UPDATE_FROM=SOURCE   the same for every update

`llmcost update --status` says which prices are in use."""


def _days(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,5})d?", text)
    if found is None:
        raise click.BadParameter(f"{printable(text)} is no number of days: write 14d", context, parameter)
    return int(found[1])


@click.command(epilog=_EXIT_CODES, short_help="Update the prices of this user.")
@click.option(
    "--from",
    "source",
    metavar="URL|PATH",
    envvar="LLMCOST_UPDATE_FROM",
    help="Where the update is: the https address or the path of a folder with map_info.json, of a data wheel "
    "(.whl), or of one JSON map. By default what LLMCOST_UPDATE_FROM names.",
)
@click.option(
    "--check", is_flag=True, help="Show what would change, and whether it would be refused. Nothing is changed."
)
@click.option(
    "--accept",
    is_flag=True,
    help="Use the prices that are held back: those of the named MODELs, or all. Without MODEL this also takes an "
    "update that changes more than is usual.",
)
@click.argument("models", nargs=-1, metavar="[MODEL ...]")
@click.option("--rollback", is_flag=True, help="Go back to the update before, or to the prices without an update.")
@click.option("--status", "ask", is_flag=True, help="Show every set of prices, which one is in use, and why.")
@click.option(
    "--max-age",
    metavar="DAYS",
    callback=_days,
    help="With --status: exit with 1 if the prices in use are older than this, such as 14d.",
)
def update(
    source: str | None,
    models: tuple[str, ...],
    *,
    check: bool,
    accept: bool,
    rollback: bool,
    ask: bool,
    max_age: int | None,
) -> None:
    r"""Update the prices of this user. llmcost fetches nothing, except by this command.

    An update is checked before it is used. Each file must have its published sha256, and each price must be a number
    that can be billed. A price is held back until you accept it if it changes tenfold or becomes 0. A price of a
    model's maker or of a cloud is held back if it changes threefold and the update does not say on which day. A whole
    update is refused if it changes the prices of more than 10% of the models, deletes more than 1% of them, or is older
    than the prices in use. --accept takes such an update.

    \b
    llmcost update --check --from https://prices.example/llmcost
    llmcost update --from ./prices
    llmcost update --from ./prices --accept gpt-4o
    llmcost update --rollback
    llmcost update --status --max-age 14d
    """
    context = click.get_current_context()
    given = context.get_parameter_source("source") is click.core.ParameterSource.COMMANDLINE
    if (rollback or ask) and (check or accept or given or models or (rollback and ask)):
        raise click.UsageError(f"{'--rollback' if rollback else '--status'} goes with no other option")
    if max_age is not None and not ask:
        raise click.UsageError("--max-age goes with --status")
    if models and not accept:
        raise click.UsageError(f"models are named for --accept: llmcost update --accept {printable(' '.join(models))}")
    if ask:
        _say_what_there_is(max_age)
        return
    if rollback:
        llmcost.CostMap.rollback()
        _say_what_is_in_use()
        return
    if not source:
        click.echo(_WAYS, err=True)
        leave(WRONG)
    _say_what_it_does(llmcost.CostMap.update(source, check=check, accept=models or accept), accept=accept)


def _say_what_it_does(report: Report, *, accept: bool) -> None:
    """Say what an update does or has done, and what of it is unusual; one that would be refused ends with 1."""
    if report.unchanged:
        click.echo("there is nothing new")
        for remark in report.remarks:
            click.echo(printable(remark))
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


def _say_what_there_is(max_age: int | None) -> None:
    rows = status()
    for row in rows:
        age = "" if row.age_days is None else f", {row.age_days} day{'' if row.age_days == 1 else 's'} old"
        day = f"as of {row.as_of}{age}" if row.as_of else "of an unknown day"
        version = f" {row.version}" if row.version and row.version not in row.origin else ""
        mark = click.style("in use", bold=True) if row.in_use else "      "
        click.echo(f"{mark}  {row.set:<7}  {printable(row.origin)}{printable(version)}, {printable(day)}")
        if row.why:
            click.echo(f"        because: {printable(row.why)}")
        click.echo(f"        files: {printable(row.fault) or 'sound'}")
    used = [row for row in rows if row.in_use]
    if any(row.fault for row in used):
        leave(FAILED)
    if max_age is not None and any(row.age_days is None or row.age_days > max_age for row in used):
        click.echo(f"the prices in use are older than {max_age} days", err=True)
        leave(FAILED)


def _say_what_is_in_use() -> None:
    click.echo(printable(f"in use: {places.current().origin}"))
    setting = os.environ.get("LLMCOST_PRICES")
    if setting:
        click.echo(printable(f"LLMCOST_PRICES={setting} is set and stronger than every update"), err=True)
