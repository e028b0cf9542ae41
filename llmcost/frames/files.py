"""Rate sheets in files: one JSON, or a folder of two tables as Parquet or CSV with ``sheet.json`` beside them."""

from __future__ import annotations

import csv
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError, MissingDependencyError, PriceDataError, how_to_install
from ..replacing import write_whole
from .checking import MAY_BE_MISSING, TEXTS
from .opening import engine_errors
from .packing import INT_64

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLES = ("names", "rates")


def save(sheet: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the dict of a sheet; see ``Sheet.save``."""
    target, stated = Path(os.fsdecode(path)), dict(sheet)
    if target.suffix == ".json":
        # Half of a surrogate pair is no text of a file, and JSON spells it out.
        write_whole(target, json.dumps(stated))
        return
    if target.suffix not in {".csv", ".parquet"}:
        raise ArgumentError(f"{target}: a sheet is written as *.json, *.csv or *.parquet")
    target.mkdir(parents=True, exist_ok=True)
    tables = {name: stated.pop(name) for name in _TABLES}
    # A folder without it is no sheet, such as one that could not be written to the end.
    (target / "sheet.json").unlink(missing_ok=True)
    odd: tuple[type[Exception], ...] = (UnicodeEncodeError, csv.Error, ArithmeticError, *engine_errors())
    for name, columns in tables.items():
        try:
            (_write_csv if target.suffix == ".csv" else _write_parquet)(target / f"{name}{target.suffix}", columns)
        except odd as error:
            raise PriceDataError(
                f"{target}: a value of the sheet can't stand in such a file: {error}; save it as *.json"
            ) from error
    write_whole(target / "sheet.json", json.dumps(stated, indent=1))


def load(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the dict of a sheet that was written; see ``Sheet.load``."""
    source = Path(os.fsdecode(path))
    wrong: tuple[type[Exception], ...] = (OSError, ValueError, AttributeError, LookupError, RecursionError, csv.Error)
    try:
        if source.is_file():
            found: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
        else:
            found = json.loads((source / "sheet.json").read_text(encoding="utf-8"))
            for name in _TABLES:
                table = source / f"{name}.parquet"
                found[name] = _read_parquet(table) if table.exists() else _read_csv(source / f"{name}.csv")
        if not {"schema", "unit", *_TABLES} <= found.keys():
            raise ValueError("it has no names, no rates or no unit")
    except (*wrong, *engine_errors()) as error:
        raise PriceDataError(f"{source} is no rate sheet: {error}") from error
    return found


def _write_csv(path: Path, columns: Mapping[str, list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        rows.writerows(zip(*columns.values(), strict=True))


def _read_csv(path: Path) -> dict[str, list[Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    # A row of another length would lose a cell, or have one too many.
    columns = zip(header, zip(*rows, strict=True), strict=True) if rows else ((name, ()) for name in header)
    return {name: [_cell(name, text) for text in texts] for name, texts in columns}


def _cell(name: str, text: str) -> Any:
    if name in TEXTS:
        return text or (None if name in MAY_BE_MISSING else "")
    return int(text) if text else None


def _arrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingDependencyError(
            f"Parquet is read and written with pyarrow: {how_to_install('parquet', 'pyarrow')}", "parquet"
        ) from None
    return pa


def _write_parquet(path: Path, columns: Mapping[str, list[Any]]) -> None:
    pa = _arrow()
    from pyarrow import parquet

    fields = {}
    for name, values in columns.items():
        wide = name not in TEXTS and any(value is not None and abs(value) >= INT_64 for value in values)
        kind = pa.string() if name in TEXTS else pa.decimal128(38, 0) if wide else pa.int64()
        fields[name] = pa.array(values, kind)
    parquet.write_table(pa.table(fields), path)


def _read_parquet(path: Path) -> dict[str, list[Any]]:
    _arrow()
    from pyarrow import parquet

    found = parquet.read_table(path)
    return {
        name: [int(value) if isinstance(value, Decimal) else value for value in found[name].to_pylist()]
        for name in found.column_names
    }
