"""Batches that hold the answers of their requests: each is at batch rates in its own context; a failure is free."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_usage
from llmcost.readers.batched import together


def gemini(prompt, answer):
    return {
        "response": {"candidates": [], "usageMetadata": {"promptTokenCount": prompt, "candidatesTokenCount": answer}}
    }


def grok(prompt, answer):
    usage = {"prompt_tokens": prompt, "prompt_text_tokens": prompt, "completion_tokens": answer}
    response = {"chat_get_completion": {"outputs": [], "model": "m", "usage": usage}}
    return {"batch_request_id": str(prompt), "batch_result": {"response": response}}


def chat(prompt, answer):
    usage = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    body = {"object": "chat.completion", "model": "m", "choices": [], "usage": usage}
    return {"custom_id": "1", "response": {"status_code": 200, "body": body}, "error": None}


# Not in capitals: their counters stand in parts, or twice, and the laws count what stands in a response once.
inlined = [gemini(9, 4), gemini(5, 1), {"error": {"code": 3, "message": "bad"}}]
gemini = {
    "name": "batches/1",
    "metadata": {"output": {"inlinedResponses": {"inlinedResponses": inlined}}},
    "done": True,
    "response": {"inlinedResponses": {"inlinedResponses": inlined}},
}
sdk = {"name": "batches/1", "dest": {"inlined_responses": inlined}}
xai = {"results": [grok(9, 4), grok(5, 1), {"batch_result": {"error": {"message": "bad"}}}], "pagination_token": None}
mistral = {
    "object": "batch",
    "status": "SUCCESS",
    "outputs": [chat(9, 4), chat(5, 1), {"custom_id": "3", "response": {"status_code": 400, "body": {}}}],
}
ROW = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "input_cost_per_token_batches": 1e-06,
    "output_cost_per_token_batches": 4e-06,
}


@pytest.mark.parametrize("response", [gemini, sdk, xai, mistral], ids=["gemini", "sdk", "xai", "mistral"])
def test_every_entry_at_batch_rates(response):
    """9 x 1e-6 + 4 x 4e-6 and 5 x 1e-6 + 1 x 4e-6; a copy in the metadata is not counted again."""
    cost = CostMap({"m": ROW}).calculate(response, model="m")
    assert [(line.meter, line.quantity) for line in cost.line_items] == [
        ("input", 9),
        ("output", 4),
        ("input", 5),
        ("output", 1),
    ]
    assert (cost.total, cost.billed_tier, cost.complete) == (Decimal("0.000034"), "batches", True)


def test_an_own_price_is_for_every_entry():
    """The caller's name of the model holds for the requests too: 14 x 5e-6 + 5 x 6e-6."""
    own = {"input_cost_per_token_batches": 5e-06, "output_cost_per_token_batches": 6e-06}
    assert CostMap({"m": ROW}).calculate(xai, model="m", **own).total == Decimal("0.0001")


def test_a_single_entry_is_itself():
    """Nothing is a part of anything."""
    usage = read_usage({**xai, "results": xai["results"][:1]})
    assert (usage.quantities, usage.parts, usage.batch) == ({"input": 9, "output": 4}, (), True)


@pytest.mark.parametrize(
    "response",
    [
        {"name": "batches/1", "response": {"inlinedResponses": {"inlinedResponses": inlined[2:]}}},
        {**xai, "results": xai["results"][2:]},
        {**mistral, "outputs": mistral["outputs"][2:]},
    ],
)
def test_requests_that_all_failed(response):
    """They are not billed, and say why."""
    usage = read_usage(response)
    assert usage.quantities == {}
    assert "failed" in str(usage.free)
    assert usage.dialect in {"batch", "gemini"}


def test_no_answers():
    """A batch without any is no 0."""
    with pytest.raises(MissingUsageError, match="no answers"):
        together([])
