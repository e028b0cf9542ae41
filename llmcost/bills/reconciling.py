"""``reconcile``: a provider's bill beside a log of calls."""

from __future__ import annotations

import os
from datetime import datetime, time, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING

from ..api.default import DEFAULT
from ..core.exact import ratio
from ..errors import ArgumentError, BillError, shown
from .bill import Bill
from .card_prices import CardPrices
from .cells import ZERO
from .compared import shown_usd
from .decomposing import decompose
from .ledger import Ledger
from .logged import Undated, calls_of
from .matching import Models
from .pairing import Pairs
from .reading import read_bill
from .reconciliation import Reconciliation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, tzinfo

    from ..api.costmap import CostMap
    from ..spend.log import SpendLog
    from .causes import Piece
    from .cells import Charge, Day
    from .ledger import Account

_DAY = timedelta(days=1)
_MOST_NAMES = 3


def reconcile(
    bills: str | os.PathLike[str] | Bill | Iterable[str | os.PathLike[str] | Bill],
    log: SpendLog | str | os.PathLike[str] | Iterable[object] | None = None,
    *,
    cost_map: CostMap = DEFAULT,
    since: date | None = None,
    until: date | None = None,
    where: Mapping[str, object] | None = None,
    zone: tzinfo = timezone.utc,
    rates: Mapping[str, object] | None = None,
    step: object = None,
) -> Reconciliation:
    """Return a bill beside a log, and why they differ: causes whose sum is the difference, to the last digit.

    Per day, model and meter the difference is what the log recorded beside the rate card, other units, other rates, a
    discount, rounding, credits and taxes; what none of them gives is said to be unexplained, and never spread.

    >>> import json, pathlib, tempfile
    >>> line = {
    ...     "line_item": "gpt-4o-2024-08-06, input",
    ...     "quantity": 2000,
    ...     "amount": {"value": 0.0025, "currency": "usd"},
    ... }
    >>> costs = {"object": "page", "data": [{"start_time": 1793491200, "results": [line]}]}
    >>> calls = [{"time": "2026-11-01T09:00:00Z", "model": "gpt-4o-2024-08-06", "usage": {"input": 2000, "output": 0}}]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "costs.json")
    ...     _ = path.write_text(json.dumps(costs))
    ...     found = reconcile(path, calls)
    >>> print(found)
    2026-11-01 to 2026-11-01: billed 0.0025, logged 0.005 USD, difference -0.0025
      billed as tier batches: -0.0025 USD

    Args:
        bills: files of bills, or what ``read_bill`` returns. Costs and usage of one provider belong together.
        log: a spend log or its address, or a file of logged calls (as of ``read_log``), or records; by default the
            log of this user.
        cost_map: whose prices the log is compared by; a contract's, if they are configured.
        since, until: the first day that is compared, and the one behind the last; by default those of the bills.
        where: which calls of a spend log count, as of ``SpendLog.total``: one account of several.
        zone: whose days the bill counts by, where it states days and no times.
        rates: currency -> USD, for bills in another currency.
        step: USD of the last digit of the bill's amounts, where it is not to be read off them.

    Raises:
        BillError: a bill cannot be read; there is none, or one is given twice.
        LogError, SpendLogError: the log cannot be read.
        ArgumentError: a rate or the step is no number above 0.
    """
    read = _read(bills, rates)
    digit = None if step is None else _checked(step)
    if digit is not None:
        for bill in read:
            bill.step = digit
    first, last = _span(read, since, until)
    for bill in read:
        _cut(bill, first, last)
    remarks = [f"{bill.source}: {remark}" for bill in read for remark in bill.remarks]
    undated = Undated()
    ledger = Ledger(zone)
    if first is not None and last is not None:
        begin, end = (datetime.combine(day, time(), zone) for day in (first, last + _DAY))
        with calls_of(log, begin, end, where, cost_map, undated) as calls:
            for call in calls:
                ledger.add(call)
    if undated.places:
        number, example = len(undated.places), undated.places[0]
        remarks.append(f"{number:,} calls of the log state no time and are of no day ({example})")
    charges: list[Charge] = []
    lines: list[Piece] = []
    pieces: list[Piece] = []
    known: dict[tuple[date, str], Day] = {}
    compared = 0
    groups = _groups(read)
    homes = {account: _home(account, groups) for account in ledger.days}
    for place, group in enumerate(groups):
        nameless = next((bill for bill in group if not bill.providers), None)
        if nameless is not None and len(groups) > 1:
            raise BillError("nothing says whose calls it is for: compare it alone", nameless.source)
        if not any(line.amount is not None for bill in group for line in bill.lines) and any(
            one.lines for one in group
        ):
            raise BillError("it states units and no money: give the costs of the same days too", group[0].source)
        part = ledger.only({account for account, home in homes.items() if home == place})
        compared += sum(day.calls for day in part.days.values())
        pairs, found = _compare(group, part, cost_map)
        charges += pairs.charges
        lines += pairs.pieces
        pieces += found
        known.update(pairs.days)
    if ledger.unpriced:
        names = ", ".join(sorted(ledger.unpriced)[:_MOST_NAMES])
        remarks.append(f"{sum(ledger.unpriced.values()):,} calls of the log have no price ({names})")
    if compared < ledger.calls:
        other = ledger.recorded - sum((cell.recorded for charge in charges for cell in charge.cells), ZERO)
        remarks.append(
            f"{ledger.calls - compared:,} calls of other providers, or of one that is not known, "
            f"({shown_usd(other)} USD) are not compared"
        )
    return Reconciliation(read, (first, last), charges, lines, pieces, known, compared, remarks)


