"""Sums of costs that do not keep the costs."""

from __future__ import annotations

from math import lcm

from ..core.exact import decimal_of, ratio
from ..core.meters import CACHE_READS, INPUT, METERS, OUTPUT, token_side
from ..core.stated import NOTHING_MORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import TypeVar

    from ..core.cost import Cost
    from ..core.counts import Quantities, Quantity
    from ..core.usage import Usage

    Number = int | Decimal
    Name = TypeVar("Name")


class Amounts(dict[int, int]):
    """A sum of amounts in USD, exact: for each denominator the sum of its numerators; an amount is added in place.

    Costs of one card have one denominator, so that most of them add up as whole numbers.
    """

    __slots__ = ()

    def __missing__(self, denominator: int) -> int:
        return 0

    def join(self, other: Amounts) -> None:
        """Add what is in another sum."""
        for denominator, number in other.items():
            self[denominator] += number

    def ratio(self) -> tuple[int, int]:
        """Return the sum as a fraction."""
        common = lcm(*self)
        return sum(number * (common // denominator) for denominator, number in self.items()), common


class _Units(dict[str, "Number"]):
    """Units by meter; a meter that is asked for the first time has none."""

    __slots__ = ()

    def __missing__(self, meter: str) -> Number:
        return 0


class Sum:
    """A sum of costs: exact, and without the costs themselves, so that it takes no memory.

    Attributes:
        calls: how many.
        bound: whether the total is a lower bound.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.bound = False
        self._amounts = Amounts()
        # Units by meter, which are added up by token when they are asked for; and those of calls that have more.
        self._units = _Units()
        self._more: tuple[Number, Number, Number] = (0, 0, 0)

    @property
    def input(self) -> Number:
        """Tokens of the prompts."""
        return self._tokens(0)

    @property
    def cached(self) -> Number:
        """Those of them that were cached."""
        return self._tokens(1)

    @property
    def output(self) -> Number:
        """Tokens of the answers."""
        return self._tokens(2)

    def _tokens(self, side: int) -> Number:
        return self._more[side] + sum(units for meter, units in self._units.items() if _COUNTS[meter][side])

    @property
    def total(self) -> Decimal:
        """USD; see ``exact``."""
        return decimal_of(*self._amounts.ratio())[0]

    @property
    def exact(self) -> bool:
        """Whether every digit of the total is exact."""
        return decimal_of(*self._amounts.ratio())[1]

    def add(self, cost: Cost) -> None:
        """Add what one call cost."""
        units, of_usd = cost.in_units()
        self._amounts[of_usd] += units
        self.calls += 1
        if cost.lower_bound:
            self.bound = True
        usage = cost.usage
        if usage is None:
            return
        if usage.more is not NOTHING_MORE and (usage.parts or usage.alternatives):
            self._add_tokens(tokens(cost))
            return
        found, quantities = self._units, usage.quantities
        for meter in quantities:
            quantity = quantities[meter]
            found[meter] += quantity if type(quantity) is int else _number(quantity)

    def add_rated(self, quantities: Quantities, numerator: int, denominator: int, calls: int) -> None:
        """Add calls without remarks: what they used, in whole units, and what that costs in USD."""
        self._amounts[denominator] += numerator
        self.calls += calls
        found = self._units
        for meter in quantities:
            found[meter] += quantities[meter]  # type: ignore[assignment, operator]

    def include(
        self, numerator: int, denominator: int, calls: int, tokens: tuple[int, int, int], *, bound: bool
    ) -> None:
        """Add what calls cost that were added up before; ``tokens`` are those of ``input``, ``cached``, ``output``."""
        self._amounts[denominator] += numerator
        self.calls += calls
        self.bound = self.bound or bound
        self._add_tokens(tokens)

    def _add_tokens(self, more: tuple[Number, Number, Number]) -> None:
        read, cached, written = self._more
        self._more = read + more[0], cached + more[1], written + more[2]

    def join(self, other: Sum) -> None:
        """Add what is in another sum."""
        self._amounts.join(other._amounts)
        self.calls += other.calls
        self.bound = self.bound or other.bound
        for meter, units in other._units.items():
            self._units[meter] += units
        self._add_tokens(other._more)


class Sums(dict["Name", Sum]):
    """Sums of costs by name, or by several; a name that is asked for the first time has an empty one."""

    def __missing__(self, name: Name) -> Sum:
        found = self[name] = Sum()
        return found

    def join(self, others: Mapping[Name, Sum]) -> None:
        """Add sums of the same names, and those of new ones."""
        for name, part in others.items():
            self[name].join(part)

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
        of_input, of_cache, of_output = _COUNTS[meter]
        number = quantity if type(quantity) is int else _number(quantity)
        if of_input:
            read += number
        if of_cache:
            cached += number
        if of_output:
            written += number
    return read, cached, written


# Whether a meter counts among the tokens of the prompt, those of them that were cached, and those of the answer.
_COUNTS = {meter: (token_side(meter) == INPUT, meter in CACHE_READS, token_side(meter) == OUTPUT) for meter in METERS}


def _cached(usage: Usage) -> Number:
    found: Number = 0
    for part in usage.walk():
        for meter, quantity in part.quantities.items():
            if meter in CACHE_READS:
                found += _number(quantity)
    return found


def _number(quantity: Quantity) -> Number:
    return quantity if type(quantity) is int else decimal_of(*ratio(quantity))[0]
