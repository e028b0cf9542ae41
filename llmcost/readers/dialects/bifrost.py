"""Bifrost's gateway: who was called, and whether its cache answered, stand in ``extra_fields``.

https://github.com/maximhq/bifrost/blob/main/core/schemas/bifrost.go
"""

from __future__ import annotations

from ..bifrost_cache import CACHE, with_cache
from ..fields import sub, text
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block()
KEY = "extra_fields"
_OF_A_ROW = "fallback_index"


def elsewhere(fields: Fields) -> Usage | None:
    """Return the usage of a row of the log, which names the kind of its response under ``object``."""
    if _OF_A_ROW not in fields:
        return None
    from .. import bifrost

    return bifrost.read(fields) if bifrost.recognises(fields) else None


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:  # noqa: ARG001 - as of every dialect
    """Return the usage with its seller, or that of what the gateway's cache did."""
    extra = sub(fields, KEY)
    if extra is None:
        return usage
    seller = text(extra, "provider")
    if seller is not None and usage.provider is None:
        usage.named_provider = seller
    return with_cache(usage, sub(extra, CACHE))
