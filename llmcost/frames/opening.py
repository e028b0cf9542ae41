"""Opening tables: what reads them, loaded where one is given, and the names of their columns."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentError, MissingDependencyError, PriceDataError, how_to_install


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


def names_of(frame: Any) -> list[str]:
    """Return the names of the columns of a frame.

    Raises:
        ArgumentError: it is no table.
        PriceDataError: two columns have one name, or DuckDB cannot read the relation.
        MissingDependencyError: narwhals is not installed.
    """
    nw = narwhals()
    try:
        seen = nw.from_native(frame)
    except TypeError:
        raise ArgumentError(
            f"a {type(frame).__name__} is no table: pass a Polars or pandas frame, a PyArrow table, a DuckDB relation "
            "or a Spark frame, such as polars.DataFrame(...) or polars.read_csv(...)"
        ) from None
    except nw.exceptions.DuplicateError as error:
        raise PriceDataError(f"the table has several columns of one name: {' '.join(str(error).split())}") from None
    if seen.implementation.is_duckdb():
        import duckdb

        try:
            frame.limit(0).fetchall()
        except duckdb.Error as error:
            raise PriceDataError(f"DuckDB cannot read the relation: {error}") from error
        # A schema asks the connection for its zone.
        return list(frame.columns)
    return list(seen.collect_schema())
