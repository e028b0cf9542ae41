"""What a span of a trace is, in each of the forms in which it is kept, and whether it stands for one call.

- A mapping of attributes; a row of a data frame with ``attributes.`` before each of their names.
- A span of an SDK, or its JSON: ``attributes`` is a mapping, flat or nested by the dots of its names.
- A span of OTLP's JSON: ``attributes`` is a list of keys with typed values, and whole numbers are text.
"""

from __future__ import annotations

from .fields import items, nested, sub, text

TYPE_CHECKING = False
if TYPE_CHECKING:
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
}
COUNTERS = tuple(CONVENTIONS)
# The same of what an agent did, which is the sum of the spans below it.
SUMMED = "gen_ai.aggregated_usage."
_HELD = (*COUNTERS, SUMMED)
_ROOTS = ("gen_ai", "llm", "ai", "decision", "embedding", "openinference")
_COLUMN = "attributes."
_DEEPEST = 8
# Of int64, with its sign.
_LONGEST = 20

# Words that say that a span adds up the calls below it, by the attribute in which they stand.
_SUMS = {
    "gen_ai.operation.name": {"invoke_agent", "invoke_workflow", "create_agent", "execute_tool"},
    "openinference.span.kind": {"agent", "chain", "retriever", "tool"},
    "traceloop.span.kind": {"agent", "task", "tool", "workflow"},
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
    """Return the attributes of a span that states counters; None for anything else.

    >>> attributes_of({"name": "chat", "attributes": {"llm": {"token_count": {"prompt": 7}}}})
    {'llm.token_count.prompt': 7}
    """
    if any(isinstance(key, str) and key.startswith(_HELD) for key in fields):
        return fields
    if any(isinstance(key, str) and key.startswith(_COLUMN) for key in fields):
        found = {key[len(_COLUMN) :]: value for key, value in fields.items() if key.startswith(_COLUMN)}
    elif "attributes" in fields:
        found = _attributes(fields)
    else:
        return None
    return found if any(key.startswith(_HELD) for key in found) else None


def _attributes(fields: Fields) -> dict[str, object]:
    attributes = sub(fields, "attributes")
    if attributes is None:
        return {str(row.get("key")): _typed(sub(row, "value") or {}) for row in items(fields, "attributes")}
    found: dict[str, object] = {}
    for key, value in attributes.items():
        inner = nested(value) if key in _ROOTS else None
        if inner is not None:
            found.update(_flat(inner, f"{key}.", 0))
        else:
            found[str(key)] = value
    return found


def _flat(fields: Fields, path: str, depth: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in fields.items():
        inner = nested(value) if depth < _DEEPEST else None
        if inner is not None:
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


def sum_of(fields: Fields, attributes: Fields) -> str | None:
    """Return the word by which a span says that it adds up the calls below it; None for a call.

    >>> sum_of({}, {"gen_ai.operation.name": "invoke_agent"}), sum_of({}, {"gen_ai.operation.name": "chat"})
    ('invoke_agent', None)
    """
    for name, words in _SUMS.items():
        said = text(attributes, name)
        if said is not None and said.lower() in words:
            return said
    # A column of its own in OpenInference's data frames.
    kind = text(fields, "span_kind")
    if kind is not None and kind.lower() in _SUMS["openinference.span.kind"]:
        return kind
    if any(str(key).startswith(SUMMED) for key in attributes) and not any(
        str(key).startswith(COUNTERS) for key in attributes
    ):
        return SUMMED[:-1]
    return next((name for name in _OF_AGENTS if name in attributes), None)


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
        if isinstance(value, (int, float)) and value is not True and 0 < value < 10**_LONGEST:
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
