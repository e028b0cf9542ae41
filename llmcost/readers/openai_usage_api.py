"""OpenAI's usage API: rows of what an organisation used in a span of time, buckets of rows, and pages of buckets.

``input_tokens`` holds what was cached and written, of every medium. A row adds up many requests and has no context.
https://platform.openai.com/docs/api-reference/usage
"""

from __future__ import annotations

from decimal import Decimal

from ..core.counts import image_units
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from .fields import count, items, text, whole_number
from .framework import several, summed
from .inclusive import disjoint
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_ROW, _END = "organization.usage.", ".result"
# Each meter -> the counters that it holds: those of media are without what was cached of them.
_PARTS = {
    "cache_read": ("input_cached_tokens",),
    "cache_write": ("input_cache_write_tokens",),
    "input_audio": ("input_audio_tokens", "input_cached_audio_tokens"),
    "cache_read_audio": ("input_cached_audio_tokens",),
    "input_image": ("input_image_tokens", "input_cached_image_tokens"),
    "cache_read_image": ("input_cached_image_tokens",),
    "output_audio": ("output_audio_tokens",),
    "output_image": ("output_image_tokens",),
}
_HALF_A_DAY, _HALF_AN_HOUR = "input_cache_write_12h_tokens", "input_cache_write_30m_tokens"
_WRITTEN = "input_cache_write_tokens"
_BYTES, _SECONDS = 10**9, 86_400
# What is counted otherwise than by tokens: kind of row -> counter and meter.
_COUNTED = {
    "images": ("images", "output_images"),
    "audio_speeches": ("characters", "input_characters"),
    "audio_transcriptions": ("seconds", "input_seconds"),
    "code_interpreter_sessions": ("num_sessions", "code_sessions"),
    "file_searches": ("num_requests", "file_searches"),
    "web_searches": ("num_requests", "web_searches"),
}


def read(fields: Fields) -> Usage:
    """Return the usage of a row; those of a bucket or a page are parts.

    >>> row = {"object": "organization.usage.embeddings.result", "input_tokens": 900, "model": "text-embedding-3-small"}
    >>> read(row).quantities
    {'input': 900}

    Raises:
        MissingUsageError: a row states nothing, or there is none.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    rows = _rows(fields, _SECONDS)
    if not rows:
        raise missing("this page of the usage API, which has no row,")
    return several([_of_row(row, seconds) for row, seconds in rows], "usage_api")


def _rows(fields: Fields, seconds: int) -> list[tuple[Fields, int]]:
    """Return every row with the seconds of its bucket; a row without one is taken for a day."""
    kind = text(fields, "object") or ""
    if kind == "page":
        return [found for bucket in items(fields, "data") for found in _rows(bucket, seconds)]
    if kind == "bucket":
        lasted = count(fields, "end_time") - count(fields, "start_time")
        return [(row, max(lasted, 0)) for row in items(fields, "results") or items(fields, "result")]
    return [(fields, seconds)]


def _of_row(row: Fields, seconds: int) -> Usage:
    kind = (text(row, "object") or "").removeprefix(_ROW).removesuffix(_END)
    facts: dict[str, object] = {"named_provider": "openai"}
    for fact in ("model", "service_tier", "size"):
        value = text(row, fact)
        if value is not None:
            facts[fact] = value
    usage = _counted(kind, row, facts, seconds)
    if row.get("batch") is True:
        usage.batch = True
    return summed(usage)


def _counted(kind: str, row: Fields, facts: dict[str, object], seconds: int) -> Usage:
    if kind == "moderations":
        return Usage.of({}, 0, "usage_api", {**facts, "free": "moderation is free of charge"})
    if kind == "vector_stores" and row.get("usage_bytes") is not None:
        # A size and no sum over time: it was kept for as long as the bucket lasts.
        stored = Decimal(whole_number("usage_bytes", row["usage_bytes"]) * seconds) / (_BYTES * _SECONDS)
        return Usage.of({"storage_gb_days": stored}, 0, "usage_api", facts)
    if kind in _COUNTED:
        name, meter = _COUNTED[kind]
        if row.get(name) is None:
            raise missing(f"a row without {name}")
        units = whole_number(name, row[name])
        usage = Usage.of({meter: units} if units else {}, 0, "usage_api", facts)
        if kind == "images" and units:
            usage.quantities, usage.alternatives = {}, (image_units(units, text(row, "size")),)
        if kind == "code_interpreter_sessions" and usage.model is None:
            usage.model = "container"
        return usage
    if row.get("input_tokens") is None:
        raise missing(f"a row of the kind {kind or 'unknown'} without its counter")
    counts = {meter: sum(count(row, name) for name in names) for meter, names in _PARTS.items()}
    kept = count(row, _HALF_A_DAY)
    prompt = whole_number("input_tokens", row["input_tokens"])
    if kept > prompt:
        said = f"{_HALF_A_DAY}={kept} exceeds input_tokens={prompt}"
        raise InconsistentUsageError(said, {"input_tokens": prompt}, {_HALF_A_DAY: kept})
    written, short = row.get(_WRITTEN), count(row, _HALF_AN_HOUR)
    # The tokens written to the cache are one sum over both lifetimes.
    counts["cache_write"] = short if written is None else count(row, _WRITTEN) - kept
    if counts["cache_write"] < 0:
        raise InconsistentUsageError(f"{_HALF_A_DAY}={kept} exceeds {_WRITTEN}={written}", {_WRITTEN: written}, {})
    if short and counts["cache_write"] != short:
        said = f"{_WRITTEN}={written} is not the sum of {_HALF_A_DAY}={kept} and {_HALF_AN_HOUR}={short}"
        raise InconsistentUsageError(said, {_WRITTEN: written}, {_HALF_A_DAY: kept, _HALF_AN_HOUR: short})
    usage = disjoint(prompt - kept, row.get("output_tokens") or 0, counts, facts, "usage_api")
    if kept:
        usage.quantities["cache_write_12h"] = kept
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a row, a bucket or a page."""
    kind = text(fields, "object")
    if kind == "bucket":
        return "results" in fields or "result" in fields
    if kind == "page":
        return any(text(bucket, "object") == "bucket" for bucket in items(fields, "data"))
    return kind is not None and kind.startswith(_ROW) and kind.endswith(_END)


def _counters(fields: Fields) -> list[Fields]:
    return [row for row, _ in _rows(fields, _SECONDS)]


_REST, _NAMED = "the rest of a whole that is read", "of whom or of what the row is"
_BLOCK = Block(
    "input_tokens",
    "output_tokens",
    _HALF_A_DAY,
    _HALF_AN_HOUR,
    "usage_bytes",
    *{name for names in _PARTS.values() for name in names},
    *{name for name, _ in _COUNTED.values()},
    ignored={
        **dict.fromkeys(("input_uncached_tokens", "input_text_tokens", "input_cached_text_tokens"), _REST),
        "output_text_tokens": _REST,
        "num_model_requests": "requests, which are not billed by their number",
        **dict.fromkeys(("project_id", "user_id", "api_key_id", "model", "object", "size", "source"), _NAMED),
    },
    view=_counters,
)
READER = Reader("OpenAI usage API", recognises, read, {"": _BLOCK})
