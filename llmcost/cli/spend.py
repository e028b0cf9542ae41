"""``llmcost spend``: what calls have cost, from the log of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from llmcost.spend.axes import AXES

from ._app import EXIT_CODES
from ._options import exact
from ._spend_calls import show, statusline, tail
from ._spend_export import export
from ._spend_import import import_
from ._spend_keep import drain, forget, reprice
from ._spend_log import address, call_options, opened, refuse_unused
from ._spend_page import html, serve
from ._spend_rows import write_csv, write_json, write_table

if TYPE_CHECKING:
    from ._wanted import Wanted


@click.group(invoke_without_command=True, epilog=EXIT_CODES, short_help="Show what the calls in the spend log cost.")
@click.option("--by", "axis", type=click.Choice(AXES), help="A row for each of these; by default model.")
@click.option(
    "--repricing",
    type=click.IntRange(1),
    metavar="N",
    help="Show the costs of the Nth repricing instead of the recorded ones.",
)
@click.option("--plot", is_flag=True, help="Also plot the costs over time, with --by day or hour (needs plotext).")
@click.option(
    "--json", "as_json", is_flag=True, help="JSON: the rows and the total; money is decimal text with every digit."
)
@click.option("--csv", "as_csv", is_flag=True, help="CSV with every digit, safe to open in a spreadsheet.")
@exact
@call_options
@click.pass_context
def spend(
    context: click.Context,
    axis: str | None,
    repricing: int | None,
    db: str | None,
    spool: str | None,
    *,
    plot: bool,
    as_json: bool,
    as_csv: bool,
    wanted: Wanted,
) -> None:
    r"""Show what the calls in the spend log cost.

    `llmcost.SpendLog` keeps the log. `llmcost spend import` fills it from files of logged calls.

    \b
    llmcost spend                                     by model
    llmcost spend --by day --since 7d --tz Europe/Berlin
    llmcost spend --by user --where team=search --csv > users.csv
    """
    if context.invoked_subcommand is not None:
        refuse_unused(context, spend.commands[context.invoked_subcommand])
        return
    if as_json and as_csv:
        raise click.UsageError("--json or --csv, not both")
    axis = axis or ("day" if plot else "model")
    if plot and (axis not in {"day", "hour"} or as_json or as_csv):
        raise click.UsageError("--plot is over time: --by day or --by hour, without --json and --csv")
    with opened(db, spool) as log:
        found = log.by(axis, **wanted.keywords, repricing=repricing, zone=wanted.zone)
    if as_json:
        write_json(found, wanted)
    elif as_csv:
        write_csv(found)
    else:
        if plot:
            from ._plot import write_plot

            write_plot(axis, {group.value: float(group.cost) for group in found}, wanted.zone)
        write_table(found, wanted, address(db, spool))


for command in (html, serve, show, tail, statusline, import_, export, drain, reprice, forget):
    spend.add_command(command)
