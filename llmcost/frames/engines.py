"""Engines: what Polars, DuckDB, PyArrow and Spark do each in a way of their own. All else is one expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..errors import PriceDataError
from .opening import engine_errors, unreadable
from .packing import INT_64
from .stated import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Engine:
    """One table, and how its engine does what narwhals leaves to it.

    Attributes:
        frame: the table as narwhals sees it.
        name: ``polars``, ``duckdb``, ``pyarrow`` or ``spark``.
    """

    def __init__(self, frame: Any, name: str) -> None:
        self.frame, self.name = frame, name

    @property
    def has_128_bits(self) -> bool:
        """Whether it multiplies numbers of 128 bits."""
        return self.name != "pyarrow"

    @property
    def has_quick_doubles(self) -> bool:
        """Whether doubles cost it less than whole numbers, of which it checks each product and each sum."""
        return self.name == "duckdb"

    def types(self, frame: Any) -> dict[str, Any]:
        """Return the types of the columns of a table."""
        found = dict(frame.collect_schema())
        if self.name == "duckdb":
            found.update(dict.fromkeys(_duckdb_nanoseconds(frame.to_native()), nw.Datetime("ns", "UTC")))
        return found

    def small(self, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> Any:
        """Return a small table to join with the frame; ``types`` are ``text``, ``int``, ``wide`` and ``float``."""
        if self.name == "polars":
            import polars as pl

            kinds: dict[str, Any] = {"text": pl.String, "int": pl.Int64, "wide": pl.Int128, "float": pl.Float64}
            schema = {name: kinds[types[name]] for name in columns}
            return nw.from_native(pl.DataFrame(dict(columns), schema=schema))
        if self.name == "spark":
            return _spark_table(self.frame.to_native(), columns, types)
        import pyarrow as pa

        kinds = {"text": pa.string(), "int": pa.int64(), "wide": pa.decimal128(38, 0), "float": pa.float64()}
        found = pa.table({name: pa.array(values, kinds[types[name]]) for name, values in columns.items()})
        if self.name == "pyarrow":
            return nw.from_native(found)
        wide = ", ".join(f"CAST({name} AS HUGEINT) AS {name}" for name in columns if types[name] == "wide")
        return nw.from_native(
            in_duckdb(self.frame.to_native(), found, f"* REPLACE ({wide})" if wide else "*").set_alias("llmcost_found")
        )

    def join(self, left: Any, right: Any, on: Mapping[str, str]) -> Any:
        """Return the left table with the matching row of the right one, or nulls."""
        if self.name == "polars":
            return nw.from_native(_polars_join(left.to_native(), right.to_native(), on))
        if self.name == "duckdb":
            # As text, since expressions are bound one by one; and in one step, since each is a whole query to DuckDB.
            matched = " AND ".join(f"{mine} = {theirs}" for mine, theirs in on.items())
            return nw.from_native(left.to_native().join(right.to_native(), matched, how="left"))
        if self.name == "spark":
            from pyspark.sql.functions import broadcast

            right = nw.from_native(broadcast(right.to_native()))
        return left.join(right, left_on=list(on), right_on=list(on.values()), how="left")

    def stated(self, frame: Any, texts: Mapping[str, str], time: str | None) -> Any:
        """Return the frame with what it says beside numbers, in columns named ``llmcost_`` and what it is.

        Text is that of which letters count; one that names a card is never null. A time is in microseconds since 1970,
        and one without a zone is in UTC.

        Args:
            texts: what it says -> its column.
            time: the column of a time; None if there is none.
        """
        if self.name == "duckdb":
            told = [f"{_duckdb_text(name, column)} AS llmcost_{name}" for name, column in texts.items()]
            native = frame.to_native()
            if time is not None:
                column = (
                    f"CAST({_quoted(time)} AS TIMESTAMPTZ)" if time in _duckdb_nanoseconds(native) else _quoted(time)
                )
                told.append(f"epoch_us({column}) AS llmcost_time")
            return nw.from_native(native.select(", ".join(["*", *told]))) if told else frame
        made = []
        for name, column in texts.items():
            text = nw.col(column).cast(nw.String)
            made.append((text.fill_null("") if name in KEYS else text).alias(f"llmcost_{name}"))
        if time is not None and self.name == "spark":
            native = frame.to_native()
            frame = nw.from_native(native.withColumn("llmcost_time", _spark_microseconds(native, time)))
        elif time is not None:
            moment = nw.col(time)
            if frame.collect_schema()[time] == nw.Date:
                moment = moment.cast(nw.Datetime("us"))
            made.append(moment.dt.timestamp("us").alias("llmcost_time"))
        return frame.with_columns(*made) if made else frame

    def whole(self, number: int) -> Any:
        """Return a whole number as a literal, of 128 bits where it has to be.

        Raises PriceDataError where the engine has no such numbers.
        """
        if number < INT_64:
            return nw.lit(number, nw.Int64)
        if not self.has_128_bits:
            raise PriceDataError(
                f"{number:,} units are 1 USD, which does not fit into 64 bits: install polars or duckdb"
            )
        high, low = divmod(number, 10**18)
        return self.wide(nw.lit(high)) * self.wide(nw.lit(10**18)) + self.wide(nw.lit(low))

    def wide(self, expression: Any) -> Any:
        """Return a whole number as one of 128 bits."""
        return expression.cast(nw.Decimal(38, 0) if self.name == "spark" else nw.Int128)

    def decimals(self, frame: Any, columns: Sequence[str], places: int, most: int) -> Any:
        """Return the frame with whole numbers of 10^-places as decimals; ``most`` is the greatest of them."""
        native = frame.to_native()
        if self.name == "polars":
            return nw.from_native(native.with_columns(_polars_decimal(name, places) for name in columns))
        if self.name == "duckdb":
            told = ", ".join(f'{_duckdb_decimal(name, places, most)} AS "{name}"' for name in columns)
            return nw.from_native(native.select(f"* REPLACE ({told})"))
        if self.name == "spark":
            return nw.from_native(_spark_decimals(native, columns, places, most))
        for name in columns:
            native = native.set_column(native.column_names.index(name), name, _arrow_decimal(native[name], places))
        return nw.from_native(native)

    def floats(self, frame: Any, columns: Sequence[str], divisor: str | None) -> Any:
        """Return the frame with whole numbers divided by a column; decimals, through their text, if it is None.

        A double of a decimal's text is the nearest one in every engine; a cast of the decimal is not in some.
        """
        if divisor is None:
            return frame.with_columns(*(nw.col(name).cast(nw.String).cast(nw.Float64) for name in columns))
        return frame.with_columns(*(nw.col(name).cast(nw.Float64) / nw.col(divisor) for name in columns))

    def rows(self, frame: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a small result.

        Raises PriceDataError where the engine cannot read the table.
        """
        native = frame.to_native()
        try:
            if self.name == "polars":
                return list(native.collect().iter_rows())
            if self.name == "duckdb":
                return list(native.fetchall())
            if self.name == "spark":
                return [tuple(row) for row in native.collect()]
            return list(zip(*(column.to_pylist() for column in native.columns), strict=True))
        except engine_errors() as error:
            raise unreadable(error) from error


