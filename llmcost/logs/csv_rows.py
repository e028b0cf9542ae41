"""Rows of CSV as the values of a log: cells that are numbers, truth values and JSON become those; empty ones go.

Cells may stand between semicolons, tabs or bars too, as spreadsheets write them where a comma is the decimal point.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import chain
from typing import TYPE_CHECKING

from ..readers.logged import of_json
from .folders import plain_name
from .opening import encoding_of, opened
from .shapes import shape_of
from .values import Problem, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

ENDING = ".csv"
# A longer number is a name, and so is one that begins with 0.
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}", re.ASCII)
_WORDS = {"true": True, "false": False, "null": None, "": None}
_SEPARATORS = ",;\t|"
# A fraction with a decimal comma. Three digits behind it may as well be thousands, unless a 0 stands before it.
_COMMA = re.compile(r"-?(?:0,[0-9]+|[1-9][0-9]*,(?:[0-9]{1,2}|[0-9]{4,}))", re.ASCII)
# A cell may hold a whole conversation.
_LONGEST_CELL = 1 << 30


def csv_values(text: TextIO) -> Iterator[Value | Problem]:
    """Yield a value for each row, with the line it starts in, and what is no row."""
    # The limit is one for the whole process. It is raised and stays, since other threads may read too.
    if csv.field_size_limit() < _LONGEST_CELL:
        csv.field_size_limit(_LONGEST_CELL)
    separator, lines = _separated(text)
    rows = csv.reader(lines, delimiter=separator)
    value_of = _value if separator == "," else _value_with_comma
    names: list[str] | None = None
    line = 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield Problem(line, f"no CSV: {error}")
            line = rows.line_num + 1
            continue
        if cells is None:
            return
        if not cells:
            pass
        elif names is None:
            names = [name.strip() for name in cells]
        elif len(cells) != len(names):
            yield Problem(line, f"no row of this table: {len(cells)} cells under {len(names)} names")
        else:
            pairs = zip(names, map(value_of, cells), strict=True)
            yield Value(line, {name: value for name, value in pairs if value is not None})
        line = rows.line_num + 1


def _separated(text: TextIO) -> tuple[str, Iterator[str]]:
    """Return what stands between the cells of a table, by its first line, and its lines."""
    first = text.readline()
    return max(_SEPARATORS, key=first.count), chain([first] if first else [], text)


def _value_with_comma(cell: str) -> object:
    return cell.replace(",", ".") if _COMMA.fullmatch(cell) else _value(cell)


def _value(cell: str) -> object:
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if len(cell) <= len("false") and cell.lower() in _WORDS:
        return _WORDS[cell.lower()]
    return of_json(cell)


def is_csv(file: str) -> bool:
    """Return whether a file is CSV by its name, packed or not."""
    return plain_name(file).lower().endswith(ENDING)


def columns_of(file: str) -> list[str]:
    """Return the names of the columns of a file of CSV, as its first row states them; none if that is no CSV.

    Raises OSError if it cannot be read.
    """
    with opened(file) as binary:
        text = io.TextIOWrapper(binary, encoding=encoding_of(binary), errors="replace", newline="")
        try:
            separator, lines = _separated(text)
            return [name.strip() for name in next(csv.reader(lines, delimiter=separator), [])]
        except csv.Error:
            return []
        finally:
            text.detach()


def is_csv_log(file: str) -> bool:
    """Return whether a file of CSV is the export of a log that a reader knows, by the names of its columns.

    Raises OSError if it cannot be read.
    """
    row: dict[str, object] = dict.fromkeys(columns_of(file), "-")
    return shape_of(row).logged(row) is not None
