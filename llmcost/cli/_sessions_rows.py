"""What ``llmcost sessions`` writes: a table, JSON, CSV, and a plot of its days."""

from __future__ import annotations

import csv
import json
import sys
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import click

from llmcost.core.cells import safe
from llmcost.spend.clocks import start_of

from ._pricing import say_passed, say_undated
from ._spend_rows import NOT_STATED
from ._sums import CSV_TITLES, csv_numbers, numbers, write_sums

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from llmcost.logs.sums import Sum


class Listing(NamedTuple):
    """What sessions cost.

    Attributes:
        axis: by what the rows are parted.
        rows: a sum for each value; "" is what states none.
        whole: the sum of all rows.
        failed: how many calls and lines are in no row.
        undated: how many calls state no time, and are in no span.
        passed: how many lines are no calls, by what they are.
        zone, zone_name: whose days they are.
    """

    axis: str
    rows: list[tuple[str, Sum]]
    whole: Sum
    failed: int
    undated: int
    passed: Mapping[str, int]
    zone: tzinfo
    zone_name: str


def write_json(listing: Listing) -> None:
    """Write the rows and the total as JSON; money is decimal text."""
    total = {**numbers(listing.whole), "failed": listing.failed, "undated": listing.undated}
    total["lower_bound"] = total["lower_bound"] or listing.failed > 0
    total["passed"] = dict(listing.passed)
    rows = [{listing.axis: name or None, **numbers(part)} for name, part in listing.rows]
    click.echo(json.dumps({"by": listing.axis, "zone": listing.zone_name, "rows": rows, "total": total}, indent=1))


def write_csv(listing: Listing) -> None:
    """Write a row each as CSV, money with every digit. Text that could be a formula gets an apostrophe."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow((listing.axis, *CSV_TITLES))
    for name, part in listing.rows:
        out.writerow((safe(name), *csv_numbers(part)))


def write_table(listing: Listing) -> None:
    """Write the rows and the total as a table, and below what is in none of them."""
    rows = [(name or NOT_STATED, part) for name, part in listing.rows]
    write_sums(listing.axis, rows, listing.whole, listing.failed)
    say_undated(listing.undated)
    say_passed(listing.passed)


def plot(listing: Listing) -> None:
    """Write the costs of the days as bars; calls without a time are on none.

    Raises MissingDependencyError without plotext.
    """
    from ._plot import write_plot

    costs = {start_of(date.fromisoformat(name), listing.zone): float(part.total) for name, part in listing.rows if name}
    write_plot("day", costs, listing.zone)