def in_duckdb(relation: Any, llmcost_arrow_table: Any, what: str = "*") -> Any:  # noqa: ARG001 - found by its name
    """Return an Arrow table, which DuckDB finds by the name of its variable, as a relation of the same connection."""
    try:
        return relation.query("llmcost_calls", f"SELECT {what} FROM llmcost_arrow_table")
    except engine_errors() as error:
        raise unreadable(error) from error


def _duckdb_nanoseconds(relation: Any) -> list[str]:
    """Return the columns of nanoseconds with a zone, a type that narwhals does not know."""
    return [name for name, kind in zip(relation.columns, relation.types, strict=True) if str(kind) == "TIMESTAMPTZ_NS"]


def _duckdb_text(name: str, column: str) -> str:
    text = f"CAST({_quoted(column)} AS VARCHAR)"
    # A collation of the column or of the connection would take other letters for the same.
    return f"""{f"COALESCE({text}, '')" if name in KEYS else text} COLLATE "binary\""""


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


# Each part of a table that is looked up by value makes a table of hashes of its own.
_LOOKED_UP = 20_000


def _polars_join(left: Any, right: Any, on: Mapping[str, str]) -> Any:
    """Return rows in their order, with what is found for them."""
    import polars as pl

    if len(on) > 1 or right.height > _LOOKED_UP:
        found = right.lazy()
        return left.join(found, left_on=list(on), right_on=list(on.values()), how="left", maintain_order="left")
    # A join that keeps the order goes row by row and copies all columns; to look up a value does neither.
    ((mine, theirs),) = on.items()
    told = right.drop(theirs).to_struct("llmcost_found")
    found = pl.col(mine).replace_strict(right[theirs], told, default=None, return_dtype=told.dtype)
    return left.with_columns(found.alias("llmcost_found")).unnest("llmcost_found")


