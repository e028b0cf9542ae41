"""Bill: what a provider asks for, line by line, as one of its files states it."""

from __future__ import annotations

from copy import copy
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..core.signatures import as_signed
from ..errors import printable
from .causes import UNEXPLAINED
from .cells import NOT_STATED, ZERO, Conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, tzinfo
    from fractions import Fraction

USAGE = "usage"


class BillLine(NamedTuple):
    """A line of a bill.

    Attributes:
        place: where it stands: ``costs.csv:12``.
        day: whose usage it is.
        kind: ``usage``, ``credit``, ``tax``, ``fee``, or ``unexplained`` for what this version does not know.
        text: what the bill calls it.
        model: whose usage it is, as the bill names it; None for all models.
        quantities: meter -> units; None for units that the bill does not state.
        amount: USD; None for a line of units alone, which says nothing of money.
        conditions: those that the line states.
        requests: how many calls it is for, or None.
    """

    place: str
    day: date
    kind: str
    text: str
    model: str | None = None
    quantities: Mapping[str, Fraction | None] = MappingProxyType({})
    amount: Fraction | None = None
    conditions: Conditions = NOT_STATED
    requests: int | None = None

    @property
    def meter(self) -> str | None:
        """The meter that it is for; None if it is for several meters, or for none."""
        return next(iter(self.quantities)) if len(self.quantities) == 1 else None


class Bill:
    """A provider's bill, as ``read_bill`` reads it from a file.

    >>> from datetime import date
    >>> from fractions import Fraction
    >>> known = BillLine(
    ...     "costs.csv:2", date(2026, 11, 1), USAGE, "gpt-4o, input", "gpt-4o", {"input": None}, Fraction(3)
    ... )
    >>> other = BillLine("costs.csv:3", date(2026, 11, 1), UNEXPLAINED, "Image models", amount=Fraction(1, 4))
    >>> bill = Bill("costs.csv", "openai", "OpenAI", [known, other])
    >>> float(bill.amount), [line.text for line in bill.unknown]
    (3.25, ['Image models'])

    Attributes:
        source: the file, as it was named.
        format: what it is: ``openai``, ``anthropic``, ``openrouter``, ``bedrock`` or ``focus``.
        vendor: whose bill it is, as a person says it.
        providers: whose calls of the log it is for; empty for those of any provider.
        lines: its lines.
        step: USD of the last digit to which its amounts are written.
        states: which conditions its lines state: ``tier``, ``long``, ``region``.
        meters: the meters that it tells apart; what the log counts apart is joined to those.
        remarks: what there is to say about it, such as columns that were not read.
        first, last: the days whose usage it covers, those without any costs included; None for an empty bill.
        zone: whose days these are; None where nobody said it.

    >>> import llmcost, pathlib, tempfile
    >>> amount = '{"value": 0.0025, "currency": "usd"}'
    >>> row = '{"line_item": "gpt-4o-2024-08-06, input", "quantity": 2000, "amount": ' + amount + "}"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "costs.json")
    ...     _ = path.write_text('{"object": "page", "data": [{"start_time": 1793491200, "results": [' + row + "]}]}")
    ...     bill = llmcost.read_bill(path)
    >>> bill.vendor, float(bill.amount), len(bill.lines), bill.unknown, len(bill.said)
    ('OpenAI', 0.0025, 1, [], 1)
    """

    @as_signed
    def __init__(
        self,
        source: str,
        format: str,
        vendor: str,
        lines: Iterable[BillLine],
        *,
        providers: frozenset[str] = frozenset(),
        step: Fraction = ZERO,
        states: Iterable[str] = (),
        meters: frozenset[str] = frozenset(),
        remarks: Iterable[str] = (),
        days: Iterable[date] = (),
        zone: tzinfo | None = None,
    ) -> None:
        self.source, self.format, self.vendor = source, format, vendor
        self.lines = list(lines)
        self.providers, self.step, self.meters = providers, step, meters
        self.states = frozenset(states)
        self.remarks = list(remarks)
        self.zone = zone
        # A credit or a tax may have the day on which it was booked; it makes no other day a day of the bill.
        covered = [*days, *(line.day for line in self.lines if line.kind == USAGE)]
        covered = covered or [line.day for line in self.lines]
        self.first: date | None = min(covered, default=None)
        self.last: date | None = max(covered, default=None)

    @property
    def amount(self) -> Fraction:
        """USD of all its lines."""
        return sum((line.amount for line in self.lines if line.amount is not None), ZERO)

    def copy(self) -> Bill:
        """Return a bill of the same lines, whose lists are its own."""
        found = copy(self)
        found.lines, found.remarks = list(self.lines), list(self.remarks)
        return found

    @property
    def said(self) -> list[tuple[object, ...]]:
        """What its lines say, without their places: equal for two copies of one file."""
        return [
            (line.day, line.kind, line.text, line.model, sorted(line.quantities.items(), key=str), line.amount)
            for line in self.lines
        ]

    @property
    def unknown(self) -> list[BillLine]:
        """The lines that this version does not know."""
        return [line for line in self.lines if line.kind == UNEXPLAINED]

    def __repr__(self) -> str:
        return printable(f"<Bill {self.source}: {self.vendor}, {len(self.lines):,} lines>")
