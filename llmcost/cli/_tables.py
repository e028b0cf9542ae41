"""Files of tables: Parquet and CSV, priced by columns."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import llmcost
from llmcost.core.exact import plain
from llmcost.core.statuses import NO_COST, PRICED
from llmcost.errors import MissingDependencyError, PriceDataError, how_to_install, shown
from llmcost.logs.csv_rows import columns_of, is_csv, is_csv_log

from ._app import WRONG, leave
from ._ending import FAILED
from ._table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUFFIXES = frozenset({".parquet", ".csv"})
_NO_MODEL = "-"


def are_tables(files: Iterable[str]) -> bool:
    """Return whether all of these are files of tables. CSV whose columns are those of a known log is a log.

    Raises click.UsageError for tables beside other files.
    """
    found = [is_table(file) and not (is_csv(file) and Path(file).is_file() and is_csv_log(file)) for file in files]
    if any(found) and not all(found):
        raise click.UsageError("tables (*.parquet, *.csv) and other files are priced in calls of their own")
    return all(found)


def is_table(file: str) -> bool:
    """Return whether a file is a table by its name."""
    return Path(file).suffix.lower() in _SUFFIXES


def price_tables(files: Iterable[str], prices: llmcost.CostMap, columns: str, *, as_json: bool) -> None:
    """Write what the rows of each file cost, by model, and end with an exit code.

    Raises:
        MissingDependencyError: no engine is installed that reads such files.
        PriceDataError: a column is missing, or says no counts; the file is no table.
    """
    code = 0
    for file in files:
        if not Path(file).is_file():
            raise click.UsageError(f"{file}: there is no such file")
        _check_header(file)
        try:
            priced = llmcost.price_table(_opened(file), columns, cost_map=prices, keep=("cost", "status"))
            summed = _rows(llmcost.summarize_table(priced))
        except _engine_errors() as error:
            raise PriceDataError(f"{file} is no table that can be read: {error}") from error
        totals = [{**row, "cost": row["cost"] or Decimal(0)} for row in summed]
        rows = sorted(totals, key=lambda row: (-row["cost"], row["model"] or ""))
        if as_json:
            click.echo(json.dumps(_as_json(file, rows)))
        else:
            _show(rows)
        unknown = sum(row.get("unknown_model", 0) for row in rows)
        code = max(code, WRONG if unknown else FAILED if any(row.get(word) for row in rows for word in NO_COST) else 0)
    leave(code)


def _check_header(file: str) -> None:
    """Raise PriceDataError if two columns of a CSV have one name: an engine gives one of them another, and drops it."""
    if Path(file).suffix.lower() != ".csv":
        return
    names = [name.lower() for name in columns_of(file)]
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise PriceDataError(f"{file}: several columns are called {shown(twice)}: rename all but one of them")


def _opened(file: str) -> Any:
    """Return a file as a lazy table of an engine that is installed."""
    parquet = Path(file).suffix.lower() == ".parquet"
    if find_spec("duckdb") is not None:
        import duckdb

        connection = duckdb.connect()
        return connection.read_parquet(file) if parquet else connection.read_csv(file)
    if find_spec("polars") is not None:
        import polars as pl

        return pl.scan_parquet(file) if parquet else pl.scan_csv(file, try_parse_dates=True)
    if find_spec("pyarrow") is not None:
        if parquet:
            from pyarrow.parquet import read_table

            return read_table(file)
        from pyarrow.csv import read_csv

        return read_csv(file)
    raise MissingDependencyError(
        f"{file}: a table is read with DuckDB, Polars or PyArrow: {how_to_install('parquet', 'pyarrow')}", "parquet"
    )


def _engine_errors() -> tuple[type[Exception], ...]:
    """Return the errors by which the engines that are loaded say that a file is damaged."""
    names = (("duckdb", "Error"), ("polars.exceptions", "PolarsError"), ("pyarrow", "ArrowException"))
    return tuple(getattr(sys.modules[module], name) for module, name in names if module in sys.modules)


def _rows(frame: Any) -> list[dict[str, Any]]:
    if hasattr(frame, "fetchall"):
        return [dict(zip(frame.columns, row, strict=True)) for row in frame.fetchall()]
    found: list[dict[str, Any]] = frame.to_pylist() if hasattr(frame, "to_pylist") else frame.collect().to_dicts()
    return found


def _words(row: dict[str, Any]) -> dict[str, int]:
    """Return the statuses of a row of totals that occur, with how many calls have them."""
    return {name: count for name, count in row.items() if name not in _TOTALS and count}


_TOTALS = frozenset({"model", "rows", "cost", "lower_bound"})


def _as_json(file: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    models = [
        {
            "model": row["model"],
            "calls": row["rows"],
            "cost": plain(row["cost"]),
            "lower_bound": row["lower_bound"],
            "statuses": _words(row),
        }
        for row in rows
    ]
    total = sum((row["cost"] for row in rows), start=Decimal(0))
    complete = not any(row["lower_bound"] for row in rows)
    calls = sum(row["rows"] for row in rows)
    return {"file": file, "calls": calls, "cost": plain(total), "lower_bound": not complete, "models": models}


def _show(rows: list[dict[str, Any]]) -> None:
    table = Table(Column("model", least=20), Column("calls", "right"), Column("USD", "point"), Column("not priced"))
    for row in rows:
        odd = ", ".join(f"{count:,} {word}" for word, count in _words(row).items() if word != PRICED)
        table.add(row["model"] or _NO_MODEL, f"{row['rows']:,}", _amount(row["cost"], bound=row["lower_bound"]), odd)
    table.rule()
    bound = any(row["lower_bound"] for row in rows)
    total = _amount(sum((row["cost"] for row in rows), start=Decimal(0)), bound=bound)
    table.add("total", f"{sum(row['rows'] for row in rows):,}", total, "")
    table.end()


def _amount(cost: Decimal, *, bound: bool) -> str:
    return f"{'>= ' if bound else ''}{plain(cost)}"
