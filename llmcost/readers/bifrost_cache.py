"""What the cache of Bifrost's gateway did, as its log and its responses say it.

A semantic cache embeds the prompt to look for an answer: that call is billed, whatever it finds.
https://docs.getbifrost.ai/features/semantic-caching
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import count, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

CACHE = "cache_debug"


def with_cache(usage: Usage, cache: Fields | None) -> Usage:
    """Return a usage with the embedding of the prompt, and without what the cache answered.

    >>> usage = Usage(input=9, output=2, model="gpt-4o")
    >>> with_cache(usage, {"cache_hit": True, "hit_type": "direct"}).free
    "answered from Bifrost's cache"
    """
    if cache is None:
        return usage
    tokens = count(cache, "input_tokens")
    looked = Usage.of({"input": tokens}, tokens, "bifrost", {"model": text(cache, "model_used")})
    looked.named_provider = text(cache, "provider_used")
    if cache.get("cache_hit") is True:
        usage = Usage.of({}, 0, "bifrost", {"model": usage.model})
        if not tokens:
            usage.free = "answered from Bifrost's cache"
    if tokens:
        usage.parts = (*usage.parts, looked)
    return usage
