"""What a call will cost, before it is made."""

from __future__ import annotations

from ..core.counts import checked
from ..core.exact import plain
from ..core.usage import Usage
from ..errors import UnpricedUsageError, UsageError, printable
from .default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

    from ..core.cost import Cost
    from .costmap import CostMap


class Estimate:
    """A range: the call costs at least ``low`` and at most ``high``.

    Attributes:
        low: the Cost without any output.
        high: the Cost with all the output that it may have.
    """

    __slots__ = ("high", "low")

    def __init__(self, low: Cost, high: Cost) -> None:
        self.low, self.high = low, high

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        """USD, exact: the least and the most."""
        return self.low.total, self.high.total

    def __str__(self) -> str:
        return f"{plain(self.low.total)} to {plain(self.high.total)}"

    def __repr__(self) -> str:
        return printable(f"<Estimate {self} USD, {self.high.matched_as}>")


def estimate(
    model: str,
    *,
    input: int = 0,
    max_output: int | None = None,
    cache_read: int = 0,
    cache_write: int = 0,
    cost_map: CostMap = DEFAULT,
    **options: Any,
) -> Estimate:
    """Return the range that a call will cost, for budgets and for agents that choose a model.

    >>> str(estimate("gpt-4o", input=12_000, max_output=2_000))
    '0.03 to 0.05'
    >>> str(estimate("claude-sonnet-4-5", input=10_000, max_output=1_000, cache_read=8_000, cache_write=1_000))
    '0.00915 to 0.02415'

    Args:
        model: the name that will be called.
        input: tokens of the whole prompt, those in the cache included.
        max_output: the most tokens of the answer; the model's own limit if it is not given.
        cache_read: how many of the input tokens will be read from the cache.
        cache_write: how many of them will be written to it.

    Raises:
        UnknownModelError: no price is known for the model.
        UnpricedUsageError: the model has no rate for tokens that the call will use, so that there is no most.
        UsageError: ``max_output`` is not given and the map states no limit, or more tokens are cached than there are.
    """
    if max_output is None:
        card = cost_map.rate_card(model, provider=options.get("provider"), base_model=options.get("base_model"))
        limit = card.info.get("max_output_tokens") or card.info.get("max_tokens")
        if not isinstance(limit, int):
            raise UsageError(f"the map states no output limit for {model!r}: pass max_output=")
        max_output = limit
    read, written = checked("cache_read", cache_read), checked("cache_write", cache_write)
    fresh = checked("input", input) - read - written  # type: ignore[operator]
    if fresh < 0:
        raise UsageError(f"cache_read={read} and cache_write={written} exceed input={input}, which is the whole prompt")
    prompt = {"input": fresh, "cache_read": read, "cache_write": written}
    low, high = (
        cost_map.calculate(None, Usage(**prompt, output=output), model=model, **options) for output in (0, max_output)
    )
    if high.unpriced:
        raise UnpricedUsageError(
            f"{high.matched_as} has no rate for {', '.join(high.unpriced)}: what such a call may cost is not known. "
            f"Give a price, or for another unit than tokens use calculate()",
            high.unpriced,
        )
    return Estimate(low, high)
