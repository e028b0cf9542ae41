"""``reconcile``: a provider's bill beside a log of calls."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from ..api.default import DEFAULT
from ..core.signatures import as_signed
from ..errors import ArgumentError, BillError, shown
from .amounts import given_number
from .bill import Bill
from .card_prices import CardPrices
from .cells import ZERO
from .compared import shown_usd
from .decomposing import decompose
from .ledger import Ledger
from .logged import calls_of
from .matching import Models
from .pairing import Pairs
from .reading import read_bill
from .reconciliation import Reconciliation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo
    from fractions import Fraction

    from ..api.costmap import CostMap
    from ..spend.log import SpendLog
    from .causes import Piece
    from .cells import Charge, Day
    from .ledger import Account

_DAY = timedelta(days=1)
_MOST_NAMES = 3


@as_signed
def reconcile(
    bills: str | os.PathLike[str] | Bill | Iterable[str | os.PathLike[str] | Bill],
    log: SpendLog | str | os.PathLike[str] | Iterable[object] | None = None,
    *,
    cost_map: CostMap = DEFAULT,
    since: date | None = None,
    until: date | None = None,
    where: Mapping[str, object] | None = None,
    zone: tzinfo | None = None,
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
        zone: whose days are compared: those that the bill counts by. By default those of UTC, as at most vendors, or
            of the zone for which ``read_bill`` read it.
        rates: currency -> USD, for bills in another currency.
        step: USD of the last digit of the bill's amounts, where it is not to be read off them.

    Raises:
        BillError: a bill cannot be read or counts by the days of another zone; there is none, or one is given twice.
        LogError, SpendLogError: the log cannot be read.
        ArgumentError: a rate or the step is no number above 0, or ``since`` or ``until`` is no day.
    """
    since, until = _day("since", since), _day("until", until)
    read = _read(bills, rates, zone)
    zone = zone or read[0].zone or timezone.utc
    digit = None if step is None else _checked(step)
    for bill in read:
        bill.step = bill.step if digit is None else digit
        _cut(bill, since, until)
    first, last = _span(read, since, until)
    remarks = [f"{bill.source}: {remark}" for bill in read for remark in bill.remarks]
    undated: list[str] = []
    ledger = Ledger(zone)
    if first is not None and last is not None:
        begin, end = (datetime.combine(day, time(), zone) for day in (first, last + _DAY))
        with calls_of(log, begin, end, where, cost_map, undated) as calls:
            for call in calls:
                ledger.add(call)
    compared = _compared(_groups(read), ledger, cost_map)
    remarks += _said_of(ledger, undated, compared)
    return Reconciliation(
        read,
        (first, last),
        compared.charges,
        compared.lines,
        compared.pieces,
        compared.calls_of_days,
        compared.calls,
        remarks,
    )


class _Compared(NamedTuple):
    """What the bills of all vendors and a log say of the same days, and the pieces of their difference."""

    charges: list[Charge]
    lines: list[Piece]
    pieces: list[Piece]
    calls_of_days: dict[tuple[int, date, str], Day]
    calls: int


def _compared(groups: list[list[Bill]], ledger: Ledger, prices: CostMap) -> _Compared:
    """Compare each vendor's bills with the calls that are for them."""
    found = _Compared([], [], [], {}, 0)
    homes = {account: _home(account, groups) for account in ledger.days}
    for place, group in enumerate(groups):
        _check(group, alone=len(groups) == 1)
        part = ledger.only({account for account, home in homes.items() if home == place})
        pairs, pieces = _compare(group, part, prices, place)
        found.charges.extend(pairs.charges)
        found.lines.extend(pairs.pieces)
        found.pieces.extend(pieces)
        found.calls_of_days.update({(place, *key): day for key, day in pairs.days.items()})
        found = found._replace(calls=found.calls + sum(day.calls for day in part.days.values()))
    return found


def _check(group: list[Bill], *, alone: bool) -> None:
    """Raise BillError for bills that cannot be compared."""
    nameless = next((bill for bill in group if not bill.providers), None)
    if nameless is not None and not alone:
        raise BillError("nothing says whose calls it is for: compare it alone", nameless.source)
    lines = [line for bill in group for line in bill.lines]
    if lines and all(line.amount is None for line in lines):
        raise BillError("it states units and no money: give the costs of the same days too", group[0].source)


