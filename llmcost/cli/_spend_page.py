"""``llmcost spend html`` and ``serve``: the page of a log, as a file and live."""

from __future__ import annotations

from datetime import timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import llmcost
from llmcost.errors import printable
from llmcost.replacing import write_whole

from ._options import FILE, together
from ._spend_log import call_options, opened
from ._wanted import zone_named

if TYPE_CHECKING:
    from ._wanted import Wanted

# Seconds for which an answer waits until calls that wait are stored.
_OFTEN = 0.5


# A bill that the page shows beside the log.
_bill_options = together(
    click.option(
        "--bill",
        "bills",
        multiple=True,
        metavar="FILE",
        type=FILE,
        help="Compare the log with this bill of a provider, and show the cause of each difference. Repeatable.",
    ),
    click.option(
        "--bill-tz",
        metavar="ZONE",
        help="The zone of the bill's days, if it is not UTC: America/Los_Angeles. --tz is the zone of the page.",
    ),
)


@click.command()
@click.argument("report", metavar="REPORT.html", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--no-users", is_flag=True, help="Leave out users and sessions.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@_bill_options
@call_options
def html(
    report: Path,
    bills: tuple[str, ...],
    bill_tz: str | None,
    db: str | None,
    spool: str | None,
    *,
    no_users: bool,
    force: bool,
    wanted: Wanted,
) -> None:
    r"""Write the page of the log: one file, which opens without a network and can be mailed.

    It holds all totals, and the last 20,000 calls with the lines of their costs.

    \b
    llmcost spend html november.html --since 2026-11-01 --until 2026-12-01 --no-users
    llmcost spend html november.html --bill costs.csv --bill usage.json
    """
    if report.exists() and not force:
        raise click.UsageError(f"{printable(report)} is there already: name another file, or --force")
    read = _read(bills, bill_tz)
    with opened(db, spool) as log:
        found = _reconciled(read, log, wanted) if read else None
        page = log.page(**wanted.keywords, zone=wanted.zone, users=not no_users, bill=found)
    write(report, page)
    click.echo(f"{printable(report)}: {len(page.encode()) / 1e6:,.1f} MB, it opens in any browser", err=True)


def _read(bills: tuple[str, ...], zone: str | None) -> list[llmcost.Bill]:
    own = zone_named(zone) or timezone.utc
    return [llmcost.read_bill(bill, zone=own) for bill in bills]


def _reconciled(bills: list[llmcost.Bill], log: llmcost.SpendLog, wanted: Wanted) -> dict[str, Any]:
    """Return bills beside the calls that are looked at, on the days of the bills or of the question.

    Its days are those of the vendor, whatever the zone of the page is.
    """
    since, until = (
        None if moment is None else moment.astimezone(wanted.zone).date() for moment in (wanted.since, wanted.until)
    )
    found = llmcost.reconcile(bills, log, since=since, until=until, where=wanted.where or None)
    return found.to_dict(cells=False)


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="The port; by default a free one.")
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
@click.option("--no-users", is_flag=True, help="Leave out users and sessions.")
@_bill_options
@call_options
def serve(
    port: int,
    bills: tuple[str, ...],
    bill_tz: str | None,
    db: str | None,
    spool: str | None,
    *,
    opens: bool,
    no_users: bool,
    wanted: Wanted,
) -> None:
    r"""Serve the page of the log on this machine, with new calls as they come, until Ctrl-C.

    The printed address contains a token: requests without it are refused. Only this machine can connect.

    \b
    llmcost spend serve --open
    llmcost spend serve --bill costs.csv --bill usage.json
    """
    import webbrowser

    from llmcost.spend.serving import PageServer

    read = _read(bills, bill_tz)
    with opened(db, spool) as log:

        def report() -> dict[str, Any]:
            found = log.report(**wanted.keywords, zone=wanted.zone, users=not no_users)
            return {**found, "bill": _reconciled(read, log, wanted)} if read else found

        def mark() -> str:
            log.drain(_OFTEN)
            return log.mark()

        try:
            server = PageServer(report, port, mark=mark)
        except OSError as error:
            raise click.UsageError(f"port {port}: {error.strerror}") from error
        with server:
            click.echo(f"{server.address}\nCtrl-C ends it", err=True)
            if opens:
                webbrowser.open(server.address)
            server.serve_forever()


def write(report: Path, page: str) -> None:
    """Write a page as a whole or not at all, for its owner alone to read: names of people stand in it."""
    try:
        write_whole(report, page, private=True)
    except OSError as error:
        raise click.UsageError(f"{printable(report)} cannot be written: {error.strerror}") from error
