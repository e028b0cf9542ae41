"""The group of all commands: finds them, loads the one that runs, and ends the process with an honest code."""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, cast

import click
import rich  # noqa: F401 - so that a missing extra is reported before a command half runs

import llmcost
from llmcost.errors import did_you_mean
from llmcost.errors.printing import message

from ._ending import PIPE_CLOSED, forget
from ._wording import error_text, in_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

WRONG, INTERRUPTED = 2, 130

# None leaves it to what is written to: a terminal or a pipe.
_COLOR = False if os.environ.get("NO_COLOR") else None

EXIT_CODES = """\b
Exit codes:
  0    everything was answered
  1    some input could not be read or priced; the rest was answered
  2    the command line or a configuration is wrong, or a model is unknown
  130  interrupted
  141  the program that reads the output closed it"""


class App(click.Group):
    """Commands are found by the name of their module and loaded when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        del ctx
        path = cast("Sequence[str]", sys.modules[__package__ or ""].__path__)
        return sorted(module.name for module in iter_modules(path) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading its module; None if there is none of this name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(import_module(f"{__package__}.{cmd_name}"), cmd_name)
        return _with_examples(command) if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; for an unknown word, say which command may be meant."""
        name = str(args[0])
        if not ctx.resilient_parsing and name[:1] != "-" and name not in self.list_commands(ctx):
            ctx.fail(f"No such command {name!r}.{did_you_mean(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **keywords: Any) -> click.Context:
        """Return the context of a command line."""
        with _safe_to_show():
            return super().make_context(*args, **keywords)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what may go wrong for everybody into a message and an exit code."""
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            try:
                with _safe_to_show():
                    result = super().invoke(ctx)
                sys.stdout.flush()
            except BrokenPipeError:
                forget(sys.stdout)
                leave(PIPE_CLOSED)
            except KeyboardInterrupt:
                click.echo("interrupted", err=True)
                leave(INTERRUPTED)
            except llmcost.LLMCostError as error:
                wrong = isinstance(error, _WRONGLY_ASKED)
                raise (_Wrong if wrong else click.ClickException)(error_text(error)) from error
            except OSError as error:
                # Of the system: a place that it refuses, or a disk that is full.
                said = error.strerror or str(error)
                where = f"{error.filename}: " if error.filename else ""
                raise click.ClickException(message(f"{where}{said}")) from error
            return result


@contextmanager
def _safe_to_show() -> Iterator[None]:
    """Make the messages of click printable and short: they quote the command line as it was typed."""
    try:
        yield
    except click.ClickException as error:
        error.message = message(error.message)  # type: ignore[misc]  # what click shows of it
        raise


def _with_examples(command: click.Command) -> click.Command:
    """Return a command whose examples keep their lines, and those of its own commands too.

    click keeps the lines of a paragraph that starts with a backspace. A raw docstring spells it as two characters.
    """
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _with_examples(inner)
    return command


# Errors of the library that are about the question, and not about an answer.
_WRONGLY_ASKED = (llmcost.UnknownModelError, llmcost.ConfigError, llmcost.PriceDataError, llmcost.ArgumentError)


class _Wrong(click.ClickException):
    exit_code = WRONG


def leave(code: int) -> None:
    """End the command with an exit code, if it is not 0."""
    if code:
        raise click.exceptions.Exit(code)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del category, filename, lineno, file, line
    click.echo(f"warning: {in_options(str(message))}", err=True)


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Write the version of the program, and of which day its prices are."""
    if not asked:
        return
    info = llmcost.map_info(cost_map=llmcost.CostMap.bundled())
    age = f"{info.age_days} day{'' if info.age_days == 1 else 's'} old"
    prices = f"prices as of {info.date}, {age}, from {info.origin}, " if info.date else ""
    click.echo(f"llmcost, {prices}version {llmcost.__version__}")
    context.exit()


@click.group(
    cls=App,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110, "color": _COLOR},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the versions."
)
def app() -> None:
    r"""What did this LLM call cost, and why?

    \b
    llmcost price response.json                      price responses, streams, logs and folders
    llmcost explain response.json                    say why, line by line
    llmcost price --model gpt-4o --input 12k --output 1k
    """


_with_examples(app)
