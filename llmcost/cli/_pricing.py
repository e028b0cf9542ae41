"""Calls priced one by one. A call that cannot be priced gives a result with its error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

import llmcost
from llmcost.errors import printable
from llmcost.errors.printing import message
from llmcost.logs.session_formats import COPIES, OTHER_FILES

from ._app import WRONG
from ._ending import FAILED
from ._wording import error_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from llmcost import Record

_tuple = tuple.__new__
MOST_SHOWN = 20
# So many kinds of lines of session logs are named.
_MOST_KINDS = 8
# A log whose names are all unknown has another fault than its names.
_MOST_MODELS = 200


class Result(NamedTuple):
    """The result for one place of the input: a Cost, or the reason why there is none."""

    call: Record | llmcost.LogError
    cost: llmcost.Cost | None
    error: Exception | None = None

    @property
    def reason(self) -> str:
        """Why there is no cost."""
        if isinstance(self.call, llmcost.LogError):
            return self.call.reason
        return error_text(self.error) if self.error is not None else ""


def priced(
    calls: Iterable[Record | llmcost.LogError], prices: llmcost.CostMap, options: dict[str, Any]
) -> Iterator[Result]:
    """Yield what each call costs. ``options`` are keywords of ``calculate()``, stronger than what a log line says.

    Raises:
        UnknownPriceKeyError, InvalidPriceError: a price of the options cannot be billed by.
    """
    if "prices" in options:
        # A wrong --price is one mistake of the command line: it is reported once and not for every row.
        prices.rate_card("-", prices=options["prices"])
    for call in calls:
        if isinstance(call, llmcost.LogError):
            yield Result(call, None)
            continue
        try:
            # By hand: this is made for every call, and the class would bind its names.
            yield _tuple(Result, (call, call.calculate(cost_map=prices, **options), None))
        except (llmcost.LLMCostError, ValueError) as error:
            # A log line with a wrong fact, such as "prefer": "cheap", raises ValueError.
            yield Result(call, None, error)


def name_of(cost: llmcost.Cost) -> str:
    """Return the model under which a cost is added up."""
    return cost.matched_as or cost.model or "(several models)"


def say_undated(count: int, *, err: bool = False) -> None:
    """Write how many calls state no time, if there are any: they are in no span that is asked for."""
    if count:
        click.echo(("" if err else "\n") + f"calls that state no time, and are in no span: {count:,}", err=err)


def say_passed(passed: Mapping[str, int], *, err: bool = False) -> None:
    """Write how many lines of session logs are no calls, and how many of them state a call once more."""
    events = {kind: count for kind, count in passed.items() if kind not in {COPIES, OTHER_FILES}}
    said = []
    if events:
        most = sorted(events.items(), key=lambda item: (-item[1], item[0]))
        named = ", ".join(f"{printable(kind)} {count:,}" for kind, count in most[:_MOST_KINDS])
        more = f" and {len(most) - _MOST_KINDS:,} other kinds" if len(most) > _MOST_KINDS else ""
        said.append(f"lines of session logs that are no calls: {sum(events.values()):,} ({named}{more})")
    if passed.get(COPIES):
        said.append(f"{COPIES}, each counted once: {passed[COPIES]:,}")
    if passed.get(OTHER_FILES):
        said.append(f"{OTHER_FILES}, which are no logs of sessions: {passed[OTHER_FILES]:,}")
    if said:
        click.echo(("" if err else "\n") + "; ".join(said), err=err)


class Failures:
    """What could not be priced: every unknown model once, the first of the other errors, and how many there were."""

    def __init__(self) -> None:
        self.count = 0
        self._unknown: dict[str, list[Any]] = {}
        self._shown: list[str] = []

    def add(self, result: Result) -> None:
        """Note a result without a cost."""
        call = result.call
        place = call.source if call.line is None else f"{call.source}:{call.line}"
        self.note(place, result.reason, result.error)

    def note(self, place: str, reason: str, error: Exception | None = None, count: int = 1) -> None:
        """Note what stands at a place and has no cost, and ``count - 1`` more of its kind."""
        self.count += count
        if isinstance(error, llmcost.UnknownModelError) and self._tells(error.model):
            known = self._unknown.setdefault(error.model, [0, place, error])
            known[0] += count
        elif len(self._shown) < MOST_SHOWN:
            self._shown.append(f"{place}: {reason}")

    def _tells(self, model: str) -> bool:
        """Whether an unknown model is shown by itself: the first of them are."""
        return model in self._unknown or len(self._unknown) < _MOST_MODELS

    def join(self, other: Failures) -> None:
        """Add the failures of another part of the input, which comes after this one."""
        self.count += other.count
        self._shown += other._shown[: MOST_SHOWN - len(self._shown)]
        for model, (count, place, error) in other._unknown.items():
            if self._tells(model):
                self._unknown.setdefault(model, [0, place, error])[0] += count

    @property
    def code(self) -> int:
        """The exit code that the failures mean."""
        return WRONG if self._unknown else FAILED if self.count else 0

    def show(self) -> None:
        """Write them to standard error."""
        for text in self._shown:
            click.echo(click.style("error: ", fg="red") + message(text), err=True)
        for count, place, error in self._unknown.values():
            times = f" (and {count - 1:,} more of this model)" if count > 1 else ""
            click.echo(f"{click.style('error:', fg='red')} {message(place)}{times}: {error_text(error)}", err=True)
        told = len(self._shown) + sum(count for count, _, _ in self._unknown.values())
        if self.count > told:
            click.echo(f"... and {self.count - told:,} errors more: --json lists all", err=True)
