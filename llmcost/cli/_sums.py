"""Sums as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmcost.core.columns import share_of
from llmcost.core.exact import plain

from ._spend_rows import NOT_STATED
from ._table import Column, Table, money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from llmcost.logs.sums import Sum

CSV_TITLES = ("calls", "input", "cached", "output", "usd", "lower_bound")


def write_sums(title: str, rows: Iterable[tuple[str, Sum]], whole: Sum, failed: int) -> None:
    """Write a row for each sum, and the total; ``failed`` is how many calls are in none of them."""
    write_groups((title,), (((name,), part) for name, part in rows), whole, failed)


def write_groups(
    titles: tuple[str, ...], rows: Iterable[tuple[tuple[str | None, ...], Sum]], whole: Sum, failed: int
) -> None:
    """Write a row for each group, and the total; ``failed`` is how many calls are in none of them."""
    table = Table(
        *(Column(title, style="cyan", least=20 if len(titles) == 1 else 10) for title in titles),
        Column("calls", "right"),
        Column("input", "right"),
        Column("cached", "right", drop=1),
        Column("output", "right"),
        Column("USD", "point", "bold"),
        Column("share", "right", drop=2),
    )
    for names, part in rows:
        shown = (NOT_STATED if name is None else name for name in names)
        table.add(*shown, *_total_cells(part), share_of(part.total, whole.total))
    table.rule()
    unpriced = f", {failed:,} not priced" if failed else ""
    table.add(f"total{unpriced}", *("" for _ in titles[1:]), *_total_cells(whole, bound=bool(failed)), "", style="bold")
    table.end()


def _total_cells(part: Sum, *, bound: bool = False) -> tuple[str, ...]:
    numbers = (count_text(number) for number in (part.input, part.cached, part.output))
    return (f"{part.calls:,}", *numbers, money(part.total, bound=part.bound or bound))


def numbers(part: Sum) -> dict[str, object]:
    """Return a sum as a JSON-safe dict; money is decimal text."""
    return {
        "calls": part.calls,
        "total": plain(part.total, 0),
        "exact": part.exact,
        "lower_bound": part.bound,
        "input_tokens": number_of(part.input),
        "cached_tokens": number_of(part.cached),
        "output_tokens": number_of(part.output),
    }


def csv_numbers(part: Sum) -> tuple[object, ...]:
    """Return a sum as the cells under ``CSV_TITLES``; money has every digit."""
    return (part.calls, part.input, part.cached, part.output, plain(part.total, 0), str(part.bound).lower())


def number_of(number: int | Decimal) -> int | float:
    """Return a number of tokens as JSON writes it."""
    return int(number) if number == int(number) else float(number)


def count_text(number: int | Decimal) -> str:
    """Return a number of tokens as a table shows it; empty for none."""
    return f"{number_of(number):,}" if number else ""
