"""Portkey: a row of its log, as it exports it.

The body of the provider's response is read where it was kept; the units beside it are sums of tokens. The cost, in
cents, is Portkey's calculation. https://portkey.ai/docs/product/observability/logs-export
"""

from __future__ import annotations

from ..core.usage import Usage
from .dialects.reported import doubt_cost, usd
from .fields import count, sub, text, when
from .framework import read_bare
from .http_body import of_failure, of_kept, says, with_facts
from .logged import Logged, object_at
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_UNITS = {"req_units": "prompt_tokens", "res_units": "completion_tokens", "total_units": "total_tokens"}
_CENTS = 100


def read(fields: Fields) -> Usage:
    """Return the usage of a row; an answer of Portkey's cache has the counters of the call that was kept.

    >>> read({"ai_org": "openai", "ai_model": "gpt-4o", "req_units": 9, "res_units": 2}).quantities
    {'input': 9, 'output': 2}

    Raises:
        UsageError: the row states no usage, or one that contradicts itself.
    """
    usage = _stated(fields)
    if usage.model is None:
        usage.model = text(fields, "ai_model")
    seller, begun = text(fields, "ai_org"), when(fields, "created_at")
    if usage.provider is None and seller is not None:
        usage.named_provider = seller
    if usage.at is None and begun is not None:
        usage.at = begun
    if usage.free is None and usage.reported is None:
        doubt_cost(usage, {"cost": usd(fields.get("cost"), _CENTS)}, "cost")
    return usage


def _stated(fields: Fields) -> Usage:
    if (text(fields, "cache_status") or "").upper().endswith("HIT"):
        return Usage.of({}, 0, "portkey", {"free": "answered from Portkey's cache"})
    body = object_at(fields, "response.body") or object_at(sub(fields, "response") or {}, "body")
    kept = of_kept(body)
    if kept is not None and says(kept):
        return kept
    counters = {name: fields[unit] for unit, name in _UNITS.items() if fields.get(unit) is not None}
    if any(count(counters, name) for name in counters):
        return with_facts(read_bare({"completion_tokens": 0, **counters}, "this row of Portkey"), kept)
    if kept is not None:
        return kept
    failed = of_failure(fields.get("response_status_code"), "portkey")
    if failed is None:
        raise missing("this row of Portkey, with all units at 0,")
    return failed


def recognises(fields: Fields) -> bool:
    """Return whether this is a row of the log."""
    return "ai_model" in fields and ("ai_org" in fields or "req_units" in fields)


READER = Reader(
    "Portkey log",
    recognises,
    read,
    "its counters stand in the response inside, or are sums of tokens",
    rank=12,
    logged=Logged(id=("id", "trace_id"), time=("created_at",), user=("metadata._user",)),
)
