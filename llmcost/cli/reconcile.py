"""``llmcost reconcile``: a provider's bill beside the log of calls, and why they differ."""

from __future__ import annotations

from datetime import date

import click

import llmcost
from llmcost.bills.logged import is_database
from llmcost.bills.reconciliation import AXES
from llmcost.errors import shown

from ._app import EXIT_CODES, leave
from ._ending import FAILED
from ._options import FILE, Maps, cost_map, exact
from ._reconcile_rows import write_csv, write_json, write_table
from ._spend_log import must_exist
from ._wanted import conditions, zone_named
from ._wording import in_options


@click.command(
    epilog=EXIT_CODES.replace("or priced; the rest was answered", "or priced, or the difference is above --tolerance"),
    short_help="Say why a provider's bill and your log of calls differ.",
)
@click.argument("bills", metavar="BILL...", nargs=-1, required=True, type=FILE)
@click.option(
    "--log",
    metavar="URL|FILE",
    help="A spend log (sqlite:///spend.db, postgresql://...), or a file of logged calls; by default the log of this "
    "user.",
)
@click.option(
    "--tolerance",
    default="1%",
    show_default=True,
    metavar="N%|USD",
    help="Exit with 1 if the difference is above this share of the bill, or this sum.",
)
@click.option(
    "--by", "axis", type=click.Choice(AXES), default="model", show_default=True, help="A row for each of these."
)
@click.option("--since", metavar="DAY", help="The first day; by default the first of the bill.")
@click.option("--until", metavar="DAY", help="The day after the last day.")
@click.option("--where", multiple=True, metavar="AXIS=VALUE", help="Only these calls of a spend log: team=search.")
@click.option("--tz", metavar="ZONE", help="The zone of the bill's days, if it is not UTC: America/Los_Angeles.")
@click.option(
    "--rate",
    "rates",
    multiple=True,
    metavar="CUR=USD",
    help="What one unit of a currency is in USD: EUR=1.08. Repeatable.",
)
@click.option(
    "--step",
    metavar="USD",
    help="The smallest step of the bill's amounts in USD, such as 0.01; by default it is read from the amounts.",
)
@exact
@cost_map
@click.option("--json", "as_json", is_flag=True, help="JSON: both sides in all three views, and every cause.")
@click.option(
    "--csv", "as_csv", is_flag=True, help="CSV: a row for each day, model and meter, with a column for each cause."
)
def reconcile(
    bills: tuple[str, ...],
    log: str | None,
    tolerance: str,
    axis: str,
    since: str | None,
    until: str | None,
    where: tuple[str, ...],
    tz: str | None,
    rates: tuple[str, ...],
    step: str | None,
    maps: Maps,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    r"""Say why a provider's bill and your log of calls differ.

    BILL is a file that you export from the provider, as JSON, CSV or Parquet, also packed by gzip: OpenAI's costs and
    usage, Anthropic's cost and usage reports, OpenRouter's activity, an AWS Cost and Usage Report, or FOCUS 1.0 to 1.2
    of any vendor. Give the costs and the usage of one provider together. Nothing is fetched.

    \b
    llmcost reconcile costs.csv usage.json
    llmcost reconcile cost_report.json --log november.jsonl --by day
    llmcost reconcile cur.csv.gz --log postgresql://spend@db/spend --tolerance 0.5% --csv > why.csv
    """
    if as_json and as_csv:
        raise click.UsageError("--json or --csv, not both")
    if log is None or is_database(log):
        must_exist(log, None)
    try:
        found = llmcost.reconcile(
            list(bills),
            log,
            cost_map=maps.made(),
            since=_day("--since", since),
            until=_day("--until", until),
            where=conditions(where) or None,
            zone=zone_named(tz),
            rates=_rates(rates),
            step=step,
        )
        within = found.within(tolerance)
    except llmcost.ArgumentError as error:
        raise click.UsageError(in_options(str(error))) from error
    if as_json:
        write_json(found, within=within)
    elif as_csv:
        write_csv(found)
    else:
        write_table(found, axis, within=within, tolerance=tolerance)
    leave(0 if within else FAILED)


def _day(name: str, text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{name} {shown(text)}: write a day such as 2026-11-01") from None


def _rates(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in given:
        currency, equals, rate = text.partition("=")
        if not equals or not currency.strip():
            raise click.UsageError(f"--rate {shown(text)}: write CUR=USD, such as EUR=1.08")
        found[currency.strip()] = rate.strip()
    return found
