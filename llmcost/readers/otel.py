"""Spans of generative AI, by every convention: OpenTelemetry's, OpenInference's, Traceloop's and the AI SDK's.

Counts hold their parts: cached tokens are among those of the input, reasoning is among those of the output. A cost in a
span was calculated by the instrumentation, unless the provider that it names is one that states its own bill.
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.remembering import remembered
from ..errors import InconsistentUsageError, shown
from . import ai_sdk_metadata
from .counter_names import FIVE_MINUTES, INPUT, OUTPUT, TOTAL, meant
from .fields import count, nested, text
from .inclusive import disjoint
from .logged import Logged, of_json
from .reader import Block, Reader, missing
from .span import CONVENTIONS, SUMMED, attributes_of, sum_of
from .span_facts import COSTS, add_remarks, facts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.usage import Usage
    from .reader import Fields

    # What is counted -> the attributes that state it, with their counts.
    Stated = dict[str, dict[str, int]]

# Spans of an embedding have no output.
_EMBEDDING = {
    "gen_ai.operation.name": {"embeddings", "embedding"},
    "openinference.span.kind": {"embedding"},
    "llm.request.type": {"embedding"},
    "mlflow.spanType": {"embedding"},
}
# Embeddings of the AI SDK count their input by a name of its own.
_EMBEDDED = "ai.usage.tokens"
# The cached tokens by two names: those that were read, and those that were read or written.
_CACHE_INPUT = "llm.token_count.prompt_details.cache_input"


def read(fields: Fields) -> Usage:
    """Return the usage of a span; one of an agent is a sum of requests.

    >>> span = {"gen_ai.response.model": "gpt-5", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 50}
    >>> read({**span, "gen_ai.usage.cache_read.input_tokens": 800}).quantities
    {'input': 200, 'cache_read': 800, 'output': 50}

    Raises:
        MissingUsageError: input or output tokens are not stated.
        InconsistentUsageError: a counter is no count, a part exceeds what holds it, or two conventions differ.
    """
    attributes = attributes_of(fields) or {}
    stated = _counters(attributes)
    counts = {what: _one(what, names) for what, names in stated.items() if what not in _WHOLES}
    counts["cache_write"] = max(
        counts.get("cache_write", 0), counts.pop(FIVE_MINUTES, 0) + counts.get("cache_write_1h", 0)
    )
    prompt, answer, total = _wholes(stated, counts)
    embedding = _EMBEDDED in attributes or any(
        (text(attributes, name) or "").lower() in words for name, words in _EMBEDDING.items()
    )
    if answer is None and embedding:
        answer = 0
    if prompt is None or (answer is None and total is None):
        raise missing(f"a span without gen_ai.usage.{'input' if prompt is None else 'output'}_tokens")
    fees = {meter: counts.pop(meter) for meter in ("web_searches", "citation") if counts.get(meter)}
    dialect = next(name for prefix, name in _DIALECTS if any(key.startswith(prefix) for key in stated[INPUT]))
    facts = facts_of(fields, attributes)
    summed = sum_of(fields, attributes)
    metadata = _metadata(attributes) if summed is None else None
    usage = _of_raw(attributes) if summed is None and _RAW in attributes else None
    if metadata is not None:
        usage = ai_sdk_metadata.own_usage(metadata, None)
        if ai_sdk_metadata.counts_beside(metadata) and not any(str(key).startswith(_DETAILS) for key in attributes):
            counts["cache_write"] = counts["cache_write"] or ai_sdk_metadata.written(metadata)
            prompt, total = prompt + counts.get("cache_read", 0) + counts["cache_write"], None
    if usage is None:
        usage = disjoint(prompt, answer, counts, facts, dialect, total)
        cached = counts.get("cache_read", 0) + counts["cache_write"]
        if cached and cached <= prompt and text(attributes, _FORMAT) == "anthropic":
            apart = disjoint(prompt + cached, answer, counts, facts, dialect)
            usage.readings, usage.undecided = (usage.replaced(), apart), _EITHER
        for one in (usage, *usage.readings):
            one.quantities.update(fees)
    for name, value in facts.items():
        setattr(usage, name, value)
    if metadata is not None:
        ai_sdk_metadata.add_stated(usage, metadata)
        bill = ai_sdk_metadata.billed(usage, metadata)
        if bill is not None:
            usage.reported, usage.provider = bill
    add_remarks(usage, attributes)
    if summed is not None:
        usage.aggregate, usage.context = True, None
        said = f"a span of the kind {summed} adds up the calls below it: price either it or them"
        usage.notes = (*usage.notes, Note("sum_of_spans", said, "usage"))
    return usage


# MLflow's own integrations of Anthropic's API differ: the input of some holds the cache, that of others leaves it out,
# and the total is the sum of input and output in both. https://github.com/mlflow/mlflow/tree/master/mlflow/claude_code
_FORMAT = "mlflow.message.format"
_EITHER = "versions of MLflow count the cache of Anthropic's API inside the input or beside it"
_WHOLES = frozenset({INPUT, OUTPUT, TOTAL})
_DIALECTS = (*CONVENTIONS.items(), (SUMMED, "otel"))


def _counters(attributes: Fields) -> Stated:
    """Return what is counted, each by the attributes that state it."""
    stated: Stated = {}
    for key, value in attributes.items():
        what = _meant(key)[0] if type(key) is str else None
        if what is not None and value is not None and value == value:  # noqa: PLR0124 - NaN is a table's empty cell
            stated.setdefault(what, {})[key] = _number(key, value)
    return stated


def _number(key: str, value: object) -> int:
    """Return a count, also one written as text: tables of spans keep their attributes as maps of text."""
    if type(value) is str and value.isdecimal() and value.isascii() and len(value) <= _MOST_DIGITS:
        value = int(value)
    return count({key: value}, key)


# The largest count has so many.
_MOST_DIGITS = 16


# Logs have few names and many spans.
@remembered(4096)
def _meant(key: str) -> tuple[str | None, bool]:
    """Return what an attribute counts, and whether that is known; what is no counter counts nothing, as is known."""
    if not key.startswith(_COUNTERS) or key in COSTS or key.startswith(_RAW):
        return None, True
    if key == _EMBEDDED:
        return INPUT, True
    prefix = next(prefix for prefix in _COUNTERS if key.startswith(prefix))
    what, why = meant(key[len(prefix) :])
    return what, what is not None or why is not None


_COUNTERS = (*CONVENTIONS, SUMMED)


def _one(what: str, names: Mapping[str, int]) -> int:
    """Return the count that these attributes state; one that states 0 says nothing."""
    found = {tokens for tokens in names.values() if tokens}
    if len(found) > 1 and _CACHE_INPUT in names:
        found -= {names[_CACHE_INPUT]}
    if len(found) > 1:
        raise InconsistentUsageError(
            f"attributes of one span state {what} differently: {shown(dict(names))}", {}, names
        )
    return found.pop() if found else 0


def _wholes(stated: Stated, counts: Mapping[str, int]) -> tuple[int | None, int | None, int | None]:
    """Return input, output and total; None for what no attribute states.

    One convention may hold the cache in the input where another leaves it out: then the larger one is the whole.
    """
    cached = counts.get("cache_read", 0) + counts.get("cache_write", 0)
    names = stated.get(INPUT)
    prompt = None
    if names:
        least, most = min(names.values()), max(names.values())
        apart = (
            least > 0 and cached > 0 and most - least in {cached, counts.get("cache_read"), counts.get("cache_write")}
        )
        prompt = most if apart else _one(INPUT, names)
    answer = _one(OUTPUT, stated[OUTPUT]) if OUTPUT in stated else None
    # A total is checked against the sum, and never read for a part.
    totals = list(stated[TOTAL].values()) if TOTAL in stated else []
    fits = (prompt or 0) + (answer or 0)
    return prompt, answer, next((total for total in totals if total == fits), totals[0] if totals else None)


# What a provider itself said, as JSON; version 6 of the AI SDK splits the input beside it.
_SAID, _DETAILS = "ai.response.providerMetadata", "ai.usage.inputTokenDetails."
# Logfire keeps the usage as the provider stated it: https://logfire.pydantic.dev/docs/integrations/llms/openai/
_RAW = "gen_ai.usage.raw"


def _metadata(attributes: Fields) -> Fields | None:
    """Return what a span of the AI SDK repeats of the provider's own words; None for any other."""
    return nested(of_json(attributes.get(_SAID)))


