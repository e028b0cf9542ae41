"""Rate sheets in files: one JSON, or a folder of two tables as Parquet or CSV with ``sheet.json`` beside them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import MissingDependencyError, PriceDataError, how_to_install

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_TABLES = ("names", "rates")
# Columns of text; all others hold whole numbers.
_TEXTS = frozenset({"model", "provider", "region", "status", "unpriced", "matched_as", "basis"})
# Text that may be missing; what else is empty in a CSV is an empty text.
_MAY_BE_MISSING = frozenset({"status", "matched_as", "basis"})
_INT_64 = 1 << 63


def save(sheet: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the dict of a sheet; see ``Sheet.save``."""
    target, stated = Path(path), dict(sheet)
    if target.suffix == ".json":
        target.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
        return
    if target.suffix not in {".csv", ".parquet"}:
        raise ValueError(f"{target}: a sheet is written as *.json, *.csv or *.parquet")
    target.mkdir(parents=True, exist_ok=True)
    tables = {name: stated.pop(name) for name in _TABLES}
    (target / "sheet.json").write_text(json.dumps(stated, ensure_ascii=False, indent=1), encoding="utf-8")
    for name, columns in tables.items():
        (_write_csv if target.suffix == ".csv" else _write_parquet)(target / f"{name}{target.suffix}", columns)


def load(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the dict of a sheet that was written; see ``Sheet.load``."""
    source = Path(path)
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
    except (OSError, ValueError, AttributeError) as error:
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
    return {name: [_cell(name, row[place]) for row in rows] for place, name in enumerate(header)}


def _cell(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text or (None if name in _MAY_BE_MISSING else "")
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
        wide = name not in _TEXTS and any(value is not None and abs(value) >= _INT_64 for value in values)
        kind = pa.string() if name in _TEXTS else pa.decimal128(38, 0) if wide else pa.int64()
        fields[name] = pa.array(values, kind)
    parquet.write_table(pa.table(fields), path)


def _read_parquet(path: Path) -> dict[str, list[Any]]:
    _arrow()
    from pyarrow import parquet

    found = parquet.read_table(path)
    return {
        name: [value if name in _TEXTS or value is None else int(value) for value in found[name].to_pylist()]
        for name in found.column_names
    }
