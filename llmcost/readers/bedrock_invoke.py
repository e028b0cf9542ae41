"""Bedrock InvokeModel: the model's own body, or the counts in the headers around it.

Bodies of Claude, Nova and the OpenAI family are read by their own readers; those of Llama and Titan here. Mistral and
Cohere state nothing in the body: their tokens stand in ``x-amzn-bedrock-*-token-count`` headers, as text.
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
"""

from __future__ import annotations

import json

from ..core.usage import Usage
from ..errors import InconsistentUsageError, MissingUsageError, UnrecognizedResponseError, shown
from . import bedrock, guardrails
from .anthropic_quick import METRICS
from .chunk_reader import ChunkReader
from .fields import count, items, sub, text, whole_number
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_HEADERS = {
    "inputTokens": "x-amzn-bedrock-input-token-count",
    "outputTokens": "x-amzn-bedrock-output-token-count",
    "cacheReadInputTokens": "x-amzn-bedrock-cache-read-input-token-count",
    "cacheWriteInputTokens": "x-amzn-bedrock-cache-write-input-token-count",
}
_TRACE = "amazon-bedrock-trace"
_LINES = frozenset({"modelOutput", "error"})


# Native bodies of Llama and Titan, and their streams. https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html
_COUNTERS = ("prompt_token_count", "generation_token_count", "inputTextTokenCount", "totalOutputTextTokenCount")
_NATIVE = (*_COUNTERS, "results")
_REASONS = ("stop_reason", "completionReason")
# What only a whole body of Titan has.
_WHOLE = frozenset({"results", "embedding", "embeddingsByType"})
_METRICS_BLOCK = Block(
    "inputTokenCount",
    "outputTokenCount",
    "cacheReadInputTokenCount",
    "cacheWriteInputTokenCount",
    label=METRICS,
)
_ANSWER = "what was answered, or the answer around it, which is read by its own reader"
_NATIVE_BLOCK = Block(
    *_COUNTERS,
    ignored=dict.fromkeys(
        (
            *("body", "ResponseMetadata", "contentType", "serviceTier", "performanceConfigLatency", "chunk"),
            *("recordId", "modelInput", "modelOutput", "error"),
            *("generation", "stop_reason", "embedding", "embeddingsByType"),
        ),
        _ANSWER,
    ),
    inner={"results": Block("tokenCount"), _TRACE: guardrails.BLOCK},
)
_BLOCKS = {METRICS: _METRICS_BLOCK, "": _NATIVE_BLOCK}


def read(fields: Fields) -> Usage:
    """Return the usage of an answer of InvokeModel: of its body, else of its headers; or of a native body."""
    if "recordId" in fields:
        return _read_line(fields)
    if "body" in fields:
        return _read_answer(fields)
    if METRICS in fields:
        stream = _Stream()
        stream.feed(fields)
        return stream.usage()
    return _read_native(fields)


def _read_line(fields: Fields) -> Usage:
    """Return the usage of a line of batch inference.

    https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html
    """
    output = sub(fields, "modelOutput")
    if output is None:
        return Usage(free="a request of the batch that failed is not billed", batch=True, provider="bedrock")
    usage = _read_inside(output)
    usage.provider = "bedrock"
    usage.batch = True
    return usage


def _read_answer(fields: Fields) -> Usage:
    headers = {
        name.lower(): value
        for name, value in (sub(sub(fields, "ResponseMetadata") or {}, "HTTPHeaders") or {}).items()
        if isinstance(name, str)
    }
    body = decoded(fields["body"])
    usage = None
    if body is not None:
        try:
            usage = _read_inside(body)
        except (MissingUsageError, UnrecognizedResponseError):
            usage = None  # the headers may state it
    if usage is None:
        usage = _read_headers(headers, body)
    usage.provider = "bedrock"
    tier = text(fields, "serviceTier") or text(headers, "x-amzn-bedrock-service-tier")
    if tier is not None and usage.service_tier is None:
        usage.service_tier = tier
    bedrock.add_latency(usage, text(fields, "performanceConfigLatency"))
    elapsed = _number(headers, "x-amzn-bedrock-invocation-latency")
    if elapsed is not None and usage.elapsed is None:
        usage.elapsed = elapsed / 1000
    if isinstance(body, dict) and _TRACE in body:
        guardrails.add(usage, body[_TRACE])
    return usage


def decoded(body: object) -> object:
    """Return the body as a dict or as a list of events; None for one that is a stream, which is left alone."""
    if hasattr(body, "getvalue"):
        body = body.getvalue()
    if isinstance(body, (str, bytes, bytearray)):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return None
    return body if isinstance(body, (dict, list, tuple)) else None


def _read_inside(body: object) -> Usage:
    from . import read_usage

    first = body[0] if isinstance(body, (list, tuple)) and body else body
    if isinstance(first, dict) and not _WRAPPERS.isdisjoint(first):
        raise UnrecognizedResponseError("the body of this answer is again an answer, or a line of a batch")
    return read_usage(body)


# What only an answer or a line of a batch has around a body.
_WRAPPERS = frozenset({"body", "recordId", "custom_id"})


