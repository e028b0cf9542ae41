"""Bedrock Converse, its stream, and guardrails.

``inputTokens`` is the uncached input; reads and writes of the cache stand beside it, and the total holds all.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
The body names neither the model nor the region, unless a prompt router chose the model.
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError, shown
from . import guardrails
from .answers import in_content
from .chunk_reader import ChunkReader
from .fields import count, items, quantity, sub, text, whole_number
from .reader import Block, Reader, doubt_zeros, missing, of_total, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

# Streams of this family were measured to hold the cached tokens inside inputTokens, and the total to count them
# twice, so that no sum tells; whole responses follow the documentation.
# https://github.com/earendil-works/pi/issues/8752, https://github.com/maximhq/bifrost/pull/6942
_GROSS_FAMILY = ("openai", "gpt-")

_SIDES = ("inputTokens", "outputTokens")
BLOCK = Block(
    *_SIDES,
    "totalTokens",
    "cacheReadInputTokens",
    "cacheReadInputTokenCount",
    "cacheWriteInputTokens",
    "cacheWriteInputTokenCount",
    ignored={guardrails.POLICIES: "how many policies checked a text, whose units are counted"},
    inner={"cacheDetails": Block("ttl", "inputTokens")},
    # The counters of a guardrail, which has a usage of its own.
    ends=("Units",),
)


def read(fields: Fields) -> Usage:
    """Return the usage of a Converse response, or of a guardrail applied on its own."""
    if "stream" in fields:
        return _read_open_stream(fields)
    counters = sub(fields, "usage")
    if counters is None:
        raise missing("this Converse response")
    if guardrails.are_alone(counters):
        usage = Usage.of({}, 0, "guardrails", {"provider": "bedrock", "model": guardrails.ROW})
        usage.parts = guardrails.units([counters])
        return usage
    usage = read_counters(counters, {"provider": "bedrock"})
    message = sub(sub(fields, "output") or {}, "message") or {}
    guardrails.settle_blocked(usage, text(fields, "stopReason"), fields.get("trace"))
    doubt_zeros(
        usage,
        "this Converse response",
        _SIDES,
        answered=lambda counted: in_content(message, counted),
    )
    read_facts(fields, usage)
    return usage


def read_counters(counters: Fields, facts: dict[str, object], *, streamed: bool = False) -> Usage:
    """Return the usage of a ``TokenUsage``: exclusive of the cache unless the total proves otherwise."""
    for name in _SIDES:
        if counters.get(name) is None:
            raise missing(f"a usage object without {name}")
    fresh, answer = (
        whole_number("inputTokens", counters["inputTokens"]),
        whole_number("outputTokens", counters["outputTokens"]),
    )
    # Bodies of InvokeModel spell the cache counters with Count.
    read_tokens = count(counters, "cacheReadInputTokens") or count(counters, "cacheReadInputTokenCount")
    written = count(counters, "cacheWriteInputTokens") or count(counters, "cacheWriteInputTokenCount")
    short, hour, notes = _written(written, items(counters, "cacheDetails"))
    cached = read_tokens + short + hour
    total = count(counters, "totalTokens") or fresh + answer + cached
    refuse_total_alone("totalTokens", total, fresh + answer + cached)
    overlap = 0 < cached <= fresh
    if overlap and total == fresh + answer:
        said = "totalTokens proves that cached tokens are counted inside inputTokens"
        notes += (Note("counted_inside", said, "inputTokens"),)
        fresh -= cached
        overlap = False
    elif total not in {fresh + answer + cached, fresh + answer}:
        notes += (of_total("totalTokens", total, fresh + answer + cached),)
    quantities: dict[str, int | float] = {
        "input": fresh,
        "cache_read": read_tokens,
        "cache_write": short,
        "cache_write_1h": hour,
        "output": answer,
    }
    usage = Usage.of(quantities, fresh + cached, "converse", facts)
    usage.notes = notes
    usage.parts = guardrails.units([counters])
    if streamed and overlap:
        usage.overlap = (_GROSS_FAMILY, cached)
    return usage


def _written(written: int, details: list[Fields]) -> tuple[int, int, tuple[Note, ...]]:
    """Return the tokens written for five minutes and for an hour, which add up to the whole, and a note."""
    split = {"5m": 0, "1h": 0}
    for row in details:
        ttl = text(row, "ttl") or "5m"
        if ttl not in split:
            raise InconsistentUsageError(f"cacheDetails has the unknown ttl {shown(ttl)}", {}, {"ttl": ttl})
        split[ttl] += count(row, "inputTokens")
    short, hour = split["5m"], split["1h"]
    if not short and not hour:
        notes = (Note("ttl_assumed", "ttl unknown, 5m rate used", "cache_write"),)
        return written, 0, notes if written else ()
    if written and short + hour != written:
        raise InconsistentUsageError(
            f"cacheDetails 5m {short} + 1h {hour} is not cacheWriteInputTokens={written}",
            {"cacheWriteInputTokens": written},
            {"5m": short, "1h": hour},
        )
    return short, hour, ()


def read_facts(fields: Fields, usage: Usage) -> None:
    """Add what stands beside the counters: tier, latency, the router's model, guardrails."""
    tier = text(sub(fields, "serviceTier") or {}, "type")
    if tier is not None:
        usage.service_tier = tier
    add_latency(usage, text(sub(fields, "performanceConfig") or {}, "latency"))
    elapsed = quantity(sub(fields, "metrics") or {}, "latencyMs")
    if elapsed:
        usage.elapsed = float(elapsed) / 1000
    trace = sub(fields, "trace") or {}
    invoked = text(sub(trace, "promptRouter") or {}, "invokedModelId")
    if invoked is not None:
        usage.model = invoked
        usage.routed = True
        usage.notes = (*usage.notes, Note("prompt_router", f"the prompt router chose {invoked}", invoked))
    guardrails.add(usage, trace)


