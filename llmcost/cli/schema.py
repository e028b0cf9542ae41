"""``llmcost schema``: a JSON Schema, so that editors complete and check price keys."""

from __future__ import annotations

import json
from typing import IO

import click

from ._app import EXIT_CODES


@click.command(epilog=EXIT_CODES)
@click.option(
    "--output", "-o", metavar="FILE", type=click.File("w", encoding="utf-8"), default="-", help="Not to stdout."
)
def schema(output: IO[str]) -> None:
    r"""Write the JSON Schema of a configuration, for editors that complete and check YAML.

    \b
    llmcost schema -o llmcost-config.schema.json
    # yaml-language-server: $schema=llmcost-config.schema.json     (the first line of config.yaml)
    """
    from llmcost.config.schema import schema as config_schema

    click.echo(json.dumps(config_schema(), indent=2, ensure_ascii=False), file=output)
