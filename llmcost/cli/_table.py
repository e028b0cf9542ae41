"""Tables: aligned text for pipes and files, written as it comes, and coloured ones that fit the terminal."""

from __future__ import annotations

import sys
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, NamedTuple

import click

from llmcost.core.columns import fraction, pointed
from llmcost.core.exact import plain
from llmcost.errors import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

# So many rows are looked at before the first is written, so that the columns are wide enough for most.
BLOCK = 200
SEPARATOR = "  "
# What the option --exact is kept under while a command runs.
EXACT = "llmcost.exact"
# And whether an amount was rounded.
_ROUNDED = "llmcost.rounded"
_DIGITS = 4
_WIDE = Context(prec=400)


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        title: what stands above it.
        align: ``left``, ``right`` or ``point`` (decimal points in one line).
        style: how it looks on a terminal.
        drop: on a terminal that is too narrow the column with the highest number is left out first; 0 always stays.
        least: the fewest characters of a column at the left to which it may be shortened; 0 for one that may not.
        cut: where it is shortened: a name in its ``middle``, a text at its ``end``.
    """

    title: str
    align: str = "left"
    style: str = ""
    drop: int = 0
    least: int = 0
    cut: str = "middle"


class Table:
    """Rows of cells under a header. Write rows with ``add``; ``end`` writes what is still held back.

    A pipe and a file get every column as wide as it is. A terminal gets what fits its width: long names are shortened
    first, then columns are left out, and the end of the table names them.
    """

    def __init__(self, *columns: Column) -> None:
        self._columns = columns
        self._rows: list[tuple[Sequence[str] | None, str]] = []
        self._widths: list[int] = []
        self._fractions = [0] * len(columns)
        self._terminal = sys.stdout.isatty()
        self._left_out: dict[str, None] = {}

    def add(self, *cells: str, style: str = "") -> None:
        """Add a row. ``style`` colours it on a terminal."""
        self._rows.append(([printable(cell) for cell in cells], style))
        if len(self._rows) >= BLOCK:
            self._write()

    def rule(self) -> None:
        """Add a line across, before a sum."""
        self._rows.append((None, ""))

    def end(self) -> None:
        """Write the rows that are held back, if there are any, and name the columns that were left out."""
        if self._rows:
            self._write()
        if self._left_out:
            click.echo(f"left out for the width: {', '.join(self._left_out)}")

    def _write(self) -> None:
        first = not self._widths
        self._measure()
        rows = [(None if cells is None else self._aligned(cells), style) for cells, style in self._rows]
        self._rows = []
        shown, widths = list(range(len(self._columns))), self._widths
        if self._terminal:
            shown, widths = fitting(self._columns, self._widths, terminal_width())
            self._left_out.update((c.title, None) for n, c in enumerate(self._columns) if n not in shown and c.title)
        if first:
            rows = [([column.title for column in self._columns], "bold"), (None, ""), *rows]
        lines = [(None if cells is None else self._line(cells, shown, widths), style) for cells, style in rows]
        rule = (SEPARATOR if not self._terminal else "─" * len(SEPARATOR)).join(
            ("─" if self._terminal else "-") * widths[number] for number in shown
        )
        if not self._terminal:
            click.echo("\n".join(rule if cells is None else SEPARATOR.join(cells).rstrip() for cells, _ in lines))
            return
        from rich.console import Console
        from rich.text import Text

        console = Console(highlight=False)
        for cells, style in lines:
            if cells is None:
                console.print(Text(rule, style="dim"))
                continue
            styles = [style or self._columns[number].style for number in shown]
            text = Text(SEPARATOR).join(Text(cell, style=own) for cell, own in zip(cells, styles, strict=True))
            text.rstrip()
            console.print(text, no_wrap=True, overflow="ignore", crop=False)

    def _measure(self) -> None:
        """Widen the columns for what is held back."""
        widths = self._widths or [len(column.title) for column in self._columns]
        for index, column in enumerate(self._columns):
            cells = [row[index] for row, _ in self._rows if row is not None]
            if column.align == "point":
                self._fractions[index] = max([self._fractions[index], *(len(fraction(cell)) for cell in cells)])
                cells = [pointed(cell, self._fractions[index]) for cell in cells]
            widths[index] = max([widths[index], *map(len, cells)])
        self._widths = widths

    def _aligned(self, cells: Sequence[str]) -> list[str]:
        return [
            pointed(cell, places) if column.align == "point" else cell
            for column, cell, places in zip(self._columns, cells, self._fractions, strict=True)
        ]

    def _line(self, cells: Sequence[str], shown: Sequence[int], widths: Sequence[int]) -> list[str]:
        return [_fitted(cells[number], self._columns[number], widths[number]) for number in shown]


def say_hidden(rows: int) -> None:
    """Write below a table how many rows a terminal was spared, if there are any."""
    if rows > 0:
        click.echo(f"... and {rows:,} rows more: --all shows them, and so does a pipe or a file")


def rounding() -> list[str]:
    """Return the remark below a table that its amounts are rounded, if any of them is."""
    rounded = click.get_current_context().meta.get(_ROUNDED)
    return ["amounts are rounded, --exact shows every digit"] if rounded else []


def terminal_width() -> int:
    """Return the columns of the terminal, as ``COLUMNS`` or the terminal itself says."""
    # It loads the packers of files, which a table in a pipe has no use for.
    import shutil

    return shutil.get_terminal_size().columns


def fitting(columns: Sequence[Column], widths: Sequence[int], room: int) -> tuple[list[int], list[int]]:
    """Return which columns fit into so many characters, by their numbers, and the width of every column.

    Names are shortened first, the longest of them first. Where that is not enough a column is left out, and the rest
    has more room again.
    """
    shown = list(range(len(columns)))
    while True:
        fitted = list(widths)
        over = sum(fitted[number] for number in shown) + len(SEPARATOR) * (len(shown) - 1) - room
        while over > 0:
            long = [number for number in shown if columns[number].least and fitted[number] > columns[number].least]
            if not long:
                break
            longest = max(long, key=lambda number: fitted[number])
            fitted[longest] -= 1
            over -= 1
        droppable = [number for number in shown if columns[number].drop]
        if over <= 0 or not droppable:
            return shown, fitted
        shown.remove(max(droppable, key=lambda number: columns[number].drop))


def _fitted(cell: str, column: Column, width: int) -> str:
    if len(cell) > width and column.least:
        kept = width - 1
        head = kept if column.cut == "end" else kept - kept // 2
        cell = cell[:head] + "…" + cell[len(cell) - (kept - head) :]
    return cell.ljust(width) if column.align == "left" else cell.rjust(width)


def money(amount: Decimal, *, bound: bool = False) -> str:
    """Return USD as a table shows them: to the cent or to four significant digits, whichever says more.

    A lower bound has ``>=`` before it and is rounded down. With ``--exact`` every digit is shown.

    >>> from decimal import Decimal
    >>> money(Decimal("3239.4554295675")), money(Decimal("0.00016384")), money(Decimal("1.5"), bound=True)
    ('3,239.46', '0.0001638', '>=1.50')
    """
    sign = ">=" if bound else ""
    context = click.get_current_context(silent=True)
    if context is not None and context.meta.get(EXACT):
        return sign + plain(amount)
    if not amount:
        return f"{sign}0.00"
    places = max(2, _DIGITS - 1 - amount.adjusted())
    rounded = amount.quantize(Decimal(1).scaleb(-places, _WIDE), ROUND_FLOOR if bound else ROUND_HALF_EVEN, _WIDE)
    if context is not None and rounded != amount:
        context.meta[_ROUNDED] = True
    whole, _, rest = plain(rounded).partition(".")
    return f"{sign}{int(whole):,}.{rest}" if not whole.startswith("-0") else f"{sign}{whole}.{rest}"
