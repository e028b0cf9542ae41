"""Sums of costs that do not keep the costs."""

from __future__ import annotations

from decimal import Context, Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost
    from ..core.counts import Quantity
    from ..core.usage import Usage

    Number = int | Decimal

# Wide enough that no sum of exact amounts is ever rounded.
_WIDE = Context(prec=200)


class Sum:
    """A sum of costs: exact, and without the costs themselves, so that it takes no memory.

    Attributes:
        total: USD.
        calls: how many.
        bound, exact: whether the total is a lower bound, and whether all of its digits are exact.
        input, cached, output: tokens of the prompts, those of them that were cached, and the answers' tokens.
    """

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.calls = 0
        self.bound, self.exact = False, True
        self.input: Number = 0
        self.cached: Number = 0
        self.output: Number = 0

    def add(self, cost: Cost) -> None:
        """Add what one call cost."""
        self.total = _WIDE.add(self.total, cost.total)
        self.calls += 1
        # What is known of the sum is not asked of another call.
        self.bound = self.bound or cost.lower_bound
        self.exact = self.exact and cost.exact
        read, cached, written = tokens(cost)
        self.input, self.cached, self.output = self.input + read, self.cached + cached, self.output + written

    def join(self, other: Sum) -> None:
        """Add what is in another sum."""
        self.total = _WIDE.add(self.total, other.total)
        self.calls += other.calls
        self.bound, self.exact = self.bound or other.bound, self.exact and other.exact
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
    return _number(usage.input_tokens), _cached(usage), _number(usage.output_tokens)


def _cached(usage: Usage) -> Number:
    found: Number = 0
    for part in usage.walk() if usage.parts else (usage,):
        for meter, quantity in part.quantities.items():
            if meter.startswith("cache_read"):
                found += _number(quantity)
    return found


def _number(quantity: Quantity) -> Number:
    return quantity if type(quantity) is int else Decimal(str(quantity))
