"""Vercel's AI SDK: the result of ``generateText`` as JSON, that of a model by itself, and their bare usages.

``inputTokens`` holds what was read from and written to a cache, ``outputTokens`` holds reasoning, but for version 5 and
some of its providers; what the provider itself says in the metadata is stronger.
A model of version 6 states each side as an object with its total.
https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text
https://github.com/vercel/ai/blob/main/packages/provider/src/language-model/v3/language-model-v3-usage.ts
"""

from __future__ import annotations

from . import ai_sdk_metadata
from .counter_names import meant
from .fields import count, items, sub, text, when, whole_number
from .inclusive import disjoint
from .openai_chat import REST
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_TOLD = ("cachedInputTokens", "reasoningTokens", "inputTokenDetails", "outputTokenDetails")
_RESULT = ("finishReason", "providerMetadata", "totalUsage", "steps")
_USAGES = ("totalUsage", "usage")
# Each count under the name that it has, and the one that it had in version 4.
_INPUT, _OUTPUT = ("inputTokens", "promptTokens"), ("outputTokens", "completionTokens")
# The names of the parts of a side: as a model states them, and as the SDK does.
_SIDES = {
    "inputTokens": (
        "inputTokenDetails",
        {"noCache": "noCacheTokens", "cacheRead": "cacheReadTokens", "cacheWrite": "cacheWriteTokens"},
    ),
    "outputTokens": ("outputTokenDetails", {"text": "textTokens", "reasoning": "reasoningTokens"}),
}


def _flat(counters: Fields) -> Fields:
    """Return the counters of a model as the SDK gives them on: a total of each side, and its parts beside it."""
    found = counters
    for side, (details, names) in _SIDES.items():
        stated = sub(counters, side)
        if stated is not None:
            parts = {names.get(name, name): number for name, number in stated.items() if name != "total"}
            found = {**found, side: stated.get("total"), details: parts}
    return found


def _usage(fields: Fields, name: str) -> Fields | None:
    counters = sub(fields, name)
    return None if counters is None else _flat(counters)


_INSIDE = Block("cacheReadTokens", "cacheWriteTokens", ignored={"noCacheTokens": REST})
_BLOCK = Block(
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "cachedInputTokens",
    "reasoningTokens",
    "promptTokens",
    "completionTokens",
    "raw",
    inner={
        "inputTokenDetails": _INSIDE,
        "outputTokenDetails": Block("reasoningTokens", ignored={"textTokens": REST}),
    },
    view=_flat,
)
_BLOCKS = {"totalUsage": _BLOCK, "usage": _BLOCK, "steps.usage": _BLOCK, "": _BLOCK}


