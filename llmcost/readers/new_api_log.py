"""new-api and One API: rows of the log. What the counters of the row leave out stands in its ``other``, as JSON text.

The cache is inside the prompt, but for what was asked for as Anthropic asks it. ``quota`` is what the operator of the
gateway takes, in units and at ratios of its own.
https://github.com/QuantumNous/new-api/blob/main/service/text_quota.go
https://github.com/QuantumNous/new-api/blob/main/model/log.go
"""

from __future__ import annotations

from ..core.unread import add_unread
from ..core.usage import Usage
from ..errors import MissingUsageError, shown
from .bare_facts import with_numbers
from .dialects.new_api import BESIDE, SEMANTIC
from .fields import count, items, text, when
from .inclusive import disjoint
from .logged import Logged, object_at
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_SIGNS = ("model_name", "quota", "prompt_tokens", "token_name")
_CALL, _ERROR = 2, 5
_METERS = {
    "cache_tokens": "cache_read",
    "cache_creation_tokens_1h": "cache_write_1h",
    # The image tokens of the prompt, whatever the name says.
    "image_output": "input_image",
    "audio_input": "input_audio",
    "audio_input_token_count": "input_audio",
    "audio_output": "output_audio",
}
_WRITTEN = ("cache_creation_tokens", "cache_write_tokens")
_SHORT, _HOUR = "cache_creation_tokens_5m", "cache_creation_tokens_1h"
_TOOLS = {
    "web_search": "web_searches",
    "web_search_preview": "preview_searches",
    "google_search": "web_searches",
    "file_search": "file_searches",
}
# Older rows state the calls of two tools by names of their own.
_CALLS = {"web_search_call_count": "web_searches", "file_search_call_count": "file_searches"}
_KNOWN = frozenset({*_METERS, *_WRITTEN, _SHORT, *_CALLS})
_COUNTERS = ("_tokens", "_token_count", "_call_count")


def read(fields: Fields) -> Usage:
    """Return the usage of a call that was passed on.

    >>> row = {"type": 2, "model_name": "gpt-4o", "token_name": "t", "quota": 9, "other": '{"cache_tokens": 800}'}
    >>> read({**row, "prompt_tokens": 1000, "completion_tokens": 100}).quantities
    {'input': 200, 'cache_read': 800, 'output': 100}

    Raises:
        MissingUsageError: the row is of no call, or of a call without counters.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    fields = with_numbers(fields)
    kind = count(fields, "type") or _CALL
    more = object_at(fields, "other")
    facts: dict[str, object] = {"model": text(more, "upstream_model_name") or text(fields, "model_name")}
    if kind == _ERROR:
        return Usage.of({}, 0, "new_api_log", {**facts, "free": "the call failed: not billed"})
    if kind != _CALL:
        raise MissingUsageError(f"this row of a gateway's log (type {shown(kind)}) is no call")
    counts = dict.fromkeys(_METERS.values(), 0)
    for name, meter in _METERS.items():
        counts[meter] = max(counts[meter], count(more, name))
    split_up = count(more, _SHORT) + count(more, _HOUR)
    counts["cache_write"] = max(split_up, *(count(more, name) for name in _WRITTEN))
    if fields.get("completion_tokens") is None:
        raise missing("this row of a gateway's log, without completion_tokens,")
    prompt = count(fields, "prompt_tokens")
    if text(more, SEMANTIC) == BESIDE or (more.get("claude") is True and SEMANTIC not in more):
        prompt += counts["cache_read"] + counts["cache_write"]
    usage = disjoint(prompt, count(fields, "completion_tokens"), counts, facts, "new_api_log")
    usage.at = when(fields, "created_at")
    _add_tools(usage, more)
    if not usage.quantities:
        raise missing("this row of a gateway's log", "A price for each call may be all that it was charged by.")
    unknown = {name: n for name in more if name.endswith(_COUNTERS) and name not in _KNOWN and (n := count(more, name))}
    if unknown:
        add_unread(usage, unknown)
    return usage


def _add_tools(usage: Usage, more: Fields) -> None:
    calls = {meter: count(more, name) for name, meter in _CALLS.items()}
    for row in items(more, "tool_surcharges"):
        name = text(row, "name") or ""
        meter = _TOOLS.get(name)
        if meter is None:
            add_unread(usage, {f"tool_surcharges.{name}": count(row, "count")})
        else:
            calls[meter] = calls.get(meter, 0) + count(row, "count")
    usage.quantities.update({meter: number for meter, number in calls.items() if number})


def recognises(fields: Fields) -> bool:
    """Return whether this is a row of such a log."""
    return all(name in fields for name in _SIGNS)


READER = Reader(
    "new-api log",
    recognises,
    read,
    "the counters of the row are read with those of its other, of which each name is looked at",
    rank=12,
    # Users see the ids of rows cut down to a few digits, so that they are no ids.
    logged=Logged(id=("request_id",), time=("created_at",), team=("group",), user=("username",)),
)
