"""Bedrock's answers as botocore's own parser makes them, from the bytes of an HTTP response."""

from __future__ import annotations

import json
import struct
from decimal import Decimal
from zlib import crc32

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

botocore_session = pytest.importorskip("botocore.session", reason="botocore is not installed")

RATES = {
    "input_cost_per_token": 3e-06,
    "output_cost_per_token": 1.5e-05,
    "cache_read_input_token_cost": 3e-07,
    "cache_creation_input_token_cost": 3.75e-06,
    "cache_creation_input_token_cost_above_1hr": 6e-06,
}
MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0"
MAP = CostMap(
    {
        MODEL: RATES,
        "bedrock/guardrails": {"guardrail_cost_per_unit": {"topicPolicyUnits": 0.00015, "wordPolicyUnits": 0}},
    }
)
USAGE = {
    "inputTokens": 120,
    "outputTokens": 300,
    "totalTokens": 14420,
    "cacheReadInputTokens": 8000,
    "cacheWriteInputTokens": 6000,
    "serverToolUsage": {},
    "cacheDetails": [{"ttl": "1h", "inputTokens": 4000}, {"ttl": "5m", "inputTokens": 2000}],
}
UNITS = {
    "topicPolicyUnits": 2,
    "wordPolicyUnits": 1,
    "contentPolicyUnits": 0,
    "sensitiveInformationPolicyUnits": 0,
    "sensitiveInformationPolicyFreeUnits": 0,
    "contextualGroundingPolicyUnits": 0,
}
ASSESSMENT = {"invocationMetrics": {"guardrailProcessingLatency": 10, "usage": UNITS}}
LINES = [
    ("input", 120, Decimal("0.00036")),
    ("cache_read", 8000, Decimal("0.0024")),
    ("cache_write", 2000, Decimal("0.0075")),
    ("cache_write_1h", 4000, Decimal("0.024")),
    ("output", 300, Decimal("0.0045")),
]


class Raw:
    """The body of an HTTP response, as the parser reads it."""

    def __init__(self, content):
        self._content = content

    def read(self, amount=None):
        taken = self._content if amount is None else self._content[:amount]
        self._content = self._content[len(taken) :]
        return taken

    def stream(self, amount=1024, **_):
        while self._content:
            yield self.read(amount)

    def close(self):
        self._content = b""


def call(operation, sent, headers=(), /, **parameters):
    """Return what a client returns for an HTTP response with these bytes; nothing goes over a network."""
    from botocore.awsrequest import AWSResponse

    client = botocore_session.Session().create_client(
        "bedrock-runtime", "us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    response = AWSResponse(
        "https://bedrock-runtime.example", 200, {"content-type": "application/json", **dict(headers)}, Raw(sent)
    )
    client.meta.events.register("before-send.bedrock-runtime", lambda **_: response)
    return getattr(client, operation)(**parameters)


def event(kind, payload):
    """Return an event in the binary framing of AWS event streams."""
    headers = b""
    for name, value in ((":event-type", kind), (":content-type", "application/json"), (":message-type", "event")):
        headers += struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value.encode()
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", len(headers) + len(body) + 16, len(headers))
    message = prelude + struct.pack("!I", crc32(prelude)) + headers + body
    return message + struct.pack("!I", crc32(message))


def lines(cost):
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


MESSAGES = {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}


def test_converse():
    """The parser keeps the counters, the split, the tier and the trace of the guardrail."""
    body = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
        "stopReason": "end_turn",
        "usage": USAGE,
        "metrics": {"latencyMs": 1234},
        "serviceTier": {"type": "default"},
        "trace": {"guardrail": {"inputAssessment": {"g1": ASSESSMENT}}},
    }
    response = call("converse", json.dumps(body).encode(), **MESSAGES)
    cost = MAP.calculate(response, model=MODEL)
    assert lines(cost)[:5] == LINES
    assert lines(cost)[5:] == [("guardrail_units", 2, Decimal("0.0003")), ("guardrail_units", 1, Decimal(0))]
    assert (cost.usage.elapsed, cost.served_tier) == (1.234, "default")


def test_converse_stream():
    """Events come out of the binary stream; the answer itself does not consume it."""
    content = b"".join(
        [
            event("messageStart", {"role": "assistant"}),
            event("contentBlockDelta", {"delta": {"text": "Hi"}, "contentBlockIndex": 0}),
            event("messageStop", {"stopReason": "end_turn"}),
            event("metadata", {"usage": USAGE, "metrics": {"latencyMs": 1234}}),
        ]
    )
    response = call("converse_stream", content, {"content-type": "application/vnd.amazon.eventstream"}, **MESSAGES)
    with pytest.raises(MissingUsageError, match="nobody has read"):
        read_usage(response)
    assert lines(MAP.calculate(response["stream"], model=MODEL)) == LINES


def test_apply_guardrail():
    """Units are lines by kind, and the assessments repeat them."""
    body = {"usage": UNITS, "action": "NONE", "outputs": [], "assessments": [ASSESSMENT]}
    response = call(
        "apply_guardrail",
        json.dumps(body).encode(),
        guardrailIdentifier="g1",
        guardrailVersion="1",
        source="INPUT",
        content=[{"text": {"text": "Hi"}}],
    )
    cost = MAP.calculate(response)
    assert lines(cost) == [("guardrail_units", 2, Decimal("0.0003")), ("guardrail_units", 1, Decimal(0))]


HEADERS = {
    "x-amzn-bedrock-input-token-count": "54",
    "x-amzn-bedrock-output-token-count": "120",
    "x-amzn-bedrock-service-tier": "priority",
}


def test_invoke_model():
    """A body that is not read yet stays readable; read, it is the body or its bytes."""
    content = json.dumps({"generation": "Hi", "prompt_token_count": 21, "generation_token_count": 7}).encode()
    response = call("invoke_model", content, HEADERS, modelId="meta.llama3-70b-instruct-v1:0", body=b"{}")
    assert read_usage(response).quantities == {"input": 54, "output": 120}
    body = response["body"].read()
    assert body == content
    usage = read_usage({**response, "body": body})
    assert (usage.quantities, usage.service_tier) == ({"input": 21, "output": 7}, "priority")


def test_invoke_model_with_response_stream():
    """Chunks come as bytes; the metrics of the last one are counted once."""
    import base64

    native = [
        {"generation": "Hi", "prompt_token_count": 21, "generation_token_count": 1, "stop_reason": None},
        {
            "generation": "!",
            "prompt_token_count": None,
            "generation_token_count": 7,
            "stop_reason": "stop",
            "amazon-bedrock-invocationMetrics": {
                "inputTokenCount": 21,
                "outputTokenCount": 7,
                "invocationLatency": 500,
            },
        },
    ]
    content = b"".join(
        event("chunk", {"bytes": base64.b64encode(json.dumps(chunk).encode()).decode()}) for chunk in native
    )
    response = call(
        "invoke_model_with_response_stream",
        content,
        {"content-type": "application/vnd.amazon.eventstream"},
        modelId="meta.llama3-70b-instruct-v1:0",
        body=b"{}",
    )
    usage = read_usage(list(response["body"]))
    assert (usage.quantities, usage.elapsed, usage.partial) == ({"input": 21, "output": 7}, 0.5, False)
