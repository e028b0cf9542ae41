"""xAI's own SDK, which speaks gRPC: its response object, and the same as the JSON of its message.

``prompt_tokens`` holds text and images, the text holds what was read from the cache; reasoning stands on top of
``completion_tokens``. Numbers of 64 bits are text in such JSON. https://docs.x.ai/docs/grpc-reference
"""

from __future__ import annotations

from ..core.unread import add_unread
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from . import xai_tools
from .dialects.reported import TICKS_PER_USD, charge
from .fields import camel, count, names_of, sub, text, when, whole_number
from .reader import Block, Reader, missing, of_total, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_TIER = "service_tier_"
_NAMES = {
    snake: camel_
    for camel_, snake in names_of(
        "promptTokens",
        "promptTextTokens",
        "promptImageTokens",
        "cachedPromptTextTokens",
        "completionTokens",
        "reasoningTokens",
        "totalTokens",
        "numSourcesUsed",
        "serverSideToolsUsed",
        "costInUsdTicks",
    ).items()
}


def read(fields: Fields) -> Usage:
    """Return the usage of a response of the SDK.

    >>> usage = {"prompt_tokens": 30, "prompt_text_tokens": 30, "completion_tokens": 9, "reasoning_tokens": 21}
    >>> read({"outputs": [], "model": "grok-4.5", "usage": usage}).quantities
    {'input': 30, 'output': 9, 'reasoning': 21}

    Raises:
        MissingUsageError: no tokens are stated.
        InconsistentUsageError: a part exceeds what holds it, or a counter is no count.
    """
    counters = sub(fields, "usage")
    stated = camel(counters, _NAMES) if counters is not None else {}
    if not any(stated.get(name) for name in ("prompt_tokens", "prompt_text_tokens", "total_tokens")):
        raise missing("this response of the xAI SDK")
    cached, images = _count(stated, "cached_prompt_text_tokens"), _count(stated, "prompt_image_tokens")
    prompt = _count(stated, "prompt_tokens") or _count(stated, "prompt_text_tokens") + images
    # What a loop of the server's tools reads again stands beside the prompt.
    # https://docs.x.ai/docs/guides/tools/tool-usage-details
    beside = cached if cached + images > prompt else 0
    answer, reasoning = _count(stated, "completion_tokens"), _count(stated, "reasoning_tokens")
    total = _count(stated, "total_tokens")
    refuse_total_alone("total_tokens", total, prompt + answer + reasoning)
    if images > prompt:
        raise InconsistentUsageError(
            f"prompt_image_tokens={images} exceed prompt_tokens={prompt}",
            {"prompt_tokens": prompt},
            {"prompt_image_tokens": images},
        )
    quantities = {
        "input": prompt + beside - cached - images,
        "cache_read": cached,
        "input_image": images,
        "output": answer,
        "reasoning": reasoning,
    }
    usage = Usage.of(quantities, prompt + beside, "xai_sdk", _facts(fields))
    parts = prompt + answer + reasoning
    if total and total != parts:
        usage.notes = (of_total("total_tokens", total, parts, "prompt, completion and reasoning"),)
    ticks = stated.get("cost_in_usd_ticks")
    if ticks:
        usage.reported = charge(usage, ticks, "cost_in_usd_ticks", TICKS_PER_USD)
    tools = xai_tools.names_of(stated.get("server_side_tools_used"))
    sources = _count(stated, "num_sources_used")
    if sources and not tools:
        tools = {"web_search": sources}
    xai_tools.bill(usage, tools)
    strange = xai_tools.unknown(tools)
    if strange:
        add_unread(usage, {f"server_side_tools_used.{tool[:40]}": times for tool, times in strange.items()})
    return usage


def _facts(fields: Fields) -> dict[str, object]:
    # An enum of the SDK's object is a number; its second tier is the priority one.
    tier = fields.get("service_tier")
    word = text(fields, "service_tier") or ("priority" if tier == _PRIORITY else None)
    # The SDK's object has the model in its message.
    stated = {
        "model": text(fields, "model") or text(sub(fields, "proto") or {}, "model"),
        "at": when(fields, "created"),
        "service_tier": (word or "").lower().removeprefix(_TIER) or None,
    }
    return {"provider": "xai", **{name: value for name, value in stated.items() if value is not None}}


_PRIORITY = 2
# Digits of a count; a longer text is none.
_LONGEST = 20


def _count(stated: Fields, name: str) -> int:
    """Return a counter, which may be the text of a number."""
    value = stated.get(name)
    if isinstance(value, str) and value.isdecimal() and len(value) <= _LONGEST:
        return whole_number(name, int(value))
    return count(stated, name)


def recognises(fields: Fields) -> bool:
    """Return whether this is a response of the SDK, or its message as JSON."""
    # The SDK's response has its message in ``proto``, where the answers are.
    if ("outputs" not in fields and "proto" not in fields) or "object" in fields or "response" in fields:
        return False
    # Histories of other programs keep their answers as texts.
    outputs = fields.get("outputs")
    texts = isinstance(outputs, (list, tuple)) and any(isinstance(output, str) for output in outputs)
    return not texts and sub(fields, "usage") is not None


READER = Reader("xAI SDK", recognises, read, {"usage": Block(*_NAMES, *_NAMES.values())})
