"""Answers: what the calls of a log cost together, with what the sum does not say."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, overload

from ..core.exact import plain
from ..core.statuses import FAILED, MAYBE_BILLED, PARTIAL, STATUSES, UNPRICED
from ..errors import printable
from .axes import STATUS_WORDS
from .money import decimal, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal
    from typing import Any


class Tally:
    """Sums while they are added up, apart for each status; ``name`` is of what has no code."""

    __slots__ = ("atto", "counts", "input", "name", "nano", "output", "rest")

    def __init__(self, name: str | None = None) -> None:
        self.name = name
        self.counts: dict[str, int] = {}
        self.input = self.output = self.nano = self.atto = 0
        self.rest = Fraction(0)

    def add(self, status: int, calls: int, input: int, output: int, nano: int, atto: int) -> None:
        """Add the sums of calls of one status."""
        word = STATUS_WORDS[status]
        self.counts[word] = self.counts.get(word, 0) + calls
        self.input += input
        self.output += output
        self.nano += nano
        self.atto += atto

    @property
    def calls(self) -> int:
        """How many calls there are."""
        return sum(self.counts.values())

    def include(self, other: Tally) -> None:
        """Add other sums."""
        for word, calls in other.counts.items():
            self.counts[word] = self.counts.get(word, 0) + calls
        for name in ("input", "output", "nano", "atto", "rest"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def ratio(self) -> tuple[int, int]:
        """Return the sum in USD as a fraction."""
        return joined(self.nano, self.atto, self.rest)


class Sum:
    """What calls cost together.

    Attributes:
        calls: how many they are.
        input, output: tokens.
        cost: USD, exact; 40 digits where no finite decimal exists.
        unpriced: calls without a known cost.
        partial: calls whose cost is a lower bound.
        maybe_billed: calls that were sent and whose answer did not arrive whole.
        failed: calls that were refused or never sent; they cost nothing.
        statuses: how many calls have which status.
    """

    __slots__ = (
        "_ratio",
        "calls",
        "cost",
        "failed",
        "input",
        "maybe_billed",
        "output",
        "partial",
        "statuses",
        "unpriced",
    )

    def __init__(self, tally: Tally) -> None:
        self._ratio = tally.ratio()
        self.cost: Decimal = decimal(*self._ratio)
        self.statuses: Mapping[str, int] = {word: tally.counts[word] for word in STATUSES if tally.counts.get(word)}
        self.calls: int = tally.calls
        self.input, self.output = tally.input, tally.output
        self.unpriced: int = tally.counts.get(UNPRICED, 0)
        self.partial: int = tally.counts.get(PARTIAL, 0)
        self.maybe_billed: int = tally.counts.get(MAYBE_BILLED, 0)
        self.failed: int = tally.counts.get(FAILED, 0)

    def as_integer_ratio(self) -> tuple[int, int]:
        """Return the cost in USD as an exact fraction."""
        return self._ratio

    @property
    def reasons(self) -> list[str]:
        """Why the cost is a lower bound, in words; empty if it is not."""
        counted = (
            (self.unpriced, "unpriced"),
            (self.partial, "partly priced"),
            (self.maybe_billed, "may have been billed"),
        )
        return [f"{calls:,} {words}" for calls, words in counted if calls]

    @property
    def lower_bound(self) -> bool:
        """Whether the calls may have cost more."""
        return bool(self.reasons)

    def __str__(self) -> str:
        if not self.calls:
            reasons = self.reasons
            return f"$0 (no calls; {', '.join(reasons)})" if reasons else "$0 (no calls)"
        money = f"${plain(self.cost)}"
        return f">= {money} ({', '.join(self.reasons)})" if self.lower_bound else money

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        return {
            "calls": self.calls,
            "input": self.input,
            "output": self.output,
            "cost": plain(self.cost, 0),
            "lower_bound": self.lower_bound,
            "statuses": dict(self.statuses),
        }


class Total(Sum):
    """What all calls of a question cost together; as text it states its bound.

    Attributes:
        dropped: calls of the time that could not be kept: they are in no sum.
        prices: whether costs are those that were ``recorded``, or of which repricing they are.
    """

    __slots__ = ("dropped", "prices")

    def __init__(self, tally: Tally, dropped: int, prices: str) -> None:
        super().__init__(tally)
        self.dropped, self.prices = dropped, prices

    @property
    def reasons(self) -> list[str]:
        """Why the cost is a lower bound, in words; empty if it is not."""
        return [*super().reasons, *([f"{self.dropped:,} dropped"] if self.dropped else [])]

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        return {**super().to_dict(), "dropped": self.dropped, "prices": self.prices}

    def __repr__(self) -> str:
        return f"<Total {self}, {self.calls:,} calls>"


class Group(Sum):
    """What the calls with one value of an axis cost together.

    Attributes:
        value: the value: a name, the start of an hour or day (UTC); None where nothing is stated.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any, tally: Tally) -> None:
        super().__init__(tally)
        self.value = value

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        value = self.value.isoformat() if hasattr(self.value, "isoformat") else self.value
        return {"value": value, **super().to_dict()}

    def __repr__(self) -> str:
        return printable(f"<Group {self.value}: {self}, {self.calls:,} calls>")


class Breakdown(Sequence[Group]):
    """The groups of an axis, those of the highest cost first; hours and days in their order.

    Attributes:
        axis: by what they are parted.
        total: what all calls cost together. Never add up groups that overlap.
        overlap: USD by which the sum of the groups is above the total: a call counts once for each of its tags.
    """

    def __init__(self, axis: str, groups: list[Group], total: Total) -> None:
        self.axis, self.total, self._groups = axis, total, groups
        sum_of_groups = sum((Fraction(*group.as_integer_ratio()) for group in groups), Fraction(0))
        over = sum_of_groups - Fraction(*total.as_integer_ratio())
        self.overlap: Decimal = decimal(over.numerator, over.denominator)

    @overload
    def __getitem__(self, place: int) -> Group: ...
    @overload
    def __getitem__(self, place: slice) -> list[Group]: ...
    def __getitem__(self, place: int | slice) -> Group | list[Group]:
        return self._groups[place]

    def __len__(self) -> int:
        return len(self._groups)

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups)

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        return {
            "by": self.axis,
            "rows": [group.to_dict() for group in self._groups],
            "total": self.total.to_dict(),
            "overlap": plain(self.overlap, 0),
        }

    def __repr__(self) -> str:
        over = f", the groups overlap by ${plain(self.overlap)}" if self.overlap else ""
        return f"<Breakdown by {self.axis}: {len(self)} groups, {self.total}{over}>"
