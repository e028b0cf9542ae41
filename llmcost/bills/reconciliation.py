"""Reconciliation: the bill beside the log, and the causes of every difference."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.exact import ratio
from ..errors import printable, shown
from .causes import KINDS, OTHER_METER, UNEXPLAINED
from .cells import ZERO
from .compared import Cause, ComparedCell, ComparedRow, shown_usd, usd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from typing import Any

    from .bill import Bill
    from .causes import Piece
    from .cells import Charge, Day

# By what rows are parted.
AXES = ("day", "model", "meter")
_ALL = {"day": "", "model": "(all models)", "meter": "(all meters)"}
NO_USAGE = "(no usage)"
_MOST_IDS = 5
SCHEMA = 1


class Reconciliation:
    """A bill beside a log: what both say, and why they differ. As text it is a table and a list of causes.

    Attributes:
        bills: the files.
        first, last: the days that are compared.
        billed, recorded: USD of the bill and of the log, exact fractions.
        causes: why they differ, in the order in which causes are looked for; their sum is the difference.
        calls: how many calls of the log were compared.
        remarks: what there is to know: what is not on the bill, or was not read.

    Args:
        lines: lines of the bill that are for no usage, or that nobody knows, as pieces of the difference.
        pieces: of the difference between the charges and their cells.
    """

    def __init__(
        self,
        bills: Sequence[Bill],
        days: tuple[date | None, date | None],
        charges: Sequence[Charge],
        lines: Sequence[Piece],
        pieces: Sequence[Piece],
        known: Mapping[tuple[date, str], Day],
        calls: int,
        remarks: Iterable[str],
    ) -> None:
        self.bills = list(bills)
        self.first, self.last = days
        self._charges, self._lines, self._pieces = list(charges), list(lines), [*lines, *pieces]
        self.calls, self.remarks = calls, list(remarks)
        self.billed: Fraction = _sum(charge.billed for charge in charges) + _sum(piece.amount for piece in lines)
        self.recorded: Fraction = _sum(cell.recorded for charge in charges for cell in charge.cells)
        self.causes = _causes(self._pieces, known)

    @property
    def difference(self) -> Fraction:
        """USD, the bill less the log."""
        return self.billed - self.recorded

    @property
    def unexplained(self) -> Fraction:
        """USD of the difference that no cause explains, whatever its sign in each place."""
        return _sum(abs(piece.amount) for piece in self._pieces if piece.kind == UNEXPLAINED)

    def within(self, tolerance: object) -> bool:
        """Return whether the difference is at most so many USD, or such a share of the bill: ``"1%"``, ``0.05``.

        Raises ValueError for what is no number of USD and no percentage.
        """
        share = isinstance(tolerance, str) and tolerance.strip().endswith("%")
        try:
            text = tolerance.strip().removesuffix("%").strip() if isinstance(tolerance, str) else tolerance
            most = Fraction(*ratio(text))
        except (TypeError, ValueError):
            most = Fraction(-1)
        if most < 0:
            raise ValueError(f"tolerance={shown(tolerance)}: write a share of the bill such as 1%, or USD such as 0.50")
        return abs(self.difference) <= (most * abs(self.billed) / 100 if share else most)

    def by(self, axis: str) -> list[ComparedRow]:
        """Return what both sides say of each ``day``, ``model`` or ``meter``. The rows add up to the whole.

        Raises ValueError for another word.
        """
        if axis not in AXES:
            raise ValueError(f"by({shown(axis)}): it is one of {', '.join(AXES)}")
        found: dict[str, list[Any]] = {}
        for cell in self.cells:
            value = getattr(cell, axis)
            name = (NO_USAGE if cell.text else _ALL[axis]) if value is None else str(value)
            here = found.setdefault(name, [ZERO, ZERO, {}])
            here[0] += cell.billed
            here[1] += cell.recorded
            for kind, amount in cell.causes.items():
                here[2][kind] = here[2].get(kind, ZERO) + amount
        rows = [ComparedRow(value, *sums) for value, sums in found.items()]
        if axis == "day":
            return sorted(rows)
        return sorted(rows, key=lambda one: (-abs(one.difference), -one.billed, one.value))

    @property
    def cells(self) -> list[ComparedCell]:
        """What both sides say, as far apart as the bill tells it: by day, model and meter."""
        causes: dict[tuple[object, ...], dict[str, Fraction]] = {}
        for piece in self._pieces[len(self._lines) :]:
            sums = causes.setdefault(piece.charge, {})
            sums[piece.kind] = sums.get(piece.kind, ZERO) + piece.amount
        found = [
            ComparedCell(
                charge.day,
                charge.model,
                charge.meter,
                charge.billed,
                _sum(cell.recorded for cell in charge.cells),
                causes.get(charge.key, {}),
            )
            for charge in self._charges
        ]
        found += [
            ComparedCell(line.day, line.model, line.meter, line.amount, ZERO, {line.kind: line.amount}, line.text)
            for line in self._lines
        ]
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-safe dict; money is decimal text."""
        return {
            "schema": SCHEMA,
            "bills": [
                {"source": bill.source, "format": bill.format, "vendor": bill.vendor, "lines": len(bill.lines)}
                for bill in self.bills
            ],
            "first": None if self.first is None else self.first.isoformat(),
            "last": None if self.last is None else self.last.isoformat(),
            "billed": usd(self.billed),
            "recorded": usd(self.recorded),
            "difference": usd(self.difference),
            "unexplained": usd(self.unexplained),
            "calls": self.calls,
            "causes": [cause.to_dict() for cause in self.causes],
            "rows": {axis: [row.to_dict() for row in self.by(axis)] for axis in AXES},
            "remarks": list(self.remarks),
        }

    def __str__(self) -> str:
        span = "no days" if self.first is None else f"{self.first} to {self.last}"
        sums = f"billed {shown_usd(self.billed)}, logged {shown_usd(self.recorded)} USD"
        head = f"{span}: {sums}, difference {shown_usd(self.difference)}"
        return "\n".join(map(printable, [head, *(f"  {cause}" for cause in self.causes), *self.remarks]))

    def __repr__(self) -> str:
        return printable(f"<Reconciliation {self.first} to {self.last}: difference {shown_usd(self.difference)} USD>")


def _causes(pieces: Sequence[Piece], known: Mapping[tuple[date, str], Day]) -> list[Cause]:
    """Return pieces of one kind and text as one cause, those of a kind with the largest amount first."""
    found: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.kind, piece.text), []).append(piece)
    causes = []
    for (kind, text), ones in found.items():
        ids = dict.fromkeys(call for piece in ones for call in _ids(piece, known))
        cause = Cause(kind, text, _sum(piece.amount for piece in ones), ones, list(ids)[:_MOST_IDS])
        if kind == OTHER_METER:
            cause = cause._replace(text=f"{int(cause.quantity):,} {text}")
        causes.append(cause)
    order = list(KINDS)
    return sorted(causes, key=lambda cause: (order.index(cause.kind), -abs(cause.amount), cause.text))


def _ids(piece: Piece, known: Mapping[tuple[date, str], Day]) -> list[str]:
    if piece.day is None or piece.model is None or (piece.day, piece.model) not in known:
        return []
    return known[piece.day, piece.model].ids


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, ZERO)
