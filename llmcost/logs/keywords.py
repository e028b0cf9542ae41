"""The fields of a log that llmcost reads: keywords of ``calculate``, when a call was made, and what it cost then."""

from __future__ import annotations

import re
from datetime import datetime

from ..api.facts import FACTS, QUANTIFYING
from ..core.exact import amount_of
from ..errors import ArgumentError, PriceDataError, shown
from ..prices.moments import LAST, moment
from ..readers.logged import first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

# The types that a fact has in JSON, by its kind.
_IN_JSON: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "choice": (str,),
    "number": (int, float),
    "count": (int,),
    "flag": (bool,),
    "prices": (dict,),
    "fees": (dict,),
    # A single one may stand alone.
    "texts": (list, str),
}
_TEXTS = _IN_JSON["texts"]
# Keywords of calculate() that a record may hold, with their types. Its time is read apart.
KEYWORDS = {name: _IN_JSON[fact.kind] for name, fact in FACTS.items() if fact.does not in {"dates", "overlays"}}
# Facts that can be billed without a response. A latency is not among them: logs state it beside every call.
QUANTITIES = frozenset(QUANTIFYING) - {"elapsed"}
# What a call's time is called; the first is stronger than what the response says.
TIMES = ("at", "time", "timestamp", "created_at", "start_time", "startTime")
# What a recorded cost is called; the others are LiteLLM's words.
COSTS = ("cost", "response_cost", "spend")
OURS = frozenset({*KEYWORDS, *TIMES, *COSTS})
_read = datetime.fromisoformat
_1970 = datetime(1970, 1, 1)  # noqa: DTZ001 - compared with times that are UTC and do not say so
_UTC = ("Z", "+00:00")
_FRACTION = re.compile(r"\.[0-9]{1,9}Z")
# A number below this is most likely a duration: it is not read as seconds since 1970.
_EARLIEST = 10**9


def facts_of(record: dict[str, object], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the keywords that a record states; null and empty values are left out.

    Raises ArgumentError for a type that a keyword cannot have.
    """
    facts = {}
    for name in names:
        value = record[name]
        if value is None or value == "":
            continue
        kinds = KEYWORDS[name]
        # A bool is an int to Python, but is refused where a number is expected.
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds != (bool,)):
            raise ArgumentError(f"{name}={shown(value)} should be {' or '.join(kind.__name__ for kind in kinds)}")
        if kinds is _TEXTS:
            value = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
            if not all(isinstance(text, str) for text in value):
                raise ArgumentError(f"{name}={shown(value)} should be list of texts")
        facts[name] = value
    return facts


def stated_time(record: dict[str, object], names: tuple[str, ...]) -> tuple[str, object] | None:
    """Return the first of these names under which a record states a time, and what it states; None for none."""
    for name in names:
        value = record[name]
        if value is not None and value != "":
            return name, value
    return None


def whole_seconds(name: str, value: object) -> int | None:
    """Return a time in whole seconds since 1970, since prices change at whole seconds; None for a time before 1970.

    >>> whole_seconds("time", "1970-01-02T00:00:01.9Z")
    86401

    Raises ArgumentError if the value is no time.
    """
    if type(value) is int and _EARLIEST <= value <= LAST:
        return value
    if type(value) is str and (value[19:] in _UTC or _FRACTION.fullmatch(value, 19)):
        # Most logs write their times so, and a general reader of times takes five times as long.
        try:
            since = _read(value[:19]) - _1970
        except (ValueError, TypeError):
            pass
        else:
            seconds = since.days * 86_400 + since.seconds
            if 0 <= seconds <= LAST:
                return seconds
    try:
        if not isinstance(value, (int, float)) or value >= _EARLIEST:
            seconds = int(moment(value).timestamp() // 1)
            return seconds if seconds >= 0 else None
    except PriceDataError:
        pass
    raise ArgumentError(
        f"{name}={shown(value)} is no time of a call: ISO text (2026-08-24T02:00:00Z) or seconds since 1970; "
        "if the field means something else, give the time as `at`"
    )


def recorded_cost(record: dict[str, object]) -> Decimal | None:
    """Return the USD that a record states, exact; None if it states none.

    Raises ArgumentError for what is no amount, and for two that differ.
    """
    found: dict[str, Decimal] = {}
    for name in COSTS:
        value = record.get(name)
        if isinstance(value, dict):
            # As Cost.to_dict() writes it.
            value = value.get("total")
        elif value is None:
            continue
        found[name] = _usd(name, value, record[name])
    if len(set(found.values())) > 1:
        said = ", ".join(f"{name}={amount}" for name, amount in found.items())
        raise ArgumentError(f"the record says two costs: {said}")
    return next(iter(found.values()), None)


def logged_cost(row: dict[str, object], names: tuple[str, ...]) -> Decimal | None:
    """Return the USD that a row of a log states under the first of these names, exact; None if it states none.

    Raises ArgumentError for what is no amount.
    """
    value = first(row, names)
    return None if value is None else _usd(names[0], value, value)


def _usd(name: str, value: object, stated: object) -> Decimal:
    amount = amount_of(value)
    if amount is None:
        raise ArgumentError(f"{name}={shown(stated)} is no recorded cost: a number of USD >= 0")
    return amount
