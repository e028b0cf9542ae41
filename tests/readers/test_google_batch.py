"""Lines of Gemini's batches: from a file, inlined, and from Vertex AI."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError, UnrecognizedResponseError
from llmcost.readers import google_batch, read_usage
from tests.sdks import Kind

ContentEmbedding = Kind("google.genai.types.ContentEmbedding")
GenerateContentResponse = Kind("google.genai.types.GenerateContentResponse")
InlinedEmbedContentResponse = Kind("google.genai.types.InlinedEmbedContentResponse")
InlinedResponse = Kind("google.genai.types.InlinedResponse")
JobError = Kind("google.genai.types.JobError")
SingleEmbedContentResponse = Kind("google.genai.types.SingleEmbedContentResponse")

RATES = {
    "input_cost_per_token": 1.25e-06,
    "output_cost_per_token": 1e-05,
    "input_cost_per_token_batches": 6.25e-07,
    "output_cost_per_token_batches": 5e-06,
}
RESPONSE = {
    "candidates": [{"content": {"parts": [{"text": "Hi"}]}}],
    "modelVersion": "gemini-2.5-pro",
    "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100},
}


def inlined(line):
    """The SDK's object of a line."""
    return InlinedResponse(response=GenerateContentResponse.model_validate(line["response"]), metadata={"key": "a"})


def failed(line):
    """The SDK's object of a line with an error."""
    return InlinedResponse(error=JobError(**line["error"]))


@pytest.mark.parametrize(
    ("build", "line"),
    [
        (dict, {"key": "one", "response": RESPONSE}),
        (dict, {"response": RESPONSE, "metadata": {"key": "one"}}),
        (
            dict,
            {"status": "", "processed_time": "2026-05-01T00:00:00Z", "request": {"contents": []}, "response": RESPONSE},
        ),
        (inlined, {"response": RESPONSE}),
    ],
)
def test_a_line_is_at_batch_rates(build, line):
    """The wrapper says that it was a batch."""
    cost = CostMap({"gemini-2.5-pro": RATES}).calculate(build(line))
    assert [(entry.meter, entry.quantity, entry.amount) for entry in cost.line_items] == [
        ("input", 1000, Decimal("0.000625")),
        ("output", 100, Decimal("0.0005")),
    ]
    assert cost.billed_tier == "batches"


@pytest.mark.parametrize(
    ("build", "line"),
    [
        (dict, {"key": "one", "error": {"code": 3, "message": "bad"}}),
        (dict, {"status": "Bad Request", "request": {"contents": []}, "response": {}}),
        (failed, {"error": {"code": 3, "message": "bad"}}),
    ],
)
def test_an_error_is_free(build, line):
    """A line that failed is not billed, and says so."""
    line = build(line)
    usage = read_usage(line)
    assert (usage.free, usage.batch) == ("a request of the batch that failed is not billed", True)
    assert CostMap({}).calculate(line).total == 0


def test_embeddings():
    """An embedding of a batch states its tokens beside it."""
    usage = read_usage({"key": "one", "response": {"embedding": {"values": [0.1]}, "tokenCount": 7}})
    assert (usage.quantities, usage.batch) == ({"input": 7}, True)
    with pytest.raises(MissingUsageError, match="embedding of a batch"):
        read_usage({"key": "one", "response": {"embedding": {"values": [0.1]}}})
    inside = SingleEmbedContentResponse(embedding=ContentEmbedding(values=[0.1]), token_count=7)
    assert read_usage(InlinedEmbedContentResponse(response=inside)) == usage


@pytest.mark.parametrize(
    "other",
    [
        {"custom_id": "one", "response": {"status_code": 200}, "error": None},
        {"name": "operations/x", "metadata": {}, "response": {"generatedVideos": []}, "error": None},
        {"metadata": {}, "response": "text", "status": "done"},
        {"key": "one", "response": None},
        # Records that somebody made of a request and its response, or of its failure.
        {"request": {"contents": []}, "response": RESPONSE},
        {"status": "ok", "request": {"contents": []}, "response": RESPONSE},
        {"status": 200, "request": {"contents": []}, "response": RESPONSE},
        {"metadata": {"user": "u"}, "response": RESPONSE, "latency_ms": 12},
        {"request": {"contents": []}, "response": None, "error": "timeout", "status": "failed"},
    ],
)
def test_what_is_no_line(other):
    """OpenAI's lines, operations and other wrappers are not taken."""
    assert not google_batch.READER.recognises(other)


def test_a_record_of_a_call_is_at_standard_rates():
    """1000 x 0.00000125 + 100 x 0.00001: nothing says that it was a batch."""
    record = {"timestamp": "2026-05-01T00:00:00Z", "request": {"contents": []}, "response": RESPONSE}
    cost = CostMap({"gemini-2.5-pro": RATES}).calculate(record)
    assert (cost.total, cost.billed_tier) == (Decimal("0.00225"), "standard")


def test_a_line_without_anything():
    """Neither a response nor an error is not a line that anybody knows."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"key": "one", "response": None})
