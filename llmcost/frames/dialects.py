"""Dialects of SQL: what differs between the databases that a rate sheet is written for."""

from __future__ import annotations

from typing import NamedTuple

# Letters of the longest text.
_LONGEST = 4000


class Dialect(NamedTuple):
    """What differs between databases.

    Attributes:
        text, integer, wide: the types of columns; ``wide`` holds 38 digits.
        quote: the marks around a name.
        microseconds: a time as microseconds since 1970, with {} for its column; None where a column of time has to hold
            them already.
        mod: the remainder, with {} for both numbers.
        seconds: a time as seconds since 1970, with {} for its column, where its microseconds may not fit into a number.
        backslash: whether a backslash in a text spells out the letter after it.
        booleans: whether there are any; else they are 0 and 1.
        wraps: whether a number beyond 64 bits turns into another one, in silence.
    """

    text: str = f"VARCHAR({_LONGEST})"
    integer: str = "BIGINT"
    wide: str = "DECIMAL(38, 0)"
    quote: str = '""'
    microseconds: str | None = None
    mod: str = "MOD({}, {})"
    seconds: str | None = None
    backslash: bool = False
    booleans: bool = True
    wraps: bool = False

    def literal(self, value: str | int | None) -> str:
        """Return a value as SQL writes it.

        >>> print(DIALECTS["duckdb"].literal("it's"), DIALECTS["trino"].literal(None))
        'it''s' NULL
        """
        if value is None:
            return "NULL"
        if isinstance(value, int):
            return str(value)
        if not self.backslash:
            return "'" + value.replace("'", "''") + "'"
        return "'" + "".join(_SPELLED.get(letter, letter) for letter in value) + "'"

    def name(self, column: str) -> str:
        """Return the name of a column as SQL writes it."""
        return self.quote[0] + column.replace(self.quote[1], self.quote[1] * 2) + self.quote[1]


_SPELLED = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r"}


def is_text(value: object) -> bool:
    """Return whether a value can stand in a script: half of a surrogate pair and a NUL are in no database's text."""
    if not isinstance(value, str):
        return True
    return len(value) <= _LONGEST and not any(one == "\0" or "\ud800" <= one <= "\udfff" for one in value)


DIALECTS = {
    "bigquery": Dialect("STRING", "INT64", "BIGNUMERIC", "``", "UNIX_MICROS({})", backslash=True),
    "snowflake": Dialect(wide="NUMBER(38, 0)", microseconds="DATE_PART(EPOCH_MICROSECOND, {})", backslash=True),
    "databricks": Dialect("STRING", quote="``", microseconds="UNIX_MICROS({})", backslash=True),
    "redshift": Dialect(microseconds="CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)", backslash=True),
    "clickhouse": Dialect(
        "Nullable(String)", "Nullable(Int64)", "Nullable(Int128)", "``", "toUnixTimestamp64Micro({})", backslash=True
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
    "sqlite": Dialect("TEXT", "INTEGER", "INTEGER", mod="({} % {})", booleans=False, wraps=True),
    "polars": Dialect("TEXT", mod="({} % {})", wraps=True),
}
