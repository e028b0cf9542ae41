"""What a call will cost, before it is made."""

from __future__ import annotations

from ..core.counts import checked
from ..core.exact import decimal_of, plain, ratio
from ..core.signatures import as_signed
from ..core.usage import Usage
from ..errors import UnpricedUsageError, UsageError, printable, shown
from .default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

    from ..core.cost import Cost
    from .costmap import CostMap


# Days of a month.
_MONTH = 30


class Estimate:
    """A range: the call costs at least ``low`` and at most ``high``.

    Attributes:
        low: the Cost without any output.
        high: the Cost with all the output that it may have.
        calls_a_day: how many such calls a day has; None if that was not said.
        assumed: what was not said and is taken for granted, in words.

    >>> found = estimate("gpt-4o", input=12_000, max_output=2_000, calls_a_day=1_000)
    >>> str(found.low), str(found.high), found.range
    ('0.03', '0.05', (Decimal('0.03'), Decimal('0.05')))
    >>> [str(usd) for usd in (*found.per_day, *found.per_month)]
    ['30', '50', '900', '1500']
    """

    __slots__ = ("assumed", "calls_a_day", "high", "low")

    def __init__(
        self, low: Cost, high: Cost, calls_a_day: float | Decimal | None = None, assumed: tuple[str, ...] = ()
    ) -> None:
        self.low, self.high, self.calls_a_day, self.assumed = low, high, calls_a_day, assumed

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        """USD, exact: the least and the most of one call."""
        return self.low.total, self.high.total

    @property
    def per_day(self) -> tuple[Decimal, Decimal]:
        """USD of a day: the least and the most.

        Raises UsageError if ``calls_a_day`` was not given.
        """
        return self._times(1)

    @property
    def per_month(self) -> tuple[Decimal, Decimal]:
        """USD of a month of 30 days: the least and the most.

        Raises UsageError if ``calls_a_day`` was not given.
        """
        return self._times(_MONTH)

    def _times(self, days: int) -> tuple[Decimal, Decimal]:
        if self.calls_a_day is None:
            raise UsageError("how many calls a day has is not known: estimate(..., calls_a_day=)")
        calls, per = ratio(self.calls_a_day)
        costs = (cost.as_integer_ratio() for cost in (self.low, self.high))
        low, high = (decimal_of(units * calls * days, of * per)[0] for units, of in costs)
        return low, high

    def __str__(self) -> str:
        return f"{plain(self.low.total)} to {plain(self.high.total)}"

    def __repr__(self) -> str:
        return printable(f"<Estimate {self} USD, {self.high.matched_as}>")


