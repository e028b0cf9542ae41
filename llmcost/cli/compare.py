"""``llmcost compare``: the same call on several models, the cheapest first."""

from __future__ import annotations

import json
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

import click

import llmcost

from ._app import EXIT_CODES, leave
from ._completion import models as known
from ._headings import Headed
from ._options import Maps, cost_map, exact, fact_options, given, say_day
from ._pricing import Failures
from ._table import Column, Table, money
from ._usage import quantities, usage_of
from ._wording import error_text


@click.command(cls=Headed, epilog=EXIT_CODES)
@click.argument("models", nargs=-1, required=True, metavar="MODEL...", shell_complete=known)
@quantities
@exact
@click.option("--json", "as_json", is_flag=True, help="JSON: one Cost per model, the cheapest first.")
@fact_options("provider", "service_tier", "batch", "region", "at", "duration")
@cost_map
def compare(
    models: tuple[str, ...],
    maps: Maps,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    r"""Compare what one call costs on several models.

    MODEL is a name, or a pattern in which * stands for any text.

    \b
    llmcost compare gpt-5 claude-sonnet-4-5 gemini-2.5-pro --input 12k --output 1k
    llmcost compare 'claude-*' --input 12k --cached 10k --output 1k
    """
    usage, keywords = usage_of(options), given(options)
    if usage is None and "duration" not in keywords:
        raise click.UsageError("nothing to compare by: give --input and --output, or --duration")
    prices = maps.made()
    costs: list[llmcost.Cost] = []
    failures = Failures()
    for model in _expanded(models, prices):
        try:
            costs.append(prices.calculate(None, usage, model=model, **keywords))
        except llmcost.LLMCostError as error:
            failures.note(model, error_text(error), error)
    # A cost with an unpriced meter looks cheaper than it is: it goes to the end.
    costs.sort(key=lambda cost: (not cost.complete, cost.total, cost.model))
    if as_json:
        click.echo(json.dumps([cost.to_dict() for cost in costs], indent=1))
    elif costs:
        _table(costs)
        say_day(prices.as_of)
    failures.show()
    leave(failures.code)


def _expanded(models: tuple[str, ...], prices: llmcost.CostMap) -> list[str]:
    found: dict[str, None] = {}
    for model in models:
        names = [name for name in prices if fnmatchcase(name, model)] if "*" in model else [model]
        found.update(dict.fromkeys(names or [model]))
    return list(found)


def _table(costs: list[llmcost.Cost]) -> None:
    table = Table(
        Column("model", style="cyan", least=16),
        Column("priced as", drop=4, least=12),
        Column("input", "point", drop=2),
        Column("output", "point", drop=2),
        Column("other", "point", drop=3),
        Column("USD", "point", "bold"),
        Column("x", "right"),
        Column("remarks", drop=1, least=14, cut="end"),
    )
    cheapest = next((cost.total for cost in costs if cost.complete and cost.total), Decimal(0))
    for cost in costs:
        times = f"{cost.total / cheapest:.2f}" if cheapest and cost.complete else ""
        conditions = dict.fromkeys(line.conditions for line in cost.line_items if line.conditions)
        remarks = [f"no rate for {' and '.join(cost.unpriced)}"] if cost.unpriced else []
        priced_as = cost.matched_as if cost.matched_as != cost.model else ""
        table.add(
            cost.model or "",
            priced_as or "",
            money(cost.input),
            money(cost.output),
            money(cost.other) if cost.other else "",
            money(cost.total, bound=cost.lower_bound),
            times,
            ", ".join([*remarks, *conditions]),
            style="yellow" if cost.unpriced else "",
        )
    table.end()
