"""Records of calls, as chat applications, agents, gateways and observability services keep them.

A table (``kept_records``) says where the counters stand, how they count, and where the model is named. The program
that keeps the record calculated a cost that stands beside the counters.
"""

from __future__ import annotations

from ..core.usage import Usage
from .dialects.reported import doubt_cost
from .fields import sub, text, when
from .framework import HANDED_ON, read_bare, summed
from .kept_records import ANY, KEPT, TEXT
from .logged import object_at
from .reader import Reader, refuse_zeros
from .words import INCLUSIVE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .kept_kind import Path, RecordKind
    from .reader import Fields

# Which API Roo Code called: with OpenAI's the cache is inside the input, with Anthropic's it depends on the version.
_PROTOCOLS = {"openai": INCLUSIVE, "anthropic": None}
# A time of more than this many is not in seconds.
_MILLISECONDS = 10**11
_TIMES = ("ts", "created_at", "createdAt", "timestamp", "startTime", "init_timestamp")
_COSTS = ("cost", "estimated_cost", "estimated_total_cost", "total_cost")


def read(fields: Fields) -> Usage:
    """Return the usage by the row of the record.

    >>> used = {"totalInputTokens": 1000, "inputCachedTokens": 800, "totalOutputTokens": 100, "totalTokens": 1100}
    >>> read({"role": "assistant", "model": "gpt-4o", "provider": "openai", "usage": used}).quantities
    {'input': 200, 'cache_read': 800, 'output': 100}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    kept, stated = _kept(fields) or (KEPT[0], fields)
    model = next((found for path in kept.model if (found := _named(fields, path))), None)
    if _is_hit(kept, fields):
        return Usage.of({}, 0, "records", {"free": "answered from the cache of the gateway", "model": model})
    counters = {kept.names.get(name, name): value for name, value in stated.items() if _counts(kept, name)}
    way = kept.way
    if TEXT in kept.path and "apiProtocol" in stated:
        way = _PROTOCOLS.get(text(stated, "apiProtocol") or "")
    usage = read_bare(counters, "this record of a call", way, model=model)
    usage.named_provider = next((found for path in kept.seller if (found := _named(fields, path))), None)
    at = next((at for name in _TIMES if (at := when(fields, name)) is not None), usage.at)
    usage.at = at / 1000 if isinstance(at, (int, float)) and at > _MILLISECONDS else at
    for holder in (fields, stated):
        doubt_cost(usage, holder, *_COSTS)
    if not kept.sums and any(holder and holder.get("content") for holder in (fields, _at(fields, kept.path[:-1]))):
        # Agents fill in zeros where a stream broke off before its counters.
        refuse_zeros(usage, "this record of a call")
    return summed(usage, 2 if kept.sums else 1)


def _is_hit(kept: RecordKind, fields: Fields) -> bool:
    """Return whether the record says that a cache answered."""
    if kept.hit is None:
        return False
    (*above, name), values = kept.hit
    return (_at(fields, (*above,)) or {}).get(name) in values


def _counts(kept: RecordKind, name: object) -> bool:
    """Return whether a name among the counters is one; times, speeds and costs stand there, too."""
    if name in kept.names:
        return True
    if kept.prefix is not None:
        return str(name).startswith(kept.prefix)
    if kept.but is not None:
        return name not in kept.but and name not in _COSTS
    words = str(name).lower()
    measured = "time" in words or "per_token" in words or "tokens_per" in words or "/s" in words
    return kept.others and ("token" in words or words.endswith("details")) and not measured


def _kept(fields: Fields) -> tuple[RecordKind, Fields] | None:
    for kept in KEPT:
        # The keys are asked before any value.
        if not all(key in fields for key in (kept.beside or kept.whole)):
            continue
        if kept.kinds is not None and text(fields, kept.kinds[0]) not in kept.kinds[1]:
            continue
        counters = object_at(fields, TEXT) if kept.path == (TEXT,) else _at(fields, kept.path)
        if counters and all(name in counters for name in kept.whole):
            return kept, counters
    return None


def _at(fields: Fields, path: Path) -> Fields | None:
    holder: Fields | None = fields
    for key in path:
        if holder is None:
            return None
        if key == ANY:
            inner = [found for name in holder if (found := sub(holder, str(name))) and "usage" in found]
            holder = inner[0] if len(inner) == 1 else None
        else:
            holder = sub(holder, key)
    return holder


def _named(fields: Fields, path: Path) -> str | None:
    return text(_at(fields, path[:-1]) or {}, path[-1])


def recognises(fields: Fields) -> bool:
    """Return whether a row of the table has this record."""
    return _kept(fields) is not None


READER = Reader("Records of calls", recognises, read, HANDED_ON, rank=9)
