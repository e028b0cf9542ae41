"""Tables: aligned text for pipes and files, written as it comes, and coloured ones that fit the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from llmcost.core.exact import plain
from llmcost.errors import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

# So many rows are looked at before the first is written, so that the columns are wide enough for most.
BLOCK = 200
_LONGEST_FRACTION = 12


class Column(NamedTuple):
    """A column: title, ``left``, ``right`` or ``point`` (decimal points in one line), and a style for terminals."""

    title: str
    align: str = "left"
    style: str = ""


class Table:
    """Rows of cells under a header. Write rows with ``add``; ``end`` writes what is still held back."""

    def __init__(self, *columns: Column) -> None:
        self._columns = columns
        self._rows: list[tuple[Sequence[str] | None, str]] = []
        self._widths: list[int] = []
        self._fractions = [0] * len(columns)
        self._terminal = sys.stdout.isatty()

    def add(self, *cells: str, style: str = "") -> None:
        """Add a row. ``style`` colours it on a terminal."""
        self._rows.append(([printable(cell) for cell in cells], style))
        if len(self._rows) >= BLOCK:
            self._write()

    def rule(self) -> None:
        """Add a line across, before a sum."""
        self._rows.append((None, ""))

    def end(self) -> None:
        """Write the rows that are held back, if there are any."""
        if self._rows:
            self._write()

    def _write(self) -> None:
        first = not self._widths
        self._measure()
        rows = [(None if cells is None else self._fitted(cells), style) for cells, style in self._rows]
        self._rows = []
        if self._terminal:
            self._draw(rows, first=first)
            return
        lines = [cells for cells, _ in rows]
        if first:
            lines = [self._titles(), None, *lines]
        dashes = ["-" * width for width in self._widths]
        click.echo("\n".join("  ".join(dashes if cells is None else cells).rstrip() for cells in lines))

    def _measure(self) -> None:
        """Widen the columns for what is held back."""
        widths = self._widths or [len(column.title) for column in self._columns]
        for index, column in enumerate(self._columns):
            cells = [row[index] for row, _ in self._rows if row is not None]
            if column.align == "point":
                self._fractions[index] = max([self._fractions[index], *(len(_fraction(cell)) for cell in cells)])
                cells = [_pointed(cell, self._fractions[index]) for cell in cells]
            widths[index] = max([widths[index], *map(len, cells)])
        self._widths = widths

    def _fitted(self, cells: Sequence[str]) -> list[str]:
        fitted = []
        for column, cell, width, fraction in zip(self._columns, cells, self._widths, self._fractions, strict=True):
            text = _pointed(cell, fraction) if column.align == "point" else cell
            fitted.append(text.ljust(width) if column.align == "left" else text.rjust(width))
        return fitted

    def _titles(self) -> list[str]:
        return [
            column.title.ljust(width) if column.align == "left" else column.title.rjust(width)
            for column, width in zip(self._columns, self._widths, strict=True)
        ]

    def _draw(self, rows: Sequence[tuple[Sequence[str] | None, str]], *, first: bool) -> None:
        from rich import box
        from rich.console import Console
        from rich.table import Table as Drawn
        from rich.text import Text

        drawn = Drawn(box=box.SIMPLE_HEAD, show_header=first, pad_edge=False, header_style="bold", show_edge=False)
        for column, title in zip(self._columns, self._titles(), strict=True):
            # Cells are aligned already, and rich would take the spaces after a number away.
            drawn.add_column(
                Text(title.rstrip() if column.align == "left" else title),
                style=column.style,
                no_wrap=column.align != "left",
                overflow="fold",
            )
        for cells, style in rows:
            if cells is None:
                drawn.add_section()
            else:
                drawn.add_row(
                    *(
                        Text(cell.rstrip() if c.align == "left" else cell)
                        for c, cell in zip(self._columns, cells, strict=True)
                    ),
                    style=style,
                )
        Console(highlight=False).print(drawn)


def _pointed(cell: str, fraction: int) -> str:
    """Return a number padded at its right, so that the decimal points of a column align; a word stays as it is."""
    return cell + " " * (fraction - len(_fraction(cell))) if cell[-1:].isdecimal() else cell


def _fraction(cell: str) -> str:
    """Return the decimal point and the digits after it; empty for a whole number and for a word."""
    place = cell.rfind(".")
    return cell[place:] if place >= 0 and cell[place + 1 :].isdecimal() else ""


def money(amount: Decimal, *, bound: bool = False) -> str:
    """Return USD as a table shows them: exact, at least six decimals; ``>=`` before a lower bound.

    An amount with more than twelve decimals is rounded to them, and ``~`` before it says so.

    >>> from decimal import Decimal
    >>> money(Decimal("0.0425")), money(Decimal("1.5"), bound=True), money(Decimal(1) / 3)
    ('0.042500', '>=1.500000', '~0.333333333333')
    """
    whole, _, fraction = plain(amount).partition(".")
    rounded = len(fraction) > _LONGEST_FRACTION
    if rounded:
        whole, _, fraction = f"{amount:.{_LONGEST_FRACTION}f}".partition(".")
    return f"{'>=' if bound else ''}{'~' if rounded else ''}{whole}.{fraction.ljust(6, '0')}"
