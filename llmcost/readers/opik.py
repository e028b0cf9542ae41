"""Opik: a span, as its API and its exports have it.

The provider's counters stand under ``original_usage.``, their nested names joined by dots. What stands beside them is
Opik's sum of them for all providers. Its cost is calculated by prices of Opik.
https://www.comet.com/docs/opik/tracing/cost_tracking
"""

from __future__ import annotations

from .dialects.reported import doubt_cost
from .fields import count, sub, text, when
from .framework import read_bare
from .reader import Block, Reader, of_total

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_OF_THE_PROVIDER = "original_usage."


def read(fields: Fields) -> Usage:
    """Return the usage of a span.

    >>> used = {"original_usage.input_tokens": 9, "original_usage.output_tokens": 2, "prompt_tokens": 9}
    >>> read({"model": "gpt-4o", "usage": {**used, "original_usage.input_tokens_details.cached_tokens": 4}}).quantities
    {'input': 5, 'cache_read': 4, 'output': 2}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    counters: dict[str, object] = {}
    used = sub(fields, "usage") or {}
    for name, value in used.items():
        if value is not None and str(name).startswith(_OF_THE_PROVIDER):
            _put(counters, str(name).removeprefix(_OF_THE_PROVIDER).split("."), value)
    usage = read_bare(counters, "this span of Opik", model=text(fields, "model"))
    usage.named_provider = text(fields, "provider")
    usage.at = when(fields, "start_time") or when(fields, "startTime")
    total, counted_there = count(used, "total_tokens"), int(usage.total_tokens)
    if total > counted_there:
        usage.notes = (*usage.notes, of_total("total_tokens", total, counted_there, "what the provider counted"))
    doubt_cost(usage, fields, "total_estimated_cost", "totalEstimatedCost")
    return usage


def _put(holder: dict[str, object], path: list[str], value: object) -> None:
    for name in path[:-1]:
        inner = holder.setdefault(name, {})
        if not isinstance(inner, dict):
            # A counter that is also called a holder of counters: both are kept, by their own names.
            holder[".".join(path)] = value
            return
        holder = inner
    last = path[-1] if not isinstance(holder.get(path[-1]), dict) else f"{_OF_THE_PROVIDER}{path[-1]}"
    holder[last] = value


def recognises(fields: Fields) -> bool:
    """Return whether the counters of a provider stand among those of a span."""
    used = sub(fields, "usage") if "type" in fields else None
    return bool(used) and any(str(name).startswith(_OF_THE_PROVIDER) for name in used or ())


def _of_opik(used: Fields) -> Fields:
    """Return the counters of Opik. Those of the provider are handed on, with the names that nobody knows."""
    return {name: value for name, value in used.items() if not str(name).startswith(_OF_THE_PROVIDER)}


_SUMS = dict.fromkeys(("prompt_tokens", "completion_tokens"), "Opik's sum of what the provider counted")
READER = Reader("Opik span", recognises, read, {"usage": Block("total_tokens", ignored=_SUMS, view=_of_opik)}, rank=43)
