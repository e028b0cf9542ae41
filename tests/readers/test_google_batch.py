"""Lines of Gemini's batches: from a file, inlined, and from Vertex AI."""

from __future__ import annotations

from decimal import Decimal

import pytest
from google.genai import types

from llmcost import CostMap
from llmcost.errors import MissingUsageError, UnrecognizedResponseError
from llmcost.readers import google_batch, read_usage

RATES = {
    "input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05, "input_cost_per_token_batches": 6.25e-07,
    "output_cost_per_token_batches": 5e-06,
}  # fmt: skip
RESPONSE = {
    "candidates": [{"content": {"parts": [{"text": "Hi"}]}}], "modelVersion": "gemini-2.5-pro",
    "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100},
}  # fmt: skip
INLINED = types.InlinedResponse(response=types.GenerateContentResponse.model_validate(RESPONSE), metadata={"key": "a"})


@pytest.mark.parametrize(
    "line",
    [
        {"key": "one", "response": RESPONSE},
        {"response": RESPONSE, "metadata": {"key": "one"}},
        {"status": "", "processed_time": "2026-05-01T00:00:00Z", "request": {"contents": []}, "response": RESPONSE},
        INLINED,
    ],
)
def test_a_line_is_at_batch_rates(line):
    """The wrapper says that it was a batch."""
    cost = CostMap({"gemini-2.5-pro": RATES}).calculate(line)
    assert [(entry.meter, entry.quantity, entry.amount) for entry in cost.line_items] == [
        ("input", 1000, Decimal("0.000625")),
        ("output", 100, Decimal("0.0005")),
    ]
    assert cost.billed_tier == "batches"


@pytest.mark.parametrize(
    "line",
    [
        {"key": "one", "error": {"code": 3, "message": "bad"}},
        {"status": "Bad Request", "request": {"contents": []}, "response": {}},
        types.InlinedResponse(error=types.JobError(code=3, message="bad")),
    ],
)
def test_an_error_is_free(line):
    """A line that failed is not billed, and says so."""
    usage = read_usage(line)
    assert (usage.free, usage.batch) == ("a batch entry that failed is not billed", True)
    assert CostMap({}).calculate(line).total == 0


def test_embeddings():
    """An embedding of a batch states its tokens beside it."""
    line = types.InlinedEmbedContentResponse(
        response=types.SingleEmbedContentResponse(embedding=types.ContentEmbedding(values=[0.1]), token_count=7)
    )
    for found in (line, {"key": "one", "response": {"embedding": {"values": [0.1]}, "tokenCount": 7}}):
        usage = read_usage(found)
        assert (usage.quantities, usage.batch) == ({"input": 7}, True)
    with pytest.raises(MissingUsageError, match="embedding of a batch"):
        read_usage({"key": "one", "response": {"embedding": {"values": [0.1]}}})


@pytest.mark.parametrize(
    "other",
    [
        {"custom_id": "one", "response": {"status_code": 200}, "error": None},
        {"name": "operations/x", "metadata": {}, "response": {"generatedVideos": []}, "error": None},
        {"metadata": {}, "response": "text", "status": "done"},
        {"key": "one", "response": None},
    ],
)
def test_what_is_no_line(other):
    """OpenAI's lines, operations and other wrappers are not taken."""
    assert not google_batch.READER.recognises(other)


def test_a_line_without_anything():
    """Neither a response nor an error is not a line that anybody knows."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"key": "one", "response": None})
