"""``llmcost spend drain``, ``reprice`` and ``forget``: what changes a log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from llmcost.errors import printable, shown
from llmcost.spend.money import decimal

from ._options import Maps, cost_map, exact, say_day
from ._spend_log import call_options, log_options, opened
from ._spend_rows import NOT_STATED
from ._table import Column, Table, money

if TYPE_CHECKING:
    from fractions import Fraction

    from llmcost.spend.repricing import Difference

    from ._wanted import Wanted


@click.command()
@log_options
def drain(db: str | None, spool: str | None) -> None:
    """Store the calls that wait in files, also those of processes that have ended."""
    with opened(db, spool, new=True) as log:
        log.drain()
        total = log.total()
    click.echo(printable(f"everything is stored: {total.calls:,} calls, {total}"))


@click.command()
@click.option("--apply", "applied", is_flag=True, help="Keep the new costs beside the recorded ones.")
@click.option("--why", metavar="TEXT", help="A remark that is kept with --apply.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@exact
@cost_map
@call_options
def reprice(
    why: str | None,
    maps: Maps,
    db: str | None,
    spool: str | None,
    *,
    applied: bool,
    as_json: bool,
    wanted: Wanted,
) -> None:
    r"""Show what stored calls would cost at other prices. Nothing is written without --apply.

    What was recorded is never changed: `llmcost spend --repricing 1` asks for the costs of the first repricing.

    \b
    llmcost spend reprice --since 2026-11-01 --config negotiated.yaml
    llmcost spend reprice --since 2026-11-01 --config negotiated.yaml --apply --why "new contract"
    """
    if why is not None and not applied:
        raise click.UsageError("--why is a remark that is kept with --apply, which is not given")
    prices = maps.made()
    with opened(db, spool) as log:
        found = log.reprice(**wanted.keywords, cost_map=prices, dry_run=not applied, why=why)
    if as_json:
        click.echo(json.dumps(found.to_dict(), indent=1))
        return
    _write(found)
    say_day(prices.as_of)


def _write(difference: Difference) -> None:
    table = Table(
        Column("day"),
        Column("model", style="cyan", least=16),
        Column("calls", "right", drop=1),
        Column("recorded USD", "point"),
        Column("new USD", "point", "bold"),
        Column("difference", "point", drop=2),
    )
    for change in difference.changes:
        amounts = (_usd(change.old), _usd(change.new), _usd(change.new - change.old))
        table.add(change.day.isoformat(), change.model or NOT_STATED, f"{change.calls:,}", *amounts)
    changed = sum(change.calls for change in difference.changes)
    if difference.changes:
        table.rule()
        sums = (_usd(difference.old), _usd(difference.new), _usd(difference.new - difference.old))
        table.add("total", "", f"{changed:,}", *sums, style="bold")
    table.end()
    if difference.changes:
        click.echo()
    if difference.version is None:
        click.echo(f"{changed:,} of {difference.calls:,} calls would have another cost")
    for why, number in difference.kept.items():
        click.echo(printable(f"{number:,} calls keep their cost: {why}"))
    if difference.version is not None:
        click.echo(f"kept as repricing {difference.version}: llmcost spend --repricing {difference.version}")


def _usd(amount: Fraction) -> str:
    return money(decimal(*amount.as_integer_ratio()))


@click.command()
@click.argument("who", metavar="AXIS=VALUE")
@click.option("--yes", is_flag=True, help="Do not ask.")
@log_options
def forget(who: str, db: str | None, spool: str | None, *, yes: bool) -> None:
    r"""Delete the calls of one user, session, team, tag or deployment, and its name. Sums over all calls stay.

    \b
    llmcost spend forget user=u-17
    """
    axis, equals, value = who.partition("=")
    if not equals or not value:
        raise click.UsageError(f"{shown(who)}: write AXIS=VALUE, such as user=u-17")
    with opened(db, spool) as log:
        if not yes:
            calls = log.total(where={axis: value}).calls
            click.confirm(printable(f"delete {calls:,} calls of {axis} {value} for good?"), abort=True)
        number = log.forget({axis: value})
    click.echo(printable(f"{number:,} calls of {axis} {value} are deleted, and the name; sums over all calls stay"))
