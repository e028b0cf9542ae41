"""Usages of pydantic-ai and genai-prices: ``RequestUsage``, ``RunUsage``, and a ``ModelResponse`` that holds one.

Both normalise every provider so that counts hold their parts. Their ``cost`` is computed from a price table, and is
no bill. https://ai.pydantic.dev/api/usage/
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from . import xai_tools
from .counter_names import meant
from .dialects.reported import doubt_cost
from .fields import count, items, quantity, sub, text, when
from .google_grounding import searches
from .inclusive import disjoint
from .logged import object_at
from .openai_calls import OF_PROVIDERS, SELLERS, add_calls
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_COUNTS = {
    "cache_read": "cache_read_tokens",
    "cache_write": "cache_write_tokens",
    "cache_write_1h": "cache_write_1h_tokens",
    "input_audio": "input_audio_tokens",
    "cache_read_audio": "cache_audio_read_tokens",
    "reasoning": "output_reasoning_tokens",
    "output_audio": "output_audio_tokens",
    # Newer versions keep everything that genai-prices counts.
    **{f"{side}_{kind}": f"{side}_{kind}_tokens" for side in ("input", "output") for kind in ("image", "video")},
    **{f"cache_read_{kind}": f"cache_{kind}_read_tokens" for kind in ("image", "video")},
}
# What holds each part; cached media are inside the media of the input.
_HELD = {
    "reasoning": "output",
    "cache_write_1h": "cache_write",
    **{f"{side}_{kind}": side for side in ("input", "output") for kind in ("audio", "image", "video")},
    **{f"cache_read_{kind}": f"input_{kind}" for kind in ("audio", "image", "video")},
}
_SEARCHES = "web_searches"
_GOOGLE, _XAI = "google", "server_side_tools_"
_NAMES = ("cache_read_tokens", "cache_write_tokens", "cache_audio_read_tokens")
# Former versions: the whole prompt and the answer, with the provider's own counters below.
_WHOLES = ("input_tokens", "output_tokens")
_FORMER = ("request_tokens", "response_tokens")
_REST = "the rest of what holds its media"
_OF_TOOLS = "inside the input, and inside its media"
_BLOCK = Block(
    *_FORMER,
    _SEARCHES,
    "input_tokens",
    "output_tokens",
    *_COUNTS.values(),
    "audio_seconds",
    "requests",
    "unmeasured_requests",
    ignored={
        "tool_calls": "calls of one's own tools",
        "total_tokens": "the sum of the two",
        "details": "the provider's own counters, once more",
        "cache_write_5m_tokens": "the rest of what was written",
        **dict.fromkeys(("input_text_tokens", "output_text_tokens", "cache_text_read_tokens"), _REST),
        "input_tool_tokens": _OF_TOOLS,
        **{f"input_{kind}_tool_tokens": _OF_TOOLS for kind in ("text", "audio", "image", "video")},
    },
)


def read(fields: Fields) -> Usage:
    """Return the usage of a request, or of a run, which is a sum of requests.

    >>> usage = {"input_tokens": 1000, "cache_read_tokens": 800, "cache_write_tokens": 0, "output_tokens": 50}
    >>> read(usage).quantities
    {'input': 200, 'cache_read': 800, 'output': 50}

    Raises:
        MissingUsageError: tokens are not stated, or the only response left its usage out.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    facts: dict[str, object] = {}
    parts = items(fields, "parts")
    if "parts" in fields:
        facts, fields = _facts_of(fields), sub(fields, "usage") or {}
    former = _FORMER[0] in fields
    prompt, answer = (fields.get(name) for name in (_FORMER if former else _WHOLES))
    billed = sub(fields, "details") or {} if facts.get("named_provider") == "cohere" else {}
    if all(billed.get(name) for name in _WHOLES):
        # What Cohere adds to a prompt by itself is not billed: https://docs.cohere.com/docs/how-does-cohere-pricing-work
        prompt, answer = (billed[name] for name in _WHOLES)
    unmeasured, requests = count(fields, "unmeasured_requests"), count(fields, "requests")
    if prompt is None or answer is None or (unmeasured and unmeasured >= requests):
        raise missing("this usage of pydantic-ai")
    counts = {meter: count(fields, name) for meter, name in _COUNTS.items()}
    details = _of_details(fields)
    # Of Google's queries the details have the number; beside them stands what is billed.
    searched = details.pop(_SEARCHES, 0) or count(fields, _SEARCHES)
    if former:
        # Thoughts of Gemini are in the total alone, and so is what no detail names.
        usage = disjoint(prompt, answer, details, facts, "pydantic_ai", fields.get("total_tokens"))
    else:
        # Versions without a count of their own have the provider's, which the whole holds in them.
        wholes = {"input": count(fields, "input_tokens"), "output": count(fields, "output_tokens")}
        for part, whole in _HELD.items():
            held = details.get(part, 0)
            counts[part] = counts[part] or (held if held <= {**wholes, **counts}[whole] else 0)
        usage = disjoint(prompt, answer, counts, facts, "pydantic_ai")
    _add_tools(usage, parts, fields, searched)
    usage.model = usage.model or text(fields, "model") or text(fields, "model_name")
    seconds = quantity(fields, "audio_seconds")
    if seconds:
        usage.alternatives = (({"input_audio_seconds": seconds}, {"compute_seconds": seconds}),)
    doubt_cost(usage, fields, "cost")
    if requests > 1:
        usage.aggregate, usage.context = True, None
    if unmeasured:
        leave_out(usage, f"{unmeasured} of {requests} requests left their usage out")
    return usage


