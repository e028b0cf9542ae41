"""boto3: Converse, InvokeModel, their streams, SageMaker's endpoints, errors; and frames that other clients read."""

from __future__ import annotations

import json
from base64 import b64encode
from decimal import Decimal
from struct import pack
from zlib import crc32

import pytest

import llmcost
from tests.sdks import optional
from tests.servers.provider import Answer, whole
from tests.tracking.outcomes import seen

# The SDKs leave sockets to the garbage collector, and one of them does what another package deprecates.
pytestmark = [
    pytest.mark.usefixtures("let_go"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
]

# claude-3-5-sonnet on Bedrock: 1000 x 3e-6 + 100 x 15e-6 = 0.0045 USD.
MODEL = "anthropic.claude-3-5-sonnet-20240620-v1:0"
USAGE = {"inputTokens": 1000, "outputTokens": 100, "totalTokens": 1100}
MESSAGE = {"role": "assistant", "content": [{"text": "hi"}]}
CONVERSE = {"output": {"message": MESSAGE}, "stopReason": "end_turn", "usage": USAGE, "metrics": {"latencyMs": 3}}
ASK = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "hi"}]}]}
CLAUDE = {
    "type": "message",
    "role": "assistant",
    "model": "claude-3-5-sonnet-20240620",
    "content": [],
    "usage": {"input_tokens": 1000, "output_tokens": 100},
}
ONE = [("priced", 0.0045, MODEL, "bedrock")]


def frame(name, payload, kind="event"):
    """Return one frame of Amazon's event stream."""
    headers = b""
    for key, value in ((f":{kind}-type", name), (":content-type", "application/json"), (":message-type", kind)):
        headers += pack(">B", len(key)) + key.encode() + b"\x07" + pack(">H", len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + pack(">I", crc32(prelude)) + headers + body
    return message + pack(">I", crc32(message))


def frames(*pieces, **how):
    return Answer(list(pieces), "application/vnd.amazon.eventstream", **how)


CONVERSE_STREAM = [
    frame("messageStart", {"role": "assistant"}),
    frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "hi"}}),
    frame("messageStop", {"stopReason": "end_turn"}),
    frame("metadata", {"usage": USAGE, "metrics": {"latencyMs": 3}}),
]
METRICS = {"inputTokenCount": 1000, "outputTokenCount": 100, "invocationLatency": 3, "firstByteLatency": 1}
CLAUDE_EVENTS = [
    {"type": "message_start", "message": {**CLAUDE, "usage": {"input_tokens": 1000, "output_tokens": 1}}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 100}},
    {"type": "message_stop", "amazon-bedrock-invocationMetrics": METRICS},
]
INVOKE_STREAM = [frame("chunk", {"bytes": b64encode(json.dumps(event).encode()).decode()}) for event in CLAUDE_EVENTS]


def make(service, provider, seconds=60):
    optional("boto3")
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        endpoint_url=provider.url,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=seconds),
    )


@pytest.fixture
def client(provider, tracker):
    found = make("bedrock-runtime", provider)
    assert tracker.track(tracker.track(found)) is found
    yield found
    found.close()


def test_converse(client, provider, calls):
    """The answer is the host's own; the model stands in the path, whose prices are Bedrock's."""
    provider.gives(whole(CONVERSE))
    assert client.converse(**ASK)["usage"] == USAGE
    assert seen(calls) == ONE


def test_converse_stream(client, provider, calls):
    """To its end, and left early: of that nothing is known."""
    provider.gives(frames(*CONVERSE_STREAM))
    assert len(list(client.converse_stream(**ASK)["stream"])) == 4
    assert seen(calls) == ONE
    stream = client.converse_stream(**ASK)["stream"]
    next(iter(stream))
    stream.close()
    assert seen(calls) == [("maybe_billed", None, MODEL, "bedrock")]


def test_a_stream_that_breaks_off(client, provider, calls):
    """An exception in the stream is the host's; the call may have been billed."""
    provider.gives(frames(CONVERSE_STREAM[0], frame("modelStreamErrorException", {"message": "x"}, "exception")))
    from botocore.exceptions import EventStreamError

    with pytest.raises(EventStreamError):
        list(client.converse_stream(**ASK)["stream"])
    assert seen(calls) == [("maybe_billed", None, MODEL, "bedrock")]


