"""``llmcost price``: what responses, streams, logs and folders of them cost; or a quick question."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from llmcost.errors import printable
from llmcost.frames.layouts import LAYOUTS
from llmcost.logs.files import Files
from llmcost.logs.grouping import Grouping

from ._app import EXIT_CODES, leave
from ._csv_output import CsvOutput
from ._headings import Headed
from ._jobs import PricingJob, jobs_option, priced_by_jobs
from ._options import Maps, cost_map, exact, fact_options, given, say_day
from ._output import JsonOutput, TextOutput
from ._pricing import say_undated
from ._progress import watched
from ._selection import Selection, selection_options
from ._table import BLOCK
from ._tables import are_tables, is_table, price_tables
from ._usage import quantities, usage_of
from ._wording import in_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    import llmcost

    from ._pricing import Result
    from ._tally import Tally


@click.command(cls=Headed, epilog=EXIT_CODES)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...")
@click.option("--totals", is_flag=True, help="Show only the totals, without a row for each response.")
@click.option("--all", "every_row", is_flag=True, help=f"Show every row. Without this option a terminal shows {BLOCK}.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="JSON: every call with its lines, the totals per model, and the total. --totals leaves the calls out.",
)
@click.option("--csv", "as_csv", is_flag=True, help="CSV: a row for each call, or for each row of --by or --totals.")
@selection_options
@click.option("--one-stream", is_flag=True, help="Each file, or each array in it, holds the chunks of one response.")
@jobs_option
@exact
@click.option(
    "--columns",
    type=click.Choice(("meters", *LAYOUTS)),
    default="meters",
    show_default=True,
    help="How the columns of a table are named.",
)
@quantities
@fact_options()
@cost_map
def price(
    files: tuple[str, ...],
    maps: Maps,
    *,
    totals: bool,
    every_row: bool,
    one_stream: bool,
    as_json: bool,
    as_csv: bool,
    by: str | None,
    since: str | None,
    until: str | None,
    where: tuple[str, ...],
    tz: str | None,
    columns: str,
    jobs: int,
    **options: Any,
) -> None:
    r"""Price responses, or answer a quick question.

    FILE holds responses, stream chunks or log lines, as JSON, JSON Lines, arrays or server-sent events; it may be
    packed (*.gz, *.zst). FOLDER is searched for *.json, *.jsonl, *.ndjson and *.sse. - is standard input.

    A log line may also state facts that the response lacks: {"response": {...}, "model": "...", "time": "...",
    "duration": 1.2, "prices": {...}}. Exports of LiteLLM, Langfuse, Helicone and OpenRouter are read, and so are the
    session logs of coding agents; there a call counts once, even if it stands in several lines and files. A table
    (*.parquet, *.csv) has a call in each row and is totalled by model.

    \b
    llmcost price examples
    llmcost price --totals log.jsonl
    llmcost price --by day,model --since 30d log.jsonl.gz
    llmcost price --by team --csv spend_logs.csv
    llmcost price --totals ~/.claude/projects ~/.codex/sessions
    llmcost price --model gpt-4o --input 12k --cached 10k --output 1k
    llmcost price --model whisper-1 --duration 90
    llmcost price calls.parquet --columns openai
    """
    usage, keywords = usage_of(options), given(options)
    selection = Selection(by, since, until, where, tz)
    # Whether anything is asked that only the calls of a log tell.
    of_a_log = by is not None or as_csv or not selection.everything
    if not files and of_a_log:
        raise click.UsageError("--by, --csv, --since, --until and --where are about the calls of files: name some")
    if jobs > 1 and one_stream:
        raise click.UsageError("--jobs reads blocks of a file, and --one-stream joins all of it: give one of the two")
    if as_csv and as_json:
        raise click.UsageError("--csv and --json are two forms of one answer; give one of them")
    if columns != "meters" and not any(is_table(file) for file in files):
        raise click.UsageError("--columns says how the columns of a table are named: name *.parquet or *.csv")
    if not files:
        _answer(usage, keywords, maps, as_json=as_json)
        return
    if usage is not None:
        raise click.UsageError(
            "--input, --output, --meter ... ask about a call of their own; leave them or the files out"
        )
    if are_tables(files):
        if keywords:
            raise click.UsageError("facts of the calls stand in the columns of a table; leave the options out")
        if of_a_log:
            raise click.UsageError("a table is totalled by model: --by, --csv, --since and --where are for logs")
        price_tables(files, maps.made(), columns, as_json=as_json)
        return
    output = _output(selection, totals=totals, every_row=every_row, as_json=as_json, as_csv=as_csv)
    job = PricingJob(maps, keywords, selection, output.tally.empty())
    _price_log(Files(files, one_stream=one_stream), jobs, job, output)


def _price_log(inputs: Files, jobs: int, job: PricingJob, output: JsonOutput | TextOutput | CsvOutput) -> None:
    """Price the calls of a log by so many processes, write what they cost, and end with an exit code."""
    prices, selection, keywords = job.maps.made(), job.selection, job.keywords
    if jobs == 1:
        results: Iterator[Result | Tally] = selection.results(inputs, prices, keywords)
        if selection.everything:
            inputs.sink = output.tally.taking(prices, keywords)
    else:
        results = priced_by_jobs(inputs, jobs, job, prices)
    for result in watched(results, inputs, lambda: output.silent):
        output.add(result)
    output.tally.settle()
    selection.check(output.tally.count)
    output.end(inputs.passed)
    say_undated(selection.undated, err=True)
    if output.tally.count > output.failures.count and isinstance(output, TextOutput):
        say_day(prices.as_of)
    leave(output.failures.code)


def _answer(usage: llmcost.Usage | None, keywords: dict[str, Any], maps: Maps, *, as_json: bool) -> None:
    """Write what a call costs that is stated by options alone."""
    if usage is None and not any(name in keywords for name in ("duration", "characters", "n", "web_searches")):
        raise click.UsageError(
            "nothing to price: name files, - for standard input, or quantities such as --input 12k --output 1k"
        )
    if "model" not in keywords and "base_model" not in keywords:
        raise click.UsageError("a question without a response needs --model")
    cost = maps.made().calculate(None, usage, **keywords)
    click.echo(json.dumps(cost.to_dict(), indent=2) if as_json else in_options(cost.explain()))
    _say_window(cost)


def _say_window(cost: llmcost.Cost) -> None:
    """Say that a model does not take a prompt of that length: such a call is no call that anybody can make."""
    tariff = cost.segments[0].tariff if cost.segments else None
    limit = tariff.card.info.get("max_input_tokens") if tariff is not None else None
    tokens = cost.usage.context if cost.usage is not None else None
    if tariff is not None and isinstance(limit, int) and tokens is not None and tokens > limit:
        said = f"{tariff.card.name} takes a prompt of {limit:,} tokens at most, and this one has {tokens:,}"
        click.echo(f"\n{printable(said)}", err=True)


def _output(
    selection: Selection, *, totals: bool, every_row: bool, as_json: bool, as_csv: bool
) -> JsonOutput | TextOutput | CsvOutput:
    grouping = selection.grouping
    if as_csv:
        return CsvOutput(grouping=Grouping(("model",)) if totals and grouping is None else grouping)
    # With --by the rows are the groups.
    rows = not totals and grouping is None
    return (
        JsonOutput(rows=rows, grouping=grouping)
        if as_json
        else TextOutput(rows=rows, every_row=every_row, grouping=grouping)
    )
