"""``llmcost sessions``: what the sessions of coding agents cost, from the logs that the agents keep."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from llmcost.errors import printable
from llmcost.logs.session_files import session_files, session_folders
from llmcost.prices.places import current
from llmcost.sessions.index import SessionIndex, ask
from llmcost.sessions.report import AXES, Answer, answer, answer_anew, passed, problems
from llmcost.sessions.sums import Span

from ._app import EXIT_CODES, leave
from ._options import Maps, cost_map, exact, say_day
from ._pricing import MOST_SHOWN, Failures
from ._sessions_rows import Listing, plot, write_csv, write_json, write_table
from ._statusline import run
from ._wanted import SINCE, UNTIL, wanted
from ._wording import error_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from llmcost import CostMap

    from ._wanted import Wanted

# A progress bar is shown for so many bytes of new lines.
_LONG = 20_000_000


@click.command()
@click.option(
    "--session", metavar="ID", help="Also show this session. - reads its id from JSON on standard input (session_id)."
)
@click.option("--tz", metavar="ZONE", help="The time zone of today, such as Europe/Berlin; by default UTC.")
def statusline(session: str | None, tz: str | None) -> None:
    """Write one line for a prompt or a status bar: today and the last seven days.

    A few new lines are read at once. If there are many, the output says how much is still to be read: then run
    `llmcost sessions`.

    For Claude Code's status line write `llmcost sessions statusline --session -`.
    """
    options = {"--session": session, "--tz": tz}
    leave(run("sessions", {name: value for name, value in options.items() if value}))


class _Sessions(click.Command):
    """A command that takes folders, and has a subcommand beside them."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Return the context of the command, or of the subcommand that its first word names."""
        if args[:1] == [statusline.name]:
            return statusline.make_context(f"{info_name} {statusline.name}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(cls=_Sessions, epilog=EXIT_CODES, short_help="Say what the sessions of coding agents cost.")
@click.argument("folders", nargs=-1, metavar="[FOLDER|FILE]...")
@click.option(
    "--by", "axis", type=click.Choice(AXES), default="day", show_default=True, help="A row for each of these."
)
@SINCE
@UNTIL
@click.option("--tz", metavar="ZONE", help="The time zone of the days, such as Europe/Berlin; by default UTC.")
@click.option("--plot", "plotted", is_flag=True, help="Also plot the days (needs plotext).")
@click.option("--json", "as_json", is_flag=True, help="JSON: the rows and the total; money is decimal text.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV with every digit, safe to open in a spreadsheet.")
@exact
@cost_map
def sessions(
    folders: tuple[str, ...],
    axis: str,
    since: str | None,
    until: str | None,
    tz: str | None,
    maps: Maps,
    *,
    plotted: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    r"""Say what the sessions of coding agents cost. Each call has the prices of its day.

    Without FOLDER and FILE the logs of Claude Code, Codex, Gemini CLI, OpenCode, Qwen Code, Kilo, Pi and Kimi Code
    are read. They are searched in your home folder, or in the folders that CLAUDE_CONFIG_DIR, CODEX_HOME,
    GEMINI_CLI_HOME, OPENCODE_DATA_DIR, QWEN_RUNTIME_DIR, PI_CODING_AGENT_DIR and KIMI_CODE_HOME name. A call counts
    once, even if it stands in several lines and files. An index keeps what was read, so that the next run reads only
    new lines. `llmcost sessions statusline --help` tells how to show the cost in a prompt.

    \b
    llmcost sessions
    llmcost sessions --by project --since 7d
    llmcost sessions --by model --since 5h --json
    llmcost sessions statusline
    """
    if as_json and as_csv:
        raise click.UsageError("--json or --csv, not both")
    if plotted and (axis != "day" or as_json or as_csv):
        raise click.UsageError("--plot is over the days: --by day, without --json and --csv")
    own_map = maps.made() if any(maps) else None
    result, failures = _listed(folders, axis, wanted(since, until, (), tz), own_map)
    if as_json:
        write_json(result)
    elif as_csv:
        write_csv(result)
    else:
        if plotted:
            plot(result)
        write_table(result)
        say_day(current().day if own_map is None else own_map.as_of)
    failures.show()
    leave(failures.code)


def _listed(folders: tuple[str, ...], axis: str, calls: Wanted, own_map: CostMap | None) -> tuple[Listing, Failures]:
    """Return what the sessions of folders cost, at one's own prices if there are any; and what has no cost."""
    missing = [folder for folder in folders if not os.path.exists(folder)]
    if missing:
        raise click.ClickException(f"{printable(missing[0])}: no such file or folder")
    places = list(folders) or session_folders(os.environ)
    files = session_files(places)
    if not files:
        where = ", ".join(printable(place) for place in places)
        raise click.ClickException(
            f"there are no logs of coding agents in {where}; name a folder: llmcost sessions FOLDER"
        )
    with _watched() as tell:

        def list_calls(index: SessionIndex) -> tuple[Listing, Failures]:
            index.update(tell=tell)
            asked_of = (index, axis, Span(*calls.bounds), calls.zone)
            said = answer(*asked_of) if own_map is None else answer_anew(*asked_of, own_map)
            failures = _failures(said, index)
            rows = sorted(said.rows.items(), key=lambda item: item[0] if axis == "day" else (-item[1].total, item[0]))
            not_priced = failures.count, said.undated, passed(index.connection)
            return Listing(axis, rows, said.rows.whole(), *not_priced, calls.zone, calls.name), failures

        return ask(places, files, list_calls)


def _failures(answer: Answer, index: SessionIndex) -> Failures:
    """Return what has no cost, and what cannot be read."""
    failures = Failures()
    for failed in answer.failed:
        failures.note(failed.place, error_text(failed.error), failed.error, failed.calls)
    unread, shown = problems(index.connection, MOST_SHOWN)
    for path, line, reason in shown:
        failures.note(f"{path}:{line}", reason)
    failures.count += unread - len(shown)
    for error in index.errors:
        failures.note(error.source, error.reason)
    return failures


@contextmanager
def _watched() -> Iterator[Callable[[int, int], object] | None]:
    """Give what is told how much of a long input is read, and shows it on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading logs"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task("", total=None)

    def tell(done: int, total: int) -> None:
        if total >= _LONG and not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield tell
    finally:
        bar.stop()
