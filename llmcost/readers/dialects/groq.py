"""Groq: a stream's usage stands in ``x_groq``, and compound systems say which models did the work.

https://console.groq.com/docs/api-reference#chat-create
"""

from __future__ import annotations

from ...core.usage import Usage
from ..fields import items, sub, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..reader import Fields


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with its provider, and a compound system's models as parts."""
    from ..openai_chat import read_counters  # noqa: PLC0415 - the base reader loads first

    if usage is None:
        own = sub(sub(fields, "x_groq") or {}, "usage")
        # Without a stream x_groq.usage is hardware cache statistics, not tokens.
        if own is None or "prompt_tokens" not in own:
            return None
        usage = read_counters(own, {"model": text(fields, "model")} if text(fields, "model") else {})
    usage.provider = "groq"
    breakdown = items(sub(fields, "usage_breakdown") or {}, "models")
    parts = []
    for row in breakdown:
        inner = sub(row, "usage")
        if inner is not None:
            parts.append(read_counters(inner, {"model": text(row, "model"), "provider": "groq"}))
    if parts:
        # The breakdown is the bill; the top level only adds it up.
        return usage.replaced(quantities={}, parts=(*usage.parts, *parts))
    return usage
