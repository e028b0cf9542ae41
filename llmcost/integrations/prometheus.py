"""Prometheus: a collector over the totals of a spend log.

::

    prometheus_client.REGISTRY.register(SpendCollector(log))

The log is asked whenever Prometheus scrapes, so that one process is enough for all that write to it.
https://prometheus.github.io/client_python/collector/custom/
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from prometheus_client.core import CounterMetricFamily

from ..errors import ArgumentError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_AXES = ("model", "provider", "deployment", "team", "user", "session", "tag")


class SpendCollector:
    """Counters over a spend log: cost in USD, calls by status, and tokens; for each value of each axis.

    A sum over one axis is all that the log holds (``tag`` apart, since a call may have several): do not add axes up. A
    cost is a lower bound where ``llmcost_calls_total`` counts ``partial``, ``unpriced`` or ``maybe_billed``.

    Args:
        log: a SpendLog, or what has its ``by(axis)``.
        axes: which axes, among model, provider, deployment, team, user, session and tag. Each value is a series: a
            log of many users has as many.

    Raises:
        ArgumentError: an axis is unknown.
    """

    def __init__(self, log: Any, axes: Sequence[str] = ("model", "team")) -> None:
        for axis in axes:
            if axis not in _AXES:
                raise ArgumentError(f"axes=[{shown(axis)}]: an axis is one of {', '.join(_AXES)}")
        self._log, self._axes = log, tuple(axes)

    def collect(self) -> Iterator[Any]:
        """Return the counters as they are now.

        Raises SpendLogError if the log cannot be asked, which a scrape shows as a failure.
        """
        # Labels -> a sum: to Prometheus, what is not stated and an empty name are one value.
        cost, calls, tokens = (defaultdict[tuple[str, ...], Any](int) for _ in range(3))
        for axis in self._axes:
            for group in self._log.by(axis):
                value = group.value or ""
                cost[axis, value] += group.cost
                for status, count in group.statuses.items():
                    calls[axis, value, status] += count
                tokens[axis, value, "input"] += group.input
                tokens[axis, value, "output"] += group.output
        yield _counter("llmcost_cost_usd", "What calls of models cost, in USD", [], cost)
        yield _counter("llmcost_calls", "Calls of models", ["status"], calls)
        yield _counter("llmcost_tokens", "Tokens of calls", ["side"], tokens)

    def describe(self) -> list[Any]:
        """Return nothing: to register it asks no question of the log."""
        return []


def _counter(name: str, documentation: str, more: list[str], sums: Mapping[tuple[str, ...], Any]) -> Any:
    found = CounterMetricFamily(name, documentation, labels=["axis", "value", *more])
    for labels, number in sums.items():
        found.add_metric(labels, float(number))
    return found
