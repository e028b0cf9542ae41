"""Opening tables: what reads them, loaded where one is given, and the names of their columns."""

from __future__ import annotations

import sys
from typing import Any

from ..core.signatures import as_signed
from ..errors import ArgumentError, MissingDependencyError, PriceDataError, how_to_install
from ..errors.foreign_values import class_name


def narwhals() -> Any:
    """Return narwhals.

    Raises MissingDependencyError without it.
    """
    try:
        import narwhals as nw
    except ImportError:
        raise MissingDependencyError(
            f"tables are priced through narwhals: {how_to_install('frames', 'narwhals')}", "frames"
        ) from None
    return nw


@as_signed
def names_of(frame: object) -> list[str]:
    """Return the names of the columns of a frame.

    Raises:
        ArgumentError: it is no table, or raises when it is looked at.
        PriceDataError: two columns have one name, or DuckDB cannot read the relation.
        MissingDependencyError: narwhals is not installed.
    """
    nw = narwhals()
    try:
        seen = nw.from_native(frame)
    except TypeError:
        raise ArgumentError(
            f"a {class_name(type(frame))} is no table: pass a Polars or pandas frame, a PyArrow table, a DuckDB "
            "relation or a Spark frame, such as polars.DataFrame(...) or polars.read_csv(...)"
        ) from None
    except nw.exceptions.DuplicateError as error:
        raise PriceDataError(f"the table has several columns of one name: {' '.join(str(error).split())}") from None
    if seen.implementation.is_duckdb():
        import duckdb

        try:
            relation: Any = frame
            relation.limit(0).fetchall()
        except duckdb.Error as error:
            raise unreadable(error) from error
        # A schema asks the connection for its zone.
        return list(relation.columns)
    try:
        return list(seen.collect_schema())
    except engine_errors() as error:
        raise unreadable(error) from error


def ignores_case(frame: Any) -> bool:
    """Return whether two names of columns that differ in their letters' case alone are one name to the engine."""
    kind = narwhals().from_native(frame).implementation
    return bool(kind.is_duckdb() or kind.is_spark_like())


# Where the engines keep the classes of their errors.
_ERRORS = (
    ("narwhals.exceptions", "NarwhalsError"),
    ("polars.exceptions", "PolarsError"),
    ("duckdb", "Error"),
    ("pyarrow", "ArrowException"),
    ("pyspark.errors", "PySparkException"),
)


def engine_errors() -> tuple[type[Exception], ...]:
    """Return the errors by which the engines that are loaded say that they cannot read a table."""
    return tuple(getattr(sys.modules[module], name) for module, name in _ERRORS if module in sys.modules)


def unreadable(error: Exception) -> PriceDataError:
    """Return the error for a table that its engine cannot read."""
    engine = type(error).__module__.partition(".")[0].lstrip("_")
    # What follows an empty line shows the engine's plan and its options.
    told = " ".join(str(error).strip().partition("\n\n")[0].split())[:_MOST]
    return PriceDataError(f"{_NAMES.get(engine, engine)} cannot read the table: {told}")


# Letters of an engine's message that are shown.
_MOST = 400
_NAMES = {"duckdb": "DuckDB", "polars": "Polars", "narwhals": "narwhals", "pyarrow": "PyArrow", "pyspark": "Spark"}