@pytest.mark.parametrize("read", ["all", "pieces", "lines"])
def test_invoke(client, provider, calls, read):
    """The body is read by the host, at once or in pieces."""
    provider.gives(whole(CLAUDE))
    body = client.invoke_model(modelId=MODEL, body=b"{}")["body"]
    if read == "all":
        text = body.read()
    elif read == "pieces":
        text = b"".join(body.iter_chunks(7))
    else:
        text = b"\n".join(body.iter_lines())
    assert json.loads(text) == CLAUDE
    assert seen(calls) == ONE


def test_a_body_that_nobody_reads(client, provider, calls):
    """It may have been billed."""
    provider.gives(whole(CLAUDE))
    client.invoke_model(modelId=MODEL, body=b"{}")["body"].close()
    assert seen(calls) == [("maybe_billed", None, MODEL, "bedrock")]


def test_invoke_with_a_stream(client, provider, calls):
    """Each chunk holds an event of the model's own."""
    provider.gives(frames(*INVOKE_STREAM))
    assert len(list(client.invoke_model_with_response_stream(modelId=MODEL, body=b"{}")["body"])) == 3
    assert seen(calls) == ONE


def test_errors(client, provider, tracker, calls):
    """A refusal costs nothing, no answer may have been billed."""
    from botocore.exceptions import ClientError, ReadTimeoutError

    provider.gives(whole({"message": "no"}, status=400))
    with pytest.raises(ClientError):
        client.converse(**ASK)
    assert (calls[0].error, *seen(calls)) == (("ClientError", 400), ("failed", 0.0, MODEL, "bedrock"))
    provider.gives(Answer([], hang=True))
    hasty = tracker.track(make("bedrock-runtime", provider, 0.1))
    with pytest.raises(ReadTimeoutError):
        hasty.converse(**ASK)
    hasty.close()
    assert seen(calls) == [("maybe_billed", None, MODEL, "bedrock")]


def test_sagemaker_is_billed_by_its_time(provider, calls):
    """An endpoint has a price of one's own: 0.00042 USD a second, for whole microseconds."""
    price = {"input_cost_per_second": 0.00042, "litellm_provider": "sagemaker", "mode": "chat"}
    prices = llmcost.CostMap({"sagemaker/my-endpoint": price})
    keep = [lambda kwargs, *_: calls.append(kwargs["call"])]
    tracker = llmcost.Tracker(cost_map=prices, success=keep, failure=keep)
    client = tracker.track(make("sagemaker-runtime", provider))
    provider.gives(whole([{"generated_text": "hi"}]))
    assert client.invoke_endpoint(EndpointName="my-endpoint", Body=b"{}")["Body"].read()
    client.close()
    (call,) = calls
    assert (call.status, call.model) == ("priced", "sagemaker/my-endpoint")
    assert call.cost.total == Decimal(call.latency_us) * Decimal("0.00042") / 1_000_000


def test_untrack(client, provider, calls):
    """Nobody is told any more."""
    llmcost.untrack(client)
    provider.gives(whole(CONVERSE))
    client.converse(**ASK)
    assert seen(calls) == []


@pytest.mark.parametrize("stream", [CONVERSE_STREAM, INVOKE_STREAM])
@pytest.mark.parametrize("size", [1, 50, 10_000])
def test_frames_through_an_http_client(provider, tracker, calls, stream, size):
    """Clients that speak to Bedrock over httpx get the same frames, in pieces of any size."""
    http = pytest.importorskip("httpx2")
    text = b"".join(stream)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    provider.gives(frames(*pieces))
    with tracker.track(http.Client(base_url=provider.url)) as client:
        assert client.post(f"/model/{MODEL}/converse-stream", json={}).content == text
    assert [call.response_cost for call in calls] == [0.0045]


def test_a_stream_of_a_model_that_ends_early(client, provider, calls):
    """It ends in good order, and its only event states the prompt: 1000 x 3e-6 and a token of 15e-6, at least."""
    provider.gives(frames(INVOKE_STREAM[0]))
    assert len(list(client.invoke_model_with_response_stream(modelId=MODEL, body=b"{}")["body"])) == 1
    assert [(call.status, call.response_cost) for call in calls] == [("maybe_billed", 0.003015)]
