"""Cells: what a bill and a log say of one meter of one model on one day; and the charges that cells belong to."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from .causes import ChargeKey

ZERO = Fraction(0)
# A number as numerator and denominator.
Ratio = tuple[int, int]


class Conditions(NamedTuple):
    """What selects the rate of a meter, where it is known.

    Attributes:
        tier: the service tier.
        long: whether the prompt was above a threshold of the card.
        region: where the model ran.
    """

    tier: str | None = None
    long: bool | None = None
    region: str | None = None

    def only(self, stated: frozenset[str]) -> Conditions:
        """Return those of the conditions that are named."""
        return Conditions(
            self.tier if "tier" in stated else None,
            self.long if "long" in stated else None,
            self.region if "region" in stated else None,
        )

    def or_else(self, other: Conditions) -> Conditions:
        """Return these conditions, with those of another where nothing is stated."""
        return Conditions(
            other.tier if self.tier is None else self.tier,
            other.long if self.long is None else self.long,
            other.region if self.region is None else self.region,
        )

    @property
    def stated(self) -> frozenset[str]:
        """The names of those that are known."""
        return frozenset(name for name, value in self._asdict().items() if value is not None)

    @property
    def text(self) -> str:
        """The conditions as a person reads them."""
        said = [] if self.tier is None else [f"tier {self.tier}"]
        if self.long is not None:
            said.append("long prompts" if self.long else "prompts below the threshold")
        return ", ".join([*said, *([] if self.region is None else [f"region {self.region}"])])


NOT_STATED = Conditions()


class Counted(NamedTuple):
    """Under which meter and conditions the log counts units."""

    meter: str
    conditions: Conditions = NOT_STATED


class Part:
    """What calls of a log come to under one set of conditions: units, USD as recorded, USD by the rate card."""

    __slots__ = ("priced", "quantity", "recorded")

    def __init__(self, quantity: Fraction = ZERO, recorded: Fraction = ZERO, priced: Fraction = ZERO) -> None:
        self.quantity, self.recorded, self.priced = quantity, recorded, priced

    def add(self, quantity: Fraction, recorded: Fraction, priced: Fraction) -> None:
        """Add what other calls come to."""
        self.quantity += quantity
        self.recorded += recorded
        self.priced += priced


class Sums:
    """A ``Part`` while calls are added to it: whole numbers, apart for each denominator, which is many times faster."""

    __slots__ = ("priced", "quantity", "recorded")

    def __init__(self) -> None:
        self.quantity: dict[int, int] = {}
        self.recorded: dict[int, int] = {}
        self.priced: dict[int, int] = {}

    def add(self, quantity: Ratio, recorded: Ratio, priced: Ratio) -> None:
        """Add a line of a call, each of its numbers as numerator and denominator."""
        number, per = quantity
        self.quantity[per] = self.quantity.get(per, 0) + number
        number, per = recorded
        self.recorded[per] = self.recorded.get(per, 0) + number
        number, per = priced
        self.priced[per] = self.priced.get(per, 0) + number

    def part(self) -> Part:
        """Return what was added."""
        return Part(*(_sum_of(numbers) for numbers in (self.quantity, self.recorded, self.priced)))


def _sum_of(numbers: dict[int, int]) -> Fraction:
    return sum((Fraction(number, per) for per, number in numbers.items()), ZERO)


class Other(NamedTuple):
    """Another set of rates that a bill may have used.

    Attributes:
        text: what they are.
        rate: returns the rate of a meter under the conditions of the log, in USD; None without one.
    """

    text: str
    rate: Callable[[str, Conditions], Fraction | None]


class Prices(Protocol):
    """What the rate cards say."""

    def rate(self, model: str, meter: str, day: date, conditions: Conditions) -> Fraction | None:
        """Return USD per unit; None without a price."""

    def others(self, model: str, meters: Iterable[str], day: date) -> Iterable[Other]:
        """Return the other rates of the same model, the most likely first."""


class Cell:
    """One meter of one model on one day, as both sides count it.

    Attributes:
        model, meter: whose units they are.
        ours: what the log says, by its own meter (which the bill may not tell apart) and the conditions of its calls.
        theirs: units on the bill, by the conditions that the bill states; None where it states no units.
        calls: of the log.
    """

    __slots__ = ("calls", "meter", "model", "ours", "theirs")

    def __init__(
        self,
        model: str,
        meter: str,
        ours: dict[Counted, Part] | None = None,
        theirs: dict[Conditions, Fraction] | None = None,
        calls: int = 0,
    ) -> None:
        self.model, self.meter, self.calls = model, meter, calls
        self.ours = {} if ours is None else ours
        self.theirs = theirs

    @property
    def quantity(self) -> Fraction:
        """Units of the log."""
        return sum((part.quantity for part in self.ours.values()), ZERO)

    @property
    def recorded(self) -> Fraction:
        """USD as the log recorded them."""
        return sum((part.recorded for part in self.ours.values()), ZERO)

    @property
    def priced(self) -> Fraction:
        """USD by the rate card, for the units of the log."""
        return sum((part.priced for part in self.ours.values()), ZERO)

    @property
    def billed_quantity(self) -> Fraction:
        """Units of the bill; those of the log where it states none."""
        return self.quantity if self.theirs is None else sum(self.theirs.values(), ZERO)


class Charge:
    """An amount of a bill, and the cells that it is for.

    Attributes:
        day: whose usage it is.
        model, meter: what it is for; None where it is for all.
        billed: USD.
        slack: USD by which rounding may change it: half of the last digit of each of its lines.
        cells: what it is made of.
        place: where it stands; empty for a cell that only the log has.
        group: which of several vendors' bills it is on.
    """

    __slots__ = ("billed", "cells", "day", "group", "meter", "model", "place", "slack")

    def __init__(
        self,
        day: date,
        model: str | None,
        meter: str | None,
        billed: Fraction = ZERO,
        slack: Fraction = ZERO,
        cells: Iterable[Cell] = (),
        place: str = "",
        group: int = 0,
    ) -> None:
        self.day, self.model, self.meter, self.group = day, model, meter, group
        self.billed, self.slack, self.place = billed, slack, place
        self.cells = list(cells)

    @property
    def key(self) -> ChargeKey:
        """What tells it from other charges: the vendor, day, model and meter."""
        return self.group, self.day, self.model, self.meter

    @property
    def calls(self) -> int:
        """How many calls of the log are behind it, counted once for each meter."""
        return max((cell.calls for cell in self.cells), default=0)


class Day:
    """What is known of the calls of one model on one day.

    Attributes:
        calls: of the log.
        requests: of the bill; None where it does not count them.
        maybe_billed: calls of the log that were sent and whose answer did not arrive whole.
        ids: of some of its calls; the ones that may have been billed come first.
    """

    __slots__ = ("calls", "ids", "maybe_billed", "requests")

    def __init__(self, calls: int = 0, requests: int | None = None, maybe_billed: int = 0) -> None:
        self.calls, self.requests, self.maybe_billed = calls, requests, maybe_billed
        self.ids: list[str] = []
