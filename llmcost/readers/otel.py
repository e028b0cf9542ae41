"""Spans of generative AI, by every convention: OpenTelemetry's, OpenInference's, Traceloop's and the AI SDK's.

Counts hold their parts: cached tokens are among those of the input, reasoning is among those of the output. A cost in a
span was calculated by the instrumentation, unless the provider that it names is one that states its own bill.
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.unread import add_unread
from ..errors import InconsistentUsageError, shown
from . import ai_sdk_metadata
from .dialects.reported import usd
from .fields import count, nested, text
from .inclusive import split
from .reader import Reader, missing
from .span import CONVENTIONS, COUNTERS, SUMMED, attributes_of, start_of, sum_of
from .span_names import FIVE_MINUTES, INPUT, OUTPUT, TOTAL, meant
from .unknown import MOST_NAMES, ignored_anywhere, numbers_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.usage import Usage
    from .reader import Fields

    # What is counted -> the attributes that state it, with their counts.
    Stated = dict[str, dict[str, int]]

_MODEL = (
    "gen_ai.response.model",
    "llm.response.model_name",
    "llm.response.model",
    "ai.response.model",
    "decision.response.model_name",
    "gen_ai.request.model",
    "llm.model_name",
    "llm.request.model_name",
    "llm.request.model",
    "ai.model.id",
    "embedding.model_name",
    "decision.model_name",
    "decision.request.model_name",
)
_PROVIDER = (
    "gen_ai.provider.name",
    "llm.provider",
    "gen_ai.system",
    "llm.system",
    "ai.model.provider",
    "decision.provider",
)
_SERVED = ("openai.response.service_tier", "gen_ai.openai.response.service_tier", "gen_ai.response.service_tier")
_REQUESTED = ("openai.request.service_tier", "gen_ai.openai.request.service_tier", "gen_ai.request.service_tier")
_COST = (
    "gen_ai.usage.cost",
    "gen_ai.usage.total_cost",
    "gen_ai.cost",
    "llm.cost.total",
    "llm.usage.cost",
    "operation.cost",
)
# Sellers of which a response states what is charged, so that it is no calculation. https://openrouter.ai/docs/api-reference/overview
_BILLING = {"openrouter": "openrouter", "vercel": "vercel_ai_gateway", "vercel_ai_gateway": "vercel_ai_gateway"}
_STANDARD = frozenset({"auto", "default", "standard"})
# Spans of an embedding have no output.
_EMBEDDING = {
    "gen_ai.operation.name": {"embeddings", "embedding"},
    "openinference.span.kind": {"embedding"},
    "llm.request.type": {"embedding"},
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
    stated, unread = _counters(attributes)
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
    facts = _facts(fields, attributes)
    summed = sum_of(fields, attributes)
    metadata = _metadata(attributes) if summed is None else None
    usage = None
    if metadata is not None:
        usage = ai_sdk_metadata.own_usage(metadata, None)
        if ai_sdk_metadata.counts_beside(metadata) and not any(str(key).startswith(_DETAILS) for key in attributes):
            counts["cache_write"] = counts["cache_write"] or ai_sdk_metadata.written(metadata)
            prompt, total = prompt + counts.get("cache_read", 0) + counts["cache_write"], None
    if usage is None:
        usage = split(prompt, answer, counts, facts, dialect, total)
        usage.quantities.update(fees)
    for name, value in facts.items():
        setattr(usage, name, value)
    if metadata is not None:
        ai_sdk_metadata.add_stated(usage, metadata)
        bill = ai_sdk_metadata.billed(metadata)
        if bill is not None:
            usage.reported, usage.provider = bill
    _say(usage, attributes)
    if unread:
        add_unread(usage, {name: unread[name] for name in sorted(unread)})
    if summed is not None:
        usage.aggregate, usage.context = True, None
        said = f"a span of the kind {summed} adds up the calls below it: price either it or them"
        usage.notes = (*usage.notes, Note("sum_of_spans", said, "usage"))
    return usage


_WHOLES = frozenset({INPUT, OUTPUT, TOTAL})
_DIALECTS = (*CONVENTIONS.items(), (SUMMED, "otel"))


def _counters(attributes: Fields) -> tuple[Stated, dict[str, object]]:
    """Return what is counted, each by the attributes that state it; and what has a name that nobody knows."""
    stated: Stated = {}
    unread: dict[str, object] = {}
    for key, value in attributes.items():
        if not isinstance(key, str) or value is None or value != value:  # noqa: PLR0124 - NaN is a table's empty cell
            continue
        prefix = next((prefix for prefix in (*COUNTERS, SUMMED) if key.startswith(prefix)), None)
        if prefix is None or key in _COST:
            continue
        what, why = (INPUT, None) if key == _EMBEDDED else meant(key[len(prefix) :])
        if what is not None:
            stated.setdefault(what, {})[key] = count(attributes, key)
        elif why is None and len(unread) < MOST_NAMES and ignored_anywhere(key) is None:
            unread.update(numbers_of(value, key))
    return stated, unread


def _one(what: str, names: Mapping[str, int]) -> int:
    """Return the count that all of these attributes state, but for those that state 0."""
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


def _metadata(attributes: Fields) -> Fields | None:
    """Return what a span of the AI SDK repeats of the provider's own words; None for any other."""
    said = attributes.get(_SAID)
    if isinstance(said, str):
        import json

        try:
            said = json.loads(said)
        except (ValueError, RecursionError):
            return None
    return nested(said)


