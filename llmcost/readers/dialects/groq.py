"""Groq: a stream's usage stands in ``x_groq``, and compound systems say which models did the work.

https://console.groq.com/docs/api-reference#chat-create
"""

from __future__ import annotations

from ...core.unread import add_unread
from ..fields import items, sub, text
from ..openai_chat import read_counters
from ..reader import Block
from . import correct as by_names
from . import restated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

# What Groq calls a search among the tools that it executes itself; each is billed.
# https://console.groq.com/docs/compound/built-in-tools
_SEARCHES = frozenset({"search", "web_search", "browser_search", "browser.search"})
# Tools that Groq has no fee for: servers of the caller's, and Wolfram, which bills the caller's own key.
_FREE = ("mcp", "wolfram")
EXECUTED = "executed_tools"
# Systems that Groq alone sells, by either way of writing them. https://console.groq.com/docs/compound
_COMPOUND = ("groq/compound", "compound-beta")

_CACHE = "statistics of the hardware's cache, which is not billed apart: https://console.groq.com/docs/api-reference"
BLOCK = Block(ignored={"dram_cached_tokens": _CACHE, "sram_cached_tokens": _CACHE})


def elsewhere(fields: Fields) -> Usage | None:
    """Return the usage of the end of a stream; without a stream ``x_groq`` has statistics of the hardware's cache."""
    beside = sub(sub(fields, "x_groq") or {}, "usage")
    if beside is None or "prompt_tokens" not in beside:
        return None
    beside = restated({}, beside)
    facts = {"model": text(fields, "model")} if text(fields, "model") else {}
    return correct(fields, {}, by_names({}, beside, read_counters(beside, facts)))


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with its provider, its searches, and a compound system's models as parts."""
    del counters
    compound = (usage.model or "").startswith(_COMPOUND)
    provider = "groq" if "x_groq" in fields or ("usage_breakdown" in fields and compound) else None
    if provider is not None:
        usage.provider = provider
    if "usage_breakdown" in fields:
        parts = []
        for row in items(sub(fields, "usage_breakdown") or {}, "models"):
            inner = sub(row, "usage")
            if inner is not None:
                stated = {"model": text(row, "model"), "provider": provider}
                parts.append(read_counters(inner, {name: value for name, value in stated.items() if value is not None}))
        if parts:
            # The breakdown is the bill; the top level only adds it up.
            usage = usage.replaced(quantities={}, parts=(*usage.parts, *parts))
    for choice in items(fields, "choices"):
        message = sub(choice, "message")
        if message is not None and EXECUTED in message:
            add_executed(usage, items(message, EXECUTED))
    return usage


def add_executed(usage: Usage, tools: list[Fields]) -> None:
    """Add the searches; a page that was opened, and the time of a program or browser, are billed and have no price."""
    names = [text(tool, "name") or text(tool, "type") or EXECUTED for tool in tools]
    searches = sum(name in _SEARCHES for name in names)
    if searches:
        usage.quantities["web_searches"] = usage.quantities.get("web_searches", 0) + searches
    others = [name for name in names if name not in _SEARCHES and not name.startswith(_FREE)]
    if others:
        add_unread(usage, {f"{EXECUTED}.{name[:40]}": others.count(name) for name in others})
