"""``llmcost migrate``: from LiteLLM's cost functions to these."""

from __future__ import annotations

import warnings
from pathlib import Path

import click

from llmcost.errors import printable

from . import _migration as migration
from ._app import EXIT_CODES, FAILED, leave


@click.group()
def migrate() -> None:
    r"""Move from LiteLLM's cost functions: see what of them a code base uses.

    \b
    llmcost migrate check src
    """


@migrate.command(epilog=EXIT_CODES)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="List what stays the same, too.")
def check(path: Path, everything: bool) -> None:
    r"""List what of LiteLLM the code and the configurations below PATH use, with file and line.

    What changes and what is not here is listed; what stays the same is counted. docs/litellm.md tells the differences.

    \b
    llmcost migrate check src
    llmcost migrate check app.py --all
    """
    counts = dict.fromkeys((migration.SAME, migration.CHANGES, migration.ABSENT), 0)
    unread = 0
    for source in migration.sources(path):
        place = printable(str(source))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if source.suffix == ".py":
                    found = migration.in_code(source.read_text(encoding="utf-8"), place)
                else:
                    found = migration.in_config(source, place)
        except (SyntaxError, ValueError, OSError) as error:
            click.echo(f"{place}: not read: {printable(error)}", err=True)
            unread += 1
            continue
        for finding in found:
            counts[finding.verdict] += 1
            if everything or finding.verdict != migration.SAME:
                click.echo(printable(finding))
    click.echo(", ".join(f"{number} {verdict}" for verdict, number in counts.items()))
    leave(FAILED if unread else 0)
