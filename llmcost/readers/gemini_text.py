"""Counters of a generateContent response that is text alone, which most of them are: read in half the time."""

from __future__ import annotations

from ..core.usage import Usage

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
    if not total or total != prompt + answer + thoughts:
        return None
    for name in _DETAILS:
        rows = counters.get(name)
        if rows is None:
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
    return Usage.of(quantities, prompt, dialect, facts)
