"""The new columns of a priced table: money in the form that is wanted, and what is said of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..errors import PriceDataError
from . import pricing
from .asking import CALL
from .width import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .engines import Engine
    from .reading_rows import Rows
    from .sheet import Sheet
    from .width import Rates

_TEXTS = ("unpriced", "matched_as", "basis")


def finished(
    engine: Engine, rows: Rows, coded: Any, sheet: Sheet, rates: Rates, money: str, wanted: Sequence[str]
) -> Any:
    """Return the rows with the columns that are wanted, those of our own dropped."""
    own = [
        name for name in rows.frame.collect_schema().names() if not name.startswith("llmcost_") or name == "llmcost_row"
    ]
    costs = [name for name in wanted if name.partition("_")[0] == "cost" and name != "cost_unit"]
    columns = dict(rates.columns) if costs else {}
    types = dict(rates.types) if costs else {}
    for name in ("status", *_TEXTS, "note_id"):
        if name in wanted:
            columns[name], types[name] = sheet.rates[name], "int" if name == "note_id" else "text"
    if "status" not in wanted and not costs:
        columns["status"], types["status"] = sheet.rates["status"], "text"
    frame = pricing.joined(engine, coded, sheet, columns, types)
    frame = frame.with_columns(*_said(rows, wanted))
    if not costs:
        return frame.select(*own, *wanted)
    frame = frame.with_columns(*(_units(engine, rows, rates, name).alias(name) for name in costs))
    unit = [nw.lit(rates.unit).alias("cost_unit")] if "cost_unit" in wanted else []
    divisor = [f"llmcost_r_{UNIT}"] if rates.unit is None else []
    frame = frame.select(*own, *(name for name in wanted if name != "cost_unit"), *unit, *divisor)
    if money == "units":
        return frame
    if rates.unit is None:
        return engine.floats(frame, costs, divisor[0]).drop(*divisor)
    places = len(str(rates.unit)) - 1
    if 10**places != rates.unit or places > 37:
        raise PriceDataError(
            f"a rate of this table is no decimal with less than 38 places (1 USD = {rates.unit:,} units): "
            "use money='units'"
        )
    frame = engine.decimals(frame, costs, places, rates.most)
    return engine.floats(frame, costs, None) if money == "float" else frame


def _units(engine: Engine, rows: Rows, rates: Rates, name: str) -> Any:
    """Return a cost, or one side of it, as a whole number of units."""
    side = name.partition("_")[2]
    total: Any = None
    for share, pairs in rates.parts.items():
        if side and share != side:
            continue
        for source, column in pairs:
            amount = nw.col(f"llmcost_r_{column}")
            if source != CALL:
                quantity = pricing.quantity(rows, source)
                amount = (engine.wide(quantity) if rates.wide else quantity) * amount
            total = amount if total is None else total + amount
    if total is None:
        # No row has anything on this side: 0 where the row has a cost.
        any_rate = next((column for pairs in rates.parts.values() for _, column in pairs), None)
        total = nw.col(f"llmcost_r_{any_rate}") * 0 if any_rate is not None else nw.lit(None, nw.Int64)
    kept_from_it = pricing.has_no_cost(rows)
    return total if kept_from_it is None else nw.when(~kept_from_it).then(total)


def _said(rows: Rows, wanted: Sequence[str]) -> list[Any]:
    """Return what is said of a row: its status, and by its kind of call the rest."""
    found = []
    lost = pricing.has_no_cost(rows)
    if "status" in wanted:
        found.append(pricing.status(rows).alias("status"))
    for name in _TEXTS:
        if name in wanted:
            told = nw.col(f"llmcost_r_{name}")
            found.append((told if lost is None else nw.when(~lost).then(told)).alias(name))
    if "note_id" in wanted:
        note = nw.coalesce(nw.col("llmcost_n_note_id"), nw.col("llmcost_r_note_id"))
        found.append((note if lost is None else nw.when(~lost).then(note)).alias("note_id"))
    return found
