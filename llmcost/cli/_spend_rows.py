"""The groups of a log: as a table with bars, as JSON, and as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from llmcost.core.cells import safe
from llmcost.core.columns import share_of
from llmcost.core.exact import plain
from llmcost.errors import printable

from ._table import Column, Table, money, rounding

if TYPE_CHECKING:
    from decimal import Decimal

    from llmcost.spend.answers import Breakdown, Group, Sum

    from ._wanted import Wanted

_BAR = 16
_EIGHTHS = " ▏▎▍▌▋▊▉"
NOT_STATED = "(not stated)"


def as_json(breakdown: Breakdown, wanted: Wanted) -> dict[str, object]:
    """Return groups and the question as a JSON-safe dict; money is decimal text."""
    return {
        **breakdown.to_dict(),
        "since": None if wanted.since is None else wanted.since.isoformat(),
        "until": None if wanted.until is None else wanted.until.isoformat(),
        "where": wanted.where,
        "zone": wanted.name,
    }


def write_json(breakdown: Breakdown, wanted: Wanted) -> None:
    """Write groups as JSON."""
    click.echo(json.dumps(as_json(breakdown, wanted), indent=1))


def write_csv(breakdown: Breakdown) -> None:
    """Write groups as CSV: a row each, money with every digit. Text that could be a formula gets an apostrophe."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(
        [breakdown.axis, "calls", "input", "output", "usd", "lower_bound", "unpriced", "partial", "maybe_billed"]
    )
    for group in breakdown:
        value = "" if group.value is None else _value(group, breakdown.axis, iso=True)
        numbers = (group.calls, group.input, group.output, plain(group.cost, 0))
        bounds = (str(group.lower_bound).lower(), group.unpriced, group.partial, group.maybe_billed)
        out.writerow([safe(value), *numbers, *bounds])


def write_table(breakdown: Breakdown, wanted: Wanted, where: str) -> None:
    """Write groups as a table, with the total and what it does not say below."""
    total, bars = breakdown.total, sys.stdout.isatty() and _can_show("█")
    columns = [
        Column(breakdown.axis, style="cyan", least=16),
        Column("lines" if breakdown.axis == "meter" else "calls", "right"),
        Column("input", "right", drop=3),
        Column("output", "right", drop=2),
        Column("USD", "point", "bold"),
        Column("share", "right", drop=1),
    ]
    table = Table(*columns, *([Column("", style="green", drop=4)] if bars else []))
    most = max((group.cost for group in breakdown), default=total.cost)
    for group in breakdown:
        style = "yellow" if group.lower_bound else ""
        cells = (*_cells(_value(group, breakdown.axis), group, breakdown.axis), share_of(group.cost, total.cost))
        table.add(*cells, *([_bar(group.cost, most)] if bars else []), style=style)
    table.rule()
    table.add(*_cells("total", total, breakdown.axis), "", *([""] if bars else []), style="bold")
    table.end()
    _write_remarks(breakdown, wanted, where)


def _cells(name: str, part: Sum, axis: str) -> tuple[str, ...]:
    tokens = ("", "") if axis == "meter" and name != "total" else (f"{part.input:,}", f"{part.output:,}")
    return (name, f"{part.calls:,}", *tokens, money(part.cost, bound=part.lower_bound))


def _write_remarks(breakdown: Breakdown, wanted: Wanted, where: str) -> None:
    total = breakdown.total
    click.echo()
    if total.lower_bound:
        click.echo(
            click.style(f"at least {money(total.cost, bound=True)[2:]} USD: {', '.join(total.reasons)}", fg="yellow")
        )
    if total.failed:
        click.echo(f"{total.failed:,} calls failed and cost nothing")
    if breakdown.overlap:
        click.echo(
            f"a call counts once for each of its tags: the rows are {money(breakdown.overlap)} USD above the total"
        )
    if wanted.words:
        click.echo(printable(wanted.words))
    prices = "costs as recorded" if total.prices == "recorded" else total.prices
    click.echo(f"times are {wanted.name}; {prices}; {where}")
    for remark in rounding():
        click.echo(remark)


def _value(group: Group, axis: str, *, iso: bool = False) -> str:
    value = group.value
    if value is None:
        return NOT_STATED
    if isinstance(value, datetime):
        if axis == "day":
            return f"{value:%Y-%m-%d}"
        return value.isoformat() if iso else f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def _bar(part: Decimal, most: Decimal) -> str:
    """Return a bar whose length is a share of the longest; what cost anything has a mark."""
    if not most or not part:
        return ""
    eighths = max(1, round(part * _BAR * 8 / most))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _can_show(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
