"""Ledger: what the calls of a log come to, by day, provider, model and meter."""

from __future__ import annotations

from datetime import timezone
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.exact import ratio
from ..core.statuses import CACHED, FAILED, MAYBE_BILLED
from .bill_of_cost import cost_lines, is_long, is_reported
from .cells import ZERO, Conditions, Day, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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
        cells: account -> meter -> conditions -> what the calls come to.
        days: account -> how many calls, and which.
        calls: how many calls were counted.
        unpriced: calls of which no price is known, by their model.

    Args:
        zone: whose days they are.
    """

    def __init__(self, zone: tzinfo = timezone.utc) -> None:
        self.zone = zone
        self.cells: dict[Account, dict[str, dict[Conditions, Part]]] = {}
        self.counts: dict[tuple[Account, str], int] = {}
        self.days: dict[Account, Day] = {}
        self.calls = 0
        self.unpriced: dict[str, int] = {}

    def add(self, call: Logged) -> None:
        """Add a call; one that no provider bills counts for nothing."""
        if call.status in _NOT_BILLED:
            return
        self.calls += 1
        known = call.cost or call.priced
        provider = (known.provider if known is not None else None) or call.provider
        model = (known.matched_as or known.model if known is not None else None) or call.model or "(not stated)"
        account = Account(call.at.astimezone(self.zone).date(), provider, model)
        day = self.days.setdefault(account, Day())
        day.calls += 1
        if call.status == MAYBE_BILLED:
            day.maybe_billed += 1
            day.ids.insert(0, call.id)
            del day.ids[_MOST_IDS:]
        elif len(day.ids) < _MOST_IDS:
            day.ids.append(call.id)
        if known is None:
            self.unpriced[model] = self.unpriced.get(model, 0) + 1
        self._add(account, call, known)

    def _add(self, account: Account, call: Logged, known: Cost | None) -> None:
        card = call.priced
        conditions = Conditions(
            known.billed_tier if known is not None else None,
            is_long(card or known) if known is not None else None,
            call.region,
        )
        recorded = {} if call.cost is None else _by_meter(call.cost)
        priced = recorded if card is None else _by_meter(card)
        units = {meter: quantity for meter, (quantity, _) in (recorded | priced).items()}
        if known is not None:
            units |= {meter: Fraction(*ratio(call.usage[meter])) for meter in known.unpriced if meter in call.usage}
        if not recorded:
            # A sum for the whole call: it stands beside the meters, which are taken at the rates of the card.
            recorded = priced
        left = call.recorded
        for meter, quantity in units.items():
            paid, by_card = recorded.get(meter, (ZERO, ZERO))[1], priced.get(meter, (ZERO, ZERO))[1]
            self._cell(account, meter, conditions).add(quantity, paid, by_card)
            self.counts[account, meter] = self.counts.get((account, meter), 0) + 1
            left -= paid
        if left:
            # What the provider states of a call is what it bills, and no fault of the log.
            stated = left if call.cost is not None and is_reported(call.cost) else ZERO
            self._cell(account, WHOLE, conditions).add(ZERO, left, stated)
            self.counts[account, WHOLE] = self.counts.get((account, WHOLE), 0) + 1

    def _cell(self, account: Account, meter: str, conditions: Conditions) -> Part:
        meters = self.cells.setdefault(account, {})
        return meters.setdefault(meter, {}).setdefault(conditions, Part())

    @property
    def recorded(self) -> Fraction:
        """USD of all calls, as they were recorded."""
        return sum((part.recorded for part in _parts(self.cells.values())), ZERO)


def _parts(cells: Iterable[dict[str, dict[Conditions, Part]]]) -> Iterable[Part]:
    return (part for meters in cells for parts in meters.values() for part in parts.values())


def _by_meter(cost: Cost) -> dict[str, tuple[Fraction, Fraction]]:
    """Return units and USD by meter; of a sum that the provider states, those of the card beside it."""
    own = cost.calculated if is_reported(cost) else cost
    found: dict[str, tuple[Fraction, Fraction]] = {}
    for line in cost_lines(own) if own is not None else ():
        quantity, amount = found.get(line.meter, (ZERO, ZERO))
        found[line.meter] = quantity + line.quantity, amount + line.amount
    return found
