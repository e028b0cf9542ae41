"""PostHog: the properties of a ``$ai_generation`` event, and the event that holds them.

The cache is inside the input, but for Anthropic's models, unless a flag says how it is counted. A cost beside the
counters is PostHog's own calculation. https://posthog.com/docs/llm-analytics/calculating-costs
"""

from __future__ import annotations

from .dialects.reported import doubt_cost
from .fields import sub, text
from .framework import HANDED_ON, read_bare
from .logged import object_at
from .reader import Reader
from .words import EXCLUSIVE, INCLUSIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_PREFIX = "$ai_"
_PARAMETERS = "model_parameters"
_SIGN = "$ai_input_tokens"
# An event without an answer.
_EMBEDDING = "$ai_embedding"
# Says whether the cache is beside the input; PostHog writes it on each event, and a program may set it.
_EXCLUSIVE = "cache_reporting_exclusive"
# Vercel's gateway counts the cache inside the input, whoever the maker is.
_INSIDE = ("gateway", "vercel")
_NO_COUNTS = ("latency", "status", "cost", "usd", "temperature", "price", "stream", "time", "error", "span", "_id")


def read(fields: Fields) -> Usage:
    """Return the usage of a generation.

    >>> read({"$ai_model": "gpt-4o", "$ai_input_tokens": 9, "$ai_output_tokens": 2}).model
    'gpt-4o'

    Raises UsageError if the counters are missing or contradict each other.
    """
    stated = _properties(fields)
    properties = {str(name)[len(_PREFIX) :]: value for name, value in stated.items() if str(name).startswith(_PREFIX)}
    counters = {name: value for name, value in properties.items() if not any(part in name for part in _NO_COUNTS)}
    model, seller = text(properties, "model"), text(properties, "provider")
    beside = properties.get(_EXCLUSIVE)
    if not isinstance(beside, bool) and (seller, text(properties, "framework")) == _INSIDE:
        beside = False
    if not isinstance(beside, bool):
        beside = "anthropic" in (seller or "").lower() or "claude" in (model or "").lower()
    counters = {name: value for name, value in counters.items() if not isinstance(value, (bool, str, list, dict))}
    if text(fields, "event") == _EMBEDDING:
        counters.setdefault("output_tokens", 0)
    usage = read_bare(counters, "this generation", EXCLUSIVE if beside else INCLUSIVE, model=model)
    usage.named_provider = seller
    # As it was served: PostHog takes it from the response.
    usage.service_tier = text(properties, "service_tier") or text(object_at(properties, _PARAMETERS), "service_tier")
    doubt_cost(usage, stated, "$ai_total_cost_usd")
    return usage


def _properties(fields: Fields) -> Fields:
    return fields if _SIGN in fields else sub(fields, "properties") or {}


def recognises(fields: Fields) -> bool:
    """Return whether these are the properties of a generation, or its event."""
    return _SIGN in _properties(fields)


READER = Reader("PostHog", recognises, read, HANDED_ON)
