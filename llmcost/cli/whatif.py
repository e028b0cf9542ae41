"""``llmcost whatif``: what a log would have cost on another model, in a batch, or another day."""

from __future__ import annotations

import click

from ._app import EXIT_CODES
from ._jobs import RepricingJob, jobs_option
from ._options import TYPES, Maps, cost_map, exact
from ._repricing import LOG, answer


@click.command(epilog=EXIT_CODES, short_help="Say what a log would cost on another model, or in batches.")
@click.argument("logs", nargs=-1, required=True, metavar="LOG...", type=LOG)
@click.option("--model", metavar="NAME", help="Price all calls on this model.")
@click.option("--provider", metavar="NAME", help="Whose prices of --model apply, where several sell it.")
@click.option("--batch/--no-batch", default=None, help="Price all calls as parts of batches, or none of them.")
@click.option(
    "--at",
    type=TYPES["time"],
    metavar="TIME",
    help="Price all calls at the prices of this time (ISO text). By default each call has the prices of its own time.",
)
@jobs_option
@exact
@cost_map
@click.option(
    "--json", "as_json", is_flag=True, help="JSON: the sums per model, the total, and every line that failed."
)
def whatif(
    logs: tuple[str, ...],
    model: str | None,
    provider: str | None,
    at: str | None,
    maps: Maps,
    jobs: int,
    *,
    batch: bool | None,
    as_json: bool,
) -> None:
    r"""Say what a log would have cost on another model, in batches, or at the prices of another day.

    LOG is anything that `llmcost price` reads. The quantities stay as they were counted: nobody knows how many tokens
    another model would count for the same text. --config, --map and --register apply to the old and the new costs.

    \b
    llmcost whatif november.jsonl --model claude-haiku-4-5
    llmcost whatif november.jsonl --batch
    llmcost whatif november.jsonl --at 2025-06-09
    """
    if model is None and batch is None and at is None:
        raise click.UsageError("nothing is asked: give --model, --batch or --at")
    if provider is not None and model is None:
        raise click.UsageError("--provider says whose prices of --model apply; give both")
    job = RepricingJob(maps, maps, {"at": at, "model": model, "provider": provider, "batch": batch})
    answer(logs, jobs, job, as_json=as_json)
