"""What the name of a counter says, for spans, bare counters and frameworks, in one table of words.

Everybody spells a counter in another way: ``cache_read.input_tokens``, ``details.cache_read_tokens``,
``promptTokensDetails.cachedTokens``. What a name says is the set of its words, so that a row of the table is one.
"""

from __future__ import annotations

import re

# Words of one meaning, by the first that counts here.
_SAME = {
    "prompt": "input",
    "completion": "output",
    "candidates": "output",
    "cached": "cache",
    "creation": "write",
    "written": "write",
    "writes": "write",
    "reads": "read",
    "thinking": "reasoning",
    "thought": "reasoning",
    "thoughts": "reasoning",
    "1hr": "1h",
    "in": "input",
    "out": "output",
}
# Words that every name may have.
_FILLING = frozenset({"", "tokens", "token", "count", "num", "usage", "above"})
# The object around a counter says which side the counter is on.
_HOLDER = re.compile(r"(?:(?P<side>prompt|input|completion|output)_(?:tokens?_)?)?details_")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])")
# A length of time is one word: new-api writes ``claude_cache_creation_1_h_tokens``.
_LENGTH = re.compile(r"_([0-9]+)_([hm])(?=_|$)")

# The prefix of Microsoft.Extensions.AI for names that only one provider has.
_MORE = "additional_counts_"

INPUT, OUTPUT, TOTAL, FIVE_MINUTES = "input", "output", "total", "5m"
MEDIA = ("audio", "image", "video")

# What stands beside the time for which something was written.
_WRITTEN = (
    *("cache write", "cache write input", "ephemeral", "ephemeral input"),
    *("cache write ephemeral", "cache write ephemeral input", "cache write details", "cache write claude"),
)
# What is counted -> the sets of words that say so. What a cache was written for five minutes is a part of cache_write.
_READ = {
    INPUT: "input",
    OUTPUT: "output",
    TOTAL: "total",
    "cache_read": "cache | cache read | cache input | cache read input | cache hit | cache hit input | cache content"
    " | cache input text",
    # Requesty's: https://docs.requesty.ai/features/auto-caching
    "cache_write": "cache write | cache write input | caching",
    "cache_write_1h": " | ".join([f"1h {words}" for words in _WRITTEN]),
    FIVE_MINUTES: " | ".join([f"5m {words}" for words in _WRITTEN]),
    "reasoning": "reasoning | output reasoning",
    **{f"input_{kind}": f"input {kind}" for kind in MEDIA},
    **{f"output_{kind}": f"output {kind}" for kind in MEDIA},
    **{
        f"cache_read_{kind}": f"cache {kind} | cache read {kind} | cache input {kind} | cache read input {kind}"
        for kind in MEDIA
    },
    "web_searches": "web search | web searches | web search requests | server tool use web search requests"
    " | search queries | web search queries | grounding queries",
    "citation": "citation | citations",
}
REST = "the rest of a whole that is read"
_INSIDE = "inside the output, without a rate of its own"
# Gemini counts the answers of tools beside the input, others count them inside it. The total shows which.
TOOLS = "inside the input, but where the total says otherwise"
_NOT_BILLED = "not billed by its number"
# Why a name is no counter of its own -> its sets of words.
_IGNORED = {
    REST: "non cache | non cache input | text | input text | output text | cache text | cache text read"
    " | document | document input | no cache | no cache input | uncached | uncached input | cache miss"
    " | cache input miss",
    _INSIDE: "accepted prediction | prediction rejected",
    TOOLS: "tool | input tool | tool use | input tool use",
    _NOT_BILLED: "request | requests | successful requests | llm calls",
}
# Below ``details.`` pydantic-ai repeats the counters of the provider as they are.
_OF_THE_PROVIDER = {INPUT: "repeated from the provider", OUTPUT: "repeated from the provider", TOTAL: "a sum"}
REPEATED = frozenset(_OF_THE_PROVIDER.values())


def _by_words(rows: dict[str, str]) -> dict[frozenset[str], str]:
    return {frozenset(words.split()): meaning for meaning, sets in rows.items() for words in sets.split("|")}


_METERS, _REASONS = _by_words(_READ), _by_words(_IGNORED)


def meant(name: str) -> tuple[str | None, str | None]:
    """Return ``(what is counted, None)`` for a name below a convention's prefix, ``(None, why)`` for one to ignore.

    ``(None, None)`` is a name that nobody knows.

    >>> meant("cache_read.input_tokens"), meant("inputTokenDetails.cacheReadTokens")
    (('cache_read', None), ('cache_read', None))
    >>> meant("prompt_tokens_details.audio_tokens"), meant("completion_details.audio")
    (('input_audio', None), ('output_audio', None))
    >>> meant("cacheWrite1h"), meant("claude_cache_creation_5_m_tokens")
    (('cache_write_1h', None), ('5m', None))
    >>> meant("prompt_details.text"), meant("zzz_tokens")
    ((None, 'the rest of a whole that is read'), (None, None))
    """
    plain = _LENGTH.sub(r"_\1\2", _CAPITAL.sub("_", name).replace(".", "_").lower())
    plain = plain.removeprefix(_MORE)
    holder = _HOLDER.match(plain)
    side = None
    if holder is not None:
        plain = plain[holder.end() :]
        side = holder["side"] and _SAME.get(holder["side"], holder["side"])
    words = frozenset([_SAME.get(word, word) for word in plain.split("_")]) - _FILLING
    found = _METERS.get(words)
    if not words and holder is None and "token" in plain:
        # Tokens of no side are all.
        found = TOTAL
    if holder is not None and side is None and found in _OF_THE_PROVIDER:
        return None, _OF_THE_PROVIDER[found]
    if found is None and side is not None:
        found = _METERS.get(words | {side})
    return found, None if found is not None else _REASONS.get(words)
