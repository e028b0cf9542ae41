"""The timeline of a deployment: what each price is when, by which block, and where no block holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..core.dimensions import text as conditions_of
from ..core.exact import decimal_of, plain
from ..core.meters import METERS
from ..prices.contract import written
from ..prices.moments import ALWAYS, bounds, clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.dimensions import Conditions
    from ..core.rate import Rate
    from ..core.term import Term
    from ..prices.contract import Contract
    from ..prices.deployment import Deployment
    from ..prices.price_map import PriceMap

    Cell = tuple[str, Conditions]

_FIRST, _LAST = ALWAYS


class _Row(NamedTuple):
    """What a cell is for some time: its price, who sets it, and whether that is a layer without dates."""

    price: str
    by: str
    own: bool
    start: float
    until: float


def lines_of(priced: PriceMap, deployment: Deployment) -> list[str]:
    """Return the timeline of a deployment in lines; none for one without dates and regions."""
    contracts = [layer.contract for layer in deployment.layers if layer.contract is not None]
    cells = list(dict.fromkeys(cell for one in contracts for block in one.blocks for cell in block.entry.rates))
    lines = []
    if cells:
        lines.append("   timeline, in UTC")
        for region in (None, *sorted({word for one in contracts for block in one.blocks for word in block.regions})):
            lines += _of_region(priced, deployment, contracts, cells, region)
    dated = [term for term in deployment.terms if (term.start, term.until) != (_FIRST, _LAST)]
    return [*lines, *(["   terms with dates", *map(_term, dated)] if dated else ())]


def _of_region(
    priced: PriceMap, deployment: Deployment, contracts: list[Contract], cells: list[Cell], region: str | None
) -> Iterator[str]:
    if region is not None:
        cells = [
            cell
            for cell in cells
            if any(region in block.regions and cell in block.entry.rates for one in contracts for block in one.blocks)
        ]
    where = f", in {region}" if region is not None else ""
    for cell in cells:
        rows = _rows(priced, deployment, cell, region)
        own = [place for place, row in enumerate(rows) if row.own]
        key = next(
            rate.price_key if rate is not None else cell[0]
            for one in contracts
            for block in one.blocks
            for found, rate in block.entry.rates.items()
            if found == cell
        )
        when = f" [{conditions_of(cell[1])}]" if cell[1] else ""
        yield f"     {key}{when}{where}"
        wide, price = max(len(_span(row)) for row in rows), max(len(row.price) for row in rows)
        for place, row in enumerate(rows):
            gap = "  gap" if own and own[0] < place < own[-1] and not row.own else ""
            past = "  past" if row.until <= clock() else "  now" if row.start <= clock() else ""
            yield f"       {_span(row):<{wide}}  {row.price:>{price}}  {row.by}{gap}{past}".rstrip()


def _rows(priced: PriceMap, deployment: Deployment, cell: Cell, region: str | None) -> list[_Row]:
    """Return what a cell is at any time, the earliest first; spans that say the same are one."""
    rows: list[_Row] = []
    moments = priced.card_of(deployment, 0, region).moments
    for span in range(len(moments) + 1):
        card = priced.card_of(deployment, span, region)
        rate = card.cells.get(cell)
        start, until = bounds(moments, span)
        row = _state(rate, deployment)
        if rows and rows[-1][:3] == row:
            rows[-1] = rows[-1]._replace(until=until)
        else:
            rows.append(_Row(*row, start, until))
    return rows


def _state(rate: Rate | None, deployment: Deployment) -> tuple[str, str, bool]:
    if rate is None:
        return "no price", "", False
    price = f"{plain(rate.usd, 0)} USD/{METERS[rate.meter].unit}"
    blocks = [note.partition(" of ")[0] for note in rate.remarks if note.code == "own_price_in_force"]
    own = any(layer.entry.layer == rate.layer for layer in deployment.layers)
    return price, " ".join((f"{rate.layer} {rate.map_key}", *blocks)), own


def _span(row: _Row) -> str:
    if row.start == _FIRST:
        return f"until {written(row.until)}" if row.until != _LAST else "always"
    return f"from {written(row.start)}" + (f" until {written(row.until)}" if row.until != _LAST else "")


def _term(term: Term) -> str:
    amount = plain(decimal_of(term.numerator, term.denominator)[0], 0)
    start = f" from {written(term.start)}" if term.start != _FIRST else ""
    until = f" until {written(term.until)}" if term.until != _LAST else ""
    past = "  past" if term.until <= clock() else ""
    return f"     {term.name}: {term.kind} {amount}{start}{until}{past}"
