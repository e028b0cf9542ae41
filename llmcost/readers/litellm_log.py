"""LiteLLM's logs of calls: rows of its spend table, and the payload that its callbacks get.

The counts at the top are sums without their details. What was used stands deeper: in the whole response, else in the
usage that the metadata repeat. ``spend`` and ``response_cost`` are LiteLLM's own calculation, and no bill of a seller.
https://docs.litellm.ai/docs/proxy/logging_spec
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.meters import METERS, OTHER
from ..core.statement import OWN_CACHE
from ..core.unread import add_unread
from ..core.usage import Usage
from . import bare
from .fields import text, when
from .http_body import of_kept, says, with_facts
from .litellm_hidden import completed
from .logged import Logged, object_at
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_SIGNS = ("spend", "response_cost", "custom_llm_provider", "startTime")
_COUNTERS = ("prompt_tokens", "completion_tokens", "total_tokens")
_BATCH = frozenset({"retrieve_batch", "aretrieve_batch"})
# Meters of what is billed beside tokens.
_BESIDE = frozenset(name for name, meter in METERS.items() if meter.side == OTHER)
_FAILED = "the call failed: not billed"


def read(fields: Fields) -> Usage:
    """Return the usage of a logged call, with who served it, the deployment, and when it began.

    >>> row = {"call_type": "acompletion", "model": "gpt-4o", "spend": 0.0025, "prompt_tokens": 1000}
    >>> row |= {"completion_tokens": 100, "total_tokens": 1100, "cache_hit": "True"}
    >>> read(row).free
    "answered from the application's own cache"

    Raises:
        MissingUsageError: the call succeeded, and no counter is above 0.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    metadata = object_at(fields, "metadata")
    hidden = object_at(fields, "hidden_params")
    usage = _stated(fields, metadata, hidden)
    named, answered = text(fields, "model"), usage.model
    # A proxy answers with the name of its group; a dated name of the model says more than the plain one.
    if named is not None and (answered is None or not answered.startswith(named.rpartition("/")[2])):
        usage.model = named
    if text(fields, "call_type") in _BATCH:
        usage.batch = True
    beside = {name: fields.get(name) for name in ("custom_llm_provider", "model_id") if fields.get(name)}
    usage = completed(usage, {**hidden, **beside}, fields)
    if usage.booked:
        usage.reported, usage.booked = None, False
    begun = when(fields, "startTime")
    if usage.at is None and begun is not None:
        usage.at = begun
    tier = text(object_at(fields, "model_parameters"), "service_tier")
    if usage.service_tier is None and tier is not None:
        usage.service_tier = tier
    parts = object_at(fields, "cost_breakdown") or object_at(metadata, "cost_breakdown")
    _doubt_tools(usage, parts.get("tool_usage_cost"))
    return usage


def _doubt_tools(usage: Usage, fee: object) -> None:
    """Mark a usage without tools where LiteLLM has billed some: what they did stands in no counter of the row."""
    counted = not _BESIDE.isdisjoint(usage.quantities) or usage.alternatives or usage.free
    if is_number(fee) and fee > 0 and not counted:
        add_unread(usage, {"cost_breakdown.tool_usage_cost": fee})


def _stated(fields: Fields, metadata: Fields, hidden: Fields) -> Usage:
    """Return what was used, from where it is stated best."""
    if fields.get("cache_hit") is True or (text(fields, "cache_hit") or "").lower() == "true":
        return Usage.of({}, 0, "litellm", {"free": OWN_CACHE})
    response = object_at(fields, "response")
    kept = None if recognises(response) else of_kept(response)
    if kept is not None and says(kept):
        return kept
    for holder in (metadata, hidden):
        counters = object_at(holder, "usage_object")
        found = bare.read(counters) if counters else None
        if found is not None and (found.quantities or found.alternatives or found.duration is not None):
            return with_facts(found, kept)
    counters = {name: fields.get(name) for name in _COUNTERS if fields.get(name) is not None}
    if any(counters.values()):
        # Rows without the usage as a whole keep what stood in it beside the three sums.
        found = bare.read({**object_at(metadata, "additional_usage_values"), **counters})
        if found is not None:
            return with_facts(found, kept)
    if kept is not None:
        return kept
    if text(fields, "status") == "failure":
        return Usage.of({}, 0, "litellm", {"free": _FAILED})
    raise missing("this row of LiteLLM's log, with all counters at 0,")


def recognises(fields: Fields) -> bool:
    """Return whether this is a logged call of LiteLLM's."""
    return "call_type" in fields and "prompt_tokens" in fields and any(name in fields for name in _SIGNS)


READER = Reader(
    "LiteLLM's log of a call",
    recognises,
    read,
    "its counters stand in the response or usage inside",
    rank=10,
    logged=Logged(
        id=("request_id", "id"),
        time=("startTime",),
        cost=("spend", "response_cost"),
        team=("metadata.user_api_key_team_alias", "team_id", "metadata.user_api_key_team_id"),
        user=("metadata.user_api_key_user_id", "user", "end_user"),
        session=("session_id", "trace_id"),
        tags=("request_tags",),
    ),
)