def _facts(fields: Fields, attributes: Fields) -> dict[str, object]:
    provider = _seller(_first(attributes, _PROVIDER))
    model = _first(attributes, _MODEL)
    if provider in _GOOGLE and _by_vertex(attributes, model):
        provider = "gcp.vertex_ai"
    facts = {
        "model": model,
        "named_provider": provider,
        "service_tier": _first(attributes, _SERVED) or _first(attributes, _REQUESTED),
        "at": start_of(fields),
    }
    return {fact: value for fact, value in facts.items() if value is not None}


# Words that may mean either way in which Google sells.
_GOOGLE = frozenset({"gcp.gen_ai", "google"})


def _by_vertex(attributes: Fields, model: str | None) -> bool:
    """Return whether a project or a region shows that Google's model was called on Vertex AI."""
    if (text(attributes, "llm.system") or "").lower() == "vertexai" or (model or "").startswith("projects/"):
        return True
    host = text(attributes, "server.address") or ""
    return host.endswith("aiplatform.googleapis.com") or any(
        text(attributes, name) for name in ("cloud.region", "gcp.location", "gcp.project_id")
    )


# What follows the seller in the AI SDK's names of its providers: openai.responses, google.vertex.chat.
_APIS = frozenset(
    {"chat", "completion", "embedding", "generative-ai", "image", "language-model", "messages", "responses"}
)


def _seller(provider: str | None) -> str | None:
    """Return the seller in a name that may hold one of its APIs.

    >>> _seller("openai.responses"), _seller("google.vertex.chat"), _seller("azure.ai.openai")
    ('openai', 'google.vertex', 'azure.ai.openai')
    """
    while provider is not None:
        seller, dot, api = provider.rpartition(".")
        if not dot or api not in _APIS:
            return provider
        provider = seller
    return None


def _first(attributes: Fields, names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := text(attributes, name)) is not None), None)


def _say(usage: Usage, attributes: Fields) -> None:
    """State the cost where the seller bills by its own word, and note it where an instrumentation calculated it."""
    notes = []
    tier = _first(attributes, _REQUESTED)
    if tier is not None and usage.service_tier == tier and _first(attributes, _SERVED) is None:
        if tier.lower() in _STANDARD:
            usage.service_tier = None
        else:
            said = f"the span says that {tier} was requested, and not what was served: billed as requested"
            notes.append(Note("tier_requested", said, "service_tier"))
    for name in _COST:
        cost = usd(attributes.get(name))
        if cost is None:
            continue
        seller = _BILLING.get((usage.named_provider or "").lower().replace("-", "_"))
        if seller is not None and cost:
            usage.reported, usage.provider = cost, seller
        elif cost:
            said = f"{name}={cost} was calculated by the instrumentation and is not used"
            notes.append(Note("cost_not_used", said, name))
        break
    usage.notes = (*usage.notes, *notes)


def recognises(fields: Fields) -> bool:
    """Return whether this is a span with counters, or the attributes of one."""
    return attributes_of(fields) is not None


READER = Reader("OpenTelemetry span", recognises, read, "its names are told by their words, where they are read")
