"""Cost: what a call cost, several costs together, and one that was kept and restored."""

from __future__ import annotations

from .exact import decimal_of
from .late import Late
from .notes import as_note
from .statement import CALCULATED, REPORTED, STATED, Statement, add, sum_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from . import kept
    from .lines import LineItem
    from .notes import Note
    from .rating import Segment
else:
    # What was kept is read by few programs.
    kept = Late("llmcost.core.kept")

# The value of a fact in which the costs of a sum differ.
MIXED = "mixed"


class Cost(Statement):
    """What a call cost, and why.

    The total is the sum of the line items and is defined nowhere else. Costs add up exactly, with ``+`` and
    with ``sum()``; a sum that holds a lower bound is one.

    Attributes:
        model: the model that was asked for.
        reported: USD that the provider itself states, or None.
        requested_tier, served_tier: the service tier of the request and of the response, as they were written.
        basis: how the price was dated: ``current``, ``exact``, ``assumed`` or ``scheduled``; ``mixed`` for a sum over
            several.
        usage: the usage that was rated; None for a sum, and for a restored Cost.
        waived: why a call costs nothing although its usage has rates, or None.

    >>> import llmcost
    >>> usage = llmcost.Usage(input=200, cache_read=800, output=500, service_tier="default")
    >>> cost = llmcost.calculate(usage=usage, model="gpt-4o", service_tier="auto")

    The money, in USD; ``split`` is LiteLLM's pair of floats, the fractions are exact:

    >>> cost.response_cost, cost.total, cost.exact, cost.as_integer_ratio()
    (0.0065, Decimal('0.0065'), True, (13, 2000))
    >>> str(cost.input), str(cost.output), str(cost.other), str(cost.saved), cost.saving(), cost.split
    ('0.0015', '0.005', '0', '0.001', (8000, 8000000), (0.0015, 0.005))

    Whether it is the whole cost, and which sum it is:

    >>> cost.complete, cost.lower_bound, cost.unpriced, cost.doubts, cost.cautions, cost.notes
    (True, False, (), (), (), ())
    >>> cost.counts, cost.reported, cost.calculated is cost, cost.waived, cost.basis
    ('calculated', None, True, None, 'current')

    Which price it is:

    >>> cost.model, cost.matched_as, cost.match_rule, cost.provider
    ('gpt-4o', 'gpt-4o', 'exact', 'openai')
    >>> cost.requested_tier, cost.served_tier, cost.billed_tier
    ('auto', 'default', 'standard')

    What it is made of, how it is shown, and how it is kept:

    >>> [line.meter for line in cost.line_items], cost.usage.total_tokens, len(cost.segments)
    (['input', 'cache_read', 'output'], 1500, 1)
    >>> cost.explain().splitlines()[0], cost.with_note("checked by hand").notes[0].code
    ('gpt-4o: 0.0065 USD', 'caller')
    >>> Cost.from_dict(cost.to_dict()) == cost, sum([cost, cost]).total, len(list((cost + cost).leaves()))
    (True, Decimal('0.013'), 2)
    """

    @property
    def calculated(self) -> Cost | None:
        """The Cost by our own rate card, with its lines; None if the model is unknown.

        It is this Cost itself unless the provider's ``reported`` one counts.
        """
        return self

    def with_note(self, note: str) -> Cost:
        """Return the same cost with one note more; a plain text gets the code ``caller``."""
        found = object.__new__(type(self))
        found.__dict__.update(self.__dict__)
        found._call_notes = (*self._call_notes, as_note(note))
        return found

    def leaves(self) -> Iterator[Cost]:
        """Yield the costs of single calls under a sum, left to right; this Cost if it is no sum."""
        yield self

    def __add__(self, other: object) -> Cost:
        return SumCost(self, other) if isinstance(other, Cost) else NotImplemented

    def __radd__(self, other: object) -> Cost:
        # sum() starts with the int 0.
        return self if type(other) is int and other == 0 else NotImplemented

    @staticmethod
    def from_dict(stated: Mapping[str, object]) -> Cost:
        """Return the Cost that ``to_dict`` has written: an equal one, without its usage and its card.

        Raises PriceDataError, which names the field, if the dict has another form.
        """
        total, saving, facts, lines, calculated = kept.read(stated)
        return RestoredCost(total, saving, facts, lines, None if calculated is None else Cost.from_dict(calculated))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the lines and not the card, so that a Cost stays small."""
        facts = tuple(getattr(self, name) for name in STATED)
        lines = tuple(line.values() for line in self.line_items)
        calculated = self.calculated
        return RestoredCost, (
            self.as_integer_ratio(),
            self.saving(),
            facts,
            lines,
            None if calculated is self else calculated,
        )


def _all(name: str) -> Any:
    """Return a property of sums: the values of all its costs, each of them once."""
    return property(lambda self: tuple(dict.fromkeys(found for cost in self.leaves() for found in getattr(cost, name))))


def _same(name: str, otherwise: str | None = None) -> Any:
    """Return a property of sums: the value that all costs have in common, else ``otherwise``."""

    def read(self: SumCost) -> str | None:
        values = {getattr(cost, name) for cost in self.leaves()}
        return values.pop() if len(values) == 1 else otherwise

    return property(read)


class SumCost(Cost):
    """Several costs together."""

    def __init__(self, one: Cost, two: Cost) -> None:
        self._n, self._d = add((one._n, one._d), (two._n, two._d))
        self._members = (one, two)
        for fact in ("model", "requested_tier", "served_tier", "waived"):
            if getattr(one, fact) == getattr(two, fact):
                setattr(self, fact, getattr(one, fact))
        self.basis = one.basis if one.basis == two.basis else MIXED
        if one.reported is not None and two.reported is not None:
            self.reported = decimal_of(*sum_of((one.reported, two.reported)))[0]

    def leaves(self) -> Iterator[Cost]:
        """Yield the costs of single calls, left to right; a loop, since sums get thousands deep."""
        stack: list[Cost] = [self]
        while stack:
            cost = stack.pop()
            if isinstance(cost, SumCost):
                stack += (cost._members[1], cost._members[0])
            else:
                yield cost

    def _made_lines(self) -> tuple[LineItem, ...]:
        return tuple(line for cost in self.leaves() for line in cost.line_items)

    @property
    def calculated(self) -> Cost | None:
        """The Costs by our own rate cards together; None if one of the models is unknown."""
        if self.counts == CALCULATED:
            return self
        found: Cost | None = None
        for cost in self.leaves():
            ours = cost.calculated
            if ours is None:
                return None
            found = ours if found is None else found + ours
        return found

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of every call."""
        return tuple(segment for cost in self.leaves() for segment in cost.segments)

    @property
    def lower_bound(self) -> bool:
        """Whether one of the calls may have cost more."""
        return any(cost.lower_bound for cost in self.leaves())

    unpriced, doubts = _all("unpriced"), _all("doubts")
    matched_as, match_rule, provider = _same("matched_as"), _same("match_rule"), _same("provider")
    counts, billed_tier = _same("counts", MIXED), _same("billed_tier", MIXED)

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes of every call."""
        return tuple(dict.fromkeys([*self._call_notes, *(note for cost in self.leaves() for note in cost.notes)]))

    def saving(self) -> tuple[int, int]:
        """Return what all calls saved."""
        total = (0, 1)
        for cost in self.leaves():
            total = add(total, cost.saving())
        return total


class RestoredCost(Cost):
    """A Cost without its usage and its card: what it says was written when it was kept."""

    unpriced: tuple[str, ...] = ()
    doubts: tuple[Note, ...] = ()
    lower_bound: bool = False
    matched_as: str | None = None
    match_rule: str | None = None
    provider: str | None = None
    billed_tier: str = ""
    counts: str = ""

    def __init__(
        self,
        total: tuple[int, int],
        saving: tuple[int, int],
        facts: tuple[Any, ...],
        lines: tuple[tuple[Any, ...], ...],
        calculated: Cost | None,
    ) -> None:
        self._n, self._d = total
        self._saving, self._calculated = saving, calculated
        for name, value in zip(STATED, facts, strict=True):
            setattr(self, "_call_notes" if name == "notes" else name, value)
        from .lines import LineItem

        self._lines = tuple(LineItem(*values) for values in lines)

    @property
    def calculated(self) -> Cost | None:
        """The Cost by our own rate card, with its lines; None if the model is unknown."""
        return self._calculated if self.counts in {REPORTED, MIXED} else self

    @property
    def notes(self) -> tuple[Note, ...]:
        """What had to be decided or assumed, in words."""
        return self._call_notes

    def saving(self) -> tuple[int, int]:
        """Return what cache reads saved, as a fraction."""
        return self._saving
