"""Presence: which counters of a row are above 0, as bits, where that matters to its card.

Cards ask for few different sets of counters. A row says which set is its card's, so that the bits of a set are
constants, and only the rows of such cards are looked at.
"""

from __future__ import annotations

from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from .reading_rows import Rows

# With more sets than that, each row says the bit of each counter.
_MOST_PATTERNS = 12


def by_pattern(names: dict[str, list[Any]]) -> tuple[dict[str, list[Any]], list[dict[str, int]] | None]:
    """Return names whose ``asks`` is the number of a set of counters, from 1, and the bits of each set.

    Where the sets are many, the names are as they were, and there are none.
    """
    if "asks" not in names:
        return names, None
    needs = {name.removeprefix("need_"): values for name, values in names.items() if name.startswith("need_")}
    # A name without a card has no code, whatever it asks.
    asking = [asks and base is not None for asks, base in zip(names["asks"], names["base"], strict=True)]
    weights = list(zip(*needs.values(), strict=True)) if needs else [()] * len(asking)
    found = dict.fromkeys(one for one, asks in zip(weights, asking, strict=True) if asks)
    if len(found) > _MOST_PATTERNS:
        return names, None
    numbers = {one: number for number, one in enumerate(found, 1)}
    asks = [numbers[one] if asks else 0 for one, asks in zip(weights, asking, strict=True)]
    kept = {name: values for name, values in names.items() if not name.startswith("need_")}
    return {**kept, "asks": asks}, [dict(zip(needs, one, strict=True)) for one in found]


def presence(
    rows: Rows, names: dict[str, list[Any]], patterns: list[dict[str, int]] | None, place: int, number: Any
) -> Any:
    """Return the bits of the counters above 0, and the digit for those without a bit, as a ``number``.

    Args:
        names: as ``by_pattern`` returned them.
        place: what the digit adds.
        number: the type of the sum.
    """
    asks, unasked = nw.col("llmcost_n_asks"), nw.lit(place, number)
    if patterns is None:
        return nw.when(asks > 0).then(_by_column(rows, names, place).cast(number)).otherwise(unasked)
    found: Any = nw.lit(None, number)
    for which, bits in enumerate(patterns, 1):
        found = nw.when(asks == which).then(_by_bits(rows, bits, place, number)).otherwise(found)
    # Most cards do not ask, and most engines then leave it out.
    return nw.when(asks == 0).then(unasked).otherwise(found)


def _by_bits(rows: Rows, bits: dict[str, int], place: int, number: Any) -> Any:
    told = [_used(rows, meter).cast(number) * nw.lit(bits[meter], number) for meter in rows.meters if bits.get(meter)]
    others = [_used(rows, meter) for meter in rows.meters if not bits.get(meter)]
    if others:
        told.append(reduce(or_, others).cast(number) * nw.lit(place, number))
    return reduce(add, told) if told else nw.lit(0, number)


def _by_column(rows: Rows, names: dict[str, list[Any]], place: int) -> Any:
    found: Any = nw.lit(0, nw.Int64)
    others: Any = nw.lit(0, nw.Int64)
    for meter in rows.meters:
        used, need = _used(rows, meter).cast(nw.Int64), f"need_{meter}"
        if need in names:
            found = found + nw.col(f"llmcost_n_{need}") * used
            used = used * (nw.col(f"llmcost_n_{need}") == 0).cast(nw.Int64)
        others = others + used
    return found + (others > 0).cast(nw.Int64) * place


def _used(rows: Rows, meter: str) -> Any:
    used = nw.col(rows.meters[meter]) > 0
    return used if rows.meters[meter] in rows.full else used.fill_null(value=False)
