"""Bedrock InvokeModel: native bodies, headers, streams with metrics, and batches."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError, UnrecognizedResponseError
from llmcost.readers import bedrock_invoke, read_usage

RATES = {
    "input_cost_per_token": 4e-06,
    "output_cost_per_token": 1.2e-05,
    "cache_read_input_token_cost": 4e-07,
    "cache_creation_input_token_cost": 5e-06,
    "input_cost_per_token_priority": 8e-06,
}
HEADERS = {
    "x-amzn-bedrock-input-token-count": "54",
    "x-amzn-bedrock-output-token-count": "120",
    "x-amzn-bedrock-invocation-latency": "1790",
}
CLAUDE = {
    "id": "msg_bdrk_01",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5-20250929",
    "content": [{"type": "text", "text": "Hi"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 14, "cache_read_input_tokens": 2048, "output_tokens": 9},
}
LLAMA = {"generation": "Hi", "prompt_token_count": 21, "generation_token_count": 7, "stop_reason": "stop"}
TITAN = {
    "inputTextTokenCount": 30,
    "results": [{"tokenCount": 5, "outputText": "Hi"}, {"tokenCount": 6, "outputText": "Ho"}],
}
TITAN_EMBED = {"embedding": [0.1], "inputTextTokenCount": 8192}
NOVA = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 10, "outputTokens": 4, "totalTokens": 20, "cacheReadInputTokenCount": 6},
}
OPENAI = {
    "object": "chat.completion",
    "model": "openai.gpt-oss-20b-1:0",
    "choices": [],
    "usage": {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14},
}
BODIES = [
    (CLAUDE, {"input": 14, "cache_read": 2048, "output": 9}),
    (LLAMA, {"input": 21, "output": 7}),
    (TITAN, {"input": 30, "output": 11}),
    (TITAN_EMBED, {"input": 8192}),
    (NOVA, {"input": 10, "cache_read": 6, "output": 4}),
    (OPENAI, {"input": 10, "output": 4}),
]


def answer(body, headers=HEADERS, **fields):
    return {
        "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": headers},
        "contentType": "application/json",
        "body": body,
        **fields,
    }


@pytest.mark.parametrize(("body", "quantities"), BODIES)
def test_native_bodies(body, quantities):
    """A body is read on its own and inside the answer, decoded or not; it is stronger than the headers."""
    assert read_usage(body).quantities == quantities
    text = json.dumps(body)
    for sent in (body, text, text.encode(), bytearray(text.encode()), io.BytesIO(text.encode())):
        usage = read_usage(answer(sent))
        assert usage.quantities == quantities
        assert (usage.provider, usage.elapsed) == ("bedrock", 1.79)


def test_headers():
    """A body without counters leaves them to the headers, which are text."""
    cost = CostMap({"mistral": RATES}).calculate(answer({"outputs": [{"text": "Hi"}]}), model="mistral")
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input", 54, Decimal("0.000216")),
        ("output", 120, Decimal("0.00144")),
    ]


def test_headers_with_cache_in_any_case():
    """Names of headers have no case; the cache stands beside the input."""
    headers = {
        "X-Amzn-Bedrock-Input-Token-Count": "5",
        "X-Amzn-Bedrock-Output-Token-Count": "6",
        "X-Amzn-Bedrock-Cache-Read-Input-Token-Count": "700",
        "X-Amzn-Bedrock-Cache-Write-Input-Token-Count": "80",
    }
    usage = read_usage(answer({"outputs": []}, headers))
    assert usage.quantities == {"input": 5, "cache_read": 700, "cache_write": 80, "output": 6}


class Stream:
    """Like botocore's StreamingBody: it can be read once."""

    def __init__(self):
        self.reads = 0

    def read(self):
        self.reads += 1
        return b"{}"

    def __iter__(self):
        return iter([self.read()])


def test_a_body_that_is_a_stream_is_left_alone():
    """The application has not read it yet; the headers are enough, and without them the error says what to do."""
    stream = Stream()
    assert read_usage(answer(stream)).quantities == {"input": 54, "output": 120}
    with pytest.raises(MissingUsageError, match="can be read once"):
        read_usage(answer(stream, {}))
    assert stream.reads == 0


def test_an_embedding_has_no_output():
    """Only an embedding may be without the header of the output."""
    headers = {"x-amzn-bedrock-input-token-count": "9"}
    assert read_usage(answer({"embeddings": [[0.1]]}, headers)).quantities == {"input": 9}
    with pytest.raises(MissingUsageError, match="outputTokens"):
        read_usage(answer({"outputs": []}, headers))


def test_a_header_that_is_no_count():
    """A header is a number or an error."""
    with pytest.raises(InconsistentUsageError, match="x-amzn-bedrock-input-token-count='many'"):
        read_usage(answer({}, {"x-amzn-bedrock-input-token-count": "many"}))


