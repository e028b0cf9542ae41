"""Sums of costs that do not keep the costs."""

from __future__ import annotations

from decimal import Context, Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.cost import Cost

# Wide enough that no sum of exact amounts is ever rounded.
_WIDE = Context(prec=200)


class Sum:
    """A sum of costs: exact, and without the costs themselves, so that it takes no memory."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.calls = 0
        self.bound, self.exact = False, True
        self.input = self.cached = self.output = Decimal(0)

    def add(self, cost: Cost) -> None:
        """Add what one call cost."""
        self.total = _WIDE.add(self.total, cost.total)
        self.calls += 1
        self.bound = self.bound or cost.lower_bound
        self.exact = self.exact and cost.exact
        read, cached, written = tokens(cost)
        self.input, self.cached, self.output = self.input + read, self.cached + cached, self.output + written


def tokens(cost: Cost) -> tuple[Decimal, Decimal, Decimal]:
    """Return the tokens of a call: those of the whole prompt, those of them that were cached, and the answer's."""
    usage = cost.usage
    if usage is None:
        return Decimal(0), Decimal(0), Decimal(0)
    cached = sum(
        Decimal(str(quantity))
        for part in usage.walk()
        for meter, quantity in part.quantities.items()
        if meter.startswith("cache_read")
    )
    return Decimal(str(usage.input_tokens)), Decimal(cached), Decimal(str(usage.output_tokens))
