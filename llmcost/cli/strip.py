"""``llmcost strip``: a response without its texts, for a report of a wrong cost."""

from __future__ import annotations

from typing import IO

import click

from llmcost.errors import LogError
from llmcost.logs.files import name_of
from llmcost.logs.opening import encoding_of, opened, unread
from llmcost.logs.stripping import stripped_lines

from ._app import EXIT_CODES


@click.command(epilog=EXIT_CODES, short_help="Remove the texts from responses, for a bug report.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.File("w", encoding="utf-8", lazy=True),
    default="-",
    help="Write to this file instead of standard output.",
)
def strip(file: str, output: IO[str]) -> None:
    r"""Write the responses of FILE without their texts, for a report of a wrong cost.

    These stay: counters, times, kinds, and the names of fields, models, providers and tiers. Every other text becomes
    x1, x2 and so on. The result is priced exactly as FILE is. Look at it before you share it.

    FILE is a JSON document, JSON Lines or server-sent events; - is standard input.

    \b
    llmcost strip response.json
    llmcost strip log.jsonl -o report.jsonl
    """
    try:
        with opened(file) as binary:
            encoding = encoding_of(binary)
            lines = list(stripped_lines(binary.read().decode(encoding, "replace")))
    except OSError as error:
        raise unread(file, error) from None
    except ValueError as error:
        raise LogError(str(error), name_of(file)) from None
    for line in lines:
        click.echo(line, file=output)
