"""What LiteLLM keeps of a call beside its response: ``_hidden_params``, of its objects and in dicts made of them.

It names who was called, the deployment, the model that answered, the tier that was served, and what a proxy further on
booked. LiteLLM writes its own calculation into ``usage.cost`` of results that it assembles: that is no bill, except of
sellers who state what they charge. What a video's provider reports has a name of its own. https://docs.litellm.ai/docs/completion/output
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.notes import Note
from ..core.usage import Usage
from .dialects.reported import charge
from .fields import quantity, sub, text
from .openai_video import DIALECT as VIDEO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from .reader import Fields

KEY = "_hidden_params"
# Sellers whose responses state what they charge.
_REPORTING = frozenset({"openrouter", "vercel_ai_gateway", "xai", "perplexity"})
# Gateways that pass a call on and sell nothing.
_NO_SELLERS = frozenset({"litellm_proxy"})
_BOOKED = ("llm_provider-x-litellm-response-cost", "x-litellm-response-cost")
_COST = "response_cost"
_MILLISECONDS = 1000


def read_object(response: object, fields: Fields, read: Callable[[Fields], Usage]) -> Usage:
    """Return the usage of an object of LiteLLM's: what its body states, and what is hidden beside it.

    ``read`` returns the usage of the body.

    Raises:
        UsageError: the body has no usage, contradicts itself, or is not recognised.
    """
    hidden = _mapping(getattr(response, KEY, None))
    elapsed = getattr(response, "_response_ms", None)
    if is_number(elapsed) and elapsed > 0 and "_response_ms" not in hidden:
        hidden = {**hidden, "_response_ms": elapsed}
    return completed(read(_with_length(fields, hidden)), hidden, fields)


def read_dict(fields: Fields, read: Callable[[Fields], Usage]) -> Usage:
    """Return the usage of a dict that has the hidden fields among its own, as ``read_object`` does."""
    hidden = sub(fields, KEY) or {}
    rest = {name: value for name, value in fields.items() if name != KEY}
    return completed(read(_with_length(rest, hidden)), hidden, fields)


def completed(usage: Usage, hidden: Fields, fields: Fields) -> Usage:
    """Return the usage of a response with what the hidden fields say of its call."""
    if hidden.get("cache_hit") is True:
        usage = _of_cache(usage, fields)
    sellers = {usage.provider, text(hidden, "custom_llm_provider")}
    if usage.reported is not None and usage.dialect != VIDEO and sellers.isdisjoint(_REPORTING):
        usage.reported, usage.booked = usage.reported or None, bool(usage.reported)
    if not hidden:
        return usage
    named, answered = text(hidden, "custom_llm_provider"), text(hidden, "provider_response_model")
    if usage.provider is None and named not in _NO_SELLERS:
        usage.provider = named
    if answered is not None:
        usage.model = answered
    elif usage.model is None:
        usage.model = text(hidden, "model") or text(hidden, "litellm_model_name")
    for name, value in (
        ("model_id", text(hidden, "model_id")),
        ("region", usage.region or text(hidden, "region_name")),
        ("elapsed", usage.elapsed or _seconds(hidden)),
    ):
        if value is not None:
            setattr(usage, name, value)
    traffic = text(sub(hidden, "provider_specific_fields") or {}, "traffic_type")
    if usage.service_tier is None and traffic is not None:
        usage.service_tier = traffic
    booked = _booked(usage, hidden)
    if booked and usage.reported is None:
        usage.reported, usage.booked = booked, True
    return usage


def _of_cache(usage: Usage, fields: Fields) -> Usage:
    """Return the usage of an answer of LiteLLM's cache, which has the counters of the call that was kept.

    Of embeddings, those that the cache had may stand beside others that were paid for.
    https://docs.litellm.ai/docs/caching/all_caches
    """
    if fields.get("object") == "list":
        said = "cache_hit=True is not applied to embeddings, of which some may be new: pass cache_hit= if none is"
        usage.notes = (*usage.notes, Note("fact_not_applied", said, "cache_hit"))
        return usage
    return Usage.of({}, 0, usage.dialect or "litellm", {"free": "answered from LiteLLM's cache", "model": usage.model})


def _with_length(fields: Fields, hidden: Fields) -> Fields:
    """Return the fields with the length of the audio, which only the hidden fields of a transcript may state."""
    length = hidden.get("audio_transcription_duration")
    if length is None or fields.get("duration") is not None or type(fields.get("text")) is not str:
        return fields
    return {**fields, "duration": length}


def _seconds(hidden: Fields) -> object:
    milliseconds = hidden.get("_response_ms")
    if not is_number(milliseconds) or milliseconds <= 0:
        return None
    return quantity({"_response_ms": milliseconds / _MILLISECONDS}, "_response_ms")


def _booked(usage: Usage, hidden: Fields) -> Decimal | None:
    """Return the cost that LiteLLM, or a proxy behind it, has booked. A 0 comes from a calculation that failed."""
    headers = _mapping(hidden.get("additional_headers"))
    for name, value in (*((name, headers.get(name)) for name in _BOOKED), (_COST, hidden.get(_COST))):
        found = charge(usage, value, name)
        if found:
            return found
    return None


def _mapping(value: object) -> Mapping[str, object]:
    return sub({"value": value}, "value") or {}