def read(fields: Fields) -> Usage:
    """Return the usage of a result, of all its steps together.

    >>> usage = {"inputTokens": 1000, "outputTokens": 50, "totalTokens": 1050, "cachedInputTokens": 800}
    >>> read({"text": "Hi", "finishReason": "stop", "usage": usage}).quantities
    {'input': 200, 'cache_read': 800, 'output': 50}

    Raises:
        MissingUsageError: tokens are not stated.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    if "inputTokens" in fields:
        return _counted(_flat(fields), {}, {})
    facts = _facts(fields)
    steps = items(fields, "steps")
    if len(steps) > 1 and all(_has_counters(_usage(step, "usage")) for step in steps):
        usages = [_counted(_usage(step, "usage"), ai_sdk_metadata.metadata_of(step), facts) for step in steps]
        usage = usages[0]
        for other in usages[1:]:
            usage += other
        for name, value in facts.items():
            setattr(usage, name, value)
    else:
        # The metadata and the counters in it are of the last step.
        several = len(steps) > 1 or _differ(fields)
        last = steps[-1] if steps else fields
        counters = _usage(fields, "totalUsage") or _usage(fields, "usage") or _usage(last, "usage")
        metadata = ai_sdk_metadata.metadata_of(fields) or ai_sdk_metadata.metadata_of(last)
        usage = _counted(counters, metadata, facts, one=not several)
        if several:
            usage.aggregate, usage.context = True, None
    _bill(usage, steps or [fields])
    ai_sdk_metadata.add_tools(usage, steps or [fields])
    return usage


def _facts(fields: Fields) -> dict[str, object]:
    steps = items(fields, "steps")
    # The whole has the response of its last step, unless only the steps were kept.
    about = sub(fields, "response") or (sub(steps[-1], "response") if steps else None) or {}
    # Which provider was called, the steps say of version 6.
    called = [text(sub(step, "model") or {}, "provider") for step in steps]
    named = ai_sdk_metadata.seller_of(called[-1] if called else None)
    stated = (("model", text(about, "modelId")), ("at", when(about, "timestamp")), ("named_provider", named))
    return {name: value for name, value in stated if value}


def _first(counters: Fields, names: tuple[str, ...]) -> object:
    return next((counters[name] for name in names if counters.get(name) is not None), None)


def _has_counters(counters: Fields | None) -> bool:
    return counters is not None and _first(counters, _INPUT) is not None and _first(counters, _OUTPUT) is not None


def _differ(fields: Fields) -> bool:
    """Return whether the last step has another usage than the whole: then there were more steps."""
    total, last = _usage(fields, "totalUsage"), _usage(fields, "usage")
    return total is not None and last is not None and _first(total, _INPUT) != _first(last, _INPUT)


def _counted(counters: Fields | None, metadata: Fields, facts: dict[str, object], *, one: bool = True) -> Usage:
    """Return the usage of one usage object; ``one`` says that the metadata is of the same request."""
    if counters is None or not _has_counters(counters):
        raise missing("this result of the AI SDK")
    usage = ai_sdk_metadata.own_usage(metadata, sub(counters, "raw")) if one else None
    if usage is None:
        usage = _normalised(counters, metadata if one else {}, facts)
        usage = ai_sdk_metadata.in_full(usage, sub(counters, "raw") if one else None)
    for name, value in facts.items():
        setattr(usage, name, value)
    ai_sdk_metadata.add_stated(usage, metadata)
    return usage


def _normalised(counters: Fields, metadata: Fields, facts: dict[str, object]) -> Usage:
    """Return the usage of the counters that the AI SDK makes of a provider's."""
    details = sub(counters, "inputTokenDetails")
    inside, outside = details or {}, sub(counters, "outputTokenDetails") or {}
    cached, thought = ai_sdk_metadata.read_and_thought(metadata)
    counts = {
        "cache_read": count(inside, "cacheReadTokens") or count(counters, "cachedInputTokens") or cached,
        "cache_write": count(inside, "cacheWriteTokens") or ai_sdk_metadata.written(metadata),
        "reasoning": count(outside, "reasoningTokens") or count(counters, "reasoningTokens") or thought,
    }
    prompt, answer, total = _first(counters, _INPUT), _first(counters, _OUTPUT), counters.get("totalTokens")
    if details is None and ai_sdk_metadata.counts_beside(metadata):
        beside = counts["cache_read"] + counts["cache_write"]
        prompt, total = whole_number("inputTokens", prompt) + beside, None
    return disjoint(prompt, answer, counts, facts, "ai_sdk", total)


def _bill(usage: Usage, steps: list[Fields]) -> None:
    """State what a gateway debited, if it says so of every step."""
    found = [ai_sdk_metadata.billed(usage, ai_sdk_metadata.metadata_of(step)) for step in steps]
    stated = [bill for bill in found if bill is not None]
    if stated and len(stated) == len(steps):
        usage.reported = sum([cost for cost, _ in stated[1:]], stated[0][0])
        usage.provider = stated[0][1]


def recognises(fields: Fields) -> bool:
    """Return whether this is a result, or a usage whose details only the AI SDK has."""
    if "inputTokens" in fields:
        told = any(name in fields for name in _TOLD) or sub(fields, "inputTokens") is not None
        return told and all(map(_is_own, fields))
    # The keys are asked before any value: a log then knows by them that a record around a response is no result.
    if "stopReason" in fields or not any(name in fields for name in (*_USAGES, "steps")):
        return False
    if not any(name in fields for name in _RESULT) and "modelId" not in (sub(fields, "response") or ()):
        return False
    holders = (fields, *items(fields, "steps")[:1])
    return any(not _NAMES.isdisjoint(sub(holder, name) or ()) for holder in holders for name in _USAGES)


def _is_own(name: object) -> bool:
    """Return whether no other sender uses this name for a counter."""
    return name in _BLOCK.names or meant(str(name)) == (None, None)


_NAMES = frozenset({"inputTokens", "promptTokens"})

READER = Reader("Vercel AI SDK", recognises, read, _BLOCKS)
