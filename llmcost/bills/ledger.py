"""Ledger: what the calls of a log come to, by day, provider, model and meter."""

from __future__ import annotations

from datetime import timezone
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import ratio
from ..core.statuses import CACHED, FAILED, MAYBE_BILLED
from ..core.term import TERM_KINDS
from .bill_of_cost import cost_lines, is_long, is_reported
from .cells import ZERO, Conditions, Day, Part, Ratio, Sums

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo

    from ..core.cost import Cost

# The meter of what was recorded for a call as a whole, and for no meter of it.
WHOLE = "whole call"
_MOST_IDS = 5
# Calls that no provider bills.
_NOT_BILLED = frozenset({FAILED, CACHED})


class Logged(NamedTuple):
    """A call of a log, as it counts here.

    Attributes:
        at: when it was made.
        id: of the call, or its place in a file.
        model, provider: what was asked for; those of the Cost are stronger.
        status: one word of ``llmcost.core.statuses``.
        recorded: USD as they were recorded.
        cost: what was recorded, with its lines; None where only a sum was.
        priced: what the rate card says now; None where it does not say anything.
        usage: quantities by meter that no line holds.
        region: where the model ran, or None.
    """

    at: datetime
    id: str
    model: str | None
    provider: str | None
    status: str
    recorded: Fraction
    cost: Cost | None
    priced: Cost | None
    usage: Mapping[str, object] = {}
    region: str | None = None


class Account(NamedTuple):
    """Whose calls a part of the ledger is about."""

    day: date
    provider: str | None
    model: str


class Ledger:
    """The calls of a log, added up.

    Attributes:
        counts: ``(account, meter) -> calls``.
        days: account -> how many calls, and which.
        calls: how many calls were counted.
        unpriced: calls without a known price, by their model.

    Args:
        zone: whose days they are.
    """

    def __init__(self, zone: tzinfo = timezone.utc) -> None:
        self.zone = zone
        self.counts: dict[tuple[Account, str], int] = {}
        self.days: dict[Account, Day] = {}
        self.calls = 0
        self.unpriced: dict[str, int] = {}
        self._sums: dict[Account, dict[str, dict[Conditions, Sums]]] = {}

    def add(self, call: Logged) -> None:
        """Add a call; one that no provider bills counts for nothing."""
        if call.status in _NOT_BILLED:
            return
        self.calls += 1
        costed = call.cost or call.priced
        provider = (costed.provider if costed is not None else None) or call.provider
        model = (costed.matched_as or costed.model if costed is not None else None) or call.model or "(not stated)"
        account = Account(call.at.astimezone(self.zone).date(), provider, model)
        day = self.days.get(account)
        if day is None:
            day = self.days[account] = Day()
        day.calls += 1
        if call.status == MAYBE_BILLED:
            day.maybe_billed += 1
            day.ids.insert(0, call.id)
            del day.ids[_MOST_IDS:]
        elif len(day.ids) < _MOST_IDS:
            day.ids.append(call.id)
        if costed is None:
            self.unpriced[model] = self.unpriced.get(model, 0) + 1
        self._add(account, call, costed)

    def _add(self, account: Account, call: Logged, costed: Cost | None) -> None:
        card = call.priced
        conditions = Conditions(
            costed.billed_tier if costed is not None else None,
            is_long(card or costed) if costed is not None else None,
            call.region,
        )
        recorded = {} if call.cost is None else _by_meter(call.cost)
        priced = recorded if card is None or card is call.cost else _by_meter(card)
        if not recorded:
            # A sum for the whole call: it stands beside the meters, which are taken at the rates of the card.
            recorded = priced
        for meter in priced if recorded is priced else recorded | priced:
            quantity, by_card = priced.get(meter, _NOTHING)
            logged, paid = recorded.get(meter, _NOTHING)
            self._line(account, meter, conditions, quantity if quantity[0] else logged, paid, by_card)
        for meter in costed.unpriced if costed is not None else ():
            if meter in call.usage and meter not in priced:
                self._line(account, meter, conditions, ratio(call.usage[meter]), _NONE, _NONE)
        reported = call.cost is not None and is_reported(call.cost)
        if call.cost is None or reported:
            left = call.recorded - sum((Fraction(*paid) for _, paid in recorded.values()), ZERO)
            if left:
                # What the provider states of a call is what it bills, and no fault of the log.
                amount = left.as_integer_ratio()
                self._line(account, WHOLE, conditions, _NONE, amount, amount if reported else _NONE)

    def _line(
        self, account: Account, meter: str, conditions: Conditions, quantity: Ratio, paid: Ratio, by_card: Ratio
    ) -> None:
        under = self._sums.setdefault(account, {}).setdefault(meter, {})
        sums = under.get(conditions)
        if sums is None:
            sums = under[conditions] = Sums()
        sums.add(quantity, paid, by_card)
        key = account, meter
        self.counts[key] = self.counts.get(key, 0) + 1

    @property
    def cells(self) -> dict[Account, dict[str, dict[Conditions, Part]]]:
        """What the calls come to: account -> meter -> conditions."""
        return {
            account: {
                meter: {conditions: sums.part() for conditions, sums in under.items()}
                for meter, under in meters.items()
            }
            for account, meters in self._sums.items()
        }

    @property
    def recorded(self) -> Fraction:
        """USD of all calls, as they were recorded."""
        cells = self.cells.values()
        return sum((part.recorded for meters in cells for parts in meters.values() for part in parts.values()), ZERO)

    def only(self, accounts: set[Account]) -> Ledger:
        """Return the part of the ledger that is about some accounts."""
        found = Ledger(self.zone)
        found._sums = {account: meters for account, meters in self._sums.items() if account in accounts}
        found.counts = {key: number for key, number in self.counts.items() if key[0] in accounts}
        found.days = {account: day for account, day in self.days.items() if account in accounts}
        return found


_NONE: Ratio = (0, 1)
_NOTHING: tuple[Ratio, Ratio] = (_NONE, _NONE)


def _by_meter(cost: Cost) -> dict[str, tuple[Ratio, Ratio]]:
    """Return units and USD by meter; of a sum that the provider states, those of the card beside it."""
    calculated = cost.calculated if is_reported(cost) else cost
    if calculated is None:
        return {}
    items = calculated.line_items
    found = {item.meter: (ratio(item.quantity), item.amount.as_integer_ratio()) for item in items}
    if len(found) == len(items) and TERM_KINDS.isdisjoint(found):
        return found
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for line in cost_lines(calculated):
        quantity, amount = sums.get(line.meter, (ZERO, ZERO))
        sums[line.meter] = quantity + line.quantity, amount + line.amount
    return {
        meter: (quantity.as_integer_ratio(), amount.as_integer_ratio()) for meter, (quantity, amount) in sums.items()
    }