def _polars_decimal(name: str, places: int) -> Any:
    from decimal import Decimal

    import polars as pl

    # A factor of exactly one unit of the scale: the product of its digits is the whole number itself.
    unit = pl.lit(Decimal((0, (1,), -places)), dtype=pl.Decimal(38, places))
    return pl.col(name).cast(pl.Decimal(38, 0)) * unit


def _duckdb_decimal(name: str, places: int, most: int) -> str:
    """Return an expression; ``most`` is the greatest number of the column."""
    if not places:
        return f'CAST("{name}" AS DECIMAL(38, 0))'
    if most < 10 ** (38 - places):
        return f'CAST("{name}" AS DECIMAL({38 - places}, 0)) * {_duckdb_unit(places)}'
    # The product of two decimals has the digits of both: dollars, and two halves of the places, are put together.
    low = places // 2
    dollars = f'CAST(CAST("{name}" AS HUGEINT) // {_duckdb_power(places)} AS DECIMAL(38, {places}))'
    rest = f'(CAST("{name}" AS HUGEINT) % {_duckdb_power(places)})'
    high = f"CAST({rest} // {_duckdb_power(low)} AS DECIMAL({places - low}, 0)) * {_duckdb_unit(places - low)}"
    least = f"CAST({rest} % {_duckdb_power(low)} AS DECIMAL({max(low, 1)}, 0)) * {_duckdb_unit(places)}"
    return f"CAST({dollars} + {high} + {least} AS DECIMAL(38, {places}))"


def _duckdb_unit(places: int) -> str:
    return f"CAST('0.{1:0{places}d}' AS DECIMAL({places}, {places}))"


def _duckdb_power(places: int) -> str:
    return f"CAST('{10**places}' AS HUGEINT)"


def _arrow_decimal(column: Any, places: int) -> Any:
    import pyarrow as pa

    kind = pa.decimal128(38, places)
    chunks = [chunk.cast(pa.decimal128(19, 0)) for chunk in column.chunks]
    # The digits stay; the type says where the point is.
    moved = [pa.Array.from_buffers(kind, len(chunk), chunk.buffers(), offset=chunk.offset) for chunk in chunks]
    return pa.chunked_array(moved, kind)


def _spark_microseconds(native: Any, column: str) -> Any:
    """Return microseconds since 1970; Spark reads a time without a zone in that of its session."""
    from pyspark.sql.functions import col, expr, unix_date, unix_micros

    kind = native.schema[column].dataType.typeName()
    if kind == "date":
        return unix_date(col(column)).cast("bigint") * 86_400_000_000
    if kind == "timestamp_ntz":
        name = column.replace("`", "``")
        return expr(f"timestampdiff(MICROSECOND, TIMESTAMP_NTZ '1970-01-01 00:00:00', `{name}`)")
    return unix_micros(col(column))


def _spark_decimals(native: Any, columns: Sequence[str], places: int, most: int) -> Any:
    from pyspark.sql.functions import col, lit

    if most >= 10 ** (37 - places):
        raise PriceDataError(
            f"Spark's decimals have no room for {places} places and costs up to {most // 10**places:,} USD: use "
            "money='units', with cost_unit beside it"
        )
    for name in columns:
        # Spark keeps the scale of a product only while both precisions together stay below 38.
        unit = lit(f"0.{1:0{places}d}").cast(f"decimal({places},{places})") if places else lit(1)
        native = native.withColumn(name, col(name).cast(f"decimal({37 - places},0)") * unit)
    return native


def _spark_table(native: Any, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]) -> Any:
    from decimal import Decimal

    from pyspark.sql.types import DecimalType, DoubleType, LongType, StringType, StructField, StructType

    kinds = {"text": StringType(), "int": LongType(), "wide": DecimalType(38, 0), "float": DoubleType()}
    schema = StructType([StructField(name, kinds[types[name]]) for name in columns])
    wide = [name for name in columns if types[name] == "wide"]
    values = {name: [Decimal(v) if v is not None else None for v in columns[name]] for name in wide}
    rows = list(zip(*(values.get(name, columns[name]) for name in columns), strict=True))
    return nw.from_native(native.sparkSession.createDataFrame(rows, schema))
