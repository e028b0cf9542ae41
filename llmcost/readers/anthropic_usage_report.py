"""Anthropic's usage report: rows of what an organisation used in a span of time, buckets of rows, and pages of buckets.

``uncached_input_tokens`` stands beside what was read from the cache and written to it. A row adds up many requests.
https://platform.claude.com/docs/en/api/admin-api/usage-cost/get-messages-usage-report
"""

from __future__ import annotations

from . import words
from .bare_facts import add_facts
from .fields import items, text
from .framework import HANDED_ON, several, summed
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_FRESH = "uncached_input_tokens"
# Fields of a row that say who used the model, and which window of context its requests had.
_NAMED = frozenset({"api_key_id", "workspace_id", "context_window", "account_id", "service_account_id"})


def read(fields: Fields) -> Usage:
    """Return the usage of a row; those of a bucket or a page are parts.

    >>> row = {"uncached_input_tokens": 9, "cache_read_input_tokens": 5, "output_tokens": 2, "model": "claude-opus-4-5"}
    >>> read({"starting_at": "2026-01-01T00:00:00Z", "results": [row]}).quantities
    {'input': 9, 'cache_read': 5, 'output': 2}

    Raises:
        MissingUsageError: a row lacks a side, or there is no row.
        InconsistentUsageError: a counter is no count.
    """
    rows = _rows(fields)
    if not rows:
        raise missing("this usage report, which has no row,")
    return several([_of_row(row) for row in rows], "usage_report")


def _rows(fields: Fields) -> list[Fields]:
    if _FRESH in fields:
        return [fields]
    if "results" in fields:
        return items(fields, "results")
    return [row for bucket in items(fields, "data") for row in items(bucket, "results")]


def _of_row(row: Fields) -> Usage:
    counters = {name: value for name, value in row.items() if name not in _NAMED}
    usage = words.read(counters)
    usage.dialect, usage.named_provider = "usage_report", "anthropic"
    add_facts(usage, row)
    if text(row, "service_tier") == "batch":
        usage.batch, usage.service_tier = True, None
    return summed(usage)


def recognises(fields: Fields) -> bool:
    """Return whether this is a row, a bucket or a page of it."""
    if _FRESH in fields:
        return True
    buckets = [fields] if "starting_at" in fields else items(fields, "data")[:_LOOKED_AT]
    return any("starting_at" in bucket and _has_row(bucket) for bucket in buckets)


# So many buckets of a page are searched for a row. The row shows whose report it is.
_LOOKED_AT = 100


def _has_row(bucket: Fields) -> bool:
    rows = items(bucket, "results")
    return any(_FRESH in row for row in rows)


READER = Reader("Anthropic usage report", recognises, read, HANDED_ON, rank=60)
