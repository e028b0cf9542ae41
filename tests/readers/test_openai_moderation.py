"""Moderation: free, and said so; other vendors' is not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.readers import openai_moderation, read_usage
from tests.sdks import Kind

ModerationCreateResponse = Kind("openai.types.ModerationCreateResponse")

MODERATION = {
    "id": "modr-0d97",
    "model": "omni-moderation-latest",
    "results": [{"flagged": False, "categories": {}, "category_scores": {}, "category_applied_input_types": {}}],
}


def test_free_with_its_reason():
    """The only line of the cost is the reason why nothing is billed."""
    cost = CostMap({"omni-moderation-latest": {"input_cost_per_token": 0.0}}).calculate(MODERATION)
    (line,) = cost.line_items
    assert (line.meter, line.amount, line.note) == ("free", Decimal(0), "moderation is free of charge")
    assert (cost.total, cost.complete) == (Decimal(0), True)


def test_the_model_need_not_be_known():
    """What costs nothing needs no price."""
    assert CostMap({"other": {"input_cost_per_token": 1e-06}}).calculate(MODERATION).total == 0


def test_sdk_object():
    """The SDK's object gives what its dict gives."""
    built = ModerationCreateResponse.construct(**MODERATION)
    assert read_usage(built) == read_usage(MODERATION)
    assert read_usage(built).model == "omni-moderation-latest"


def test_no_results():
    """An empty list is told by its id."""
    assert read_usage({**MODERATION, "results": []}).free


@pytest.mark.parametrize(
    "response",
    [
        {"id": "mod-1", "model": "mistral-moderation-latest", "results": [{"categories": {}, "category_scores": {}}]},
        {"id": "07734bd2", "results": [{"index": 3, "relevance_score": 0.999}], "object": "rerank"},
        {"id": "x", "results": []},
    ],
    ids=["mistral, which bills", "rerank", "nothing"],
)
def test_other_results_are_not_free(response):
    """Only OpenAI's own shape is free; what others bill for is not taken for it."""
    assert not openai_moderation.recognises(response)
