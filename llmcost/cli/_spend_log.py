"""Options of ``llmcost spend``: which log, and which of its calls. They stand before or after a subcommand."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

import llmcost
from llmcost.errors import printable
from llmcost.spend.log import check_packages
from llmcost.spend.place import place_of

from ._options import together
from ._wanted import CALLS, wanted
from ._wording import in_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Seconds for which a view waits until calls that wait in files are stored.
PATIENCE = 10.0

_LOG = (
    click.option(
        "--db",
        metavar="URL|PATH",
        help="The log: sqlite:///spend.db, the path of such a file, or postgresql://... By default the one that "
        "LLMCOST_SPEND_DB names, else the log of this user.",
    ),
    click.option(
        "--spool",
        metavar="FOLDER",
        help="The folder of calls that wait to be stored, if it is not beside the database.",
    ),
)
# What holds for a subcommand too that has such an option, where it stands before the subcommand.
_SHARED = frozenset({"db", "spool", "since", "until", "tz", "where"})


def log_options(command: Any) -> Any:
    """Add the options that name a log; the function gets ``db`` and ``spool``."""
    return _shared(command, _LOG)


def call_options(command: Any) -> Any:
    """Add the options that name a log and some of its calls; the function gets a ``Wanted``."""

    @wraps(command)
    def run(
        *given: Any, since: str | None, until: str | None, where: tuple[str, ...], tz: str | None, **more: Any
    ) -> Any:
        return command(*given, wanted=wanted(since, until, where, tz), **more)

    return _shared(run, (*_LOG, *CALLS))


def _shared(command: Any, options: tuple[Callable[[Any], Any], ...]) -> Any:
    """Add options that count before a subcommand too."""

    @wraps(command)
    def run(*given: Any, **named: Any) -> Any:
        context = click.get_current_context()
        before = context.parent.params if context.parent is not None else {}
        for name in _SHARED - {"where"}:
            if name in named and named[name] is None:
                named[name] = before.get(name)
        if "where" in named:
            named["where"] = (*before.get("where", ()), *named["where"])
        return command(*given, **named)

    return together(*options)(run)


def refuse_unused(context: click.Context, command: click.Command) -> None:
    """Raise UsageError for an option before a subcommand that says nothing to it, such as --where before forget."""
    taken = _SHARED.intersection(param.name or "" for param in command.params) | {"exact"}
    for param in context.command.params:
        source = context.get_parameter_source(param.name or "")
        if source is click.core.ParameterSource.COMMANDLINE and param.name not in taken:
            raise click.UsageError(f"{param.opts[0]} says nothing to `{command.name}`, before which it stands")


@contextmanager
def opened(db: str | None, spool: str | None, *, new: bool = False) -> Iterator[llmcost.SpendLog]:
    """Give a log. What waits in files is stored first, so that it is in the figures.

    Args:
        new: whether the log may be one that is not there yet; else a wrong path would look like a log without calls.

    Raises:
        SpendLogError: there is no such log, or it cannot be used.
        MissingDependencyError: a package for it is not installed.
    """
    must_exist(db, spool, new=new)
    with llmcost.SpendLog(db, spool=spool, drain=False) as log:
        try:
            if not new and not log.drain(PATIENCE):
                click.echo("warning: some calls still wait to be stored and are in no figure", err=True)
            yield log
        except (ValueError, TypeError) as error:
            raise click.UsageError(in_options(str(error))) from error


def must_exist(db: str | None, spool: str | None, *, new: bool = False) -> None:
    """Check that there is such a log, unless it may be ``new``, and that the packages for it are installed.

    Raises SpendLogError or MissingDependencyError if not.
    """
    place = place_of(db, spool)
    check_packages(place.kind)
    if not new and place.file is not None and not place.file.exists() and not place.spool.exists():
        raise llmcost.SpendLogError(
            f"{printable(place.file)}: there is no log of calls here. llmcost.SpendLog keeps one, `llmcost spend "
            "import` makes one of files, and --db or LLMCOST_SPEND_DB names another"
        )


def address(db: str | None, spool: str | None) -> str:
    """Return where a log is, as it may be shown: without a password, and with ~ for the home folder."""
    place = place_of(db, spool)
    if place.file is None:
        return printable(place.shown)
    home, text = os.path.expanduser("~"), str(place.file)  # noqa: PTH111 - text is what is shown
    return printable(f"~{text[len(home) :]}" if text.startswith(home + os.sep) else text)
