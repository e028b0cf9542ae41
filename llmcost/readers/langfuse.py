"""Langfuse: an observation, as its API, its exports to files and its exports to blob storage have it.

Langfuse bills each usage type by itself, so that its counts are disjoint: what integrations take out of the prompt or
the answer stands under a type of its own. Where the total is that of the prompt and the answer alone, the others are
inside them. Costs are calculated by prices of Langfuse, unless they were given to it.
https://langfuse.com/docs/observability/features/token-and-cost-tracking
https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields
"""

from __future__ import annotations

from ..core.unread import add_unread
from ..core.usage import Usage
from ..errors import InconsistentUsageError, UsageError, shown
from .counter_names import FIVE_MINUTES, INPUT, OUTPUT, REPEATED, TOTAL, meant
from .fields import count, items, sub, text, when
from .framework import HANDED_ON
from .inclusive import disjoint
from .langchain_provider import add_beside, fees_of
from .logged import Logged, object_at, of_json
from .openai_calls import add_calls
from .reader import Reader, missing, of_total

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_DETAILS = ("usageDetails", "usage_details")
_MODEL = ("providedModelName", "provided_model_name", "model")
# Of an observation, beside its counts; a row without any has only the former counts.
_SIGNS = ("traceId", "trace_id", "costDetails", "cost_details")
_KINDS = frozenset({"GENERATION", "EMBEDDING"})
_TOKENS = (None, "TOKENS")
_WHOLES = frozenset({INPUT, OUTPUT, TOTAL})
# What a provider calls its total, where its counters were passed on as they are.
_TOTAL_OF_PROVIDER = "total_tokens"
_OF_INPUT = ("cache", "input", "citation")


