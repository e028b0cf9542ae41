"""``llmcost explain``: why responses cost what they cost."""

from __future__ import annotations

import json
from typing import Any

import click

from llmcost.errors import printable
from llmcost.logs.files import Files

from ._app import EXIT_CODES, leave
from ._headings import Headed
from ._options import Maps, cost_map, fact_options, given
from ._pricing import Failures, priced
from ._wording import in_options


@click.command(cls=Headed, epilog=EXIT_CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER|-...")
@click.option("--json", "as_json", is_flag=True, help="JSON: every call with its lines, and its explanation as text.")
@fact_options()
@cost_map
@click.option("--one-stream", is_flag=True, help="Each file, or each array in it, holds the chunks of one response.")
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="Also show the layers of prices, and the rates that a stronger layer put out of force.",
)
def explain(
    files: tuple[str, ...],
    maps: Maps,
    *,
    one_stream: bool,
    verbose: bool,
    as_json: bool,
    **options: Any,
) -> None:
    r"""Say why each response costs what it costs.

    Each line of a call's cost is shown with its rate, the condition under which the rate holds, and who set it. FILE
    is anything that `llmcost price` reads.

    \b
    llmcost explain response.json
    llmcost explain --service-tier flex --verbose response.json
    """
    failures, shown = Failures(), 0
    calls: list[dict[str, object]] = []
    inputs = Files(files, one_stream=one_stream)
    for result in priced(inputs, maps.made(), given(options)):
        if result.cost is None:
            failures.add(result)
            continue
        if as_json:
            text = in_options(result.cost.explain(verbose=verbose))
            calls.append({"place": result.call.place, **result.cost.to_dict(), "explanation": text.splitlines()})
            continue
        if shown:
            click.echo()
        shown += 1
        click.echo(click.style(printable(result.call.place), dim=True))
        title, _, rest = in_options(result.cost.explain(verbose=verbose)).partition("\n")
        click.echo(click.style(title, bold=True) + "\n" + rest)
    if as_json:
        click.echo(json.dumps({"calls": calls, "failed": failures.count}, indent=1))
    if failures.count and shown:
        click.echo(err=True)
    failures.show()
    leave(failures.code)