def _facts_of(answer: Fields) -> dict[str, object]:
    """Return the facts that an answer of a model states beside its usage."""
    about = sub(answer, "provider_details") or {}
    stated = {
        "model": text(answer, "model_name"),
        "at": when(answer, "timestamp"),
        "named_provider": text(answer, "provider_name"),
        # Google's traffic and tier, and the tier of OpenAI, as they were served.
        "service_tier": text(about, "traffic_type") or text(about, "service_tier"),
    }
    return {name: value for name, value in stated.items() if value}


def _add_tools(usage: Usage, parts: list[Fields], counters: Fields, searched: int) -> None:
    """Add the tools that the provider ran: OpenAI's and Google's are parts of the answer, xAI's are counted.

    ``searched`` are the searches that the usage counts, which are those of the parts.
    """
    seller = usage.named_provider or ""
    if seller.startswith(SELLERS):
        add_calls(usage, parts)
    if seller.startswith(_GOOGLE):
        ran = [part for part in parts if text(part, "part_kind") in OF_PROVIDERS]
        asked = [object_at(part, "args").get("queries") for part in ran if text(part, "tool_name") == "web_search"]
        queries = {query for found in asked if isinstance(found, list) for query in found if isinstance(query, str)}
        if queries or searched:
            usage.alternatives = (*usage.alternatives, searches(len(queries) or searched))
    elif searched and not any(usage.quantities.get(meter) for meter in (_SEARCHES, "preview_searches")):
        usage.quantities[_SEARCHES] = searched
    details = sub(counters, "details") or {}
    tools = {name.removeprefix(_XAI): count(details, name) for name in details if str(name).startswith(_XAI)}
    if any(tools.values()):
        xai_tools.bill(usage, tools)


def _of_details(fields: Fields) -> dict[str, int]:
    """Return what the provider's own counters say of the parts, by meter."""
    details = sub(fields, "details") or {}
    found: dict[str, int] = {}
    for name in details:
        meter = meant(name)[0] if isinstance(name, str) else None
        if meter in _COUNTS or meter == _SEARCHES:
            found[meter] = max(found.get(meter, 0), count(details, name))
    return found


def recognises(fields: Fields) -> bool:
    """Return whether this is such a usage, or a response that holds one."""
    if fields.get("kind") == "response" and "parts" in fields:
        return True
    if _FORMER[0] in fields and _FORMER[1] in fields:
        return True
    if "input_tokens" not in fields or not any(name in fields for name in _NAMES):
        return False
    # Others have some of its names and some of their own.
    return not any(meant(name)[0] for name in fields if isinstance(name, str) and name not in _BLOCK.names)


READER = Reader("pydantic-ai usage", recognises, read, {"": _BLOCK, "usage": _BLOCK})
