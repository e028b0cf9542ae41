"""DashScope: a cache that the request asked for is read at another price than one that works by itself.

``cache_type`` says so of the cached tokens: https://www.alibabacloud.com/help/en/model-studio/context-cache
"""

from __future__ import annotations

from ..fields import sub, text
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_ASKED_FOR = "ephemeral"
_SUM = "the same as cache_creation_input_tokens: such a cache is kept for five minutes"
BLOCK = Block(
    inner={
        "prompt_tokens_details": Block(
            "cache_type", inner={"cache_creation": Block(ignored={"ephemeral_5m_input_tokens": _SUM})}
        )
    }
)


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the reads of a cache that was asked for as such."""
    del fields
    details = sub(counters, "prompt_tokens_details")
    if details is None or text(details, "cache_type") != _ASKED_FOR:
        return usage
    if "cache_read" in usage.quantities:
        named = {"cache_read": "cache_read_explicit"}
        usage.quantities = {named.get(meter, meter): units for meter, units in usage.quantities.items()}
    return usage
