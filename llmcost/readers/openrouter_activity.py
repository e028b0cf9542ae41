"""OpenRouter's account of itself: its activity by day, its activity as CSV, and a single generation.

``usage`` and ``cost_total`` are what OpenRouter charges. What a call with an own key costs is billed by its provider,
and is not in them. https://openrouter.ai/docs/api-reference/analytics/get-activity
https://openrouter.ai/docs/api-reference/get-a-generation
"""

from __future__ import annotations

from ..core.notes import Note
from ..errors import InconsistentUsageError
from .dialects.reported import charge
from .fields import camel, count, names_of, sub, text, when
from .inclusive import disjoint
from .logged import Logged
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_NAMES = names_of(
    *("modelPermaslug", "endpointId", "promptTokens", "completionTokens", "reasoningTokens", "byokUsageInference"),
    *("usage", "requests", "date", "model", "providerName"),
)
# The tokens of a prompt, of an answer, cached and reasoning: natively counted ones are those that are billed.
_BY_DAY = ("promptTokens", "completionTokens", "", "reasoningTokens")
_NATIVE = ("native_tokens_prompt", "native_tokens_completion", "native_tokens_cached", "native_tokens_reasoning")
_IN_CSV = ("tokens_prompt", "tokens_completion", "tokens_cached", "tokens_reasoning")


def read(fields: Fields) -> Usage:
    """Return the usage of a row, with what is charged for it; a row of a day is a sum of requests.

    >>> day = {"date": "2026-01-05", "model": "openai/gpt-4o", "usage": 0.015, "byok_usage_inference": 0, "requests": 5}
    >>> usage = read({**day, "endpoint_id": "e", "prompt_tokens": 50, "completion_tokens": 125, "reasoning_tokens": 25})
    >>> usage.reported, usage.aggregate, usage.quantities
    (Decimal('0.015'), True, {'input': 50, 'output': 100, 'reasoning': 25})

    Raises:
        MissingUsageError: neither tokens nor a charge are stated.
        InconsistentUsageError: a part exceeds its whole.
    """
    if "generation_id" in fields:
        return _usage(fields, _IN_CSV, "cost_total", fields.get("byok_usage_inference"))
    generation = _generation(fields)
    if generation is not None:
        upstream_cost = generation.get("upstream_inference_cost") if generation.get("is_byok") is True else None
        return _usage(generation, _NATIVE, "total_cost", upstream_cost)
    row = camel(fields, _NAMES)
    usage = _usage(row, _BY_DAY, "usage", row["byokUsageInference"])
    if count(row, "requests") != 1:
        usage.aggregate, usage.context = True, None
    return usage


def _usage(fields: Fields, names: tuple[str, str, str, str], charged: str, upstream_cost: object) -> Usage:
    prompt, answer, cached, reasoning = (count(fields, name) for name in names)
    try:
        usage = disjoint(prompt, answer, {"cache_read": cached, "reasoning": reasoning}, {}, "openrouter_activity")
    except InconsistentUsageError as error:
        if fields.get(charged) is None:
            raise
        # A row of a day may count reasoning and no answer: what is charged is known all the same.
        usage = disjoint(prompt, answer, {}, {}, "openrouter_activity")
        usage.undecided = str(error)
        usage.notes = (*usage.notes, Note("contradiction", f"{error}: the cost is the stated one", "reported"))
    usage.reported, usage.provider = charge(usage, fields.get(charged), charged), "openrouter"
    if not prompt and not answer and usage.reported is None:
        raise missing("this row of OpenRouter's activity")
    usage.model = text(fields, "model_permaslug") or text(fields, "modelPermaslug") or text(fields, "model")
    variant = text(fields, "variant")
    if usage.model is not None and variant not in {None, "standard"} and ":" not in usage.model:
        usage.model = f"{usage.model}:{variant}"
    at = when(fields, "created_at") or when(fields, "date")
    if at is not None:
        usage.at = at
    upstream = charge(usage, upstream_cost, "upstream_inference_cost")
    if upstream:
        said = f"own keys were billed {upstream} USD by their providers, which is not in it"
        usage.notes = (*usage.notes, Note("own_key_apart", said, "reported"))
    return usage


def _generation(fields: Fields) -> Fields | None:
    """Return a generation, alone or as the API wraps it; None for anything else."""
    inner = fields if "native_tokens_prompt" in fields else sub(fields, "data") if "data" in fields else None
    return inner if inner is not None and "native_tokens_prompt" in inner else None


def recognises(fields: Fields) -> bool:
    """Return whether this is a row of the activity, or a generation."""
    if "generation_id" in fields:
        return "cost_total" in fields
    if "byok_usage_inference" in fields or "byokUsageInference" in fields:
        return "requests" in fields
    return _generation(fields) is not None


READER = Reader(
    "OpenRouter activity",
    recognises,
    read,
    "what is charged is stated beside its counters",
    rank=12,
    logged=Logged(
        id=("generation_id", "data.id", "id"),
        time=("created_at", "data.created_at", "date"),
        cost=("cost_total", "total_cost", "data.total_cost", "usage"),
        team=("app_name",),
        user=("user", "data.external_user"),
        session=("data.session_id",),
    ),
)
