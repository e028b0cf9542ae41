"""Calls priced one by one; what cannot be priced is a result too. And the sums of what was priced."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import click

import llmcost

from ._app import FAILED, WRONG
from ._calls import Unreadable
from ._table import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ._calls import Call

# Wide enough that no sum of exact amounts is ever rounded.
_WIDE = Context(prec=200)
_MOST_SHOWN = 20


class Result(NamedTuple):
    """What became of one place of the input: a Cost, or why there is none."""

    call: Call | Unreadable
    cost: llmcost.Cost | None
    error: Exception | None = None

    @property
    def reason(self) -> str:
        """Why there is no cost."""
        return self.call.message if isinstance(self.call, Unreadable) else str(self.error)


def priced(calls: Iterable[Call | Unreadable], prices: llmcost.CostMap, options: dict[str, Any]) -> Iterator[Result]:
    """Yield what each call costs. ``options`` are keywords of ``calculate()``, stronger than what a log line says.

    Raises:
        UnknownPriceKeyError, InvalidPriceError: a price of the options cannot be billed by.
    """
    if "prices" in options:
        # A price that cannot be billed by is a mistake of the command line, not of every row.
        prices.rate_card("-", prices=options["prices"])
    for call in calls:
        if isinstance(call, Unreadable):
            yield Result(call, None)
            continue
        keywords: dict[str, Any] = {**call.facts, **options}
        if "prices" in call.facts and "prices" in options:
            keywords["prices"] = {**call.facts["prices"], **options["prices"]}  # type: ignore[dict-item]
        try:
            yield Result(call, prices.calculate(call.response, call.usage, **keywords))
        except (llmcost.LLMCostError, ValueError) as error:
            # ValueError is what a fact of a log line raises that is no such word, such as "prefer": "cheap".
            yield Result(call, None, error)


class Sum:
    """A sum of costs: exact, and without the costs themselves, so that it takes no memory."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.calls = 0
        self.bound, self.exact = False, True
        self.input = self.cached = self.output = Decimal(0)

    def add(self, cost: llmcost.Cost) -> None:
        """Add what one call cost."""
        self.total = _WIDE.add(self.total, cost.total)
        self.calls += 1
        self.bound = self.bound or cost.lower_bound
        self.exact = self.exact and cost.exact
        read, cached, written = tokens(cost)
        self.input, self.cached, self.output = self.input + read, self.cached + cached, self.output + written


def tokens(cost: llmcost.Cost) -> tuple[Decimal, Decimal, Decimal]:
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


class Failures:
    """What could not be priced: every unknown model once, the first of the other errors, and how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self._unknown: dict[str, list[Any]] = {}
        self._shown: list[str] = []

    def add(self, result: Result) -> None:
        """Note a result without a cost."""
        self.count += 1
        error, call = result.error, result.call
        place = call.source if call.line is None else f"{call.source}:{call.line}"
        if isinstance(error, llmcost.UnknownModelError):
            known = self._unknown.setdefault(error.model, [0, place, error])
            known[0] += 1
        elif len(self._shown) < _MOST_SHOWN:
            self._shown.append(f"{place}: {result.reason}")

    @property
    def code(self) -> int:
        """The exit code that the failures mean."""
        return WRONG if self._unknown else FAILED if self.count else 0

    def show(self) -> None:
        """Write them to standard error."""
        for text in self._shown:
            click.echo(click.style("error: ", fg="red") + printable(text), err=True)
        for count, place, error in self._unknown.values():
            times = f" (and {count - 1:,} more of this model)" if count > 1 else ""
            click.echo(f"{click.style('error:', fg='red')} {printable(f'{place}{times}: {error}')}", err=True)
        told = len(self._shown) + sum(count for count, _, _ in self._unknown.values())
        if self.count > told:
            click.echo(f"... and {self.count - told:,} errors more", err=True)
