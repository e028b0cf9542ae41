"""Helicone: a request, as its API and its exports have it.

The body of the provider's response is read where it was kept. The counters beside it are sums in which a cache may be
inside or beside the prompt, by the version that logged them; its cost is Helicone's own calculation.
https://docs.helicone.ai/rest/request/post-v1requestquery
"""

from __future__ import annotations

from ..core.usage import Usage
from . import words
from .fields import count, text, when
from .http_body import of_failure, of_kept, says, with_facts
from .logged import Logged, object_at
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_COUNTERS = (
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "prompt_cache_read_tokens",
    "prompt_cache_write_tokens",
    "prompt_audio_tokens",
    "completion_audio_tokens",
    "reasoning_tokens",
)
_CACHE = ("prompt_cache_read_tokens", "prompt_cache_write_tokens")
_MODEL = ("response_model", "model", "model_override", "request_model")
_SIGNS = ("response_model", "request_model", "response_body", "helicone_user", "model_override")
# The id of the request whose answer was repeated. The id of zeros means that there is none.
_HIT, _NO_REQUEST = "cache_reference_id", "00000000-0000-0000-0000-000000000000"


def read(fields: Fields) -> Usage:
    """Return the usage of a request, or why nothing is billed.

    >>> row = {"request_id": "q", "request_created_at": "2026-01-05T10:00:00Z", "response_model": "gpt-4o"}
    >>> read({**row, "prompt_tokens": 9, "completion_tokens": 2}).quantities
    {'input': 9, 'output': 2}

    Raises:
        MissingUsageError: the call succeeded, and no counter is above 0.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    usage = _stated(fields)
    if usage.model is None:
        usage.model = next((found for name in _MODEL if (found := text(fields, name))), None)
    provider, begun = text(fields, "provider"), when(fields, "request_created_at")
    if provider is not None and usage.provider is None and provider != "CUSTOM":
        usage.named_provider = provider.lower()
    if usage.at is None and begun is not None:
        usage.at = begun
    return usage


def _stated(fields: Fields) -> Usage:
    hit = text(fields, _HIT)
    if hit is not None and hit != _NO_REQUEST:
        return Usage.of({}, 0, "helicone", {"free": "answered from Helicone's cache"})
    kept = of_kept(object_at(fields, "response_body"))
    if kept is not None and says(kept):
        return kept
    counters = {name: fields[name] for name in _COUNTERS if fields.get(name) is not None}
    if any(count(counters, name) for name in counters):
        counters.setdefault("completion_tokens", 0)
        return with_facts(words.read(counters, _way(fields, counters)), kept)
    if kept is not None:
        return kept
    failed = of_failure(fields.get("response_status"), "helicone")
    if failed is None:
        raise missing("this request of Helicone, with all counters at 0,")
    return failed


def _way(fields: Fields, counters: dict[str, object]) -> str | None:
    """Return how the counters of a cache count, where something proves it; a total leaves it open."""
    cache = sum(count(counters, name) for name in _CACHE)
    counted = count(counters, "prompt_tokens") + count(counters, "completion_tokens")
    if cache and (text(fields, "provider") == "ANTHROPIC" or count(counters, "total_tokens") == counted + cache):
        return words.EXCLUSIVE
    if cache:
        counters.pop("total_tokens", None)
    return None


def recognises(fields: Fields) -> bool:
    """Return whether this is a logged request."""
    return "request_id" in fields and "request_created_at" in fields and any(name in fields for name in _SIGNS)


READER = Reader(
    "Helicone request",
    recognises,
    read,
    "its counters stand in the response inside, or are read by their words",
    rank=11,
    logged=Logged(
        id=("request_id",),
        time=("request_created_at",),
        cost=("costUSD", "cost", "cost_usd"),
        team=("request_properties.team", "request_properties.Team", "properties.team"),
        user=("request_user_id", "helicone_user", "user_id"),
        session=("request_properties.Helicone-Session-Id", "properties.Helicone-Session-Id"),
    ),
)
