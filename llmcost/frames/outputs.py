"""The new columns of a priced table: money in the form that is wanted, and what is said of a row."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import narwhals as nw

from ..errors import PriceDataError
from . import pricing
from .asking import CALL
from .width import UNIT, rates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .engines import Engine
    from .pricing import Coded
    from .reading_rows import Rows
    from .sheet import Sheet
    from .width import Rates

_MOST_PLACES = 37
_TEXTS = ("unpriced", "matched_as", "basis")


def finished(engine: Engine, rows: Rows, coded: Coded, sheet: Sheet, money: str, wanted: Sequence[str]) -> Any:
    """Return the rows with the columns that are wanted, those of our own dropped."""
    rates = rates_of(sheet, rows, engine, money, lambda: pricing.most_by_kind(engine, rows, coded()))
    costs = [name for name in wanted if name.partition("_")[0] == "cost" and name != "cost_unit"]
    frame = with_rates(engine, coded, sheet, rates if costs else None, wanted)
    told = said(rows, sheet, wanted)
    told |= {name: units(engine, rows, rates, name.partition("_")[2]).alias(name) for name in costs}
    if money == "units" and costs:
        told["cost_unit"] = _unit(engine, rates)
    # In one step: each one is a whole query to DuckDB.
    frame = frame.select(*rows.own, *(told[name] for name in wanted), *(divisor(rates) if costs else ()))
    return in_money(engine, frame, costs, rates, money) if costs and money != "units" else frame


def with_rates(engine: Engine, coded: Coded, sheet: Sheet, rates: Rates | None, wanted: Sequence[str]) -> Any:
    """Return the rows with the rates of their kinds of call, and with what the sheet says of these."""
    columns = dict(rates.columns) if rates is not None else {}
    types = dict(rates.types) if rates is not None else {}
    for name in ("status", *_TEXTS, "note_id"):
        if name in wanted:
            columns[name], types[name] = sheet.rates[name], "int" if name == "note_id" else "text"
    return pricing.joined(engine, coded, sheet, columns, types)


def divisor(rates: Rates) -> list[str]:
    """Return the column by which units are divided, where each kind of call has its own."""
    return [f"llmcost_r_{UNIT}"] if rates.unit is None else []


def in_money(engine: Engine, frame: Any, costs: Sequence[str], rates: Rates, money: str) -> Any:
    """Return the rows with columns of units in the form of money that is wanted."""
    if money == "units":
        return frame.with_columns(_unit(engine, rates))
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


def _unit(engine: Engine, rates: Rates) -> Any:
    return engine.whole(rates.unit or 1).alias("cost_unit")


def units(engine: Engine, rows: Rows, rates: Rates, share: str) -> Any:
    """Return a cost, or one share of it, as a whole number of units; all of it for ""."""

    def amount(source: str, column: str) -> Any:
        rate = nw.col(f"llmcost_r_{column}")
        if source == CALL:
            return rate
        quantity = pricing.quantity(rows, source)
        return (
            engine.wide(quantity) if rates.wide else quantity.cast(nw.Float64) if rates.doubles else quantity
        ) * rate

    # The whole is the sum of its shares, so that an engine multiplies once where both are wanted.
    shares = [
        reduce(add, [amount(*pair) for pair in pairs]) for name, pairs in rates.parts.items() if share in {"", name}
    ]
    # Where no row has anything on this side: 0 where the row has a cost.
    total = reduce(add, shares) if shares else nw.col(f"llmcost_r_{next(iter(rates.parts.values()))[0][1]}") * 0
    total = total.cast(nw.Int64) if rates.doubles else total
    kept_from_it = pricing.has_no_cost(rows)
    return total if kept_from_it is None else nw.when(~kept_from_it).then(total)


def said(rows: Rows, sheet: Sheet, wanted: Sequence[str]) -> dict[str, Any]:
    """Return what is said of a row: its status, and by its kind of call the rest."""
    found = {}
    lost = pricing.has_no_cost(rows)
    if "status" in wanted:
        found["status"] = pricing.status(rows, sheet).alias("status")
    for name in (*_TEXTS, "note_id"):
        if name in wanted:
            told = pricing.told(sheet, name)
            found[name] = (told if lost is None else nw.when(~lost).then(told)).alias(name)
    return found
