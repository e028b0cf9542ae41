"""The new columns of a priced table: money in the form that is wanted, and what is said of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..errors import PriceDataError
from . import pricing
from .asking import CALL
from .width import UNIT, rates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .engines import Engine
    from .reading_rows import Rows
    from .sheet import Sheet
    from .width import Rates

_MOST_PLACES = 37
_TEXTS = ("unpriced", "matched_as", "basis")


def finished(engine: Engine, rows: Rows, coded: Any, sheet: Sheet, money: str, wanted: Sequence[str]) -> Any:
    """Return the rows with the columns that are wanted, those of our own dropped."""
    rates = rates_of(sheet, rows, engine, money, lambda: pricing.most_by_kind(engine, rows, coded))
    costs = [name for name in wanted if name.partition("_")[0] == "cost" and name != "cost_unit"]
    frame = with_rates(engine, rows, coded, sheet, rates if costs else None, wanted)
    own = own_columns(rows)
    if not costs:
        return frame.select(*own, *wanted)
    frame = frame.with_columns(*(units(engine, rows, rates, name.partition("_")[2]).alias(name) for name in costs))
    frame = frame.select(*own, *(name for name in wanted if name != "cost_unit"), *divisor(rates))
    return in_money(engine, frame, costs, rates, money)


def own_columns(rows: Rows) -> list[str]:
    """Return the columns of the table itself, and the number of its rows where it has one."""
    names = rows.frame.collect_schema().names()
    return [name for name in names if not name.startswith("llmcost_") or name == "llmcost_row"]


def with_rates(engine: Engine, rows: Rows, coded: Any, sheet: Sheet, rates: Rates | None, wanted: Sequence[str]) -> Any:
    """Return the rows with the rates of their kinds of call, and with what is said of them."""
    columns = dict(rates.columns) if rates is not None else {}
    types = dict(rates.types) if rates is not None else {}
    for name in ("status", *_TEXTS, "note_id"):
        if name in wanted:
            columns[name], types[name] = sheet.rates[name], "int" if name == "note_id" else "text"
    frame = pricing.joined(engine, coded, sheet, columns, types)
    said = _said(rows, wanted)
    return frame.with_columns(*said) if said else frame


def divisor(rates: Rates) -> list[str]:
    """Return the column by which units are divided, where each kind of call has its own."""
    return [f"llmcost_r_{UNIT}"] if rates.unit is None else []


def in_money(engine: Engine, frame: Any, costs: Sequence[str], rates: Rates, money: str) -> Any:
    """Return the rows with columns of units in the form of money that is wanted."""
    if money == "units":
        return frame.with_columns(engine.whole(rates.unit or 1).alias("cost_unit"))
    if rates.unit is None:
        return engine.floats(frame, costs, *divisor(rates)).drop(*divisor(rates))
    places = len(str(rates.unit)) - 1
    if 10**places != rates.unit or places > _MOST_PLACES:
        raise PriceDataError(
            f"a rate of this table is no decimal with less than 38 places (1 USD = {rates.unit:,} units): "
            "use money='units'"
        )
    frame = engine.decimals(frame, costs, places, rates.most)
    return engine.floats(frame, costs, None) if money == "float" else frame


def units(engine: Engine, rows: Rows, rates: Rates, share: str) -> Any:
    """Return a cost, or one share of it, as a whole number of units; all of it for ""."""
    total: Any = None
    for name, pairs in rates.parts.items():
        if share and name != share:
            continue
        for source, column in pairs:
            amount = nw.col(f"llmcost_r_{column}")
            if source != CALL:
                quantity = pricing.quantity(rows, source)
                amount = (engine.wide(quantity) if rates.wide else quantity) * amount
            total = amount if total is None else total + amount
    if total is None:
        # No row has anything on this side: 0 where the row has a cost.
        total = nw.col(f"llmcost_r_{next(iter(rates.parts.values()))[0][1]}") * 0
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
