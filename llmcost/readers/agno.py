"""Agno: what a run returns, and its metrics; older ones have a list of each count, a value a message.

The counts are those of the provider: Anthropic's input leaves out its cache.
https://docs.agno.com/concepts/agents/metrics
"""

from __future__ import annotations

from ..core.counts import is_number
from .dialects.reported import doubt_cost
from .fields import count, sub, text
from .framework import HANDED_ON, read_bare, summed
from .reader import Reader
from .words import EXCLUSIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_TIMES = frozenset({"duration", "time"})
_SIGNS = frozenset({"time_to_first_token", "audio_total_tokens", "additional_metrics", "provider_metrics"})
_NO_COUNTS = frozenset({*_SIGNS, *_TIMES, "timer", "cost", "details"})
_REPEATED = frozenset({"prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details"})


def read(fields: Fields) -> Usage:
    """Return the usage of all requests of a run.

    >>> read(
    ...     {"run_id": "r", "model": "gpt-4o", "metrics": {"input_tokens": [5, 6], "output_tokens": [1, 2]}}
    ... ).quantities
    {'input': 11, 'output': 3}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a part exceeds what holds it.
    """
    metrics = sub(fields, "metrics") or fields
    # The details of the provider repeat what stands beside them under one name for all providers.
    kept = {name: value for name, value in metrics.items() if name not in _NO_COUNTS and name not in _REPEATED}
    counters = {name: _sum(value) for name, value in kept.items()}
    seller = text(fields, "model_provider")
    model = text(fields, "model")
    beside = "anthropic" in (seller or "").lower() or "claude" in (model or "").lower()
    usage = read_bare(counters, "this run of an agent", EXCLUSIVE if beside else None, model=model)
    doubt_cost(usage, metrics, "cost")
    # What the provider of the model states beside its tokens.
    own = sub(metrics, "provider_metrics") or {}
    ran = count(sub(own, "server_tool_use") or {}, "web_search_requests")
    if ran:
        usage.quantities["web_searches"] = ran
    usage.service_tier = text(own, "service_tier") or usage.service_tier
    given = kept.get("input_tokens")
    if isinstance(given, list):
        return summed(usage, len(given))
    # A run does not say how many requests it made.
    return summed(usage, 1 if metrics is fields else 2)


def _sum(value: object) -> object:
    """Return the sum of a list of counts; every other value as it is."""
    if not isinstance(value, list) or not all(is_number(one) for one in value):
        return value
    return sum(value)


def recognises(fields: Fields) -> bool:
    """Return whether this is a run, or the metrics of one, which have times beside their counts."""
    if "run_id" in fields or "agent_id" in fields:
        return "input_tokens" in (sub(fields, "metrics") or ())
    if isinstance(fields.get("input_tokens"), list):
        return isinstance(fields.get("output_tokens"), list)
    return "input_tokens" in fields and not _TIMES.isdisjoint(fields) and not _SIGNS.isdisjoint(fields)


READER = Reader("Agno", recognises, read, HANDED_ON)
