"""``llmcost rates``: the rate sheet of models as files, and the SQL that prices a table with it."""

from __future__ import annotations

from pathlib import Path

import click

import llmcost
from llmcost.errors import printable
from llmcost.frames.dialects import DIALECTS
from llmcost.frames.sql import query, tables
from llmcost.replacing import write_whole

from ._app import EXIT_CODES
from ._options import Maps, cost_map


@click.command(epilog=EXIT_CODES, short_help="Write a table of rates, to join with a table of calls.")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--sheet",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write: *.json, *.csv, *.parquet.",
)
@click.option(
    "--sql",
    type=click.Choice(sorted(DIALECTS)),
    help="Also write a file *.sql for this database: the tables, and a view that prices the calls.",
)
@click.option("--table", default="calls", show_default=True, help="The name of the table of calls in SQL.")
@click.option(
    "--meter",
    "meters",
    multiple=True,
    metavar="METER",
    help="A meter that the table of calls has, such as input_audio. Repeatable; by default the six meters of text.",
)
@click.option(
    "--fact",
    "facts",
    multiple=True,
    metavar="FACT",
    help="A column of the calls that decides rates: service_tier, batch, time, duration, aggregate. Repeatable.",
)
@cost_map
def rates(
    models: tuple[str, ...],
    out: Path,
    sql: str | None,
    table: str,
    meters: tuple[str, ...],
    facts: tuple[str, ...],
    maps: Maps,
) -> None:
    r"""Write a table of rates, to join with a table of calls in a database.

    Without MODEL the rates of every model are written. --sql writes the tables and the query for a database.

    \b
    llmcost rates gpt-4o claude-sonnet-4-5 --sheet rates.parquet
    llmcost rates --sheet rates.json --sql bigquery --table billing.calls
    """
    if sql is None and table != "calls":
        raise click.UsageError("--table names a table of the SQL, which is not asked for: give --sql")
    prices = maps.made()
    sheet = llmcost.rate_sheet(
        list(models) or list(prices), cost_map=prices, meters=meters or None, facts=facts or None
    )
    written = [str(out)]
    try:
        sheet.save(out)
        if sql is not None:
            script = out.with_suffix(".sql")
            text = f"{tables(sheet, sql)}\n\nCREATE VIEW priced_calls AS\n{query(sheet, table, sql)};\n"
            write_whole(script, text)
            written.append(str(script))
    except (OSError, ValueError) as error:
        refused = error if isinstance(error, OSError) else error.__cause__
        if not isinstance(refused, OSError):
            raise click.UsageError(str(error)) from error
        said = f"{refused.filename or out} cannot be written: {refused.strerror or refused}"
        raise click.ClickException(said) from error
    click.echo(f"{len(sheet.names['model']):,} names, {len(sheet.rates['code']):,} kinds of call: {', '.join(written)}")
    until = f", known to hold until {sheet.valid_until}" if sheet.valid_until else ""
    click.echo(f"rates are whole numbers: 1 USD is {sheet.unit:,}; prices as of {sheet.as_of or 'no day'}{until}")
    for model in models:
        if not _is_known(prices, model):
            said = f"warning: no price is known for {printable(model)}: its calls get the status unknown_model"
            click.echo(said, err=True)


def _is_known(prices: llmcost.CostMap, model: str) -> bool:
    try:
        prices.rate_card(model)
    except llmcost.UnknownModelError:
        return False
    return True
