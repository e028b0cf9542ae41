"""Sums of costs that do not keep the costs."""

from __future__ import annotations

from math import lcm

from ..core.exact import decimal_of, ratio
from ..core.stated import NOTHING_MORE
from ..core.usage import Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

    from ..core.cost import Cost
    from ..core.counts import Quantity

    Number = int | Decimal


class Sum:
    """A sum of costs: exact, and without the costs themselves, so that it takes no memory.

    Attributes:
        calls: how many.
        bound: whether the total is a lower bound.
        input, cached, output: tokens of the prompts, those of them that were cached, and the answers' tokens.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.bound = False
        self.input: Number = 0
        self.cached: Number = 0
        self.output: Number = 0
        # Costs of one card have one denominator, so that most of them add up as whole numbers.
        self._numerators: dict[int, int] = {}

    @property
    def total(self) -> Decimal:
        """USD; see ``exact``."""
        return decimal_of(*self._ratio())[0]

    @property
    def exact(self) -> bool:
        """Whether every digit of the total is exact."""
        return decimal_of(*self._ratio())[1]

    def _ratio(self) -> tuple[int, int]:
        common = lcm(*self._numerators) if self._numerators else 1
        return sum(number * (common // denominator) for denominator, number in self._numerators.items()), common

    def add(self, cost: Cost) -> None:
        """Add what one call cost."""
        numerator, denominator = cost.as_integer_ratio()
        self._numerators[denominator] = self._numerators.get(denominator, 0) + numerator
        self.calls += 1
        # Once one call is a lower bound the sum is one: the others need not be asked.
        self.bound = self.bound or cost.lower_bound
        read, cached, written = tokens(cost)
        self.input, self.cached, self.output = self.input + read, self.cached + cached, self.output + written

    def include(
        self, numerator: int, denominator: int, calls: int, tokens: tuple[int, int, int], *, bound: bool
    ) -> None:
        """Add what calls cost that were added up before; ``tokens`` are those of ``input``, ``cached``, ``output``."""
        self._numerators[denominator] = self._numerators.get(denominator, 0) + numerator
        self.calls += calls
        self.bound = self.bound or bound
        read, cached, written = tokens
        self.input, self.cached, self.output = self.input + read, self.cached + cached, self.output + written

    def join(self, other: Sum) -> None:
        """Add what is in another sum."""
        for denominator, number in other._numerators.items():
            self._numerators[denominator] = self._numerators.get(denominator, 0) + number
        self.calls += other.calls
        self.bound = self.bound or other.bound
        self.input, self.cached = self.input + other.input, self.cached + other.cached
        self.output += other.output


class Sums(dict[str, Sum]):
    """Sums of costs by name."""

    def add(self, name: str, cost: Cost) -> None:
        """Add what one call of a name cost."""
        found = self.get(name)
        if found is None:
            found = self[name] = Sum()
        found.add(cost)

    def whole(self) -> Sum:
        """Return the sum of all of them."""
        found = Sum()
        for part in self.values():
            found.join(part)
        return found


def tokens(cost: Cost) -> tuple[Number, Number, Number]:
    """Return the tokens of a call: those of the whole prompt, those of them that were cached, and the answer's."""
    usage = cost.usage
    if usage is None:
        return 0, 0, 0
    if usage.more is not NOTHING_MORE and (usage.parts or usage.alternatives):
        return _number(usage.input_tokens), _cached(usage), _number(usage.output_tokens)
    read: Number = 0
    cached: Number = 0
    written: Number = 0
    for meter, quantity in usage.quantities.items():
        counted = _counted.get(meter)
        if counted is None:
            one = Usage(**{meter: 1})
            counted = _counted[meter] = (bool(one.input_tokens), bool(_cached(one)), bool(one.output_tokens))
        number = quantity if type(quantity) is int else _number(quantity)
        if counted[0]:
            read += number
        if counted[1]:
            cached += number
        if counted[2]:
            written += number
    return read, cached, written


# Among which tokens of a call a meter counts: Usage says it of one unit, once.
_counted: dict[str, tuple[bool, bool, bool]] = {}


def _cached(usage: Usage) -> Number:
    found: Number = 0
    for part in usage.walk():
        for meter, quantity in part.quantities.items():
            if meter.startswith("cache_read"):
                found += _number(quantity)
    return found


def _number(quantity: Quantity) -> Number:
    return quantity if type(quantity) is int else decimal_of(*ratio(quantity))[0]
