"""What a span of a trace is, in each of the forms in which it is kept, and whether it stands for one call.

- A mapping of attributes; a row of a data frame with ``attributes.`` before each of their names.
- A span of an SDK, or its JSON: ``attributes`` is a mapping, flat or nested by the dots of its names.
- A span of OTLP's JSON: ``attributes`` is a list of keys with typed values, and whole numbers are text.
"""

from __future__ import annotations

from ..core.counts import is_number
from .fields import items, nested, sub, text
from .logged import of_json
from .unknown import stated_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .reader import Fields

# What stands before the names of counters -> whose convention it is.
# https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
# https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
# https://github.com/traceloop/semantic-conventions
# https://ai-sdk.dev/docs/ai-sdk-core/telemetry
CONVENTIONS = {
    "gen_ai.usage.": "otel",
    "llm.token_count.": "openinference",
    "decision.token_count.": "openinference",
    "llm.usage.": "traceloop",
    "ai.usage.": "ai_sdk_span",
    "mlflow.chat.tokenUsage.": "mlflow",
}
COUNTERS = tuple(CONVENTIONS)
# The same of what an agent did, which is the sum of the spans below it.
SUMMED = "gen_ai.aggregated_usage."
_HELD = (*COUNTERS, SUMMED)
# MLflow writes every attribute as JSON, and all counters as one object.
_MLFLOW, _MLFLOW_USAGE = "mlflow.", "mlflow.chat.tokenUsage"
_ROOTS = ("gen_ai", "llm", "ai", "decision", "embedding", "openinference")
_COLUMN = "attributes."
# What Azure Monitor calls the attributes. https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-add-modify
_DIMENSIONS = "customDimensions"
_BEGINNINGS = (*_HELD, _COLUMN)
_LONG = max(map(len, _BEGINNINGS))
_DEEPEST = 8
_LEAVES = frozenset({str, int, float, bool, list, type(None)})
# Of int64, with its sign.
_LONGEST = 20

# Words that say that a span adds up the calls below it, by the attribute in which they stand.
_SUMS = {
    "gen_ai.operation.name": {"invoke_agent", "invoke_workflow", "create_agent", "execute_tool"},
    "openinference.span.kind": {"agent", "chain", "retriever", "tool"},
    "traceloop.span.kind": {"agent", "task", "tool", "workflow"},
    "mlflow.spanType": {"agent", "chain", "retriever", "task", "tool", "workflow"},
    # The call itself is the span below: ai.generateText.doGenerate.
    "ai.operationId": {
        "ai.embed",
        "ai.embedmany",
        "ai.generateobject",
        "ai.generatetext",
        "ai.streamobject",
        "ai.streamtext",
        "ai.toolcall",
    },
}
# What only the span of an agent of pydantic-ai has.
_OF_AGENTS = ("pydantic_ai.all_messages", "all_messages_events")


def attributes_of(fields: Fields) -> Fields | None:
    """Return the attributes of a span that calls a model or states counters; None for anything else.

    >>> attributes_of({"name": "chat", "attributes": {"llm": {"token_count": {"prompt": 7}}}})
    {'llm.token_count.prompt': 7}
    """
    if _MLFLOW_USAGE in fields:
        return _opened(fields)
    beginnings = {key[:_LONG] for key in fields if isinstance(key, str) and key.startswith(_BEGINNINGS)}
    if any(beginning.startswith(_HELD) for beginning in beginnings):
        return fields
    if beginnings:
        found = {key[len(_COLUMN) :]: value for key, value in fields.items() if key.startswith(_COLUMN)}
    elif "attributes" in fields or _DIMENSIONS in fields:
        found = _attributes(fields)
        if "mlflow.spanType" in found or _MLFLOW_USAGE in found:
            found = _opened(found)
    else:
        return None
    return found if any(key.startswith(_HELD) for key in found) or _calls_a_model(found) else None


# Words that say that a span is a call of a model, by the attribute in which they stand.
_CALLS = {
    "gen_ai.operation.name": {"chat", "embeddings", "generate_content", "text_completion"},
    "openinference.span.kind": {"embedding", "llm"},
    "llm.request.type": {"chat", "completion", "embedding"},
    "mlflow.spanType": {"chat_model", "embedding", "llm"},
}


def _calls_a_model(attributes: Fields) -> bool:
    """Return whether a span without counters is a call of a model, whose counters are missing."""
    return any((text(attributes, name) or "").lower() in words for name, words in _CALLS.items())


def _attributes(fields: Fields) -> dict[str, object]:
    # Tables of spans keep the attributes as JSON text.
    attributes = nested(of_json(fields.get("attributes", fields.get(_DIMENSIONS))))
    if attributes is None:
        return {str(row.get("key")): _typed(sub(row, "value") or {}) for row in items(fields, "attributes")}
    found: dict[str, object] = {}
    for key, value in attributes.items():
        inner = stated_fields(value) if key in _ROOTS else None
        if inner:
            found.update(_flat(inner, f"{key}.", 0))
        else:
            found[str(key)] = value
    return found


