"""Records of somebody's log: a response, or its usage, and beside it what was known of the call.

``{"response": {...}, "model": "gpt-4o", "duration": 1.2, "time": "2026-11-23T09:14:02Z", "cost": 0.0042}``: what is
named like a keyword of ``calculate`` is passed to it, ``time`` is when the call was made, ``cost`` is what was
recorded then, and the rest is the log's own. A response that stands alone is a record too.
"""

from __future__ import annotations

import json

from ..core.exact import decimal_of, ratio
from ..core.usage import Usage
from ..errors import MissingUsageError, PriceDataError, UnrecognizedResponseError, UsageError, shown
from ..prices.moments import moment
from ..readers import COMMON, discovered, read_usage
from .completing import stated_beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any

    from ..core.cost import Cost

_TEXT, _NUMBER, _WHOLE, _YES = (str,), (int, float), (int,), (bool,)
# Keywords of calculate() that a record may hold, with the types they have in JSON.
KEYWORDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("model", "provider", "deployment", "base_model", "dialect", "service_tier", "served_tier", "region", "size",
         "quality", "resolution", "search_context_size", "image_model", "transcription_model", "prefer"), _TEXT),
    **dict.fromkeys(("duration", "elapsed"), _NUMBER),
    **dict.fromkeys(("characters", "n", "web_searches"), _WHOLE),
    **dict.fromkeys(("batch", "cache_hit", "strict"), _YES),
    "prices": (dict,),
}  # fmt: skip
# What can be billed without a response.
_QUANTITIES = frozenset({"duration", "characters", "n", "web_searches"})
# What a call's time is called; the first is stronger than what the response says.
TIMES = ("at", "time", "timestamp", "created_at", "start_time", "startTime")
# What a recorded cost is called; the second is LiteLLM's word.
COSTS = ("cost", "response_cost")
# A number below it is no time in seconds since 1970, but a duration, most likely.
_EARLIEST = 10**9


class Record:
    """What a record says of one call.

    Attributes:
        response, usage: what ``calculate`` is given.
        facts: its keywords.
        time: when the call was made, if the record says so.
        overrides: whether that time is stronger than the response's.
        cost: USD that were recorded, exact, or None.
    """

    __slots__ = ("cost", "facts", "overrides", "response", "time", "usage")

    def __init__(self, record: object) -> None:
        """Raise ValueError or UsageError for a record that contradicts itself."""
        self.response, self.usage = record, None
        self.facts: dict[str, Any] = {}
        self.time: object = None
        self.overrides = False
        self.cost: Decimal | None = None
        if not isinstance(record, dict) or not _is_wrapped(record):
            return
        self.facts = _facts(record)
        self.time, self.overrides = _time(record)
        self.cost = _cost(record)
        response, self.usage = record.get("response"), record.get("usage")
        # A text is that of the answer, most likely.
        self.response = None if isinstance(response, (str, bytes, int, float)) else response
        if self.response is None and self.usage is None:
            rest = {name: value for name, value in record.items() if name not in _OURS}
            if _are_counters(rest):
                self.usage = rest
            elif not _QUANTITIES & set(self.facts):
                self.response = record

    def stated(self) -> Usage | None:
        """Return the usage with the time of the call; None if only the record's own quantities can be billed.

        Raises:
            UsageError: the response has no usage, contradicts itself, or is not recognised.
        """
        try:
            if isinstance(self.usage, Usage):
                usage = self.usage
            else:
                usage = read_usage(self.response if self.usage is None else self.usage, self.facts.get("dialect"))
        except (UnrecognizedResponseError, MissingUsageError):
            if not _QUANTITIES & set(self.facts):
                raise
            return None
        if self.usage is not None and self.response is not None and usage.model is None:
            usage = usage.replaced(**stated_beside(self.response))
        if self.time is not None and (self.overrides or usage.at is None):
            usage = usage.replaced(at=self.time)
        return usage


def with_cost(record: object, cost: Cost) -> dict[str, object]:
    """Return a record with another recorded cost, written as the one before: a number, decimal text, or an object."""
    if not isinstance(record, dict) or not _is_wrapped(record):
        return {"response": record, COSTS[0]: cost.response_cost}
    found: dict[str, object] = dict(record)
    for name in [name for name in COSTS if record.get(name) is not None] or COSTS[:1]:
        before = record.get(name)
        if isinstance(before, dict):
            found[name] = cost.to_dict()
        else:
            found[name] = str(cost) if isinstance(before, str) else cost.response_cost
    return found


def line_of(text: str | bytes) -> object:
    """Return the record of a line of a log; raise ValueError if the line is no JSON."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("no JSON that can be read: too deep") from None
    except ValueError as error:
        raise ValueError(f"no JSON: {error}; a log holds one record a line") from None


_OURS = frozenset({*KEYWORDS, *TIMES, *COSTS})


def _is_wrapped(record: dict[str, object]) -> bool:
    """Return whether a value is a record around a response; one that a reader knows is the response itself."""
    kind = record.get("object")
    if isinstance(kind, str) and any(kind in reader.objects for reader in COMMON):
        return False
    if any(reader.recognises(record) for reader in (*COMMON, *discovered())):
        return False
    response = record.get("response")
    return (
        (response is not None and not isinstance(response, (str, bytes, int, float)))
        or isinstance(record.get("usage"), (dict, Usage))
        or isinstance(record.get("model"), str)
    )


def _facts(record: dict[str, object]) -> dict[str, Any]:
    facts = {}
    for name, kinds in KEYWORDS.items():
        value = record.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not _YES):
            raise ValueError(f"{name}={shown(value)} should be {' or '.join(kind.__name__ for kind in kinds)}")
        facts[name] = value
    return facts


def _time(record: dict[str, object]) -> tuple[object, bool]:
    """Return when the call was made, and whether that is stronger than what the response says."""
    for name in TIMES:
        value = record.get(name)
        if value is None or value == "":
            continue
        try:
            if not isinstance(value, (int, float)) or value >= _EARLIEST:
                moment(value)
                return value, name == TIMES[0]
        except PriceDataError:
            pass
        raise ValueError(
            f"{name}={shown(value)} is no time of a call: ISO text (2026-08-24T02:00:00Z) or seconds since 1970; "
            "if the field means something else, give the time as `at`"
        )
    return None, False


def _cost(record: dict[str, object]) -> Decimal | None:
    found: dict[str, Decimal] = {}
    for name in COSTS:
        value = record.get(name)
        if isinstance(value, dict):
            # As Cost.to_dict() writes it.
            value = value.get("total")
        elif value is None:
            continue
        try:
            numerator, denominator = ratio(value)
        except (TypeError, ValueError):
            numerator, denominator = -1, 1
        if numerator < 0:
            raise ValueError(f"{name}={shown(record[name])} is no recorded cost: a number of USD >= 0")
        found[name] = decimal_of(numerator, denominator)[0]
    if len(set(found.values())) > 1:
        said = ", ".join(f"{name}={amount}" for name, amount in found.items())
        raise ValueError(f"the record says two costs: {said}")
    return next(iter(found.values()), None)


def _are_counters(fields: dict[str, object]) -> bool:
    try:
        read_usage(fields)
    except UnrecognizedResponseError:
        return False
    except UsageError:
        return True  # counters that contradict each other: pricing says how
    return True
