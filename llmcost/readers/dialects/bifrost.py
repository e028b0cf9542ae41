"""Bifrost's gateway: who was called, and whether its cache answered, stand in ``extra_fields``.

https://github.com/maximhq/bifrost/blob/main/core/schemas/bifrost.go
"""

from __future__ import annotations

from ..bifrost_cache import CACHE, with_cache
from ..fields import count, sub, text
from ..reader import Block
from .parts import take

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_HOUR = "cached_write_tokens_1h"
_SPLIT = Block(_HOUR, ignored={"cached_write_tokens_5m": "the rest of what was written, which is at the plain rate"})
BLOCK = Block(inner={"prompt_tokens_details": Block(inner={"cached_write_token_details": _SPLIT})})
KEY = "extra_fields"
_OF_A_ROW = "fallback_index"


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with its seller, or that of what the gateway's cache did."""
    if usage is None and _OF_A_ROW in fields:
        # A row of the log names the kind of the response under ``object``, and has its counters elsewhere.
        from .. import bifrost

        return bifrost.read(fields) if bifrost.recognises(fields) else None
    if usage is None:
        return None
    split = sub(sub(counters, "prompt_tokens_details") or {}, "cached_write_token_details") or {}
    take(usage.quantities, "cache_write", "cache_write_1h", count(split, _HOUR), _HOUR)
    extra = sub(fields, KEY)
    if extra is None:
        return usage
    seller = text(extra, "provider")
    if seller is not None and usage.provider is None:
        usage.named_provider = seller
    return with_cache(usage, sub(extra, CACHE))
