"""Counters of a generateContent response that is text alone, which most of them are: read in half the time."""

from __future__ import annotations

from ..core.usage import Usage, counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_DETAILS = frozenset({"promptTokensDetails", "candidatesTokensDetails", "cacheTokensDetails"})
_READ = frozenset(
    {
        "promptTokenCount",
        "candidatesTokenCount",
        "cachedContentTokenCount",
        "thoughtsTokenCount",
        "totalTokenCount",
        *_DETAILS,
    }
)
_ROW = frozenset({"modality", "tokenCount"})
_NO_FACTS: dict[str, object] = {}


def read_text(counters: Fields, facts: dict[str, object], dialect: str) -> Usage | None:
    """Return the usage of text alone; None for media, tools, unknown names, or sums that do not add up.

    >>> counters = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
    >>> read_text({**counters, "cachedContentTokenCount": 400}, {}, "gemini").quantities
    {'input': 600, 'cache_read': 400, 'output': 100}
    """
    if not _READ.issuperset(counters):
        return None
    prompt, answer, total = (
        counters.get("promptTokenCount"),
        counters.get("candidatesTokenCount"),
        counters.get("totalTokenCount"),
    )
    cached, thoughts = counters.get("cachedContentTokenCount", 0), counters.get("thoughtsTokenCount", 0)
    if not (type(prompt) is type(answer) is type(total) is type(cached) is type(thoughts) is int):
        return None
    # A number below 0 or above 2**49 leaves a bit here.
    if (prompt | answer | cached | thoughts) >> 49 or cached > prompt:
        return None
    if not total or total != prompt + answer + thoughts or not prompt or prompt == total:
        return None
    for name, rows in counters.items():
        if name not in _DETAILS or rows is None:
            continue
        if type(rows) is not list:
            return None
        for row in rows:
            if type(row) is not dict or row.get("modality") != "TEXT" or not _ROW.issuperset(row):
                return None
            tokens = row.get("tokenCount", 0)
            if type(tokens) is not int or tokens >> 49:
                return None
    quantities: Quantities = {"input": prompt - cached, "cache_read": cached, "output": answer, "reasoning": thoughts}
    if 0 in quantities.values():
        quantities = {meter: count for meter, count in quantities.items() if count}
    return Usage.of(quantities, prompt, dialect, facts) if facts else counted(quantities, prompt, dialect)


def quick(fields: Fields) -> Usage | None:
    """Return the usage of a common response; None for one that has to be read with care, such as a grounded one.

    >>> counters = {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100}
    >>> response = {"candidates": [{"finishReason": "STOP"}], "modelVersion": "gemini-2.5-flash"}
    >>> quick({**response, "usageMetadata": counters}).quantities
    {'input': 1000, 'output': 100}
    >>> quick({**response, "usageMetadata": {**counters, "totalTokenCount": 1200}})
    """
    counters, model, candidates = fields.get("usageMetadata"), fields.get("modelVersion"), fields.get("candidates")
    if type(counters) is not dict or type(model) is not str or not model or type(candidates) is not list:
        return None
    if "createTime" in fields or "usage_metadata" in fields:
        return None
    for answer in candidates:
        if type(answer) is not dict or "groundingMetadata" in answer or "grounding_metadata" in answer:
            return None
        content = answer.get("content")
        if type(content) is dict and type(parts := content.get("parts")) is list:
            for part in parts:
                if type(part) is dict and "inlineData" in part and not counters.get("candidatesTokensDetails"):
                    # An image or speech, whose tokens may not be split.
                    return None
    usage = read_text(counters, _NO_FACTS, "gemini")
    if usage is not None:
        usage.model = model.rpartition("models/")[2] if "/" in model else model
    return usage
