"""Handing: a pandas frame or a PyArrow table is priced by another engine.

It is handed to Polars or DuckDB, whichever is there, and gets the new columns back in the order of its rows. Without
either it is priced by PyArrow, which is slower and has no 128-bit numbers.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..errors import ArgumentError, MissingDependencyError, PriceDataError, how_to_install, shown
from ..errors.foreign_values import is_one_of
from .engines import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW = "llmcost_row"
# What prices a pandas frame or a PyArrow table, the first that is installed.
INSIDE = ("polars", "duckdb")


# Cells of a table hold counters and answers. What is nested deeper holds itself, or is not one of them.
_DEEPEST, _MOST_VALUES = 100, 1_000_000
_HOLDERS = (list, tuple, dict)


def _check_cells(part: Any) -> None:
    """Raise PriceDataError for a cell that holds itself: PyArrow would end the process."""
    for name in part.columns:
        if part[name].dtype == object:
            values = list(part[name].array)
            # By the ids of the classes: a foreign class may have a hash that raises.
            if not {*map(id, map(type, values))}.isdisjoint(map(id, _HOLDERS)) and any(map(_is_endless, values)):
                raise PriceDataError(f"column {shown(name)} has a value that holds itself, or is nested too deep")


def _is_endless(value: object) -> bool:
    waiting: list[tuple[Any, int]] = [(value, 0)]
    seen = 0
    while waiting:
        here, depth = waiting.pop()
        if is_one_of(type(here), _HOLDERS):
            inner = here.values() if type(here) is dict else here
            waiting += [(one, depth + 1) for one in inner]
            seen += 1
            if depth > _DEEPEST or seen > _MOST_VALUES:
                return True
    return False


class Handed:
    """A pandas frame or a PyArrow table, priced by another engine, and given back with its new columns.

    Attributes:
        engine: the engine that prices it.

    Args:
        numbered: whether the rows have a number in any engine.
    """

    def __init__(self, frame: Any, kind: str, used: Sequence[str], *, numbered: bool) -> None:
        self._frame, self._kind = frame, kind
        if find_spec("pyarrow") is None:
            raise MissingDependencyError(
                f"a {kind} frame is priced through Arrow: {how_to_install('parquet', 'pyarrow')}", "parquet"
            )
        import pyarrow as pa

        part = frame[list(used)] if kind == "pandas" else frame.select(list(used))
        if kind == "pandas":
            _check_cells(part)
        try:
            table = pa.Table.from_pandas(part, preserve_index=False) if kind == "pandas" else part
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            # An error about text that cannot be encoded has an argument for each of its parts.
            told = str(error) if isinstance(error, UnicodeError) else "; ".join(map(str, error.args))
            raise PriceDataError(f"a column of the frame has values that are no column of Arrow: {told}") from error
        name = next((name for name in INSIDE if find_spec(name) is not None), "pyarrow")
        self.engine = Engine(_inside(table, name, numbered=numbered), name)

    def back(self, frame: Any, new: Sequence[str]) -> Any:
        """Return the table that was given, with the new columns at its end."""
        if self.engine.name == "polars":
            found = self._arrow(frame.select(*new))
        else:
            found = self._arrow(frame.select(ROW, *new).sort(ROW).drop(ROW))
        return self._with(self._frame, found, new)

    def lines(self, frame: Any, columns: Sequence[str]) -> Any:
        """Return the rows that the numbers of lines say, as they were given, with what else the lines say."""
        found = self._arrow(frame.select(*columns))
        places = found[ROW]
        if self._kind == "pyarrow":
            rows = _taken(self._frame, places)
        else:
            rows = self._frame.iloc[places.to_numpy()]
        return self._with(rows, found, [name for name in columns if name != ROW])

    def _with(self, given: Any, found: Any, new: Sequence[str]) -> Any:
        """Return rows with columns of an Arrow table at their end."""
        if self._kind == "pyarrow":
            for column in new:
                given = given.append_column(column, found[column])
            return given
        import pandas as pd

        told = {}
        for column in new:
            values = pd.arrays.ArrowExtensionArray(found[column])
            told[column] = pd.Series(values, index=given.index)
        return given.assign(**told)

    def other(self, frame: Any, columns: Sequence[str]) -> Any:
        """Return a table of other rows, as what was given."""
        found = self._arrow(frame.select(*columns))
        if self._kind == "pyarrow":
            return found
        import pandas as pd

        return found.to_pandas(types_mapper=pd.ArrowDtype)

    def _arrow(self, frame: Any) -> Any:
        native = frame.to_native()
        if self.engine.name == "polars":
            import polars as pl

            # Arrow has no whole numbers of 128 bits.
            wide = pl.selectors.by_dtype(pl.Int128).cast(pl.Decimal(38, 0))
            return native.with_columns(wide).collect().to_arrow()
        return native if self.engine.name == "pyarrow" else native.to_arrow_table()


def _inside(table: Any, name: str, *, numbered: bool) -> Any:
    """Return an Arrow table as another engine sees it; with numbers, where that one does not keep the order of rows."""
    if name == "polars":
        import polars as pl

        inside = pl.DataFrame(table).lazy()
        return nw.from_native(inside.with_row_index(ROW) if numbered else inside)
    table = _plain(table, joined=name == "pyarrow")
    with_numbers = nw.to_native(nw.from_native(table).with_row_index(ROW))
    if name == "duckdb":
        import duckdb

        return nw.from_native(duckdb.connect().from_arrow(with_numbers))
    return nw.from_native(with_numbers)


def _taken(table: Any, places: Any) -> Any:
    """Return rows of an Arrow table, which takes none of a column of views."""
    import pyarrow as pa

    plain = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    fields = [field.with_type(plain.get(field.type, field.type)) for field in table.schema]
    return table.cast(pa.schema(fields)).take(places).cast(table.schema)


def _plain(table: Any, *, joined: bool) -> Any:
    """Return an Arrow table without types that its engine has not; ``joined``: that engine is Arrow."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        column, kind = table[place], field.type
        if pa.types.is_date64(kind):
            kind = pa.date32()
        elif joined and pa.types.is_decimal(kind):
            # A double of a decimal's text is the nearest one; a cast of the decimal is not.
            column, kind = column.cast(pa.string()), pa.float64()
        elif joined:
            kind = kind.value_type if pa.types.is_dictionary(kind) else kind
            kind = pa.string() if kind == pa.string_view() else pa.int64() if pa.types.is_null(kind) else kind
        if kind != field.type:
            table = table.set_column(place, field.name, column.cast(kind))
    return table


