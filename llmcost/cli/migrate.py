"""``llmcost migrate``: from LiteLLM's cost functions to these."""

from __future__ import annotations

import warnings
from pathlib import Path

import click

from llmcost.errors import printable

from . import _migration as migration
from ._app import EXIT_CODES, leave
from ._ending import FAILED


@click.group(short_help="Find what a code base uses of LiteLLM's cost functions.")
def migrate() -> None:
    r"""Move from LiteLLM's cost functions to llmcost.

    \b
    llmcost migrate check src
    """


@migrate.command(epilog=EXIT_CODES, short_help="List what code and configurations use of LiteLLM.")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Also list what stays the same.")
def check(path: Path, everything: bool) -> None:
    r"""List what the code and the configurations below PATH use of LiteLLM's cost functions, with file and line.

    Each use that changes, or that llmcost does not have, is listed. Those that stay the same are counted. The page
    docs/litellm.md explains the differences.

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
    if any(counts.values()):
        click.echo(", ".join(f"{number} {verdict}" for verdict, number in counts.items()))
    else:
        click.echo(f"{printable(path)}: no use of LiteLLM's cost functions was found")
    leave(FAILED if unread else 0)
