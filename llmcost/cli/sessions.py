"""``llmcost sessions``: what the sessions of coding agents cost, from the logs that the agents keep."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import click

from llmcost.errors import printable
from llmcost.logs.files import Files
from llmcost.logs.record import Record
from llmcost.logs.session_files import session_files, session_folders
from llmcost.logs.sums import Sums
from llmcost.prices.moments import moment
from llmcost.spend.clocks import zone_of
from llmcost.spend.instants import microseconds, span_of

from ._app import EXIT_CODES, leave
from ._options import cost_map, exact, say_day, the_map
from ._output import numbers, write_sums
from ._pricing import Failures, priced, say_passed
from ._times import on_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    import llmcost

_NOT_STATED = "(not stated)"


@click.command(epilog=EXIT_CODES)
@click.argument("folders", nargs=-1, metavar="[FOLDER|FILE]...")
@click.option(
    "--by",
    "axis",
    type=click.Choice(("day", "session", "project", "model", "agent")),
    default="day",
    show_default=True,
    help="A row for each of these.",
)
@click.option("--since", metavar="TIME", help="From this time on: 5h, 7d (7 x 24 hours back), or 2026-11-01.")
@click.option("--until", metavar="TIME", help="Before this time.")
@click.option("--tz", metavar="ZONE", help="Whose days they are: Europe/Berlin. UTC, if it is not given.")
@click.option("--json", "as_json", is_flag=True, help="JSON: the rows and the total; money is decimal text.")
@exact
@cost_map
def sessions(
    folders: tuple[str, ...],
    axis: str,
    since: str | None,
    until: str | None,
    tz: str | None,
    config: str | None,
    base: str | None,
    registered: str | None,
    *,
    as_json: bool,
) -> None:
    r"""Say what the sessions of Claude Code and Codex cost, at the prices of their days.

    The logs are found where the agents keep them: ~/.claude/projects and ~/.config/claude/projects, or those of
    CLAUDE_CONFIG_DIR; ~/.codex/sessions and archived_sessions, or those of CODEX_HOME. FOLDER and FILE name others. A
    call counts once, in however many lines and files it stands.

    \b
    llmcost sessions
    llmcost sessions --by project --since 7d
    llmcost sessions --by model --since 5h --json
    """
    try:
        zone = zone_of(tz) if tz else timezone.utc
        first, last = span_of(on_clock(since, zone), on_clock(until, zone))
    except (ValueError, TypeError) as error:
        raise click.UsageError(str(error)) from error
    places = [Path(name) for name in folders] or session_folders(os.environ)
    files = session_files(places)
    if not files:
        where = ", ".join(printable(place) for place in places)
        raise click.ClickException(f"there are no logs of sessions: no *.jsonl in {where}")
    inputs, prices = Files(files, empty=""), the_map(config, base, registered)
    sums, failures = Sums(), Failures()
    window = _Window(first, last)
    for result in priced(window.of(inputs), prices, {}):
        if result.cost is None or not isinstance(result.call, Record):
            failures.add(result)
        else:
            sums.add(_name(axis, result.call, result.cost, zone), result.cost)
    rows = sorted(sums.items(), key=lambda item: item[0] if axis == "day" else (-item[1].total, item[0]))
    if as_json:
        total = {**numbers(sums.whole()), "failed": failures.count, "undated": window.undated}
        total["lower_bound"] = total["lower_bound"] or failures.count > 0
        total["passed"] = inputs.passed
        found = [{axis: None if name == _NOT_STATED else name, **numbers(part)} for name, part in rows]
        click.echo(json.dumps({"by": axis, "zone": tz or "UTC", "rows": found, "total": total}, indent=1))
    else:
        write_sums(axis, rows, sums.whole(), failures.count)
        if window.undated:
            click.echo(f"\ncalls that state no time, and are in no span: {window.undated:,}")
        say_passed(inputs.passed)
        say_day(prices)
    failures.show()
    leave(failures.code)


class _Window:
    """A span of time, in microseconds since 1970.

    Attributes:
        undated: how many calls state no time, so that they are in no span.
    """

    def __init__(self, first: int | None, last: int | None) -> None:
        self._first, self._last = first, last
        self.undated = 0

    def of(self, found: Iterable[Record | llmcost.LogError]) -> Iterator[Record | llmcost.LogError]:
        """Yield the calls of the span, and what could not be read."""
        for call in found:
            if not isinstance(call, Record) or (self._first is None and self._last is None):
                yield call
                continue
            when = _time(call)
            if when is None:
                self.undated += 1
                continue
            at = microseconds(when)
            if (self._first is None or at >= self._first) and (self._last is None or at < self._last):
                yield call


def _time(call: Record) -> datetime | None:
    return None if call.time is None else moment(call.time)


def _name(axis: str, call: Record, cost: llmcost.Cost, zone: tzinfo) -> str:
    if axis == "day":
        when = _time(call)
        return _NOT_STATED if when is None else f"{when.astimezone(zone):%Y-%m-%d}"
    if axis == "model":
        return cost.matched_as or cost.model or _NOT_STATED
    value = call.own.get(axis)
    return value if isinstance(value, str) else _NOT_STATED
