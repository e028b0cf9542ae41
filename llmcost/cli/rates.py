"""``llmcost rates``: the rate sheet of models as files, and the SQL that prices a table with it."""

from __future__ import annotations

from pathlib import Path

import click

import llmcost
from llmcost.frames.sql import DIALECTS, query, tables

from ._app import EXIT_CODES
from ._options import cost_map, the_map


@click.command(epilog=EXIT_CODES)
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option(
    "--sheet",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write: *.json, *.csv, *.parquet.",
)
@click.option("--sql", type=click.Choice(sorted(DIALECTS)), help="Write the two tables and the query as SQL, too.")
@click.option("--table", default="calls", show_default=True, help="The table of calls, as SQL names it.")
@click.option(
    "--meter", "meters", multiple=True, metavar="METER", help="A counter of the table; by default the six of text."
)
@click.option("--fact", "facts", multiple=True, metavar="FACT", help="service_tier, batch, time, duration, aggregate.")
@cost_map
def rates(
    models: tuple[str, ...],
    out: Path,
    sql: str | None,
    table: str,
    meters: tuple[str, ...],
    facts: tuple[str, ...],
    config: str | None,
    base: str | None,
    registered: str | None,
) -> None:
    r"""Write the rates of models, or of every model, as a table to join with a table of calls.

    \b
    llmcost rates gpt-4o claude-sonnet-4-5 --sheet rates.parquet
    llmcost rates --sheet rates.json --sql bigquery --table billing.calls
    """
    prices = the_map(config, base, registered)
    sheet = llmcost.rate_sheet(
        list(models) or list(prices), cost_map=prices, meters=meters or None, facts=facts or None
    )
    try:
        sheet.save(out)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    written = [str(out)]
    if sql is not None:
        script = out.with_suffix(".sql")
        text = f"{tables(sheet, sql)}\n\nCREATE VIEW priced_calls AS\n{query(sheet, table, sql)};\n"
        script.write_text(text, encoding="utf-8")
        written.append(str(script))
    click.echo(f"{len(sheet.names['model']):,} names, {len(sheet.rates['code']):,} kinds of call: {', '.join(written)}")
    click.echo(f"1 USD is {sheet.unit:,} units; prices as of {sheet.as_of or 'no day'}")
