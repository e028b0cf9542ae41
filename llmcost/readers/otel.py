"""OpenTelemetry spans of generative AI: ``gen_ai.usage.*`` attributes.

Read from a flat mapping of attributes, from a span with ``attributes`` (the SDK's object or its JSON), or from a
span of OTLP's JSON. Counts hold their parts: cached tokens are among those of the input.
https://github.com/open-telemetry/semantic-conventions-genai
"""

from __future__ import annotations

from .fields import count, items, sub, text
from .inclusive import split
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_USAGE = "gen_ai.usage."
_INPUT = ("input_tokens", "prompt_tokens")
_OUTPUT = ("output_tokens", "completion_tokens")
# Each meter under the names it has or had. Instrumentations lag behind the conventions by years.
_COUNTS = {
    "cache_read": (
        "cache_read.input_tokens",
        "cache_read_input_tokens",
        "input_tokens.cached",
        "details.cache_read_tokens",
    ),
    "cache_write": (
        "cache_write.input_tokens",
        "cache_creation.input_tokens",
        "cache_creation_input_tokens",
        "input_tokens.cache_write",
        "details.cache_write_tokens",
    ),
    "input_audio": ("audio.input_tokens", "details.input_audio_tokens"),
    "cache_read_audio": ("audio.cache_read.input_tokens", "details.cache_audio_read_tokens"),
    "input_image": ("image.input_tokens",),
    "cache_read_image": ("image.cache_read.input_tokens",),
    "reasoning": ("reasoning.output_tokens", "reasoning_tokens", "output_tokens.reasoning"),
    "output_audio": ("audio.output_tokens", "details.output_audio_tokens"),
    "output_image": ("image.output_tokens",),
}
_FACTS = {
    "model": ("gen_ai.response.model", "gen_ai.request.model"),
    "service_tier": ("openai.response.service_tier", "gen_ai.openai.response.service_tier"),
}
_NAMES = (*_INPUT, *_OUTPUT, "total_tokens", *(name for names in _COUNTS.values() for name in names))
# Spans around several calls add up what their children state.
_SUMS = frozenset({"invoke_agent", "invoke_workflow"})


def read(fields: Fields) -> Usage:
    """Return the usage of a span; one of an agent is a sum of requests.

    >>> span = {"gen_ai.response.model": "gpt-5", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 50}
    >>> read({**span, "gen_ai.usage.cache_read.input_tokens": 800}).quantities
    {'input': 200, 'cache_read': 800, 'output': 50}

    Raises:
        MissingUsageError: input or output tokens are not stated.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    attributes = _attributes(fields) or {}
    prompt, answer = _first(attributes, _INPUT), _first(attributes, _OUTPUT)
    if prompt is None or answer is None:
        raise missing(f"a span without {_USAGE}{(_INPUT if prompt is None else _OUTPUT)[0]}")
    counts = {meter: _first(attributes, names) or 0 for meter, names in _COUNTS.items()}
    facts: dict[str, object] = {}
    for fact, keys in _FACTS.items():
        value = next((text(attributes, key) for key in keys if text(attributes, key)), None)
        if value is not None:
            facts[fact] = value
    at = _start(fields)
    if at is not None:
        facts["at"] = at
    usage = split(prompt, answer, counts, facts, "otel", _first(attributes, ("total_tokens",)))
    if text(attributes, "gen_ai.operation.name") in _SUMS:
        usage.aggregate, usage.context = True, None
    return usage


def _first(attributes: Fields, names: tuple[str, ...]) -> int | None:
    """Return the count under the first of these names that is stated."""
    for name in names:
        if attributes.get(_USAGE + name) is not None:
            return count(attributes, _USAGE + name)
    return None


def _attributes(fields: Fields) -> Fields | None:
    """Return the attributes of a span, or the fields themselves if they are attributes; None if they are neither."""
    if any(isinstance(key, str) and key.startswith(_USAGE) for key in fields):
        return fields
    if "attributes" not in fields:
        return None
    attributes = sub(fields, "attributes")
    if attributes is None:
        # OTLP's JSON has a list of keys with typed values, and integers as text.
        attributes = {str(row.get("key")): _value(sub(row, "value") or {}) for row in items(fields, "attributes")}
    return attributes if any(str(key).startswith(_USAGE) for key in attributes) else None


def _value(typed: Fields) -> object:
    number = typed.get("intValue")
    if isinstance(number, str) and number.isdecimal() and len(number) < _LONGEST:
        return int(number)
    return next(
        (typed.get(name) for name in ("intValue", "doubleValue", "stringValue") if typed.get(name) is not None), None
    )


_LONGEST = 20


def _start(fields: Fields) -> object:
    """Return when the span started: ISO text, or seconds since 1970 from nanoseconds."""
    for name in ("start_time", "startTimeUnixNano"):
        value = fields.get(name)
        if isinstance(value, str) and not value.isdecimal():
            return value
        if isinstance(value, (int, str)) and str(value).isdecimal() and len(str(value)) < _LONGEST:
            return int(value) // 10**9
    return None


def recognises(fields: Fields) -> bool:
    """Return whether this is a span, or the attributes of one."""
    return _attributes(fields) is not None


# The attributes are those of a span, or what was given.
_BLOCK = Block(*(_USAGE + name for name in _NAMES), prefix=_USAGE, view=_attributes)
READER = Reader("OpenTelemetry span", recognises, read, {"": _BLOCK})