@pytest.mark.parametrize("more", [{"serviceTier": "priority"}, {}])
def test_the_tier_that_was_served(more):
    """It is a field of the answer, or a header."""
    headers = HEADERS if more else {**HEADERS, "x-amzn-bedrock-service-tier": "priority"}
    cost = CostMap({"m": RATES}).calculate(answer(LLAMA, headers, **more), model="m")
    assert (cost.line_items[0].amount, cost.billed_tier) == (Decimal("0.000168"), "priority")


def test_an_optimised_latency_is_said():
    """InvokeModel states it beside the body."""
    assert read_usage(answer(LLAMA, performanceConfigLatency="optimized")).speed == "optimized"


TRACE = {
    "guardrail": {
        "input": {"g1": {"invocationMetrics": {"usage": {"topicPolicyUnits": 2}}}},
        "outputs": [{"g1": {"invocationMetrics": {"usage": {"topicPolicyUnits": 3}}}}],
    }
}


@pytest.mark.parametrize("body", [CLAUDE, LLAMA, OPENAI])
def test_guardrails_in_the_body(body):
    """The trace of InvokeModel nests them differently; they are counted once."""
    usage = read_usage(answer({**body, "amazon-bedrock-trace": TRACE}))
    assert [(part.variant, part.quantities) for part in usage.parts] == [("topicPolicyUnits", {"guardrail_units": 5})]


@pytest.mark.parametrize("body", [TITAN, {**LLAMA, "amazon-bedrock-trace": TRACE}], ids=["rows", "trace"])
def test_an_unknown_counter_beside_rows_and_a_trace(body):
    """It is named, whatever else stands in the body."""
    assert read_usage({**body, "inputVideoTokenCount": 7}).unread == {"inputVideoTokenCount": 7}


def test_half_of_a_body():
    """A Llama without one of its counters is an error."""
    with pytest.raises(MissingUsageError, match="prompt_token_count"):
        read_usage({"generation": "Hi", "prompt_token_count": None, "generation_token_count": 7})


METRICS = {"inputTokenCount": 21, "outputTokenCount": 7, "invocationLatency": 500, "firstByteLatency": 200}


def as_sent(events):
    return [{"chunk": {"bytes": json.dumps(event).encode()}} for event in events]


LLAMA_STREAM = [
    {"generation": "Hi", "prompt_token_count": 21, "generation_token_count": 1, "stop_reason": None},
    {"generation": " there", "prompt_token_count": None, "generation_token_count": 7, "stop_reason": "stop"},
]
TITAN_STREAM = [
    {
        "outputText": "Hi",
        "index": 0,
        "inputTextTokenCount": 21,
        "totalOutputTextTokenCount": None,
        "completionReason": None,
    },
    {
        "outputText": "!",
        "index": 0,
        "inputTextTokenCount": 21,
        "totalOutputTextTokenCount": 7,
        "completionReason": "FINISH",
    },
]
CLAUDE_STREAM = [
    {
        "type": "message_start",
        "message": {
            **CLAUDE,
            "stop_reason": None,
            "usage": {
                "input_tokens": 21,
                "output_tokens": 1,
                "cache_creation_input_tokens": 5,
                "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 5},
            },
        },
    },
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}},
    {"type": "message_stop"},
]
NOVA_STREAM = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"text": "Hi"}}},
    {"metadata": {"usage": {"inputTokens": 21, "outputTokens": 7, "totalTokens": 28}, "metrics": {}, "trace": {}}},
]
MISTRAL_STREAM = [
    {"outputs": [{"text": "Hi", "stop_reason": None}]},
    {"outputs": [{"text": "!", "stop_reason": "stop"}]},
]


@pytest.mark.parametrize("metrics", [True, False])
@pytest.mark.parametrize("wrap", [list, as_sent])
@pytest.mark.parametrize(
    ("events", "more"),
    [(LLAMA_STREAM, {}), (TITAN_STREAM, {}), (CLAUDE_STREAM, {"cache_write_1h": 5}), (NOVA_STREAM, {})],
)
def test_streams(events, more, wrap, metrics):
    """The metrics of the last chunk state the same tokens; they are counted once, decoded or as they were sent."""
    if metrics:
        events = [*events[:-1], {**events[-1], "amazon-bedrock-invocationMetrics": METRICS}]
    usage = read_usage(wrap(events))
    assert usage.quantities == {"input": 21, "output": 7, **more}
    assert not usage.partial


def test_a_stream_with_nothing_but_metrics():
    """Mistral's chunks state nothing; the metrics of the last one do, and the latency too."""
    events = [
        MISTRAL_STREAM[0],
        {
            **MISTRAL_STREAM[1],
            "amazon-bedrock-invocationMetrics": {
                **METRICS,
                "cacheReadInputTokenCount": 300,
                "cacheWriteInputTokenCount": 40,
            },
        },
    ]
    for found in (events, as_sent(events), answer(events), answer(as_sent(events))):
        usage = read_usage(found)
        assert usage.quantities == {"input": 21, "cache_read": 300, "cache_write": 40, "output": 7}
        assert (usage.elapsed, usage.provider, usage.unread) == (0.5, "bedrock", {})


