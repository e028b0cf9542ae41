"""Reconciliation: the bill beside the log, and the causes of every difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.signatures import as_signed
from ..errors import ArgumentError, printable, shown
from .amounts import given_number
from .causes import KINDS, OTHER_METER, UNEXPLAINED
from .cells import ZERO
from .compared import Cause, ComparedCell, ComparedRow, shown_usd, usd
from .pairing import ALL_MODELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from fractions import Fraction
    from typing import Any

    from .bill import Bill
    from .causes import ChargeKey, Piece
    from .cells import Charge, Day

# By what rows are parted.
AXES = ("day", "model", "meter")
_ALL = {"day": "", "model": ALL_MODELS, "meter": "(all meters)"}
NO_USAGE = "(no usage)"
_MOST_IDS = 5
SCHEMA = 1


class Reconciliation:
    """A bill beside a log: what both say, and why they differ. As text it is the sums and a list of causes.

    >>> from datetime import date
    >>> from fractions import Fraction
    >>> import llmcost
    >>> from llmcost.bills.bill import USAGE, BillLine
    >>> line = BillLine(
    ...     "bill.csv:2", date(2026, 11, 1), USAGE, "x", "gpt-4o", {"input": Fraction(1200)}, Fraction("0.003")
    ... )
    >>> bill = llmcost.Bill("bill.csv", "openai", "OpenAI", [line], providers=frozenset({"openai"}))
    >>> calls = [{"time": "2026-11-01", "model": "gpt-4o", "usage": {"input": 1000, "output": 0}}]
    >>> found = llmcost.reconcile(bill, calls)
    >>> print(found)
    2026-11-01 to 2026-11-01: billed 0.003, logged 0.0025 USD, difference 0.0005
      calls that the log does not have: 0.0005 USD
    >>> found.within("1%"), float(found.difference), float(found.unexplained)
    (False, 0.0005, 0.0)
    >>> [(row.value, float(row.difference)) for row in found.by("model")]
    [('gpt-4o', 0.0005)]
    >>> [cell.meter for cell in found.cells], found.to_dict()["recorded"]
    (['input'], '0.0025')

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

    >>> import llmcost, pathlib, tempfile
    >>> row = (
    ...     '{"line_item": "gpt-4o-2024-08-06, input", "quantity": 2000, "amount": {"value": 0.006, "currency": "usd"}}'
    ... )
    >>> calls = [{"time": "2026-11-01T09:00:00Z", "model": "gpt-4o-2024-08-06", "usage": {"input": 2000, "output": 0}}]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "costs.json")
    ...     _ = path.write_text('{"object": "page", "data": [{"start_time": 1793491200, "results": [' + row + "]}]}")
    ...     found = llmcost.reconcile(path, calls)
    >>> float(found.difference), found.within("20%"), found.within("1%"), len(found.by("model")), len(found.cells)
    (0.001, True, False, 1, 1)
    >>> sum(cause.amount for cause in found.causes) == found.difference, float(found.unexplained) <= 0.001
    (True, True)
    >>> found.to_dict()["billed"]
    '0.006'
    """

    def __init__(
        self,
        bills: Sequence[Bill],
        days: tuple[date | None, date | None],
        charges: Sequence[Charge],
        lines: Sequence[Piece],
        pieces: Sequence[Piece],
        calls_of_days: Mapping[tuple[int, date, str], Day],
        calls: int,
        remarks: Iterable[str],
    ) -> None:
        self.bills = list(bills)
        self.first, self.last = days
        self._charges, self._lines, self._pieces = list(charges), list(lines), [*lines, *pieces]
        self.calls, self.remarks = calls, list(remarks)
        self.billed: Fraction = _sum(charge.billed for charge in charges) + _sum(piece.amount for piece in lines)
        self.recorded: Fraction = _sum(cell.recorded for charge in charges for cell in charge.cells)
        self.causes = _causes(self._pieces, calls_of_days)

    @property
    def difference(self) -> Fraction:
        """USD, the bill less the log."""
        return self.billed - self.recorded

    @property
    def unexplained(self) -> Fraction:
        """USD of the difference that no cause explains, whatever its sign in each place."""
        return _sum(abs(piece.amount) for piece in self._pieces if piece.kind == UNEXPLAINED)

    @as_signed
    def within(self, tolerance: object) -> bool:
        """Return whether the difference is at most so many USD, or such a share of the bill: ``"1%"``, ``0.05``.

        Raises ArgumentError for what is no number of USD and no percentage.
        """
        share = isinstance(tolerance, str) and tolerance.strip().endswith("%")
        most = given_number(tolerance.strip().removesuffix("%").strip() if isinstance(tolerance, str) else tolerance)
        if most is None or most < 0:
            raise ArgumentError(
                f"tolerance={shown(tolerance)}: write a share of the bill such as 1%, or USD such as 0.50"
            )
        return abs(self.difference) <= (most * abs(self.billed) / 100 if share else most)

    @as_signed
    def by(self, axis: str) -> list[ComparedRow]:
        """Return what both sides say of each ``day``, ``model`` or ``meter``. The rows add up to the whole.

        Raises ArgumentError for another word.
        """
        if axis not in AXES:
            raise ArgumentError(f"by({shown(axis)}): it is one of {', '.join(AXES)}")
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
        causes: dict[ChargeKey | None, dict[str, Fraction]] = {}
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

    def to_dict(self, *, cells: bool = True) -> dict[str, Any]:
        """Return a JSON-safe dict; money is decimal text.

        Args:
            cells: whether each cause has its places; a page shows none.
        """
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
            "causes": [cause.to_dict(cells=cells) for cause in self.causes],
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


def _causes(pieces: Sequence[Piece], calls_of_days: Mapping[tuple[int, date, str], Day]) -> list[Cause]:
    """Return pieces of one kind and text as one cause, those of a kind with the largest amount first."""
    found: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        found.setdefault((piece.kind, piece.text), []).append(piece)
    causes = []
    for (kind, text), ones in found.items():
        ids = dict.fromkeys(call for piece in ones for call in _ids(piece, calls_of_days))
        cause = Cause(kind, text, _sum(piece.amount for piece in ones), ones, list(ids)[:_MOST_IDS])
        if kind == OTHER_METER:
            cause = cause._replace(text=f"{int(cause.quantity):,} {text}")
        causes.append(cause)
    order = list(KINDS)
    return sorted(causes, key=lambda cause: (order.index(cause.kind), -abs(cause.amount), cause.text))


def _ids(piece: Piece, calls_of_days: Mapping[tuple[int, date, str], Day]) -> list[str]:
    """Return calls of the log in the place of a piece; of a line that is no charge there are none."""
    if piece.charge is None or piece.model is None:
        return []
    group, day, *_ = piece.charge
    calls = calls_of_days.get((group, day, piece.model))
    return [] if calls is None else calls.ids


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, ZERO)