def add_latency(usage: Usage, latency: str | None) -> None:
    """State a latency that is sold at a price of its own.

    https://docs.aws.amazon.com/bedrock/latest/userguide/latency-optimized-inference.html
    """
    if latency is not None and latency != "standard":
        usage.speed = latency


def _read_open_stream(fields: Fields) -> Usage:
    if not isinstance(fields["stream"], (list, tuple)):
        raise missing("a stream that nobody has read", "Collect its events and pass those: list(response['stream']).")
    assert READER.stream is not None  # noqa: S101 - it is given below
    meter = READER.stream()
    for event in items(fields, "stream"):
        meter.feed(event)
    return meter.usage()


def recognises(fields: Fields) -> bool:
    """Return whether this is a Converse response, or a guardrail's."""
    if "stream" in fields:
        return "ResponseMetadata" in fields
    counters = sub(fields, "usage")
    if counters is None:
        return "stopReason" in fields and "message" in (sub(fields, "output") or ())
    if "inputTokens" in counters:
        return "stopReason" in fields or "output" in fields or "metrics" in fields
    return "assessments" in fields and guardrails.are_alone(counters)


_EVENTS = frozenset({"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop"})
EXCEPTIONS = frozenset(
    {
        "internalServerException",
        "modelStreamErrorException",
        "modelTimeoutException",
        "serviceUnavailableException",
        "throttlingException",
        "validationException",
    }
)


def _is_event(fields: Fields) -> bool:
    if not _EVENTS.isdisjoint(fields) or not EXCEPTIONS.isdisjoint(fields):
        return True
    # Events of Gemini's Interactions and of Dify have such metadata too, and so have messages that somebody kept.
    return _KEPT.isdisjoint(fields) and "usage" in (sub(fields, "metadata") or ())


_KEPT = frozenset({"event_type", "event", "role"})


class _Stream(ChunkReader):
    """Usage comes once, in the event ``metadata``; a stream that an exception ended has none."""

    def __init__(self) -> None:
        self._metadata: Fields | None = None
        self._exception = ""
        self._stop: Fields = {}
        self._answered = False

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        metadata = sub(chunk, "metadata")
        self._answered = self._answered or "contentBlockDelta" in chunk
        self._stop = sub(chunk, "messageStop") or self._stop
        if metadata is not None:
            self._metadata = metadata
            self.ended = self.ended or "usage" in metadata
        self._exception = next((name for name in chunk if name in EXCEPTIONS), self._exception)

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether an event of a message, or a second usage, follows the last one.

        Proxies that make such events themselves may send the end of the message last.
        """
        return self.ended and ("metadata" in chunk or not _EVENTS.isdisjoint(chunk.keys() - {"messageStop"}))

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the stream."""
        del ended  # usage is in the last event: a stream that was cut off has none, which is an error
        counters = sub(self._metadata, "usage") if self._metadata is not None else None
        if self._metadata is None or counters is None:
            broke = f" that broke off with {self._exception}" if self._exception else " without a metadata event"
            raise missing(f"a Converse stream{broke}")
        usage = read_counters(counters, {"provider": "bedrock"}, streamed=True)
        guardrails.settle_blocked(usage, text(self._stop, "stopReason"), self._metadata.get("trace"))
        doubt_zeros(usage, "this Converse stream", _SIDES, answered=lambda _: self._answered)
        read_facts(self._metadata, usage)
        return usage


READER = Reader(
    "Bedrock Converse",
    recognises,
    read,
    {"usage": BLOCK, "trace": guardrails.BLOCK},
    chunk=_is_event,
    stream=_Stream,
    events={"metadata.usage": BLOCK, "metadata.trace": guardrails.BLOCK},
)
