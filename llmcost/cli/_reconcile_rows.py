"""What ``llmcost reconcile`` writes: both sides by day, model or meter, and the causes, as tables, JSON and CSV."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING

import click

from llmcost.bills.causes import DISCOUNT, KINDS, MISSING, ROUNDING, UNEXPLAINED
from llmcost.bills.compared import usd
from llmcost.core.cells import safe
from llmcost.core.exact import decimal_of
from llmcost.errors import printable

from ._table import Column, Table, money, rounding

if TYPE_CHECKING:
    from fractions import Fraction

    from llmcost.bills.compared import Cause
    from llmcost.bills.reconciliation import Reconciliation

# Calls that a cause names, and the causes that are about no single call.
_MOST_IDS = 2
_OF_NO_CALL = frozenset({ROUNDING, DISCOUNT, MISSING})


def write_json(reconciliation: Reconciliation, *, within: bool) -> None:
    """Write everything as one JSON object; money is decimal text."""
    click.echo(json.dumps({**reconciliation.to_dict(), "within": within}, indent=1))


def write_csv(reconciliation: Reconciliation) -> None:
    """Write a row for each day, model and meter, with a column for each kind of cause. Every digit is written."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["day", "model", "meter", "line", "billed", "recorded", "difference", *KINDS])
    for cell in reconciliation.cells:
        names = (str(cell.day or ""), cell.model or "", cell.meter or "", cell.text)
        amounts = (usd(cell.billed), usd(cell.recorded), usd(cell.billed - cell.recorded))
        out.writerow(
            [*map(safe, names), *amounts, *(usd(cell.causes[kind]) if kind in cell.causes else "" for kind in KINDS)]
        )


def write_table(reconciliation: Reconciliation, axis: str, *, within: bool, tolerance: str) -> None:
    """Write both sides as a table, the causes below it, and what there is to do about them."""
    table = Table(
        Column(axis, style="cyan", least=16),
        Column("bill USD", "point"),
        Column("log USD", "point"),
        Column("difference", "point", "bold"),
        Column("unexplained", "point", drop=1),
    )
    for row in reconciliation.by(axis):
        open_amount = row.causes.get(UNEXPLAINED)
        amounts = (_usd(row.billed), _usd(row.recorded), _usd(row.difference))
        table.add(row.value, *amounts, _usd(open_amount) if open_amount else "", style="yellow" if open_amount else "")
    table.rule()
    open_sum = _usd(reconciliation.unexplained) if reconciliation.unexplained else ""
    table.add(
        "total",
        _usd(reconciliation.billed),
        _usd(reconciliation.recorded),
        _usd(reconciliation.difference),
        open_sum,
        style="bold",
    )
    table.end()
    if reconciliation.causes:
        click.echo()
        _write_causes(reconciliation.causes)
    click.echo()
    for remark in reconciliation.remarks:
        click.echo(printable(remark))
    span = "no days" if reconciliation.first is None else f"{reconciliation.first} to {reconciliation.last}"
    said = "within" if within else "above"
    click.echo(
        printable(f"{span}, {reconciliation.calls:,} calls; the difference is {said} the tolerance of {tolerance}")
    )
    for remark in rounding():
        click.echo(remark)


def _write_causes(causes: list[Cause]) -> None:
    table = Table(
        Column("why", least=30, cut="end"),
        Column("USD", "point", "bold"),
        Column("where", least=12, cut="end"),
        Column("calls", least=10, drop=1, cut="end"),
    )
    for cause in causes:
        table.add(
            cause.text,
            _usd(cause.amount),
            _where(cause),
            _calls(cause),
            style="yellow" if cause.kind == UNEXPLAINED else "",
        )
    table.end()
    click.echo()
    for kind in dict.fromkeys(cause.kind for cause in causes):
        click.echo(f"{kind.replace('_', ' ')}: {KINDS[kind][1]}")


def _calls(cause: Cause) -> str:
    """Name some calls of the log that are behind a cause, where single calls are."""
    shown = cause.ids[:_MOST_IDS] if cause.kind not in _OF_NO_CALL else []
    return ", ".join([*shown, *(["..."] if len(cause.ids) > _MOST_IDS and shown else [])])


def _where(cause: Cause) -> str:
    """Say where a cause is: the one place, or how many days and models."""
    days = sorted({piece.day for piece in cause.pieces if piece.day is not None})
    models = list(dict.fromkeys(piece.model for piece in cause.pieces if piece.model))
    when = "" if not days else str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"
    what = models[0] if len(models) == 1 else f"{len(models)} models" if models else ""
    return ", ".join(filter(None, (when, what)))


def _usd(amount: Fraction) -> str:
    return money(decimal_of(amount.numerator, amount.denominator)[0])
