"""``llmcost schema``: JSON Schemas of configurations, for editors, and of costs, for programs."""

from __future__ import annotations

import json
from typing import IO

import click

from ._app import EXIT_CODES


@click.command(epilog=EXIT_CODES, short_help="Write the JSON Schema of a configuration, or of a cost.")
@click.option("--cost", is_flag=True, help="Write the schema of a Cost, which the --json of other commands writes.")
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=click.File("w", encoding="utf-8"),
    default="-",
    help="Write to this file instead of standard output.",
)
def schema(output: IO[str], *, cost: bool) -> None:
    r"""Write the JSON Schema of a configuration: with it an editor completes and checks the YAML.

    --cost writes the schema of a Cost instead.

    \b
    llmcost schema -o llmcost-config.schema.json
    # yaml-language-server: $schema=llmcost-config.schema.json     (the first line of config.yaml)
    llmcost schema --cost -o cost.schema.json
    """
    if cost:
        from llmcost.core.cost_schema import schema as made
    else:
        from llmcost.config.schema import schema as made
    click.echo(json.dumps(made(), indent=2, ensure_ascii=False), file=output)
