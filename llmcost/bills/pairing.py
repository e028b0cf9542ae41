"""Pairing: the lines of bills and the calls of a log as charges, each with the cells of both sides that it is for.

A line with an amount is a charge: of a day, and of a model and a meter as far as the bill tells them apart. Lines of
units alone fill the cells of the charges of the same day. Every cell of the log belongs to the charge that names it
most closely, or to one of its own, which the bill does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.meters import METERS, TOKEN_METERS
from .bill import USAGE
from .causes import CREDIT, FEE, TAX, UNEXPLAINED, Piece
from .cells import ZERO, Cell, Charge, Conditions, Counted, Day, Part
from .ledger import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from fractions import Fraction

    from .bill import Bill, BillLine
    from .ledger import Ledger
    from .matching import Models

    Key = tuple[date, str | None, str | None]
    Units = dict[Conditions, Fraction]

# What the models of a log are called together, where the bill has one line for them.
ALL_MODELS = "(all models)"
_SEVERAL = 2
_SAID = {
    CREDIT: "credits",
    TAX: "taxes",
    FEE: "fees, purchases and adjustments",
    UNEXPLAINED: "lines that this version does not know",
}


class Pairs:
    """What bills and a log say of the same days.

    Attributes:
        charges: what is billed, with its cells; then what only the log has.
        days: what is known of the calls of each model on each day.
        pieces: lines that are for no usage, and those that nobody knows: each is a cause of its own.

    Args:
        bills: of one vendor, whose amounts and units are about the same calls.
        ledger: the calls of the log on the days of the bills.
        models: which names are one model.
        meters: the meters that the bills tell apart.
        group: the number of the vendor among several.
    """

    def __init__(
        self, bills: Iterable[Bill], ledger: Ledger, models: Models, meters: frozenset[str], group: int = 0
    ) -> None:
        self._models, self._meters, self._group = models, meters, group
        self._states: set[str] = set()
        self._charges: dict[Key, Charge] = {}
        self._theirs: dict[Key, dict[tuple[str | None, str], Units]] = {}
        self._units: dict[tuple[date, str, str], Units] = {}
        self._unstated: set[Key] = set()
        self._requests: dict[tuple[date, str], int] = {}
        self.pieces: list[Piece] = []
        for bill in bills:
            self._states |= bill.states
            for line in bill.lines:
                self._add(line, bill.step / 2)
        self.days: dict[tuple[date, str], Day] = {}
        self.charges = self._paired(ledger)

    def _add(self, line: BillLine, slack: Fraction) -> None:
        if line.kind != USAGE:
            if line.amount:
                text = f"{_SAID[line.kind]}: {line.text}"
                self.pieces.append(Piece(line.kind, line.amount, text, line.day, line.model, None, place=line.place))
            return
        model = None if line.model is None else self._models.of_bill(line.model)
        if line.requests is not None and model is not None:
            self._requests[line.day, model] = self._requests.get((line.day, model), 0) + line.requests
        if line.amount is None:
            for meter, units in line.quantities.items():
                if units and model is not None:
                    found = self._units.setdefault((line.day, model, meter), {})
                    found[line.conditions] = found.get(line.conditions, ZERO) + units
            return
        key = (line.day, model, line.meter)
        charge = self._charges.get(key)
        if charge is None:
            charge = self._charges[key] = Charge(line.day, model, line.meter, place=line.place, group=self._group)
            self._theirs[key] = {}
        charge.billed += line.amount
        charge.slack += slack
        for meter, units in line.quantities.items():
            held = self._theirs[key].setdefault((model, meter), {})
            held[line.conditions] = held.get(line.conditions, ZERO) + (units or 0)
            if units is None:
                self._unstated.add(key)

    def _paired(self, ledger: Ledger) -> list[Charge]:
        cells = self._cells(ledger)
        self._join_models(cells)
        self._count_calls(ledger)
        self._fill(cells)
        found: dict[Key, list[Cell]] = {key: [] for key in self._charges}
        for (day, model, meter), cell in cells.items():
            key = self._closest(day, model, meter)
            if key not in found:
                # The bill has no line for it: no units of it were billed, where it has lines of that day at all.
                self._charges[key] = Charge(day, model, meter, group=self._group)
                found[key] = []
                cell.theirs = cell.theirs or {}
                if meter == WHOLE:
                    # No amount of the bill is for calls as a whole: what was recorded stands against the card.
                    for part in cell.ours.values():
                        part.priced = ZERO
            found[key].append(cell)
        for key, charge in self._charges.items():
            charge.cells = found[key]
        return sorted(self._charges.values(), key=lambda one: (one.day, one.model or "", one.meter or ""))

    def _closest(self, day: date, model: str, meter: str) -> Key:
        keys: tuple[Key, ...] = ((day, model, meter), (day, None, meter), (day, model, None), (day, None, None))
        return next((key for key in keys if key in self._charges), keys[0])

    def _cells(self, ledger: Ledger) -> dict[tuple[date, str, str], Cell]:
        """Return the cells of the log, its meters as far apart as the bill tells them."""
        cells: dict[tuple[date, str, str], Cell] = {}
        for account, meters in ledger.cells.items():
            label = self._models.of_log(account.model)
            for name, parts in meters.items():
                meter = self._joined(name)
                cell = cells.setdefault((account.day, label, meter), Cell(label, meter))
                cell.calls += ledger.counts.get((account, name), 0)
                for conditions, part in parts.items():
                    ours = cell.ours.setdefault(Counted(name, conditions), Part())
                    ours.add(part.quantity, part.recorded, part.priced)
        return cells

    def _count_calls(self, ledger: Ledger) -> None:
        """Say what is known of the calls of each model on each day."""
        for account, day in ledger.days.items():
            label = self._models.of_log(account.model)
            of_day = self.days.setdefault((account.day, label), Day(requests=self._requests.get((account.day, label))))
            of_day.calls += day.calls
            of_day.maybe_billed += day.maybe_billed
            of_day.ids += day.ids

    def _join_models(self, cells: dict[tuple[date, str, str], Cell]) -> None:
        """Make one cell of a meter of several models, where the bill has a line for all of them."""
        # A file of usage tells the models apart, where there is one.
        by_model = {(day, meter) for day, _, meter in self._units}
        for day, model, meter in self._charges:
            if model is None and meter is not None and (day, meter) not in by_model:
                self._join(cells, day, meter)

    def _fill(self, cells: dict[tuple[date, str, str], Cell]) -> None:
        """Put the units of the bill into the cells; make those that only the bill has."""
        for key, by_meter in self._theirs.items():
            day, unstated = key[0], key in self._unstated
            for (model, meter), units in by_meter.items():
                if unstated:
                    # The bill states no units here; another file of it may.
                    continue
                label = model or self._only(cells, day, meter)
                if label is None:
                    continue
                cell = cells.setdefault((day, label, meter), Cell(label, meter))
                cell.theirs = _sum(cell.theirs, units)
        stated = set(self._theirs)
        for (day, model, meter), units in self._units.items():
            if (day, model, meter) in stated and (day, model, meter) not in self._unstated:
                continue
            cell = cells.setdefault((day, model, meter), Cell(model, meter))
            cell.theirs = _sum(
                cell.theirs, {conditions.only(frozenset(self._states)): n for conditions, n in units.items()}
            )
        with_units = {(day, model) for day, model, _ in self._units}
        for (day, model, meter), cell in cells.items():
            # Where the tokens of a model are stated, a meter without any has none.
            if cell.theirs is None and (day, model) in with_units and meter in TOKEN_METERS:
                cell.theirs = {}
        for key in self._unstated:
            self._make_unstated(key, cells)

    def _make_unstated(self, key: Key, cells: dict[tuple[date, str, str], Cell]) -> None:
        """Make the cell of a charge without stated units and without calls in the log."""
        day, model, meter = key
        if model is not None and meter is not None and (day, model, meter) not in cells:
            cells[day, model, meter] = Cell(model, meter)

    def _join(self, cells: dict[tuple[date, str, str], Cell], day: date, meter: str) -> None:
        keys = [key for key in cells if key[0] == day and key[2] == meter and key not in self._charges]
        if len(keys) < _SEVERAL:
            return
        joined = cells[day, ALL_MODELS, meter] = Cell(ALL_MODELS, meter)
        for cell in map(cells.pop, keys):
            joined.calls += cell.calls
            for counted, part in cell.ours.items():
                joined.ours.setdefault(counted, Part()).add(part.quantity, part.recorded, part.priced)

    def _only(self, cells: dict[tuple[date, str, str], Cell], day: date, meter: str) -> str | None:
        """Return the model of the log whose meter a line is for that names no model; None if there is none."""
        return next(
            (
                model
                for held, model, name in cells
                if (held, name) == (day, meter) and (held, model, name) not in self._charges
            ),
            None,
        )

    def _joined(self, meter: str) -> str:
        """Return the meter under which the bill counts one: its own, or that of the parent it tells apart."""
        row = METERS.get(meter)
        if meter in self._meters or row is None:
            return meter
        return next((name for name in row.parents if name in self._meters and METERS[name].side == row.side), meter)


def _sum(one: Units | None, two: Units) -> Units:
    found = dict(one or {})
    for conditions, units in two.items():
        found[conditions] = found.get(conditions, ZERO) + units
    return found