@as_signed
def estimate(
    model: str,
    *,
    input: int = 0,
    max_output: int | None = None,
    cache_read: int = 0,
    cache_write: int = 0,
    cached: float | Decimal | None = None,
    written: float | Decimal | None = None,
    reasoning: float | Decimal | None = None,
    calls_a_day: float | Decimal | None = None,
    cost_map: CostMap = DEFAULT,
    **options: Any,
) -> Estimate:
    """Return the range that a call will cost, for budgets and for agents that choose a model.

    >>> str(estimate("gpt-4o", input=12_000, max_output=2_000))
    '0.03 to 0.05'
    >>> str(estimate("claude-sonnet-4-5", input=10_000, max_output=1_000, cache_read=8_000, cache_write=1_000))
    '0.00915 to 0.02415'
    >>> found = estimate("gpt-4o", input=12_000, max_output=2_000, cached=0.5, calls_a_day=1_000)
    >>> [str(usd) for usd in (*found.range, *found.per_day, *found.per_month)]
    ['0.0225', '0.0425', '22.5', '42.5', '675', '1275']
    >>> found.assumed
    ('the tier is standard', 'a month has 30 days')

    Args:
        model: the name that will be called.
        input: tokens of the whole prompt, those in the cache included.
        max_output: the most tokens of the answer; the model's own limit if it is not given.
        cache_read: how many of the input tokens will be read from the cache.
        cache_write: how many of them will be written to it.
        cached, written: the same as shares of the prompt, from 0 to 1, in whole tokens: of those that are read rounded
            down, of those that are written rounded up.
        reasoning: the share of the answer that is reasoning, from 0 to 1.
        calls_a_day: how many such calls a day has, for ``per_day`` and ``per_month``.
        **options: facts of ``calculate``, such as ``service_tier`` or ``region``.

    Raises:
        UnknownModelError: no price is known for the model.
        UnpricedUsageError: the model has no rate for tokens that the call will use, so that there is no most.
        UsageError: ``max_output`` is not given and the map states no limit, more tokens are cached than there are, a
            number of tokens is given twice, or a share is none.
    """
    assumed = []
    if max_output is None:
        card = cost_map.rate_card(model, provider=options.get("provider"), base_model=options.get("base_model"))
        limit = card.info.get("max_output_tokens") or card.info.get("max_tokens")
        if not isinstance(limit, int):
            raise UsageError(f"the map states no output limit for {model!r}: pass max_output=")
        max_output = limit
        assumed.append(f"the answer has at most the {limit} tokens that the model allows")
    prompt_tokens = checked("input", input)
    read = _tokens("cache_read", cache_read, "cached", cached, prompt_tokens, up=False)
    write = _tokens("cache_write", cache_write, "written", written, prompt_tokens, up=True)
    fresh = prompt_tokens - read - write
    if fresh < 0:
        raise UsageError(f"cache_read={read} and cache_write={write} exceed input={input}, which is the whole prompt")
    if not (read or write) and cached is None and written is None:
        assumed.append("nothing of the prompt is cached")
    if all(options.get(name) is None or options[name] is False for name in ("service_tier", "served_tier", "batch")):
        assumed.append("the tier is standard")
    if calls_a_day is not None:
        _checked_calls(calls_a_day)
        assumed.append(f"a month has {_MONTH} days")
    prompt = {"input": fresh, "cache_read": read, "cache_write": write}
    thought = _tokens("reasoning", 0, "reasoning", reasoning, checked("max_output", max_output), up=True)
    answers: tuple[dict[str, int], ...] = ({}, {"output": max_output - thought, "reasoning": thought})
    low, high = (cost_map.calculate(None, Usage(**prompt, **answer), model=model, **options) for answer in answers)
    tariff = high.segments[0].tariff
    # One of what every call uses is in the cost; it is marked because there may be more.
    every = [meter for meter in tariff.card.unstated if meter in tariff.card.by_meter] if tariff is not None else []
    unpriced = tuple(meter for meter in high.unpriced if meter not in every)
    if unpriced:
        raise UnpricedUsageError(
            f"{high.matched_as} has no rate for {', '.join(unpriced)}: what such a call may cost is not known. "
            f"Give a price, or for another unit than tokens use calculate()",
            unpriced,
        )
    if "web_searches" in every and options.get("web_searches") is None:
        assumed.append("each call searches the web once, for a fee: pass web_searches= for another number")
    return Estimate(low, high, calls_a_day, tuple(assumed))


def _tokens(name: str, tokens: int, by_share: str, share: object, prompt_tokens: Any, *, up: bool) -> int:
    """Return a number of tokens that is given as such, or as a share of a whole."""
    count: Any = checked(name, tokens)
    if share is None:
        return int(count)
    if count:
        raise UsageError(f"{name}={tokens} and {by_share}={shown(share)} say the same: give one of them")
    try:
        part, of = ratio(share)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{by_share}={shown(share)}: {error}; it is a share from 0 to 1") from None
    if not 0 <= part <= of:
        raise UsageError(f"{by_share}={shown(share)}: it is a share from 0 to 1")
    return int(-(-prompt_tokens * part // of) if up else prompt_tokens * part // of)


def _checked_calls(calls: object) -> None:
    try:
        number, _ = ratio(calls)
    except (TypeError, ValueError) as error:
        raise UsageError(f"calls_a_day={shown(calls)}: {error}") from None
    if number < 0:
        raise UsageError(f"calls_a_day={shown(calls)}: it is not negative")
