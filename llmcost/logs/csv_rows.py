"""Rows of CSV as the values of a log: cells that are numbers, truth values and JSON become those; empty ones go."""

from __future__ import annotations

import csv
import io
import re
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
# A cell may hold a whole conversation.
_LONGEST_CELL = 1 << 30


def csv_values(text: TextIO) -> Iterator[Value | Problem]:
    """Yield a value for each row, with the line it starts in, and what is no row."""
    # The limit is one for the whole process. It is raised and stays, since other threads may read too.
    if csv.field_size_limit() < _LONGEST_CELL:
        csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(text)
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
            pairs = zip(names, map(_value, cells), strict=True)
            yield Value(line, {name: value for name, value in pairs if value is not None})
        line = rows.line_num + 1


def _value(cell: str) -> object:
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if len(cell) <= len("false") and cell.lower() in _WORDS:
        return _WORDS[cell.lower()]
    return of_json(cell)


def is_csv(file: str) -> bool:
    """Return whether a file is CSV by its name, packed or not."""
    return plain_name(file).lower().endswith(ENDING)


def is_csv_log(file: str) -> bool:
    """Return whether a file of CSV is the export of a log that a reader knows, by the names of its columns.

    Raises OSError if it cannot be read.
    """
    with opened(file) as binary:
        text = io.TextIOWrapper(binary, encoding=encoding_of(binary), errors="replace", newline="")
        try:
            names = next(csv.reader(text), [])
        except csv.Error:
            return False
        finally:
            text.detach()
    row: dict[str, object] = dict.fromkeys((name.strip() for name in names), "-")
    return shape_of(row).logged(row) is not None