def _of_raw(attributes: Fields) -> Usage | None:
    """Return the usage that the provider itself stated, with all its details; None where a span does not keep it."""
    raw = nested(of_json(attributes.get(_RAW)))
    if not raw:
        return None
    from . import bare

    return bare.read(raw)


def recognises(fields: Fields) -> bool:
    """Return whether this is a span with counters, or the attributes of one."""
    return attributes_of(fields) is not None


def _unknown(fields: Fields) -> Fields:
    """Return the counters of a span that no row of the table knows; a tool's number is no counter of a model."""
    attributes = attributes_of(fields) or {}
    return {key: value for key, value in attributes.items() if type(key) is str and not _meant(key)[1]}


# The names of counters are those of the table in counter_names.py: all others are of things that are not counted.
# Logs have many spans: they are asked for before all that is recognised by its shape alone.
READER = Reader(
    "OpenTelemetry span",
    recognises,
    read,
    {"": Block(view=_unknown)},
    rank=47,
    logged=Logged(
        id=("context.span_id", "spanId", "span_id", "context.spanId"),
        time=("start_time", "startTime", "start_timestamp"),
        user=("user.id", "enduser.id"),
        session=("gen_ai.conversation.id", "session.id"),
        view=lambda fields: {**(attributes_of(fields) or {}), **fields},
    ),
)