def read(fields: Fields) -> Usage:
    """Return the usage of an observation.

    >>> details = {"input": 9, "input_cached_tokens": 5, "output": 2, "total": 16}
    >>> read({"model": "gpt-4o", "traceId": "t", "usageDetails": details}).quantities
    {'input': 9, 'cache_read': 5, 'output': 2}

    Raises:
        MissingUsageError: no counter is above 0, or one side is not stated.
        UsageError: the unit of the former ``usage`` is another one than tokens.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    details = object_at(fields, *_DETAILS)
    if not details:
        details = sub(fields, "usage") or {}
        if text(details, "unit") not in _TOKENS:
            raise UsageError(f"this observation counts {shown(details['unit'])}: pass usage= with what was used")
        details = {name: value for name, value in details.items() if name in _WHOLES}
    usage = _usage(details)
    parameters = object_at(fields, "modelParameters", "model_parameters")
    stated = {
        "model": next((found for name in _MODEL if (found := text(fields, name))), None),
        "at": when(fields, "startTime") or when(fields, "start_time"),
        "service_tier": text(parameters, "service_tier"),
    }
    for name, value in stated.items():
        if value is not None:
            setattr(usage, name, value)
    if not fees_of(usage):
        _add_tools(usage, of_json(fields.get("output")))
    return usage


def _add_tools(usage: Usage, answer: object) -> None:
    """Add the tools that a server ran, if no usage type counts any: the answer that was kept shows its blocks."""
    held: Fields = {"output": answer}
    message = sub(held, "output")
    if message is not None:
        add_beside(usage, message, {}, {})
        held = message
    add_calls(usage, items(held, "output"), items(held, "tools"))


def _usage(details: Fields) -> Usage:
    counts: dict[str, int] = {}
    unread: dict[str, int] = {}
    inside = {INPUT: 0, OUTPUT: 0}
    for name in (stated for stated in details if details[stated] is not None):
        number = count(details, name)
        what, why = _meant(name)
        if name == TOTAL and _TOTAL_OF_PROVIDER in details:
            continue  # Langfuse's sum of all types, the provider's own total among them
        if what is not None:
            counts[what] = counts.get(what, 0) + number
        elif why is None and number:
            unread[f"usageDetails.{name}"] = number
        elif why is not None and why not in REPEATED and "request" not in name:
            # Text of the prompt, and predictions that the answer holds, have the price of their side.
            inside[OUTPUT if "output" in name or "prediction" in name else INPUT] += number
    if not any(counts.values()):
        raise missing("this observation of Langfuse")
    for side in (INPUT, OUTPUT):
        if side not in counts and not inside[side] and not (side == OUTPUT and TOTAL in counts):
            raise missing(f"this observation of Langfuse, without {side},")
    prompt, answer, total = counts.get(INPUT, 0), counts.get(OUTPUT, 0), counts.get(TOTAL)
    if total is not None and counts.keys() == {INPUT, TOTAL}:
        answer = max(total - prompt - inside[INPUT], 0)
    others = sum(inside.values()) + sum(unread.values())
    parts = _parts(counts, None if total is None else total - prompt - answer - others)
    rest = sum(parts.values()) + sum(inside.values())
    if rest and total == prompt + answer:
        usage = disjoint(prompt, answer, parts, {}, "langfuse", total)
    else:
        usage = _apart(prompt + inside[INPUT], answer + inside[OUTPUT], parts)
        counted = prompt + answer + rest + sum(unread.values())
        if total is not None and total != counted:
            usage = _undecided(usage, prompt, answer, parts, total, counted)
    if unread:
        add_unread(usage, unread)
    return usage


def _parts(counts: dict[str, int], left: int | None) -> dict[str, int]:
    """Return what is counted beside the wholes; ``left`` is what the total leaves for it.

    What was written for five minutes is a part of what was written, where the total proves that it is counted twice.
    """
    parts = {meter: number for meter, number in counts.items() if meter not in _WHOLES and number}
    short = parts.pop(FIVE_MINUTES, 0)
    hour, written = parts.get("cache_write_1h", 0), parts.pop("cache_write", 0)
    twice = written >= short + hour and left == sum(parts.values()) - hour + written
    written += -hour if twice else short
    return {**parts, "cache_write": written} if written else parts


def _meant(name: str) -> tuple[str | None, str | None]:
    """Return what a usage type counts, or why it counts nothing of its own. Its side may stand before its name."""
    what, why = meant(name)
    side, _, rest = name.partition("_")
    if what is None and why is None and side in {INPUT, OUTPUT}:
        what, why = meant(f"{side}_details.{rest}")
    return what, why


def _apart(prompt: int, answer: int, parts: dict[str, int]) -> Usage:
    """Return the usage of counts that stand beside each other."""
    inputs = {meter: number for meter, number in parts.items() if meter.startswith(_OF_INPUT)}
    found = {INPUT: prompt, **inputs, OUTPUT: answer, **parts}
    context = prompt + sum(inputs.values())
    return Usage.of(found, context, "langfuse", {})


def _undecided(apart: Usage, prompt: int, answer: int, parts: dict[str, int], total: int, counted: int) -> Usage:
    """Return a usage with a total that proves no way of counting: with both ways, if both are possible."""
    inputs = sum(number for meter, number in parts.items() if meter.startswith(_OF_INPUT))
    inside = None
    if parts and inputs <= prompt:
        try:
            inside = disjoint(prompt, answer, parts, {}, "langfuse")
        except InconsistentUsageError:
            inside = None
    if inside is None:
        apart.notes = (*apart.notes, of_total("total", total, counted, "what is counted"))
        return apart
    usage = inside.replaced()
    usage.readings = (inside, apart)
    usage.undecided = f"total={total} tells neither that {parts} are inside input and output nor that they are beside"
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is an observation with a usage: the present one, or the former ``usage`` of a generation."""
    if any(name in fields for name in _DETAILS):
        return any(name in fields for name in _SIGNS) or bool(object_at(fields, *_DETAILS))
    former = sub(fields, "usage") if text(fields, "type") == "GENERATION" else None
    return former is not None and not {INPUT, OUTPUT}.isdisjoint(former)


READER = Reader(
    "Langfuse observation",
    recognises,
    read,
    HANDED_ON,
    rank=44,
    logged=Logged(
        id=("id",),
        time=("startTime", "start_time"),
        cost=("costDetails.total", "cost_details.total", "totalCost", "total_cost", "calculatedTotalCost"),
        user=("userId", "user_id"),
        session=("sessionId", "session_id"),
        tags=("tags", "traceTags"),
        kind=("type", _KINDS),
    ),
)
