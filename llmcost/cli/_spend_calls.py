"""``llmcost spend show``, ``tail`` and ``statusline``: single calls of a log, and a line on the last of them."""

from __future__ import annotations

import json
import sys
from time import sleep
from typing import TYPE_CHECKING

import click

from llmcost.core.statuses import MAYBE_BILLED, PARTIAL, PRICED, UNPRICED
from llmcost.errors import printable

from ._app import leave
from ._options import exact
from ._spend_log import call_options, log_options, opened
from ._statusline import run
from ._table import money, terminal_width
from ._wording import in_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from llmcost.spend.stored import StoredCall

    from ._wanted import Wanted

_AT_ONCE = 1000
# Seconds between two looks.
_OFTEN = 0.5
_NOTHING_KNOWN = (UNPRICED, MAYBE_BILLED)
# Of a line in a pipe.
_WIDTH = 120


@click.command()
@click.argument("call", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="JSON: the call, and its Cost with every line.")
@click.option("--verbose", "-v", is_flag=True, help="Also show the layers of the prices.")
@log_options
def show(call: str, db: str | None, spool: str | None, *, as_json: bool, verbose: bool) -> None:
    r"""Show what the call ID cost and why, as it was recorded.

    \b
    llmcost spend show chatcmpl-9f3
    """
    with opened(db, spool) as log:
        found, cost = log.call(call), log.cost_of(call)
    if as_json:
        stated = {**found.to_dict(), "bill": None if cost is None else cost.to_dict()}
        click.echo(json.dumps(stated, indent=1))
        return
    click.echo(click.style(printable(found.id), bold=True))
    for label, value in _facts(found):
        click.echo(f"  {label:<11}{printable(value)}")
    click.echo()
    if cost is None:
        click.echo("what it cost is not known: no usage of it was stated")
        return
    title, _, rest = in_options(cost.explain(verbose=verbose)).partition("\n")
    click.echo(click.style(title, bold=True) + "\n" + rest)


def _facts(call: StoredCall) -> Iterator[tuple[str, str]]:
    yield "at", call.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    yield "status", call.status.replace("_", " ")
    for name in ("model", "provider", "deployment", "team", "user", "session"):
        value = getattr(call, name)
        if value is not None:
            yield name, value
    if call.tags:
        yield "tags", ", ".join(call.tags)
    if call.latency_us is not None:
        first = "" if call.ttft_us is None else f", first byte after {call.ttft_us / 1e6:.2f} s"
        yield "took", f"{call.latency_us / 1e6:.2f} s{first}"
    if call.error is not None:
        yield "error", call.error
    if call.attempt is not None and call.attempt > 1:
        yield "attempt", str(call.attempt)
    if call.metadata is not None:
        yield "metadata", json.dumps(call.metadata)


@click.command()
@click.option(
    "--last",
    "-n",
    type=click.IntRange(0, 10_000),
    default=10,
    help="How many stored calls to show first; by default 10.",
)
@click.option("--no-follow", is_flag=True, help="Show the stored calls only, and end.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object per line.")
@exact
@call_options
def tail(last: int, db: str | None, spool: str | None, *, no_follow: bool, as_json: bool, wanted: Wanted) -> None:
    r"""Show the last calls, and new ones as they come, until Ctrl-C.

    \b
    llmcost spend tail --where team=search
    llmcost spend tail --no-follow -n 100 --json | jq .cost
    """
    with opened(db, spool) as log:
        newest = log.calls(most=1)
        after = max((call.seq for call in newest), default=0)
        begun = log.calls(**wanted.keywords, most=last) if last else []
        after = max([after, *(call.seq for call in begun)])
        _write(begun[::-1], wanted, as_json=as_json)
        while not no_follow:
            sleep(_OFTEN)
            log.drain(_OFTEN)
            found = log.calls(**wanted.keywords, most=_AT_ONCE, after=after)
            after = max([after, *(call.seq for call in found)])
            _write(found, wanted, as_json=as_json)


@click.command()
@click.option("--session", metavar="ID", help="Also show what the calls of this session have cost.")
@click.option("--tz", metavar="ZONE", help="The time zone of today, such as Europe/Berlin; by default UTC.")
@log_options
def statusline(session: str | None, tz: str | None, db: str | None, spool: str | None) -> None:
    """Write one line for a prompt or a status bar: today and the last seven days. Only logs in SQLite are read."""
    options = {"--session": session, "--tz": tz, "--db": db, "--spool": spool}
    leave(run("spend", {name: value for name, value in options.items() if value}))


def _write(calls: list[StoredCall], wanted: Wanted, *, as_json: bool) -> None:
    for call in calls:
        click.echo(json.dumps(call.to_dict()) if as_json else _line(call, wanted))
    sys.stdout.flush()


def _line(call: StoredCall, wanted: Wanted) -> str:
    """Return a call as one line; the narrower the terminal, the less of it."""
    width = terminal_width() if sys.stdout.isatty() else _WIDTH
    at = call.at.astimezone(wanted.zone)
    when = f"{at:%H:%M:%S}" if width < 80 else f"{at:%m-%d %H:%M:%S}"
    usd = "-" if call.status in _NOTHING_KNOWN else money(call.cost, bound=call.status == PARTIAL)
    tokens = f"  {call.input:>9,}  {call.output:>7,}" if width >= 100 else ""
    room = 20 if width < 80 else 26
    text = f"{when}  {_short(call.model or '-', room):<{room}}{tokens}  {usd:>10}"
    status = "" if call.status == PRICED else call.status.replace("_", " ")
    who = " ".join(filter(None, (status, call.team, call.user)))
    return f"{text}  {_short(who, max(8, width - len(text) - 2))}".rstrip()


def _short(text: str, room: int) -> str:
    text = printable(text)
    return text if len(text) <= room else f"{text[: room - 1]}…"