def _opened(attributes: Fields) -> dict[str, object]:
    """Return the attributes of MLflow's spans as values, with each counter by itself."""
    found: dict[str, object] = {}
    for key, value in attributes.items():
        found[key] = of_json(value) if isinstance(key, str) and key.startswith(_MLFLOW) else value
    counters = nested(found.pop(_MLFLOW_USAGE, None))
    return {**found, **(_flat(counters, f"{_MLFLOW_USAGE}.", 0) if counters is not None else {})}


def _flat(fields: Fields, path: str, depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in fields.items():
        # What only dir() shows of an object may have no end, as a date that holds dates.
        inner = None if type(value) in _LEAVES or depth >= _DEEPEST else stated_fields(value)
        if inner:
            found.update(_flat(inner, f"{path}{key}.", depth + 1))
        else:
            found[f"{path}{key}"] = value
    return found


def _typed(value: Fields) -> object:
    number = value.get("intValue")
    if isinstance(number, str) and number.isdecimal() and len(number) < _LONGEST:
        return int(number)
    names = ("intValue", "doubleValue", "stringValue", "boolValue")
    return next((value.get(name) for name in names if value.get(name) is not None), None)


# Keys that stand beside the attributes of a span: of the SDKs, of OTLP and of data frames.
_PLACES = ("trace_id", "traceId", "span_id", "spanId", "context", "context.trace_id", "context.span_id", "span_kind")
# Runs of LangSmith that are calls; all others add up the runs below them, or call no model.
RUNS = frozenset({"llm", "embedding"})


def may_be_span(keys: Iterable[object]) -> bool:
    """Return whether an object with these keys may be a span, or hold spans."""
    return any(isinstance(key, str) and (key in _SPANS or key.startswith((*_HELD, _COLUMN))) for key in keys)


_SPANS = frozenset(
    {
        *("attributes", _DIMENSIONS, "run_type", _MLFLOW_USAGE),
        # What holds spans: a document of OTLP, a trace of MLflow, one of AgentOps, one of Langfuse.
        *("resourceSpans", "resource_spans", "info", "spans", "observations"),
    }
)


def is_no_call(fields: Fields) -> bool:
    """Return whether this is a span of a trace that is no call by itself: it adds up others, or calls no model."""
    kind = text(fields, "run_type")
    if kind is not None:
        return kind not in RUNS
    attributes = attributes_of(fields)
    if attributes is not None:
        return sum_of(fields, attributes) is not None
    columns = any(isinstance(key, str) and key.startswith(_COLUMN) for key in fields)
    return (columns or "attributes" in fields) and any(name in fields for name in _PLACES)


def sum_of(fields: Fields, attributes: Fields) -> str | None:
    """Return the word by which a span says that it adds up the calls below it; None for a call.

    >>> sum_of({}, {"gen_ai.operation.name": "invoke_agent"}), sum_of({}, {"gen_ai.operation.name": "chat"})
    ('invoke_agent', None)
    """
    for name, words in _SUMS.items():
        word = text(attributes, name)
        if word is not None and word.lower() in words:
            return word
    # A column of its own in OpenInference's data frames.
    kind = text(fields, "span_kind")
    if kind is not None and kind.lower() in _SUMS["openinference.span.kind"]:
        return kind
    if _only_summed(attributes):
        return SUMMED[:-1]
    return next((name for name in _OF_AGENTS if name in attributes), None)


def _only_summed(attributes: Fields) -> bool:
    """Return whether all counters are by the names of a sum."""
    summed = False
    for key in attributes:
        if isinstance(key, str) and key.startswith(_HELD):
            if not key.startswith(SUMMED):
                return False
            summed = True
    return summed


def start_of(fields: Fields) -> object:
    """Return when a span started: ISO text, a datetime, or seconds since 1970 from whatever unit they are in.

    >>> start_of({"startTimeUnixNano": "1790000000500000000"}), start_of({"startTime": [1790000000, 500000000]})
    (1790000000, 1790000000)
    """
    for name in ("start_time", "startTimeUnixNano", "start_timestamp", "startTime", "timestamp"):
        value = fields.get(name)
        if name == "timestamp" and "attributes" not in fields:
            continue
        if isinstance(value, (list, tuple)) and value:
            value = value[0]  # seconds and nanoseconds, as JavaScript's SDK has them
        if isinstance(value, str) and value and not value.isdecimal():
            return value
        if isinstance(value, str) and len(value) < _LONGEST and value:
            value = int(value)
        if is_number(value) and 0 < value < 10**_LONGEST:
            return _seconds(value)
        if hasattr(value, "isoformat"):
            return value
    return None


def _seconds(value: float) -> int:
    """Return whole seconds of a time in seconds, or in thousandths, millionths or billionths of one."""
    for unit in (10**9, 10**6, 10**3):
        # 3e9 seconds are the year 2065, and 3e9 thousandths are January 1970.
        if value >= unit * 10**8 * 3:
            return int(value) // unit
    return int(value)