def opened(frame: Any, used: Sequence[str], *, whole: bool = False, lines: bool = False) -> tuple[Engine, Any]:
    """Return the engine of a frame, and a function that gives a frame back as what the first one was.

    Args:
        used: the columns that are read.
        whole: the frame that is given back has other rows, and only the columns that the function is told.
        lines: it has each row as often as there are lines of it.

    Raises ArgumentError for a frame of an engine that is not known here.
    """
    seen = nw.from_native(frame)
    kind = seen.implementation
    if kind.is_polars():
        lazy = isinstance(seen, nw.LazyFrame)
        engine = Engine(seen.lazy(), "polars")
        return engine, lambda priced, _: priced.to_native() if lazy else priced.to_native().collect()
    if kind.is_duckdb() or kind.is_spark_like():
        return Engine(seen, "duckdb" if kind.is_duckdb() else "spark"), lambda priced, _: priced.to_native()
    if not (kind.is_pandas() or kind.is_pyarrow()):
        raise ArgumentError(
            f"a frame of {kind} is not priced here: give it as Polars, pandas, PyArrow, DuckDB or Spark"
        )
    handed = Handed(frame, "pandas" if kind.is_pandas() else "pyarrow", used, numbered=lines)
    return handed.engine, handed.other if whole else handed.lines if lines else handed.back
