"""Bills in Parquet, as clouds export them: their rows, as those of CSV."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..errors import BillError, MissingDependencyError, how_to_install
from .tables import Row, Table, once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

MAGIC = b"PAR1"
_AT_ONCE = 10_000


def parquet_table(data: bytes, path: str) -> Table:
    """Return the columns and the rows of a file of Parquet. A row has its number, from 1, where CSV has its line.

    A double is taken as it is written: the shortest decimal that it stands for. A time without a zone is of UTC.

    Raises:
        BillError: the file is damaged; while rows are read, too.
        MissingDependencyError: the extra ``parquet`` is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise MissingDependencyError(
            f"{path} is Parquet: {how_to_install('parquet', 'pyarrow')}, or export the bill as CSV", "parquet"
        ) from error
    try:
        file = parquet.ParquetFile(pa.BufferReader(data))
        columns = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BillError(f"the file of Parquet is damaged: {error}", path) from error
    once(columns, path)
    return Table(columns, _rows(file, path, (pa.ArrowException, OSError, ValueError)))


def _rows(file: Any, path: str, damaged: tuple[type[Exception], ...]) -> Iterator[Row]:
    number = 0
    try:
        for batch in file.iter_batches(_AT_ONCE):
            for values in batch.to_pylist():
                number += 1
                found = {column: _plain(value) for column, value in values.items()}
                yield Row(found, path, None, f"row {number}")
    except damaged as error:
        raise BillError(f"the file of Parquet is damaged behind row {number:,}: {error}", path) from error


def _plain(value: object) -> object:
    """Return a value as a cell of CSV or JSON has it."""
    if value is None or isinstance(value, (str, int, Decimal)):
        return value
    if isinstance(value, float):
        # Of what is no number the text stays, which no amount may be.
        text = repr(value)
        return Decimal(text) if text.lstrip("-")[:1].isdecimal() else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        # Tags and other keys with their values.
        return json.dumps(value, default=str)
    return str(value)
