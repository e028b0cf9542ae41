"""The same as SQL: two small tables and one view, in plain words that every warehouse knows.

LEFT JOIN on equal values, CASE, +, *, MOD and COALESCE. There is no division, since engines differ in what it returns,
and no literal with an exponent. The view gives whole units; how many are 1 USD stands beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.counts import MOST
from ..core.statuses import NO_COST
from ..errors import PriceDataError, shown
from .checking import TEXTS
from .columns import columns_of
from .dialects import DIALECTS, is_text
from .packing import INT_64
from .stated import KEYS
from .view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .dialects import Dialect
    from .sheet import Sheet


def tables(sheet: Sheet, dialect: str) -> str:
    """Return the statements that create the two tables of a sheet and fill them, each ended by a semicolon.

    A name that no text of a database holds has no row: none of its calls can have it.
    """
    speaks = _dialect(dialect)
    wide = _is_wide(sheet)
    found = []
    for name, columns in (("names", sheet.names), ("rates", _rates(sheet))):
        kinds = [
            speaks.text if column in TEXTS else speaks.wide if wide and column.startswith("rate_") else speaks.integer
            for column in columns
        ]
        told = ", ".join(f"{column} {kind}" for column, kind in zip(columns, kinds, strict=True))
        engine = " ENGINE = MergeTree ORDER BY tuple()" if dialect == "clickhouse" else ""
        found.append(f"CREATE TABLE llmcost_{name} ({told}){engine};")
        rows = [row for row in zip(*columns.values(), strict=True) if all(map(is_text, row))]
        for start in range(0, len(rows), _ROWS):
            values = ",\n".join(f"({', '.join(map(speaks.literal, row))})" for row in rows[start : start + _ROWS])
            found.append(f"INSERT INTO llmcost_{name} VALUES\n{values};")
    return "\n".join(found)


# Rows of one INSERT.
_ROWS = 500


def query(
    sheet: Sheet,
    table: str,
    dialect: str,
    columns: str | Mapping[str, str] = "meters",
    names: list[str] | None = None,
) -> str:
    """Return a SELECT over a table of calls: its columns, ``cost_units`` and its sides, ``cost_unit``, what is said.

    The whole numbers of SQLite and Polars SQL have 64 bits and are others beyond: a row whose counts may lead there is
    an ``error``.

    Args:
        sheet: the rates; ``tables`` writes them.
        table: the table of calls, as SQL names it.
        columns: what its columns say, as for ``price_table``; layouts are for frames alone.
        names: the columns of the table; those that the sheet has meters and facts for, if they are not given.

    Raises PriceDataError for a dialect that nobody knows, a column that is missing, or rates too great for 64 bits.
    """
    speaks = _dialect(dialect)
    most = MOST
    if speaks.wraps:
        most = min(MOST, (INT_64 - 1) // _greatest(sheet))
        if most < _FEWEST:
            raise PriceDataError(
                f"dialect {dialect!r} has no whole numbers beyond 64 bits, and the rates of this sheet need more"
            )
    there = names or ["model", *(key for key in KEYS[1:] if any(sheet.names[key])), *sheet.facts, *sheet.meters]
    found = columns_of(columns, there)
    if found.layout is not None:
        raise PriceDataError(f"columns={shown(columns)}: SQL takes 'meters' or a mapping")
    lacking = [name for name in (*found.counters, *found.stated) if name not in {*sheet.meters, *sheet.facts, *KEYS}]
    if lacking:
        raise PriceDataError(f"the sheet was made without {lacking[0]}")
    view = View(sheet, found, speaks, most)
    return view.text(table)


def _dialect(name: str) -> Dialect:
    if name not in DIALECTS:
        raise PriceDataError(f"dialect {shown(name)}: it is one of {', '.join(DIALECTS)}")
    return DIALECTS[name]


# A sheet that leaves room for fewer units in a row is of no use.
_FEWEST = 1_000_000


def _is_wide(sheet: Sheet) -> bool:
    # As many as can be of every counter have to fit.
    return MOST * _greatest(sheet) >= INT_64


def _greatest(sheet: Sheet) -> int:
    """Return the greatest sum of the rates of one kind of call."""
    rates = [sheet.rates[name] for name in sheet.columns]
    return max((sum(abs(rate or 0) for rate in kind) for kind in zip(*rates, strict=True)), default=1) or 1


def _rates(sheet: Sheet) -> dict[str, list[Any]]:
    """Return the table of rates; kinds of call without a cost have no rates."""
    free = [status in NO_COST for status in sheet.rates["status"]]
    return {
        name: [None if none and name.startswith("rate_") else value for none, value in zip(free, values, strict=True)]
        for name, values in sheet.rates.items()
    }
