"""Totals of a priced table: exact, with the counts of what became of its rows, and whether they are lower bounds."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from ..core.signatures import as_signed
from ..core.statement import REPORTED
from ..core.statuses import CACHED, FREE, PRICED, ROW_STATUSES, STATUSES
from ..errors import ArgumentError, PriceDataError, shown
from ..errors.foreign_values import is_one_of
from .opening import names_of, narwhals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .engines import Engine

# A row of one of these costs what it costs; with any other in it, a total is a lower bound.
WHOLE = frozenset({PRICED, FREE, CACHED, REPORTED})
_WORDS = (*STATUSES, *ROW_STATUSES)


@as_signed
def summarize_table(priced: Any, by: str | Sequence[str] = "model") -> Any:
    """Return the totals of a priced table, a row for each model: the same kind of frame.

    Columns: those of ``by``, ``rows``, ``cost`` (and ``cost_unit``, if the table has it), ``lower_bound``, and for each
    status that occurs the number of its rows. A total is a lower bound where a row is not priced, or is one itself.

    >>> import polars as pl
    >>> calls = pl.DataFrame({"model": ["gpt-4o", "gpt-4o", "gpt-5o"], "input": [1000, 500, 7], "output": [0, 0, 0]})
    >>> import llmcost
    >>> summarize_table(llmcost.price_table(calls, money="float")).sort("model").select("model", "rows", "cost").rows()
    [('gpt-4o', 2, 0.00375), ('gpt-5o', 1, 0.0)]

    Args:
        priced: what ``price_table`` returned, with its columns ``cost`` and ``status``.
        by: the column or columns whose values have a row each.

    Raises:
        PriceDataError: the table is not priced, or a sum would not be exact.
        ArgumentError: ``by`` is no column and no list of columns.
    """
    nw = narwhals()
    from .handing import opened

    names = names_of(priced)
    keys = _keys(by, names)
    unit = ["cost_unit"] if "cost_unit" in names else []
    engine, back = opened(priced, [*keys, "cost", "status", *unit], whole=True)
    frame = engine.frame
    words = _statuses(engine, frame)
    kind = frame.collect_schema()["cost"]
    if not kind.is_numeric():
        raise PriceDataError(f"column 'cost' is of type {kind}; a cost is a number")
    if unit:
        _check_unit(engine, frame, nw)
    taken = [name for name in keys if name in {"rows", "cost", "cost_unit", "lower_bound", *words}]
    if taken:
        raise PriceDataError(f"by={taken[0]!r}: the totals have a column of that name; rename the table's")
    cost = nw.col("cost")
    if kind.is_integer() and engine.has_128_bits:
        cost = engine.wide(cost)
    if kind.is_float():
        _check_finite(engine, frame, nw)
    else:
        _check_sum(engine, frame, nw, bits=127 if engine.has_128_bits else 63)
    told = [(nw.col("status") == word).cast(nw.Int64).sum().alias(str(word)) for word in words]
    found = (
        frame.with_columns(cost.alias("cost"))
        .group_by(*keys)
        .agg(
            nw.len().cast(nw.Int64).alias("rows"),
            nw.col("cost").sum().alias("cost"),
            *(nw.col(name).max().alias(name) for name in unit),
            (~nw.col("status").is_in(sorted(WHOLE))).max().alias("lower_bound"),
            *told,
        )
    )
    columns = [*keys, "rows", "cost", *unit, "lower_bound", *map(str, words)]
    return back(found.select(*columns), columns)


def _keys(by: str | Collection[str], names: list[str]) -> list[Any]:
    """Return the columns whose values have a row each; raise an error if a table lacks one, or is not priced."""
    if not issubclass(type(by), (str, Collection)):
        raise ArgumentError(f"by={shown(by)}: it is a column, or a list of columns")
    keys = _there([by] if isinstance(by, str) else by, names)
    _there(("cost", "status"), names)
    return keys


def _there(given: Iterable[object], names: list[str]) -> list[Any]:
    """Return names of columns, each once; raise PriceDataError for the first that the table has not."""
    found: list[Any] = []
    # One by one: a list of other things may have no end.
    for one in given:
        name = str.__str__(one) if issubclass(type(one), str) else one
        # Columns of pandas may be numbers. A foreign object may equal every name, or raise.
        if not is_one_of(type(name), (str, int)) or name not in names:
            raise PriceDataError(
                f"the table has no column {shown(name)}: price it with price_table(), keep=('cost', 'status')"
            )
        if name not in found:
            found.append(name)
    return found


def _statuses(engine: Engine, frame: Any) -> list[str]:
    """Return the statuses of a priced table, in the order in which they are listed; raise PriceDataError for others."""
    found = {row[0] for row in engine.rows(frame.select("status").unique())}
    odd = [word for word in found if word not in _WORDS]
    if odd:
        raise PriceDataError(f"column 'status' holds {shown(odd[0])}, which is no status of a priced table")
    return sorted(found, key=_WORDS.index)


def _check_unit(engine: Engine, frame: Any, nw: Any) -> None:
    unit = nw.col("cost_unit")
    ((least, most),) = engine.rows(frame.select(unit.min().alias("least"), unit.max().alias("most")))
    if least != most:
        raise PriceDataError(
            f"column 'cost_unit' holds {least:,} and {most:,}: sum the rows of each unit by themselves"
        )


def _check_finite(engine: Engine, frame: Any, nw: Any) -> None:
    """Raise PriceDataError if a cost is no number: one of them makes the sum of all none."""
    ((odd,),) = engine.rows(frame.select((~nw.col("cost").is_finite()).cast(nw.Int64).sum().alias("odd")))
    if odd:
        raise PriceDataError(
            f"column 'cost' holds {odd:,} values that are NaN or infinite: a row without a cost has null there"
        )


def _check_sum(engine: Any, frame: Any, nw: Any, *, bits: int) -> None:
    """Raise PriceDataError if the sum of all costs might not fit: engines go on from the other end, in silence."""
    cost = nw.col("cost")
    rows, most, least = engine.rows(frame.select(nw.len(), cost.max().alias("most"), cost.min().alias("least")))[0]
    greatest = max(abs(most or 0), abs(least or 0))
    scale = getattr(frame.collect_schema()["cost"], "scale", 0) or 0
    if rows * greatest * 10**scale >= min(1 << bits, 10**38):
        raise PriceDataError(
            f"the sum of {rows:,} costs of up to {greatest:,} may not fit into {bits + 1} bits: sum parts of the table"
        )
