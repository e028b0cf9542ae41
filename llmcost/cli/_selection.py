"""Which calls of a log are priced, and by what they are added up: ``--since``, ``--until``, ``--where``, ``--by``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from llmcost import Record
from llmcost.errors import shown
from llmcost.logs.grouping import AXES, Grouping, moment_of_call, seconds_of_call
from llmcost.spend.instants import SECOND_US, microseconds

from ._options import together
from ._pricing import priced
from ._wanted import CALLS, wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import llmcost

    from ._pricing import Result

# What is only known of a call once it is priced.
_PRICED = frozenset({"model", "provider"})


selection_options = together(
    click.option(
        "--by",
        metavar="AXIS,...",
        help=f"A row for each of these: {', '.join(AXES)}, or a field of the records. Separate several by commas.",
    ),
    *CALLS,
)


class Selection:
    """The calls that are asked for.

    Attributes:
        grouping: by what they are added up; None for the model.
        where: says the value of a call on each axis that is asked about.
        undated: how many calls state no time, so that they are in no span.

    Raises click.UsageError for what is no time, no zone or no condition.
    """

    def __init__(
        self, by: str | None, since: str | None, until: str | None, where: tuple[str, ...], tz: str | None
    ) -> None:
        asked = wanted(since, until, where, tz)
        axes = [] if by is None else [name.strip() for name in by.split(",")]
        if by is not None and (not all(axes) or len(set(axes)) < len(axes)):
            raise click.UsageError(f"--by {shown(by)}: write axes with commas, each once: --by day,model")
        self.grouping = Grouping(axes, asked.zone) if axes else None
        self._first, self._last = asked.bounds
        # Seconds in which a bound lies: of a call in one of them the fraction matters too.
        self._split = {bound // SECOND_US for bound in asked.bounds if bound is not None and bound % SECOND_US}
        self.where = Grouping(list(asked.where), asked.zone)
        self._values = [frozenset(values) for values in asked.where.values()]
        # A time or a team that stands beside the response is known before the call is priced.
        self._early = not _PRICED.intersection(asked.where)
        self.undated = 0

    @property
    def everything(self) -> bool:
        """Whether all calls are asked for."""
        return self._first is None and self._last is None and not self._values

    def results(
        self, calls: Iterable[Record | llmcost.LogError], prices: llmcost.CostMap, keywords: dict[str, Any]
    ) -> Iterator[Result]:
        """Yield what the calls cost that are asked for."""
        if self.everything:
            return priced(calls, prices, keywords)
        return self._after(priced(self._before(calls), prices, keywords))

    def _before(self, calls: Iterable[Record | llmcost.LogError]) -> Iterator[Record | llmcost.LogError]:
        """Yield what may be asked for, and what could not be read."""
        for call in calls:
            if isinstance(call, Record):
                if call.time is not None and not self._in_span(call, None, call.seconds):
                    continue
                if self._early and not self._is_asked_for(call, None):
                    continue
            yield call

    def _after(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results that are asked for."""
        for result in results:
            call = result.call
            if isinstance(call, Record):
                if call.time is None and (self._first is not None or self._last is not None):
                    seconds = seconds_of_call(call, result.cost)
                    self.undated += seconds is None
                    if not self._in_span(call, result.cost, seconds):
                        continue
                if not self._early and not self._is_asked_for(call, result.cost):
                    continue
            yield result

    def _is_asked_for(self, call: Record, cost: llmcost.Cost | None) -> bool:
        return all(value in values for value, values in zip(self.where.of(call, cost), self._values, strict=True))

    def check(self, calls: int) -> None:
        """Raise click.UsageError for an axis that none of so many calls has: it is most likely a typing error."""
        # Where no call is in the span, none could state anything.
        grouped = self.grouping.unstated if self.grouping is not None and calls else set()
        # That no call states it may be what is asked for: customer=.
        asked = {axis for axis, values in zip(self.where.axes, self._values, strict=True) if values != {None}}
        for option, axes in (("--by", grouped), ("--where", asked & self.where.unstated)):
            unknown = ", ".join(sorted(axes.difference(AXES)))
            if unknown:
                raise click.UsageError(
                    f"{option} {unknown}: no call states it; the axes are {', '.join(AXES)}, and fields of records"
                )

    def _in_span(self, call: Record, cost: llmcost.Cost | None, seconds: int | None) -> bool:
        if self._first is None and self._last is None:
            return True
        when = None if seconds is None else seconds * SECOND_US
        # A time before 1970 has no whole seconds.
        if seconds in self._split or (seconds is None and call.time is not None):
            exact = moment_of_call(call, cost)
            when = None if exact is None else microseconds(exact)
        if when is None:
            return False
        return (self._first is None or when >= self._first) and (self._last is None or when < self._last)
