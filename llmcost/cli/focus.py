"""``llmcost focus``: a log of calls in the form of the FinOps Open Cost and Usage Specification."""

from __future__ import annotations

import io
from pathlib import Path

import click

import llmcost
from llmcost.bills.focus_columns import VERSIONS
from llmcost.bills.logged import is_database
from llmcost.errors import printable

from ._app import EXIT_CODES, leave
from ._ending import FAILED
from ._options import Maps, cost_map
from ._spend_log import must_exist
from ._spend_page import write
from ._wanted import conditions
from ._wording import in_options


@click.command(epilog=EXIT_CODES, short_help="Write a log as FOCUS rows (CSV), for FinOps tools.")
@click.argument("log", metavar="[URL|FILE]", required=False)
@click.option(
    "--account",
    required=True,
    metavar="ID",
    help="The value of BillingAccountId: the id of your account, which a log does not know.",
)
@click.option(
    "--version", type=click.Choice(VERSIONS), default=VERSIONS[-1], show_default=True, help="The version of FOCUS."
)
@click.option("--since", metavar="TIME", help="Only calls from this time on: 2026-11-01, or 7d.")
@click.option("--until", metavar="TIME", help="Only calls before this time.")
@click.option("--where", multiple=True, metavar="AXIS=VALUE", help="Only these calls of a spend log: team=search.")
@click.option(
    "--output",
    "-o",
    metavar="FILE.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file instead of standard output.",
)
@click.option("--force", is_flag=True, help="Let --output replace a file.")
@cost_map
def focus(
    log: str | None,
    account: str,
    version: str,
    since: str | None,
    until: str | None,
    where: tuple[str, ...],
    output: Path | None,
    maps: Maps,
    *,
    force: bool,
) -> None:
    r"""Write a log as FOCUS rows (CSV): one row for each day, model, meter and unit price.

    FOCUS is the FinOps Open Cost and Usage Specification, which cost tools read. The costs of the rows add up to the
    total of the log, to the last digit. They are calculated from rates, as the column x_CostSource says; they do not
    come from an invoice. A call without a price gets no row: it is named on standard error, and the exit code is 1.

    Without URL or FILE the spend log of this user is written.

    \b
    llmcost focus --account 123456 --since 2026-11-01 --until 2026-12-01 > november.csv
    llmcost focus calls.jsonl --account 123456 --version 1.0 -o november.csv
    """
    if output is not None and output.exists() and not force:
        raise click.UsageError(f"{printable(output)} is there already: name another file, or --force")
    if log is None or is_database(log):
        must_exist(log, None)
    try:
        found = llmcost.focus_rows(
            log,
            account,
            version=version,
            since=since,
            until=until,
            where=conditions(where) or None,
            cost_map=maps.made(),
        )
    except llmcost.ArgumentError as error:
        raise click.UsageError(in_options(str(error))) from error
    text = io.StringIO()
    found.write(text)
    if output is None:
        click.echo(text.getvalue(), nl=False)
    else:
        write(output, text.getvalue())
    for remark in found.remarks:
        click.echo(printable(remark), err=True)
    leave(0 if found.complete else FAILED)