def _read(
    bills: str | os.PathLike[str] | Bill | Iterable[str | os.PathLike[str] | Bill], rates: Mapping[str, object] | None
) -> list[Bill]:
    given = [bills] if isinstance(bills, (str, os.PathLike, Bill)) else list(bills)
    # A bill of the caller's stays as it is.
    found = [one.copy() if isinstance(one, Bill) else read_bill(one, rates=rates) for one in given]
    if not found:
        raise BillError("no bill is given", "bills")
    for place, bill in enumerate(found):
        twice = next((other for other in found[:place] if other.lines and other.said == bill.said), None)
        if twice is not None:
            raise BillError(f"it holds the same lines as {twice.source}: they would count twice", bill.source)
    return found


def _checked(step: object) -> Fraction:
    try:
        found = Fraction(*ratio(step))
    except (TypeError, ValueError):
        found = ZERO
    if found <= 0:
        raise ArgumentError(f"step={shown(step)}: USD of the last digit of an amount, such as 0.01")
    return found


def _span(bills: Sequence[Bill], since: date | None, until: date | None) -> tuple[date | None, date | None]:
    first = since or min((bill.first for bill in bills if bill.first is not None), default=None)
    last = until - _DAY if until else max((bill.last for bill in bills if bill.last is not None), default=None)
    return first, last


def _cut(bill: Bill, first: date | None, last: date | None) -> None:
    """Leave out the lines of other days, and say so."""
    inside = [line for line in bill.lines if first is not None and last is not None and first <= line.day <= last]
    if len(inside) < len(bill.lines):
        bill.remarks.append(f"{len(bill.lines) - len(inside):,} lines are of other days, and not compared")
        bill.lines = inside


def _groups(bills: Sequence[Bill]) -> list[list[Bill]]:
    """Return the bills whose providers are the same: costs and usage of one."""
    groups: list[list[Bill]] = []
    for bill in bills:
        same = [
            group
            for group in groups
            if any(one.providers & bill.providers or one.providers == bill.providers for one in group)
        ]
        groups = [group for group in groups if group not in same]
        groups.append([*(one for group in same for one in group), bill])
    return groups


def _home(account: Account, groups: list[list[Bill]]) -> int | None:
    """Return the group of bills that calls are for; None if nothing tells which.

    Calls of no known provider are for the bills that name their model, where there are bills of several providers.
    """
    if account.provider is None and len(groups) > 1:
        found = [place for place, group in enumerate(groups) if account.model in _models(group)]
        return found[0] if len(found) == 1 else None
    names = (frozenset[str]().union(*(bill.providers for bill in group)) for group in groups)
    return next((place for place, own in enumerate(names) if not own or account.provider in {None, *own}), None)


def _models(bills: list[Bill]) -> set[str | None]:
    return {line.model for bill in bills for line in bill.lines}


def _compare(bills: list[Bill], ledger: Ledger, prices: CostMap) -> tuple[Pairs, list[Piece]]:
    providers = frozenset[str]().union(*(bill.providers for bill in bills))
    names = {(account.provider, account.model) for account in ledger.days}
    models = Models(prices, names, providers)
    for bill in bills:
        for line in bill.lines:
            if line.model is not None:
                models.of_bill(line.model)
    pairs = Pairs(bills, ledger, models, frozenset[str]().union(*(bill.meters for bill in bills)))
    sellers: dict[str, str | None] = {}
    for provider, model in sorted(names, key=str):
        sellers.setdefault(models.of_log(model), provider)
    only = next(iter(providers)) if len(providers) == 1 else None
    return pairs, decompose(pairs.charges, CardPrices(prices, lambda model: sellers.get(model, only)), pairs.days)