def _said_of(ledger: Ledger, undated: list[str], compared: _Compared) -> list[str]:
    """Return what there is to say of calls that are not compared, or without a price."""
    said = []
    if undated:
        said.append(f"{len(undated):,} calls of the log state no time and are of no day ({undated[0]})")
    if ledger.unpriced:
        names = ", ".join(sorted(ledger.unpriced)[:_MOST_NAMES])
        said.append(f"{sum(ledger.unpriced.values()):,} calls of the log have no price ({names})")
    if compared.calls < ledger.calls:
        other = ledger.recorded - sum((cell.recorded for charge in compared.charges for cell in charge.cells), ZERO)
        said.append(
            f"{ledger.calls - compared.calls:,} calls of other providers, or of one that is not known, "
            f"({shown_usd(other)} USD) are not compared"
        )
    return said


def _day(name: str, value: date | None) -> date | None:
    # A datetime is a date to Python; days are compared here.
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise ArgumentError(f"{name}={shown(value)}: it has to be a day, such as datetime.date(2026, 11, 1)")


def _read(
    bills: str | os.PathLike[str] | Bill | Iterable[str | os.PathLike[str] | Bill],
    rates: Mapping[str, object] | None,
    zone: tzinfo | None,
) -> list[Bill]:
    given = [bills] if isinstance(bills, (str, os.PathLike, Bill)) else list(bills)
    # A bill of the caller's stays as it is.
    found = [
        one.copy() if isinstance(one, Bill) else read_bill(one, rates=rates, zone=zone or timezone.utc) for one in given
    ]
    if not found:
        raise BillError("no bill is given", "bills")
    asked = str(zone or found[0].zone or timezone.utc)
    for place, bill in enumerate(found):
        same = (other for other in found[:place] if other.lines and other.providers == bill.providers)
        twice = next((other for other in same if other.said == bill.said), None)
        if twice is not None:
            raise BillError(f"it holds the same lines as {twice.source}: they would count twice", bill.source)
        if bill.zone is not None and str(bill.zone) != asked:
            said = f"it was read for the days of {bill.zone}, and not of {asked}: read_bill(..., zone=)"
            raise BillError(said, bill.source)
    return found


def _checked(step: object) -> Fraction:
    found = given_number(step)
    if found is None or found <= 0:
        raise ArgumentError(f"step={shown(step)}: USD of the last digit of an amount, such as 0.01")
    return found


def _span(bills: Sequence[Bill], since: date | None, until: date | None) -> tuple[date | None, date | None]:
    first = since or min((bill.first for bill in bills if bill.first is not None), default=None)
    last = until - _DAY if until else max((bill.last for bill in bills if bill.last is not None), default=None)
    return first, last


def _cut(bill: Bill, since: date | None, until: date | None) -> None:
    """Leave out the lines of other days than those that are asked for, and say so."""
    inside = [
        line for line in bill.lines if (since is None or since <= line.day) and (until is None or line.day < until)
    ]
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
    return next(
        (place for place, providers in enumerate(names) if not providers or account.provider in {None, *providers}),
        None,
    )


def _models(bills: list[Bill]) -> set[str | None]:
    return {line.model for bill in bills for line in bill.lines}


def _compare(bills: list[Bill], ledger: Ledger, prices: CostMap, group: int) -> tuple[Pairs, list[Piece]]:
    providers = frozenset[str]().union(*(bill.providers for bill in bills))
    names = {(account.provider, account.model) for account in ledger.days}
    models = Models(prices, names, providers)
    for bill in bills:
        for line in bill.lines:
            if line.model is not None:
                models.of_bill(line.model)
    pairs = Pairs(bills, ledger, models, frozenset[str]().union(*(bill.meters for bill in bills)), group)
    sellers: dict[str, str | None] = {}
    for provider, model in sorted(names, key=str):
        sellers.setdefault(models.of_log(model), provider)
    only = next(iter(providers)) if len(providers) == 1 else None
    return pairs, decompose(pairs.charges, CardPrices(prices, lambda model: sellers.get(model, only)), pairs.days)
