"""OpenRouter: searches of its server, the storage of a cache, and ``usage.cost``, which is what is charged.

Vercel's AI Gateway states ``cost`` and ``is_byok`` in the same way.
https://openrouter.ai/docs/use-cases/usage-accounting
"""

from __future__ import annotations

from ...core.notes import Note
from ...core.unread import add_unread
from ..fields import count, sub, text
from ..reader import Block
from .reported import add_charged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_TOOLS, _RUN, _ASKED = "server_tool_use_details", "tool_calls_executed", "tool_calls_requested"
_NOT_RUN = "what was asked for: the calls that were executed have a name of their own"
_OF_TOOLS = Block("web_search_requests", _RUN, ignored={_ASKED: _NOT_RUN})
BLOCK = Block("cost", "is_byok", "cost_details", inner={_TOOLS: _OF_TOOLS})


_GOOGLE = ("Google",)


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters without what was written to a cache, where that is a fee on tokens that were read from it.

    Google bills the storage of a cache beside what is read from it. https://openrouter.ai/docs/features/prompt-caching
    """
    if not _stored(fields, counters):
        return counters
    details = sub(counters, "prompt_tokens_details") or {}
    return {**counters, "prompt_tokens_details": {**details, "cache_write_tokens": 0}}


def _stored(fields: Fields, counters: Fields) -> int:
    """Return the tokens whose storage is a fee; 0 where what was written stands beside what was read."""
    details = sub(counters, "prompt_tokens_details") or {}
    read, written = count(details, "cached_tokens"), count(details, "cache_write_tokens")
    both = written and read and read + written > count(counters, "prompt_tokens")
    return written if both and (text(fields, "provider") or "").startswith(_GOOGLE) else 0


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the reported cost, and with the provider if it is OpenRouter."""
    stored = _stored(fields, sub(fields, "usage") or {})
    if stored:
        # The one place where a token stands on two lines: it is read at its price, and the fee is on top.
        usage.quantities["cache_write"] = stored
        said = f"{stored} tokens were read from the cache, and are billed a second time for their storage"
        usage.notes = (*usage.notes, Note("storage_fee", said, "cache_write"))
    tools = sub(counters, _TOOLS) or {}
    searches = count(tools, "web_search_requests")
    if searches:
        usage.quantities["web_searches"] = searches
    others = count(tools, _RUN) - searches
    if others > 0:
        # An advisor, say, is billed by the tokens of its model, which only the stated cost holds.
        add_unread(usage, {f"{_TOOLS}.{_RUN}": others})
    add_charged(usage, counters)
    identity = fields.get("id")
    if isinstance(identity, str) and identity.startswith("gen-") and isinstance(fields.get("provider"), str):
        usage.provider = "openrouter"
    return usage
