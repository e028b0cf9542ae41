"""Lines: a row for each line of the bill of each call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from . import outputs, pricing
from .asking import CALL
from .handing import ROW
from .sheet import MILLION, place_of
from .width import rates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .engines import Engine
    from .pricing import Coded
    from .reading_rows import Rows
    from .sheet import Sheet
    from .width import Rates


def finished(engine: Engine, rows: Rows, coded: Coded, sheet: Sheet, money: str, wanted: Sequence[str]) -> Any:
    """Return the lines of the rows that cost something, and once each row without one."""
    rates = rates_of(sheet, rows, engine, money, lambda: pricing.most_by_kind(engine, rows, coded()), _line)
    frame = outputs.with_rates(engine, coded, sheet, rates, wanted)
    amounts = {line: f"llmcost_a_{line}" for line in rates.parts}
    frame = frame.with_columns(
        *(outputs.units(engine, rows, rates, line).alias(name) for line, name in amounts.items()),
        *outputs.said(rows, sheet, wanted).values(),
    )
    # Rows with a number get their own columns when they are given back.
    own = [ROW] if ROW in rows.own else rows.own
    wanted_too = [name for name in wanted if name not in {"meter", "quantity", "amount", "cost_unit"}]

    def part(which: Any, meter: Any, quantity: Any, amount: str) -> Any:
        told = meter.alias("meter"), quantity.alias("quantity"), nw.col(amount).alias("amount")
        return frame.filter(which).select(*own, *told, *wanted_too, *outputs.divisor(rates))

    parts = [
        part(nw.col(name) != 0, nw.lit(line), _quantity(rows, rates, line), name) for line, name in amounts.items()
    ]
    nothing = nw.all_horizontal(
        *((nw.col(name) == 0).fill_null(value=True) for name in amounts.values()), ignore_nulls=False
    )
    kind = nw.Float64 if rows.fine else nw.Int64
    parts.append(part(nothing, nw.lit(None, nw.String), nw.lit(None, kind), next(iter(amounts.values()))))
    return outputs.in_money(engine, nw.concat(parts), ["amount"], rates, money)


def _line(column: str) -> str:
    return place_of(column)[1]


def _quantity(rows: Rows, rates: Rates, line: str) -> Any:
    """Return how many units a line counts; 1 for what the call itself costs."""
    total: Any = None
    for source, column in rates.parts[line]:
        billed = nw.col(f"llmcost_r_{column}") != 0
        units = nw.lit(1, nw.Int64) if source == CALL else pricing.quantity(rows, source)
        if rows.fine:
            units = units.cast(nw.Float64)
        if source in rows.fine:
            # By a column: see the rows.
            units = units / (units * 0 + MILLION)
        one = (
            nw.when(billed)
            .then(units)
            .otherwise(nw.lit(0, nw.Int64).cast(nw.Float64) if rows.fine else nw.lit(0, nw.Int64))
        )
        total = one if total is None else total + one
    return total
