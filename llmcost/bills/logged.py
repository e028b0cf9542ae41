"""Logged calls: of a spend log, or of a file of responses and records."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.statuses import UNPRICED, status_of
from ..errors import LLMCostError
from ..logs.reading import read_log
from ..prices.moments import moment
from ..spend.anew import anew_of
from .cells import ZERO
from .ledger import Logged

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from ..api.costmap import CostMap
    from ..logs.record import Record
    from ..spend.log import SpendLog


def of_log(
    log: SpendLog,
    since: datetime | None,
    until: datetime | None,
    where: Mapping[str, object] | None,
    prices: CostMap,
) -> Iterator[Logged]:
    """Yield the calls of a spend log: as they were recorded, and at the prices of a map."""
    for whole in log.whole(since=since, until=until, where=where):
        call, usage = whole.call, whole.usage or {}
        priced = anew_of(whole, prices)
        yield Logged(
            call.at,
            call.id,
            call.model,
            call.provider,
            call.status,
            Fraction(*call.as_integer_ratio()),
            whole.cost,
            None if isinstance(priced, str) else priced,
            usage,
            usage.get("region"),
        )


class Undated:
    """Calls of a file that state no time, so that they are of no day."""

    def __init__(self) -> None:
        self.places: list[str] = []


def of_file(source: str | os.PathLike[str] | Iterable[object], prices: CostMap, undated: Undated) -> Iterator[Logged]:
    """Yield the calls of a file, or of records; those without a time are kept in ``undated``.

    Raises LogError for a place at which no call can be read.
    """
    for record in read_log(source, cost_map=prices):
        call = _of_record(record)
        if call is None:
            undated.places.append(record.place)
        else:
            yield call


def _of_record(record: Record) -> Logged | None:
    stated = record.cost
    recorded = None if stated is None else Fraction(stated)
    try:
        cost = record.calculate()
    except LLMCostError:
        usage = _usage(record)
        at = record.time if record.time is not None else usage.get("at")
        if at is None:
            return None
        model, provider = record.facts.get("model") or usage.get("model"), record.facts.get("provider")
        paid = ZERO if recorded is None else recorded
        return Logged(moment(at), record.place, _text(model), _text(provider), UNPRICED, paid, None, None, usage)
    at = record.time if record.overrides or cost.usage is None or cost.usage.at is None else cost.usage.at
    if at is None:
        return None
    usage = {} if cost.usage is None else cost.usage.to_dict()
    paid = Fraction(*cost.as_integer_ratio()) if recorded is None else recorded
    # What was recorded is a sum for the whole call; without one, the call costs what the card says.
    own = cost if recorded is None else None
    region = _text(usage.get("region"))
    return Logged(moment(at), record.place, cost.model, cost.provider, status_of(cost), paid, own, cost, usage, region)


def _usage(record: Record) -> dict[str, object]:
    try:
        usage = record.stated()
    except LLMCostError:
        return {}
    return {} if usage is None else usage.to_dict()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