def _read_headers(headers: Fields, body: object) -> Usage:
    counters = {name: _number(headers, header) for name, header in _HEADERS.items()}
    if counters["inputTokens"] is None:
        raise missing(
            "this answer of InvokeModel",
            "Neither its body nor its headers do. A body can be read once: read it, and pass the answer as "
            "{**response, 'body': json.loads(...)}, or pass the decoded body alone.",
        )
    if counters["outputTokens"] is None and isinstance(body, dict) and not _EMBEDDED.isdisjoint(body):
        counters["outputTokens"] = 0
    return bedrock.read_counters(counters, {})


_EMBEDDED = frozenset({"embedding", "embeddings"})


def _number(headers: Fields, name: str) -> int | None:
    """Return a header's number, which is text; None if the header is absent."""
    value = headers.get(name)
    if value is None:
        return None
    stated = value.strip() if isinstance(value, str) else ""
    if isinstance(value, str) and not (stated.isdecimal() and len(stated) < _LONGEST):
        raise InconsistentUsageError(f"the header {name}={shown(value)} is not a count", {}, {name: value})
    return whole_number(name, int(stated) if stated else value)


# Digits of a header's number.
_LONGEST = 20


def _read_native(fields: Fields) -> Usage:
    if fields.get("inputTextTokenCount") is not None:
        # An embedding has no results.
        answer = sum(count(row, "tokenCount") for row in items(fields, "results"))
        answer += count(fields, "totalOutputTextTokenCount")
        usage = _of(count(fields, "inputTextTokenCount"), answer)
    else:
        for name in ("prompt_token_count", "generation_token_count"):
            if fields.get(name) is None:
                raise missing(f"this body without {name}")
        usage = _of(count(fields, "prompt_token_count"), count(fields, "generation_token_count"))
    if _TRACE in fields:
        guardrails.add(usage, fields[_TRACE])
    return usage


def _of(prompt: int, answer: int) -> Usage:
    quantities: dict[str, int | float] = {"input": prompt, "output": answer}
    return Usage.of(quantities, prompt, "bedrock", {"provider": "bedrock"})


def recognises(fields: Fields) -> bool:
    """Return whether this is an answer of InvokeModel, a line of its batches, or a body that no other API has."""
    if "body" in fields:
        return "contentType" in fields or "ResponseMetadata" in fields
    if "recordId" in fields:
        return not _LINES.isdisjoint(fields)
    if "generation_token_count" in fields:
        return "prompt_token_count" in fields
    return "inputTextTokenCount" in fields or METRICS in fields


def _is_chunk(fields: Fields) -> bool:
    chunk = sub(fields, "chunk")
    return (chunk is not None and "bytes" in chunk) or ("body" not in fields and recognises(fields))


class _Stream(ChunkReader):
    """Chunks are native events; the last also has metrics, which state the same tokens and are counted once."""

    def __init__(self) -> None:
        self._native: ChunkReader | None = None
        self._counters: dict[str, object] = {}
        self._metrics: Fields | None = None
        self._stopped = False

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk, as Bedrock sends it or decoded."""
        event = _event(chunk)
        self._metrics = sub(event, METRICS) or self._metrics
        if self._native is None:
            self._native = _native_chunks(event)
        if self._native is not None:
            self._native.feed(event)
        for name in _NATIVE:
            if event.get(name) is not None:
                self._counters[name] = event[name]
        if _TRACE in event:
            self._counters[_TRACE] = event[_TRACE]
        self._stopped = self._stopped or any(event.get(name) for name in _REASONS) or not _WHOLE.isdisjoint(event)
        native = self._native.ended if self._native is not None else self._stopped
        self.ended = native or self._metrics is not None

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether the event inside begins another call."""
        if not self.ended:
            return False
        event = _event(chunk)
        if self._native is not None and self._native.begins_another(event):
            return True
        return self._native is None and any(event.get(name) is not None for name in _NATIVE)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the stream; a Llama or Titan that did not stop is a lower bound."""
        del ended  # the content says it
        usage = self._native_usage()
        if usage is None and self._metrics is not None:
            same = {name: self._metrics.get(name[:-1] + "Count") for name in _HEADERS}
            usage = bedrock.read_counters(same, {})
        if usage is None:
            usage = _read_native(self._counters)
            usage.partial = not self.ended
        usage.provider = "bedrock"
        latency = count(self._metrics, "invocationLatency") if self._metrics is not None else 0
        if latency and usage.elapsed is None:
            usage.elapsed = latency / 1000
        if _TRACE in self._counters:
            guardrails.add(usage, self._counters[_TRACE])
        return usage

    def _native_usage(self) -> Usage | None:
        if self._native is None:
            return None
        try:
            return self._native.usage()
        except MissingUsageError:
            if self._metrics is None:
                raise
            return None


def _event(chunk: Fields) -> Fields:
    """Return the event of a chunk, as Bedrock sends it or decoded."""
    wrapped = sub(chunk, "chunk")
    if wrapped is None:
        return chunk
    held = decoded(wrapped.get("bytes"))
    if not isinstance(held, dict):
        raise UnrecognizedResponseError("a chunk of the stream does not hold a JSON object")
    return held


def _native_chunks(event: Fields) -> ChunkReader | None:
    """Return the chunk reader of another API with the same stream: Claude's, Nova's or OpenAI's."""
    from .known import find_reader

    reader = find_reader(event)
    return reader.stream() if reader is not None and reader is not READER and reader.stream is not None else None


# Asked late: an answer's body is more telling than the answer.
READER = Reader("Bedrock InvokeModel", recognises, read, _BLOCKS, chunk=_is_chunk, stream=_Stream, rank=60)
