"""Logged calls: of a spend log, or of a file of responses and records."""

from __future__ import annotations

import os
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING

from ..core.late import Late
from ..core.statuses import UNPRICED, status_of
from ..errors import ArgumentError, LLMCostError, LogError
from ..logs.reading import read_log
from ..prices.data_sets import open_regular
from ..prices.moments import moment
from ..spend.instants import microseconds, span_of
from .cells import ZERO
from .ledger import Logged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..api.costmap import CostMap
    from ..logs.record import Record
    from ..spend import anew as _anew
    from ..spend import log as _log
else:
    # They load the spool and SQLAlchemy, which a file of calls does not need.
    _log = Late("llmcost.spend.log")
    _anew = Late("llmcost.spend.anew")


_SQLITE = b"SQLite format 3\0"
_ADDRESSES = ("sqlite:", "postgresql:", "postgres:")
# Seconds for which it is waited until calls that wait in files are stored.
_PATIENCE = 10.0


@contextmanager
def calls_of(
    log: _log.SpendLog | str | os.PathLike[str] | Iterable[object] | None,
    since: object,
    until: object,
    where: Mapping[str, object] | None,
    prices: CostMap,
    undated: list[str],
    *,
    anew: bool = True,
) -> Iterator[Iterable[Logged]]:
    """Give the calls of a log of any kind.

    Args:
        log: a spend log or its address, a file of logged calls, or records; None for the log of this user.
        since, until, where: as of ``SpendLog.total``.
        prices: whose prices a file is priced by, and a spend log anew.
        undated: where the places of calls go that state no time, and so are of no day.
        anew: whether the calls of a spend log are priced anew too.

    Raises ArgumentError where ``where`` is asked of a file.
    """
    if log is not None and hasattr(log, "whole"):
        yield _of_log(log, since, until, where, prices if anew else None)  # type: ignore[arg-type]
    elif log is None or is_database(log):
        with _log.SpendLog(log, drain=False) as opened:  # type: ignore[arg-type]
            opened.drain(_PATIENCE)
            yield _of_log(opened, since, until, where, prices if anew else None)
    else:
        if where:
            raise ArgumentError(
                "where= chooses calls of a spend log; a file of calls has no teams and users to ask for"
            )
        first, last = span_of(since, until)
        yield (
            call
            for call in _of_file(log, prices, undated)
            if (first is None or microseconds(call.at) >= first) and (last is None or microseconds(call.at) < last)
        )


def is_database(log: object) -> bool:
    """Return whether a log is named by the address of a database, or is a file of SQLite."""
    if not isinstance(log, (str, os.PathLike)):
        return False
    name = os.fspath(log)
    if isinstance(name, str) and name.startswith(_ADDRESSES):
        return True
    try:
        # What is read of a pipe is gone for who reads it next.
        with open_regular(name) as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except (OSError, ValueError):
        return False


def _of_log(
    log: _log.SpendLog, since: object, until: object, where: Mapping[str, object] | None, prices: CostMap | None
) -> Iterator[Logged]:
    """Yield the calls of a spend log: as they were recorded, and at the prices of a map."""
    for whole in log.whole(since=since, until=until, where=where):
        call, usage = whole.call, whole.usage or {}
        priced = None if prices is None else _anew.anew_of(whole, prices)
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


def _of_file(
    source: str | os.PathLike[str] | Iterable[object], prices: CostMap, undated: list[str]
) -> Iterator[Logged]:
    """Yield the calls of a file, or of records; those without a time are kept in ``undated``.

    Raises LogError for a place at which no call can be read.
    """
    for record in read_log(source, cost_map=prices):
        call = _of_record(record)
        if call is None:
            undated.append(record.place)
        else:
            yield call


def _of_record(record: Record) -> Logged | None:
    try:
        stated = record.cost
    except ValueError as error:
        raise LogError(str(error), record.source, record.line) from error
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
    recorded_cost = cost if recorded is None else None
    region = _text(usage.get("region"))
    return Logged(
        moment(at), record.place, cost.model, cost.provider, status_of(cost), paid, recorded_cost, cost, usage, region
    )


def _usage(record: Record) -> dict[str, object]:
    try:
        usage = record.stated()
    except LLMCostError:
        return {}
    return {} if usage is None else usage.to_dict()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
