"""``llmcost reprice``: what a log cost then, and at other prices."""

from __future__ import annotations

import click

from llmcost.prices.moments import clock

from ._app import EXIT_CODES
from ._jobs import RepricingJob, jobs_option
from ._options import FILE, TYPES, Maps, cost_map, exact
from ._repricing import LOG, answer
from ._rewriting import rewrites


@click.command(epilog=EXIT_CODES, short_help="Price a log anew, and show the differences.")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...", type=LOG)
@click.option(
    "--at", type=TYPES["time"], metavar="TIME", help="Use the prices of this time (ISO text); by default now."
)
@exact
@cost_map
@click.option(
    "--old-map",
    metavar="FILE",
    type=FILE,
    help="JSON of the price map that the old costs were made with, if it is not the bundled one.",
)
@click.option("--old-config", metavar="FILE", type=FILE, help="The configuration that the old costs were made with.")
@click.option(
    "--json", "as_json", is_flag=True, help="JSON: the sums per model, the total, and every line that failed."
)
@click.option(
    "--write",
    metavar="OUT",
    type=click.Path(),
    help="Write the log with its new costs to a file; several logs, or those of a folder, into a folder. Each file is "
    "written whole, or not at all.",
)
@jobs_option
@click.option("--force", is_flag=True, help="Let --write replace a file, the log itself too.")
def reprice(
    logs: tuple[str, ...],
    at: str | None,
    maps: Maps,
    old_map: str | None,
    old_config: str | None,
    write: str | None,
    jobs: int,
    *,
    as_json: bool,
    force: bool,
) -> None:
    r"""Price a log anew: show for each model the old cost, the new cost and the difference.

    Nothing is written without --write.

    \b
    llmcost reprice november.jsonl
    llmcost reprice exports/ november.jsonl.gz --at 2026-12-01
    llmcost reprice november.jsonl --config negotiated.yaml --write repriced.jsonl
    llmcost reprice exports/ november.jsonl --write repriced/
    """
    works = rewrites(write, logs, force=force)
    if write is not None and jobs > 1:
        raise click.UsageError("--write writes a log again line by line, and --jobs reads blocks: give one of the two")
    job = RepricingJob(maps, Maps(old_config, old_map, None), {"at": clock() if at is None else at})
    answer(logs, jobs, job, works, as_json=as_json)
