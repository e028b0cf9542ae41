"""Repricing: what stored calls would cost at other prices. What was recorded is never changed: it stands beside."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, insert, select

from ..core.exact import plain
from ..core.statuses import FAILED, MAYBE_BILLED, status_of
from ..errors import printable
from .anew import priced_anew
from .axes import STATUS_CODES
from .conditions import conditions_of
from .instants import moment_of, now
from .money import decimal, split, usd_of_row, usd_text
from .names import texts_of
from .restoring import StoredForms, restored
from .schema import calls, repriced, repricings
from .spooled import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from sqlalchemy import Connection

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from .conditions import Scope
    from .database import Database

_AT_ONCE = 2000
_COLUMNS = (
    *("seq", "at", "model", "provider", "status", "nano", "atto", "rest", "usage", "lines", "form", "cost", "tags"),
)


class Change:
    """What the calls of one model on one day cost as recorded, and anew.

    Attributes:
        model: the model that was asked for, or None.
        day: in UTC.
        calls: how many of them cost another sum anew.
        old, new: USD of those, exact fractions.
    """

    __slots__ = ("calls", "day", "model", "new", "old")

    def __init__(self, model: str | None, day: date) -> None:
        self.model, self.day = model, day
        self.calls, self.old, self.new = 0, Fraction(0), Fraction(0)

    def __repr__(self) -> str:
        return printable(f"<{self.day} {self.model}: {self.calls:,} calls, {_usd(self.old)} -> {_usd(self.new)}>")


class Difference:
    """What other prices make of a log, by model and day; as text a table.

    Attributes:
        changes: a row for each model and day of which something changes, in the order of days.
        calls: how many calls were asked for.
        kept: why calls keep the cost that was recorded: reason -> how many.
        version: of the repricing, if it was applied; None for a dry run, and where nothing changes.
        map: the day that the new prices are of.
    """

    def __init__(self, changes: list[Change], calls: int, kept: dict[str, int], version: int | None, map: str) -> None:
        self.changes, self.calls, self.kept, self.version, self.map = changes, calls, kept, version, map

    @property
    def old(self) -> Fraction:
        """USD of what changes, as recorded."""
        return sum((change.old for change in self.changes), Fraction(0))

    @property
    def new(self) -> Fraction:
        """USD of what changes, anew."""
        return sum((change.new for change in self.changes), Fraction(0))

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        return {
            "changes": [
                {
                    "day": change.day.isoformat(),
                    "model": change.model,
                    "calls": change.calls,
                    "old": usd_text(*change.old.as_integer_ratio()),
                    "new": usd_text(*change.new.as_integer_ratio()),
                }
                for change in self.changes
            ],
            "old": usd_text(*self.old.as_integer_ratio()),
            "new": usd_text(*self.new.as_integer_ratio()),
            "calls": self.calls,
            "kept": dict(self.kept),
            "version": self.version,
            "map": self.map,
        }

    def __str__(self) -> str:
        lines = [
            printable(
                f"{change.day}  {change.model or '-'}  {change.calls:,} calls  {_usd(change.old)} -> {_usd(change.new)}"
            )
            for change in self.changes
        ]
        changed = sum(change.calls for change in self.changes)
        applied = "not applied" if self.version is None else f"applied as version {self.version}"
        lines.append(
            f"{changed:,} of {self.calls:,} calls change: {_usd(self.old)} -> {_usd(self.new)}, "
            f"prices as of {self.map or 'no known day'}, {applied}"
        )
        return "\n".join([*lines, *(f"{number:,} calls keep their cost: {why}" for why, number in self.kept.items())])


def _usd(amount: Fraction) -> str:
    return f"${plain(decimal(*amount.as_integer_ratio()))}"


class _Anew(NamedTuple):
    """A stored call, and what it costs anew."""

    seq: int
    status: int
    amount: tuple[int, int]
    cost: Cost


def reprice(
    database: Database, question: Callable[[Connection], Scope], cost_map: CostMap, *, dry_run: bool, why: str | None
) -> Difference:
    """Price stored calls anew, and unless it is a dry run, write what differs beside them."""
    with database.reading() if dry_run else database.writing() as connection:
        run = _Run(connection, cost_map)
        changed = run.over(question(connection))
        prices = cost_map.as_of or ""
        version = None if dry_run else _write(connection, changed, prices, why)
        for _ in changed:
            pass  # A dry run only counts.
        names = texts_of(connection, {model for model, _ in run.changes})
    for (model, _), change in run.changes.items():
        change.model = names.get(model)
    found = sorted(run.changes.values(), key=lambda change: (change.day, change.model or ""))
    return Difference(found, run.calls, run.kept, version, prices)


class _Run:
    def __init__(self, connection: Connection, cost_map: CostMap) -> None:
        self._connection, self._map = connection, cost_map
        self._forms = StoredForms(connection)
        self._texts: dict[int, str | None] = {0: None}
        self.changes: dict[tuple[int, int], Change] = {}
        self.kept: dict[str, int] = {}
        self.calls = 0

    def over(self, question: Scope) -> Iterator[_Anew]:
        """Yield the calls of a question that cost another sum anew."""
        query = select(*(calls.c[name] for name in _COLUMNS)).where(*conditions_of(question)).order_by(calls.c.at)
        for row in self._connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            self.calls += 1
            found = self._anew(row)
            if isinstance(found, str):
                self.kept[found] = self.kept.get(found, 0) + 1
                continue
            amount = found.as_integer_ratio()
            status = row.status if row.status == STATUS_CODES[MAYBE_BILLED] else STATUS_CODES[status_of(found)]
            old = usd_of_row(row)
            new = Fraction(*amount)
            if new == old and status == row.status:
                continue
            moment = moment_of(row.at)
            key = row.model, moment.toordinal()
            change = self.changes.get(key)
            if change is None:
                change = self.changes[key] = Change(None, moment.date())
            change.calls, change.old, change.new = change.calls + 1, change.old + old, change.new + new
            yield _Anew(row.seq, status, amount, found)

    def _anew(self, row: Any) -> Cost | str:
        """Return the Cost at the new prices; or why the call keeps the one that was recorded."""
        if row.status == STATUS_CODES[FAILED]:
            return "it failed"
        cost, stated = restored(row.usage, self._forms.of(row.form), row.cost)
        tags = [self._text(code) for code in json.loads(row.tags)] if row.tags else []
        return priced_anew(
            self._map,
            stated,
            cost,
            model=self._text(row.model),
            provider=self._text(row.provider),
            at=moment_of(row.at),
            tags=tags,
        )

    def _text(self, code: int) -> str | None:
        if code not in self._texts:
            self._texts[code] = texts_of(self._connection, [code]).get(code)
        return self._texts[code]


def _write(connection: Connection, changed: Iterator[_Anew], map: str, why: str | None) -> int | None:
    """Write what differs, and return the version; None if nothing does."""
    version: int = connection.execute(select(func.coalesce(func.max(repricings.c.version), 0) + 1)).scalar_one()
    number = 0
    while batch := [_row(one, version) for one in islice(changed, _AT_ONCE)]:
        connection.execute(insert(repriced), batch)
        number += len(batch)
    if not number:
        return None
    connection.execute(insert(repricings), {"version": version, "at": now(), "map": map, "why": why, "calls": number})
    return version


def _row(anew: _Anew, version: int) -> dict[str, Any]:
    cost = anew.cost
    nano, atto, rest = split(*anew.amount)
    saving = cost.saving()
    lines = [
        [line.meter, line.to_dict()["quantity"], usd_text(*line.amount.as_integer_ratio())] for line in cost.line_items
    ]
    return {
        "seq": anew.seq,
        "version": version,
        "status": anew.status,
        "nano": nano,
        "atto": atto,
        "rest": rest,
        "saved": usd_text(*saving) if saving[0] else None,
        "lines": as_json(lines),
        "cost": as_json(cost.to_dict()),
    }
