"""``focus_rows``: the calls of a log in the form of the FinOps Open Cost and Usage Specification.

One row for each day, model and meter, and for each unit price where there are several: the product of a row's quantity
and unit price is its cost. What has no price has no row, since a row would have to say that it costs nothing.
"""

from __future__ import annotations

import csv
from datetime import timezone
from fractions import Fraction
from typing import TYPE_CHECKING

from ..api.default import DEFAULT
from ..core.cells import safe
from ..core.exact import ratio
from ..core.meters import METERS
from ..core.signatures import as_signed
from ..core.statement import CALCULATED, REPORTED
from ..core.statuses import CACHED, FAILED, MAYBE_BILLED
from ..core.term import TERM_KINDS
from ..errors import ArgumentError, printable, shown
from .bill_of_cost import cost_lines, is_reported
from .cells import ZERO
from .focus_columns import VERSIONS, columns, unit_of
from .focus_row import CREDITS, RowKey, RowSums, number_text, row_of
from .logged import calls_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from typing import TextIO

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from ..spend.log import SpendLog
    from .ledger import Logged


class FocusRows:
    """Rows of FOCUS, as text: an empty text is null. Iterate over it, or ``write`` it as CSV.

    >>> import sys
    >>> rows = focus_rows([{"time": "2026-11-01", "model": "gpt-4o", "usage": {"input": 1000, "output": 0}}], "a")
    >>> rows.complete, len(rows), float(rows.total)
    (True, 1, 0.0025)
    >>> focus_rows([], "a", version="1.0").write(sys.stdout)  # doctest: +ELLIPSIS
    BilledCost,BillingAccountId,BillingAccountName,...

    Attributes:
        version: of the specification.
        columns: their names, those of our own (``x_``) behind the others.
        rows: column -> text, in the order of days, models and meters.
        total: USD of all rows; with it the rows can be checked against the total of the log.
        unpriced: ``(day, model, meter) -> units`` of what was used and has no price: it is in no row.
        unknown_calls: calls that were made, and of which nothing else is known; they are in no row.
        remarks: what there is to say, in words.

    >>> import io, llmcost
    >>> calls = [{"time": "2026-11-01T09:00:00Z", "model": "gpt-4o", "usage": {"input": 1000, "output": 100}}]
    >>> rows = llmcost.focus_rows(calls, account="123456")
    >>> len(rows), float(rows.total), rows.complete
    (2, 0.0035, True)
    >>> text = io.StringIO()
    >>> rows.write(text)
    >>> len(text.getvalue().splitlines())
    3
    """

    def __init__(self, version: str, account: str) -> None:
        self.version, self.account = version, account
        self.columns = columns(version)
        self.rows: list[dict[str, str]] = []
        self.total = ZERO
        self.unpriced: dict[tuple[date, str, str], Fraction] = {}
        self.unknown_calls = 0
        self.remarks: list[str] = []
        self._sums: dict[RowKey, RowSums] = {}
        self._bounds: set[tuple[date, str]] = set()

    def __iter__(self) -> Iterator[dict[str, str]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def complete(self) -> bool:
        """Whether everything that was used has a row."""
        return not (self.unpriced or self.unknown_calls or self._bounds)

    @as_signed
    def write(self, out: TextIO) -> None:
        """Write the rows as CSV, with a header; money is decimal text, in USD, and no cell is a formula."""
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([safe(row[name]) for name in self.columns] for row in self.rows)

    def __repr__(self) -> str:
        return printable(f"<FocusRows {self.version}: {len(self.rows):,} rows, {number_text(self.total)} USD>")

    def _add(self, call: Logged) -> None:
        if call.status in {FAILED, CACHED}:
            return
        cost = call.cost or call.priced
        day = call.at.astimezone(timezone.utc).date()
        if cost is None:
            model = call.model or "(not stated)"
            counted = {
                meter: Fraction(*ratio(units))
                for meter, units in call.usage.items()
                if meter in METERS and isinstance(units, (int, str)) and units
            }
            if not counted:
                self.unknown_calls += 1
            for meter, units in counted.items():
                self._unpriced(day, model, meter, units)
            self._bounds.add((day, model))
            return
        model = cost.matched_as or cost.model or "(not stated)"
        for meter in cost.unpriced:
            self._unpriced(day, model, meter, Fraction(*ratio(call.usage.get(meter, 0))))
        if cost.lower_bound or call.status == MAYBE_BILLED:
            self._bounds.add((day, model))
        self._add_lines(cost, call, day, model)

    def _unpriced(self, day: date, model: str, meter: str, units: Fraction) -> None:
        self.unpriced[day, model, meter] = self.unpriced.get((day, model, meter), ZERO) + units

    def _add_lines(self, cost: Cost, call: Logged, day: date, model: str) -> None:
        source = REPORTED if is_reported(cost) else CALCULATED
        for line in cost_lines(cost):
            item, term = line.item, line.meter in TERM_KINDS
            reported = source == REPORTED and line.meter == REPORTED
            quantity = line.amount if reported else line.quantity
            unit = CREDITS if reported else unit_of(line.meter, item.unit)
            price = agreed = Fraction(1) if term or reported else Fraction(item.rate)
            if quantity and not (term or reported):
                price, agreed = line.listed / quantity, line.amount / quantity
            key = RowKey(
                day,
                cost.provider or call.provider,
                model,
                line.meter,
                item.price_key,
                item.conditions,
                cost.billed_tier,
                unit,
                price,
                agreed,
                source,
                term,
            )
            sums = self._sums.setdefault(key, RowSums())
            sums.quantity += quantity
            sums.consumed += line.quantity
            sums.listed += line.listed
            sums.agreed += line.amount
            sums.calls += 1

    def _end(self) -> None:
        for key in sorted(self._sums, key=lambda one: (one.day, one.model, one.meter, str(one))):
            sums = self._sums[key]
            self.total += sums.agreed
            self.rows.append(row_of(self.columns, self.account, key, sums, bound=(key.day, key.model) in self._bounds))
        for (day, model, meter), units in sorted(self.unpriced.items()):
            self.remarks.append(f"no price, and no row: {day} {model} {meter}, {number_text(units)} units")
        if self.unknown_calls:
            self.remarks.append(f"no usage, and no row: {self.unknown_calls:,} calls")


@as_signed
def focus_rows(
    log: SpendLog | str | os.PathLike[str] | Iterable[object] | None,
    account: str,
    *,
    version: str = "1.2",
    since: object = None,
    until: object = None,
    where: Mapping[str, object] | None = None,
    cost_map: CostMap = DEFAULT,
) -> FocusRows:
    """Return the calls of a log as rows of FOCUS; their costs add up to the total of the log, to the last digit.

    The rows are calculated, and no invoice: ``x_CostSource`` says so. What has no price is in no row, and is named in
    ``unpriced``; ``x_LowerBound`` marks the rows beside it.

    >>> calls = [{"time": "2026-11-01T09:00:00Z", "model": "gpt-4o", "usage": {"input": 1000, "output": 0}}]
    >>> rows = focus_rows(calls, "my-account")
    >>> row = rows.rows[0]
    >>> row["BilledCost"], row["PricingQuantity"], row["PricingUnit"], row["ListUnitPrice"], row["x_CostSource"]
    ('0.0025', '0.001', '1000000 Tokens', '2.5', 'calculated')

    Args:
        log: a spend log or its address, or a file of logged calls, or records; None for the log of this user.
        account: the BillingAccountId of the rows. It is yours to say: a log does not know it.
        version: of the specification: ``1.0``, ``1.1`` or ``1.2``.
        since, until, where: as of ``SpendLog.total``; of a file ``where`` cannot be asked.
        cost_map: whose prices a file of calls is priced by; a spend log has its costs.

    Raises:
        LogError, SpendLogError: the log cannot be read.
        ArgumentError: the account is empty, or the version is unknown.
    """
    if not account.strip():
        raise ArgumentError("account='': FOCUS needs a BillingAccountId, which no log knows: name the account")
    if version not in VERSIONS:
        raise ArgumentError(f"version={shown(version)}: it is one of {', '.join(VERSIONS)}")
    found = FocusRows(version, account)
    undated: list[str] = []
    with calls_of(log, since, until, where, cost_map, undated, anew=False) as calls:
        for call in calls:
            found._add(call)
    found._end()
    if undated:
        found.remarks.append(f"no time, and no row: {len(undated):,} calls ({undated[0]})")
        found.unknown_calls += len(undated)
    return found
