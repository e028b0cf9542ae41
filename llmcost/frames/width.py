"""Width: how great a cost can be in the table at hand, and which numbers hold it. It is proved before anything runs.

Engines that multiply past the end of a 64-bit number go on from the other end, and say nothing.
"""

from __future__ import annotations

from math import gcd
from operator import add, floordiv
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.statuses import NO_COST
from ..errors import PriceDataError
from .asking import CALL
from .packing import INT_64
from .sheet import MILLION, side
from .values import EXACT

if TYPE_CHECKING:
    from collections.abc import Callable

    from .engines import Engine
    from .reading_rows import Rows
    from .sheet import Sheet

# Numbers below it have 38 decimal digits at most, and fit into 128 bits.
DIGITS_38 = 10**38
UNIT = "llmcost_unit"


class Rates(NamedTuple):
    """The rates by which a table is multiplied.

    Attributes:
        columns: the columns to join, ``status`` excepted; a kind of call without a cost has none.
        types: the type of each.
        parts: side or line -> its (counter, column) pairs.
        unit: how many units are 1 USD; None where each kind of call has its own, in the column ``llmcost_unit``.
        most: no cost of a row has more units, nor has any of its parts.
        doubles: whether the rates are doubles: every cost, every part of one, and every rate is a whole number that a
            double holds.
    """

    columns: dict[str, list[Any]]
    types: dict[str, str]
    parts: dict[str, list[tuple[str, str]]]
    unit: int | None
    most: int
    doubles: bool = False

    @property
    def wide(self) -> bool:
        """Whether 64 bits are too few."""
        return self.most >= INT_64


def rates_of(
    sheet: Sheet,
    rows: Rows,
    engine: Engine,
    money: str,
    by_kind: Callable[[], dict[int, dict[str, int]]],
    part: Callable[[str], str] = side,
) -> Rates:
    """Return the rates of a sheet in the units of a table.

    Args:
        by_kind: returns the greatest counts by the code of the kind of call; asked where those of the table are too
            great.
        part: column of rates -> the part of the cost that it adds to.

    Raises PriceDataError if a cost may have more than 38 digits, or more than the engine's numbers hold.
    """
    merged, scale = _merged(sheet, rows, part)
    unit = sheet.unit * scale
    units = _own_units(merged, unit) if money == "float" else []
    limit = EXACT if money == "float" else INT_64
    greatest = _bound(merged, rows.most)
    if greatest >= limit:
        counts = by_kind()
        greatest = _greatest(merged, [counts.get(code, {}) for code in sheet.rates["code"]])
    own = money == "float" and greatest < EXACT and all(int(float(one)) == one for one in set(units))
    if money == "float" and not own:
        # Through decimals, which have one unit for all.
        return rates_of(sheet, rows, engine, "decimal", by_kind, part)
    wide = greatest >= INT_64 or any(_most(rates) >= INT_64 for rates in merged.values())
    if greatest >= DIGITS_38 or (wide and not engine.has_128_bits):
        _refuse(greatest, unit, engine)
    columns: dict[str, list[Any]] = {
        f"{share}_{source}": _where_priced(sheet, rates) for (share, source), rates in merged.items()
    }
    parts: dict[str, list[tuple[str, str]]] = {}
    for share, source in merged:
        parts.setdefault(share, []).append((source, f"{share}_{source}"))
    doubles = engine.has_quick_doubles and greatest < EXACT and all(_most(rates) < EXACT for rates in merged.values())
    types = dict.fromkeys(columns, "wide" if wide else "float" if doubles else "int")
    if own:
        columns[UNIT], types[UNIT] = [float(one) for one in units], "float"
    return Rates(columns, types, parts, None if own else unit, max(greatest, INT_64 if wide else 0), doubles)


def _merged(sheet: Sheet, rows: Rows, part: Callable[[str], str]) -> tuple[dict[tuple[str, str], list[int]], int]:
    """Return the rates of each part and counter, and by how much their unit is smaller than that of the sheet."""
    used = {name: place[0] for name, place in sheet.columns.items() if place[0] in {CALL, *rows.most}}
    fine = {*used.values()} & rows.fine
    scale = MILLION if fine else 1
    merged: dict[tuple[str, str], list[int]] = {}
    for name, source in used.items():
        times = 1 if source in fine else scale
        values = [rate * times for rate in sheet.rates[name]] if times > 1 else sheet.rates[name]
        known = merged.get((part(name), source))
        merged[part(name), source] = values if known is None else list(map(add, known, values))
    if not merged:
        # Nothing costs anything.
        merged[part("rate_call"), CALL] = [0] * len(sheet.rates["code"])
    return merged, scale


def _where_priced(sheet: Sheet, rates: list[int]) -> list[int | None]:
    """Return rates, and null for each kind of call that has no cost."""
    status = sheet.rates["status"]
    if NO_COST.isdisjoint(status):
        return list(rates)
    return [None if one in NO_COST else rate for one, rate in zip(status, rates, strict=True)]


def _most(rates: list[int]) -> int:
    return max(max(rates, default=0), -min(rates, default=0))


def _bound(merged: dict[tuple[str, str], list[int]], most: dict[str, int]) -> int:
    """Return units that no cost exceeds, nor any part of one: the greatest counts at the greatest rates of all."""
    return sum((1 if source == CALL else most.get(source, 0)) * _most(rates) for (_, source), rates in merged.items())


def _greatest(merged: dict[tuple[str, str], list[int]], most: list[dict[str, int]]) -> int:
    """Return units that no cost exceeds, nor any part of one; ``most`` are the greatest counts of each kind of call."""
    greatest = 0
    for kind, counts in enumerate(most):
        one = sum(
            (1 if source == CALL else counts.get(source, 0)) * abs(rates[kind]) for (_, source), rates in merged.items()
        )
        greatest = max(greatest, one)
    return greatest


def _own_units(merged: dict[tuple[str, str], list[int]], unit: int) -> list[int]:
    """Give each kind of call the least unit in which its own rates are whole; return how many are 1 USD."""
    shared = [gcd(unit, *rates) for rates in zip(*merged.values(), strict=True)]
    for place, rates in merged.items():
        merged[place] = list(map(floordiv, rates, shared))
    return [unit // one for one in shared]


def _refuse(most: int, unit: int, engine: Engine) -> None:
    what = (
        "38 digits" if most >= DIGITS_38 else "64 bits, and this engine has no wider numbers: install polars or duckdb"
    )
    raise PriceDataError(
        f"a cost in this table may be {most:,} units of 1/{unit:,} USD ({engine.name}), which do not fit into {what}; "
        "leave out the rows with the greatest counts, or price models with odd rates apart"
    )
