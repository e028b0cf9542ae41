"""Langfuse: an observation as the API and exports give it. What its usage names stands beside each other.

The input of ``usageDetails`` is what the other names of the input leave, and the total is the sum of all. Where a total
says that the input holds the others, it does. https://langfuse.com/docs/observability/features/token-and-cost-tracking
"""

from __future__ import annotations

from ..core.unread import add_unread
from ..errors import UsageError, shown
from .counter_names import FIVE_MINUTES, INPUT, OUTPUT, TOTAL, meant
from .fields import count, sub, text, when
from .framework import doubt_cost
from .inclusive import split
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_DETAILS = ("usageDetails", "usage_details")
_SIDES = ((INPUT, "input"), ("prompt", "input"), ("cache", "input"), (OUTPUT, "output"), ("completion", "output"))
_FEES = ("web_searches", "maps_queries")
_TOKENS = (None, "TOKENS")


def read(fields: Fields) -> Usage:
    """Return the usage of an observation.

    >>> used = {"input": 200, "input_cached_tokens": 800, "output": 100, "total": 1100}
    >>> read({"type": "GENERATION", "model": "gpt-4o", "usageDetails": used}).quantities
    {'input': 200, 'cache_read': 800, 'output': 100}

    Raises:
        MissingUsageError: nothing is counted.
        UsageError: the unit is no token, or counters contradict each other.
    """
    details = next((found for name in _DETAILS if (found := sub(fields, name))), None)
    if details is None:
        details = sub(fields, "usage") or {}
        if text(details, "unit") not in _TOKENS:
            raise UsageError(f"this observation counts {shown(details['unit'])}: pass usage= with what was used")
    found, unread = _counted(details)
    total = found.pop(TOTAL, None)
    if not found:
        raise missing("this observation of Langfuse")
    usage = _usage(found, total)
    usage.model = text(fields, "model") or text(fields, "providedModelName")
    usage.at = when(fields, "startTime")
    if unread:
        add_unread(usage, {f"usageDetails.{name}": unread[name] for name in sorted(unread)})
    for name in ("costDetails", "cost_details"):
        doubt_cost(usage, sub(fields, name) or {}, "total")
    return usage


def _counted(details: Fields) -> tuple[dict[str, int], dict[str, object]]:
    """Return what is counted, by meter, and the names that nobody knows."""
    found: dict[str, int] = {}
    unread: dict[str, object] = {}
    for name, value in details.items():
        if value is None or name == "unit":
            continue
        what = meant(str(name))[0] or _side(str(name))
        if what is not None:
            what = "cache_write" if what == FIVE_MINUTES else what
            found[what] = found.get(what, 0) + count(details, name)
        elif isinstance(value, (int, float)) and value > 0:
            unread[str(name)] = value
    return found, unread


def _side(name: str) -> str | None:
    """Return the side of the bill on which a count stands that has no rate of its own."""
    return next((side for word, side in _SIDES if name.lower().startswith(word)), None)


def _usage(found: dict[str, int], total: int | None) -> Usage:
    wholes = {side: found.pop(side, 0) for side in (INPUT, OUTPUT)}
    fees = {meter: found.pop(meter) for meter in _FEES if found.get(meter)}
    outside = sum(tokens for meter, tokens in found.items() if meter == "reasoning" or meter.startswith("output_"))
    inside = sum(found.values()) - outside
    beside = total is None or total != sum(wholes.values()) or not (inside or outside)
    prompt = wholes[INPUT] + (inside if beside else 0)
    answer = wholes[OUTPUT] + (outside if beside else 0)
    counts = dict(found)
    counts["cache_write"] = counts.get("cache_write", 0) + counts.get("cache_write_1h", 0)
    usage = split(prompt, answer, counts, {}, "langfuse", total)
    usage.quantities.update(fees)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is an observation with a usage."""
    if any(sub(fields, name) for name in _DETAILS):
        return True
    if "usage" not in fields or text(fields, "type") != "GENERATION":
        return False
    return not {INPUT, OUTPUT}.isdisjoint(sub(fields, "usage") or ())


READER = Reader("Langfuse", recognises, read, "its counts are read by the words of their names, and the rest is noted")
