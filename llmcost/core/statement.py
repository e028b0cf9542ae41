"""What a Cost says of itself: money, lines, remarks, and how it is read."""

from __future__ import annotations

from math import gcd, lcm

from ..errors import told
from .exact import decimal_of, plain
from .tiers import STANDARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from .lines import LineItem
    from .notes import Note
    from .rating import Segment
    from .usage import Usage

# The form of the dict; docs/cost.schema.json describes it.
SCHEMA = 2
# What is kept of a Cost beside its sums and its lines.
STATED = (
    *("model", "reported", "requested_tier", "served_tier", "basis", "waived", "unpriced", "doubts", "lower_bound"),
    *("matched_as", "match_rule", "provider", "billed_tier", "notes", "counts"),
)
# Which sum is the cost: our own calculation, or the one that the provider states.
CALCULATED, REPORTED = "calculated", "reported"
# Why a call costs nothing that never reached the provider.
OWN_CACHE = "answered from the application's own cache"


class Statement:
    """What every Cost says. The total is the sum of the line items and is defined nowhere else.

    ``Cost``, its only subclass, describes the attributes.
    """

    model: str | None = None
    reported: Decimal | None = None
    requested_tier: str | None = None
    served_tier: str | None = None
    basis: str = "current"
    usage: Usage | None = None
    waived: str | None = None

    _n: int
    _d: int
    # None until the lines are read for the first time.
    _lines: tuple[LineItem, ...] | None = None
    # Notes on the whole call, beside those of its usage, its card and its lines.
    _call_notes: tuple[Note, ...] = ()

    # Money.

    @property
    def response_cost(self) -> float:
        """USD: the correctly rounded double of the exact total."""
        return self._n / self._d

    @property
    def total(self) -> Decimal:
        """USD, exact; 40 digits if no finite decimal exists (``exact`` is False then)."""
        return decimal_of(self._n, self._d)[0]

    @property
    def exact(self) -> bool:
        """Whether ``total`` is exact."""
        return decimal_of(self._n, self._d)[1]

    def as_integer_ratio(self) -> tuple[int, int]:
        """Return the total in USD as an exact, reduced fraction."""
        divisor = gcd(self._n, self._d)
        return self._n // divisor, self._d // divisor

    def in_units(self) -> tuple[int, int]:
        """Return the total as a whole number of units, and how many of them are a USD; it need not be reduced.

        Costs of one card have the same units, so that they add up as whole numbers.

        >>> import llmcost
        >>> units, per_usd = llmcost.calculate(usage={"input": 1000, "output": 0}, model="gpt-4o").in_units()
        >>> units / per_usd
        0.0025
        """
        return self._n, self._d

    @property
    def input(self) -> Decimal:
        """USD of the prompt: input tokens of every kind, input media, and time."""
        return self._side("input")

    @property
    def output(self) -> Decimal:
        """USD of the answer: output tokens of every kind, and output media."""
        return self._side("output")

    @property
    def other(self) -> Decimal:
        """USD of tools, requests, pages, and of discounts, margins and fees."""
        return self._side("other")

    def _side(self, side: str) -> Decimal:
        return decimal_of(*sum_of(line.amount for line in self.line_items if line.side == side))[0]

    @property
    def split(self) -> tuple[float, float]:
        """USD as two floats, ``(input + other, output)``: the way LiteLLM splits a cost."""
        # Not the total less the answer: of amounts without a finite decimal their difference may be below 0.
        rest = sum_of(line.amount for line in self.line_items if line.side != "output")
        output = sum_of(line.amount for line in self.line_items if line.side == "output")
        return rest[0] / rest[1], output[0] / output[1]

    @property
    def saved(self) -> Decimal:
        """USD that cache reads saved against fresh input at the same card, less what cache writes cost on top."""
        return decimal_of(*self.saving())[0]

    # What each kind of Cost says in its own way.

    @property
    def line_items(self) -> tuple[LineItem, ...]:
        """Every line of the bill. Their amounts add up to the total."""
        lines = self._lines
        if lines is None:
            lines = self._lines = self._made_lines()
        return lines

    def _made_lines(self) -> tuple[LineItem, ...]:
        """Return the lines, when they are read for the first time."""
        return ()

    @property
    def counts(self) -> str:
        """Which sum is the cost: ``calculated``, ``reported`` by the provider, or ``mixed`` in a sum of both."""
        return CALCULATED

    if TYPE_CHECKING:

        @property
        def calculated(self) -> Statement | None:
            """The same by our own rate card, or None."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The call and its parts, each with the tariff it was rated by; empty for a restored Cost."""
        return ()

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Meters that were used and have no rate, in the order of use."""
        return ()

    @property
    def doubts(self) -> tuple[Note, ...]:
        """Price keys and counters that this version does not know and that may cost something, each in words."""
        return ()

    @property
    def cautions(self) -> tuple[Note, ...]:
        """Notes of the call itself: why it is a lower bound, and what of it was assumed; a sum has none of its own."""
        return ()

    @property
    def complete(self) -> bool:
        """Whether this is the whole cost: everything that was used has a rate, and nothing makes it a lower bound."""
        return not self.lower_bound

    @property
    def lower_bound(self) -> bool:
        """Whether the true cost may be higher.

        Something is unpriced, the usage broke off or is an aggregate, or a price key that this version does not know
        may hold.
        """
        return False

    @property
    def matched_as(self) -> str | None:
        """The map key that priced the call; None for a reported cost of an unknown model, and for a mixed sum."""
        return None

    @property
    def match_rule(self) -> str | None:
        """The rule by which the name was matched: ``exact``, ``dated_snapshot`` ..."""
        return None

    @property
    def provider(self) -> str | None:
        """The provider whose prices were used, as the map names it."""
        return None

    @property
    def billed_tier(self) -> str:
        """The service tier whose prices were used; ``mixed`` for a sum over several."""
        return STANDARD

    @property
    def notes(self) -> tuple[Note, ...]:
        """What had to be decided or assumed, in words."""
        return ()

    def saving(self) -> tuple[int, int]:
        """Return ``saved`` in USD as an exact fraction, which need not be reduced."""
        return 0, 1

    # Reading.

    def __float__(self) -> float:
        return self.response_cost

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return plain(self.total)

    def __repr__(self) -> str:
        bound = "at least " if self.lower_bound else ""
        return f"<Cost {bound}{self} USD, {told(self.matched_as or self.model or 'several models')}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Statement):
            return NotImplemented
        return self._n * other._d == other._n * self._d and self.line_items == other.line_items

    def __hash__(self) -> int:
        return hash(self.as_integer_ratio())

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text. ``docs/cost.schema.json`` is its JSON Schema.

        ``calculated`` is the dict of our own card's Cost where ``reported`` counts, and None otherwise.
        """
        calculated = self.calculated
        numerator, denominator = self.as_integer_ratio()
        return {
            "schema": SCHEMA,
            "model": self.model,
            "matched_as": self.matched_as,
            "match_rule": self.match_rule,
            "provider": self.provider,
            "total": plain(self.total, 0),
            "exact": self.exact,
            "fraction": None if self.exact else f"{numerator}/{denominator}",
            "input": plain(self.input, 0),
            "output": plain(self.output, 0),
            "other": plain(self.other, 0),
            "saved": plain(self.saved, 0),
            "counts": self.counts,
            "reported": None if self.reported is None else plain(self.reported, 0),
            "calculated": None if calculated is None or calculated is self else calculated.to_dict(),
            "complete": self.complete,
            "lower_bound": self.lower_bound,
            "unpriced": list(self.unpriced),
            "doubts": [note.to_dict() for note in self.doubts],
            "waived": self.waived,
            "tier": {"requested": self.requested_tier, "served": self.served_tier, "billed": self.billed_tier},
            "basis": self.basis,
            "line_items": [line.to_dict() for line in self.line_items],
            "notes": [note.to_dict() for note in self.notes],
        }

    def explain(self, *, verbose: bool = False) -> str:
        """Return one screen of text: every line, why its rate applies, and what had to be decided.

        ``verbose`` adds the rates that a stronger layer replaced or put out of force.
        """
        from .bill import explain

        return explain(self, verbose=verbose)


def add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    """Return the sum of two fractions."""
    if one[1] == two[1]:
        return one[0] + two[0], one[1]
    common = lcm(one[1], two[1])
    return one[0] * (common // one[1]) + two[0] * (common // two[1]), common


def sum_of(amounts: Iterable[Decimal]) -> tuple[int, int]:
    """Return the exact sum of amounts as a fraction."""
    result = (0, 1)
    for amount in amounts:
        result = add(result, amount.as_integer_ratio())
    return result
