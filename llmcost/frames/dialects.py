"""Dialects of SQL: what differs between the databases that a rate sheet is written for."""

from __future__ import annotations

from typing import NamedTuple


class Dialect(NamedTuple):
    """What differs between databases.

    Attributes:
        text, integer, wide: the types of columns; ``wide`` holds 38 digits.
        quote: the marks around a name.
        microseconds: a time as microseconds since 1970, with {} for its column; None where a column of time has to hold
            them already.
        mod: the remainder, with {} for both numbers.
        seconds: a time as seconds since 1970, with {} for its column, where its microseconds may not fit into a number.
    """

    text: str = "VARCHAR(400)"
    integer: str = "BIGINT"
    wide: str = "DECIMAL(38, 0)"
    quote: str = '""'
    microseconds: str | None = None
    mod: str = "MOD({}, {})"
    seconds: str | None = None


DIALECTS = {
    "bigquery": Dialect("STRING", "INT64", "BIGNUMERIC", "``", "UNIX_MICROS({})"),
    "snowflake": Dialect(wide="NUMBER(38, 0)", microseconds="DATE_PART(EPOCH_MICROSECOND, {})"),
    "databricks": Dialect("STRING", quote="``", microseconds="UNIX_MICROS({})"),
    "redshift": Dialect(microseconds="CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)"),
    "clickhouse": Dialect(
        "Nullable(String)", "Nullable(Int64)", "Nullable(Int128)", "``", "toUnixTimestamp64Micro({})"
    ),
    "postgres": Dialect(
        "TEXT",
        wide="NUMERIC",
        microseconds="CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)",
        # It has times without an end.
        seconds="EXTRACT(EPOCH FROM {})",
    ),
    "duckdb": Dialect(wide="HUGEINT", microseconds="EPOCH_US({})"),
    "trino": Dialect(microseconds="CAST(TO_UNIXTIME({}) * 1000000 AS BIGINT)"),
    "sqlite": Dialect("TEXT", "INTEGER", "INTEGER", mod="({} % {})"),
    "polars": Dialect("TEXT", mod="({} % {})"),
}
