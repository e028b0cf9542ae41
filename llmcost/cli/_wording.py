"""Texts of the library in the words of the command line: ``model=`` is ``--model`` there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from llmcost.errors import UnknownModelError, UnrecognizedResponseError, printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
# A quoted value, which is left alone; or a keyword with what follows it: a quoted value, the start of one, or nothing.
_KEYWORD = re.compile(rf"{_QUOTED}|(?<![\w.=])(?P<name>[a-z_]+)=(?P<value>\.\.\.|{_QUOTED}|[^\s,;:.)]?)")

_AS_A_LINE = 'Counters alone are read as {"model": "...", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}'


def in_options(text: str) -> str:
    """Return a text with the keywords of ``calculate()`` as options of the running command, where it has them.

    A keyword with a value is the option's only if the option was given: it may as well be a field of a log line.
    """
    options, given = _options()

    def replaced(match: re.Match[str]) -> str:
        name, value = match["name"], match["value"]
        # No option takes a mapping.
        if name not in options or value == "{" or (value not in {"", "..."} and given.get(name) is None):
            return match[0]
        return f"{options[name]} {value}" if value else options[name]

    return _KEYWORD.sub(replaced, text)


def error_text(error: Exception) -> str:
    """Return the text of an error, with what can be done about it on this command line.

    Where prices are missing these are the options for prices that the command has; a log line may name the model that
    it is priced as.
    """
    if isinstance(error, UnrecognizedResponseError):
        # How to go on is said in Python, to programs; here a file is at hand.
        text, in_python, _ = str(error).partition("Pass the ")
        return text + (_AS_A_LINE if in_python else "")
    if not isinstance(error, UnknownModelError):
        return in_options(str(error))
    if not error.model:
        return in_options("\n  ".join(error.said))
    options, _ = _options()
    reads_a_log = "logs" in options
    ways = ["--price input_cost_per_token=..."] if "prices" in options else []
    ways += ["--register FILE"] if "registered" in options else []
    advice = [f"give a price ({', '.join(ways)})"] if ways else []
    if "base_model" in options:
        advice.append("name the model it is priced as: --base-model NAME")
    elif reads_a_log:
        advice.append('name the model it is priced as in the log line: "base_model": "..."')
    return "\n  ".join([*(in_options(printable(line)) for line in error.said), ", or ".join(advice)]).rstrip()


def _options() -> tuple[Mapping[str, str], Mapping[str, object]]:
    """Return how the parameters of the running command are written, by their names; and what was given."""
    context = click.get_current_context()
    command: click.Command | None = context.command
    if isinstance(command, click.Group) and context.invoked_subcommand is not None:
        command = command.get_command(context, context.invoked_subcommand)
    found = command.params if command is not None else []
    options = {param.name or "": max(param.opts, key=len) for param in found}
    # An error that has left the command is about its options: every log line has reported its own.
    return options, options if command is not context.command else context.params
