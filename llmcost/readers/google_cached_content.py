"""Gemini's cached content: what is kept for later prompts. It is no call, and its tokens are billed by the hour.

A prompt that uses it states the cached tokens itself. https://ai.google.dev/gemini-api/docs/caching
"""

from __future__ import annotations

from ..errors import UsageError
from .fields import camel, names_of, sub, text
from .gemini import CACHED_CONTENT
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_CONTENT = names_of("usageMetadata")
_COUNTERS = names_of("totalTokenCount")


def read(fields: Fields) -> Usage:
    """Refuse a cached content, and say how its storage is priced.

    Raises UsageError.
    """
    counters = camel(sub(camel(fields, _CONTENT), "usageMetadata") or {}, _COUNTERS)
    tokens = counters["totalTokenCount"] if isinstance(counters["totalTokenCount"], int) else "TOKENS"
    raise UsageError(
        f"{text(fields, 'name') or 'this'} is a cached content and no call: its tokens are billed by the hour. For the "
        f"price of keeping them: usage=llmcost.Usage(cache_storage_token_hours={tokens} * hours), with model="
    )


def recognises(fields: Fields) -> bool:
    """Return whether this is a cached content."""
    if "cachedContents/" in (text(fields, "name") or ""):
        return True
    return not CACHED_CONTENT.isdisjoint(fields) and ("usageMetadata" in fields or "usage_metadata" in fields)


READER = Reader("Gemini cached content", recognises, read, "it is no call, and is refused")
