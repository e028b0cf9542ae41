"""MLflow: what it says of a trace, with the sum of what its calls used.

It names no model. The spans of the trace name theirs, so that the sum is a second account of the same calls.
https://mlflow.org/docs/latest/genai/tracing/token-usage-cost
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.notes import Note
from .dialects.reported import doubt_cost
from .fields import sub, when
from .framework import HANDED_ON, read_bare, summed
from .logged import object_at
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

# Where a trace has its metadata, in the present and in the former form.
_METADATA = ("trace_metadata", "request_metadata")
_USAGE, _COST = "mlflow.trace.tokenUsage", "mlflow.trace.cost"
_TIMES = ("request_time", "timestamp_ms")
_MILLISECONDS = 1000


def read(fields: Fields) -> Usage:
    """Return the sum of a trace.

    >>> used = '{"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}'
    >>> read({"trace_id": "tr-1", "trace_metadata": {"mlflow.trace.tokenUsage": used}}).quantities
    {'input': 9, 'output': 2}

    Raises:
        MissingUsageError: no call of the trace states what it used.
        InconsistentUsageError: a counter is no count, or a part exceeds its whole.
    """
    metadata = _metadata(fields) or {}
    usage = summed(read_bare(object_at(metadata, _USAGE), "this trace of MLflow", "inclusive"))
    at = next((at for name in _TIMES if (at := when(fields, name)) is not None), None)
    if at is not None:
        usage.at = at / _MILLISECONDS if is_number(at) else at
    if any(meter.startswith("cache") for meter in usage.quantities):
        inside = "cached tokens are taken to be inside the input; some versions of MLflow leave Anthropic's outside"
        usage.notes = (*usage.notes, Note("counted_inside", inside, "cache_read"))
    said = "a trace adds up the calls of its spans: price either it or them"
    usage.notes = (*usage.notes, Note("sum_of_spans", said, "usage"))
    doubt_cost(usage, object_at(metadata, _COST), "total_cost")
    return usage


def _metadata(fields: Fields) -> Fields | None:
    return next((found for name in _METADATA if (found := sub(fields, name)) is not None), None)


def recognises(fields: Fields) -> bool:
    """Return whether this is what MLflow says of a trace."""
    return any(name in fields for name in _METADATA) and _USAGE in (_metadata(fields) or ())


READER = Reader("MLflow trace", recognises, read, HANDED_ON, rank=46)