def test_metrics_stand_in_for_a_native_stream_without_usage():
    """OpenAI's chunks without a usage are followed by metrics."""
    chunks = [
        {"object": "chat.completion.chunk", "model": "m", "choices": []},
        {"object": "chat.completion.chunk", "model": "m", "choices": [], "amazon-bedrock-invocationMetrics": METRICS},
    ]
    assert read_usage(as_sent(chunks)).quantities == {"input": 21, "output": 7}
    with pytest.raises(MissingUsageError, match="completion"):
        read_usage(as_sent(chunks[:1]))


def test_streams_that_were_cut():
    """Counters so far are a lower bound; none at all, or a chunk that is no object, is an error."""
    usage = read_usage(LLAMA_STREAM[:1])
    assert (usage.quantities, usage.partial) == ({"input": 21, "output": 1}, True)
    with pytest.raises(MissingUsageError):
        read_usage(as_sent(MISTRAL_STREAM))
    with pytest.raises(UnrecognizedResponseError, match="JSON object"):
        read_usage([*as_sent(MISTRAL_STREAM), {"chunk": {"bytes": b"no json"}}])


@pytest.mark.parametrize("output", [CLAUDE, LLAMA, NOVA])
def test_a_line_of_a_batch(output):
    """The wrapper says that it was a batch."""
    usage = read_usage({"recordId": "1", "modelInput": {}, "modelOutput": output})
    assert (usage.batch, usage.provider) == (True, "bedrock")
    assert usage.quantities == read_usage(output).quantities


def test_a_line_with_an_error_is_free():
    """It is not billed, and says so."""
    usage = read_usage({"recordId": "1", "modelInput": {}, "error": {"errorCode": 400, "errorMessage": "bad"}})
    assert (usage.free, usage.batch) == ("a request of the batch that failed is not billed", True)


@pytest.mark.parametrize(
    "other",
    [
        {"prompt_token_count": 5, "candidates_token_count": 2},
        {"body": "text", "subject": "mail"},
        {"ResponseMetadata": {}, "ContentType": "application/json", "Body": b"[]"},
        {"id": "1", "custom_id": "a", "response": {"status_code": 200, "body": {}}},
        {"recordId": "1"},
    ],
)
def test_what_is_not_invoke_model(other):
    """Gemini's counters, SageMaker's answers and OpenAI's batches are not taken."""
    assert not bedrock_invoke.READER.recognises(other)


def test_a_stream_that_tells_its_api_in_its_last_chunk():
    """Cohere's chunks hold text alone; the metrics that Bedrock adds come after more than a few of them."""
    metrics = {"inputTokenCount": 12, "outputTokenCount": 30, "invocationLatency": 1, "firstByteLatency": 1}
    last = {"index": 0, "is_finished": True, "amazon-bedrock-invocationMetrics": metrics}
    chunks = [{"index": 0, "is_finished": False, "text": "x"} for _ in range(30)]
    assert read_usage([*chunks, last]).quantities == {"input": 12, "output": 30}


@pytest.mark.parametrize(
    ("body", "quantities"),
    [
        ({"inputTextTokenCount": 9, "results": [{"tokenCount": 5}, {"tokenCount": 6}]}, {"input": 9, "output": 11}),
        ({"inputTextTokenCount": 9, "embedding": [0.1]}, {"input": 9}),
        ({"inputTextTokenCount": 9, "embeddingsByType": {"float": [0.1]}}, {"input": 9}),
    ],
)
def test_a_whole_body_in_a_list_is_a_whole_call(body, quantities):
    """Titan's answer of 5 + 6 tokens is counted as it is without the list, and nothing broke off."""
    alone, listed = read_usage(body), read_usage([body])
    assert alone.quantities == listed.quantities == quantities
    assert (alone.partial, listed.partial) == (False, False)


@pytest.mark.parametrize(
    "body",
    [
        {"body": TITAN, "contentType": "application/json"},
        {"recordId": "1", "modelOutput": TITAN},
        {"custom_id": "1", "response": {"status_code": 200, "body": OPENAI}},
    ],
)
def test_an_answer_inside_an_answer_is_refused(body):
    """The body of an answer is one of a model, and neither another answer nor a line of a batch."""
    with pytest.raises(UnrecognizedResponseError, match="again an answer, or a line of a batch"):
        read_usage({"recordId": "1", "modelInput": {}, "modelOutput": body})
    for inside in (body, [body]):
        # Its headers may state what its body does not.
        with pytest.raises(MissingUsageError, match="Neither its body nor its headers do"):
            read_usage({"body": json.dumps(inside), "contentType": "application/json"})
