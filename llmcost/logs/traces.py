"""Traces: which spans are calls, and the spans inside a document of OTLP or a trace of MLflow, AgentOps or Langfuse.

A trace has spans of every kind. Those of agents and workflows add up the calls below them, so that counting both would
bill everything twice; most others are no call of a model at all.
"""

from __future__ import annotations

from ..readers.span import attributes_of, is_no_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Fields = dict[str, object]

# A document of OTLP: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
_DOCUMENT = (
    ("resourceSpans", ("scopeSpans", "instrumentationLibrarySpans")),
    ("resource_spans", ("scope_spans", "instrumentation_library_spans")),
)


def spans_of(fields: Fields) -> list[Fields] | None:
    """Return the spans in a document of OTLP, or in a trace as an observability service keeps it; else None.

    >>> spans_of({"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "chat"}]}]}]})
    [{'name': 'chat'}]
    >>> spans_of({"info": {"trace_id": "tr-1"}, "data": {"spans": [{"name": "chat"}]}})
    [{'name': 'chat'}]
    """
    for name, scopes in _DOCUMENT:
        if name in fields:
            return list(_spans(fields[name], scopes))
    data = fields.get("data") if "info" in fields else None
    holder = data if isinstance(data, dict) else fields
    for name, beside in _TRACES:
        if name in holder and any(key in fields for key in beside):
            return _objects(holder[name])
    return None


# A trace of MLflow, one of AgentOps, one of Langfuse: where their spans stand, and what stands beside them.
# https://mlflow.org/docs/latest/genai/tracing, https://docs.agentops.ai/v2/usage/public-api
# https://api.reference.langfuse.com
_TRACES = (("spans", ("info", "trace_id")), ("observations", ("totalCost", "scores", "timestamp")))


def _spans(resources: object, names: tuple[str, ...]) -> Iterator[Fields]:
    for resource in _objects(resources):
        for name in names:
            for scope in _objects(resource.get(name)):
                yield from _objects(scope.get("spans"))


def _objects(value: object) -> list[Fields]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def sums_of(fields: Fields) -> int:
    """Return how many spans of a value state counters that add up the calls of other spans."""
    spans = spans_of(fields)
    return sum(1 for span in ([fields] if spans is None else spans) if is_no_call(span) and attributes_of(span))


def calls_of(fields: Fields) -> list[Fields] | None:
    """Return the calls in a trace; none for a span that is no call itself; None for anything else."""
    spans = spans_of(fields)
    if spans is not None:
        return [span for span in spans if not is_no_call(span)]
    return [] if is_no_call(fields) else None
