"""DeepInfra's own API states what it bills."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

STATUS = {"status": "succeeded", "runtime_ms": 1200, "cost": 0.0005, "tokens_generated": 100, "tokens_input": 1000}
TEXT = {
    "results": [{"generated_text": "x"}],
    "num_tokens": 100,
    "num_input_tokens": 1000,
    "request_id": "r",
    "inference_status": STATUS,
}
IMAGE = {
    "images": ["data:"],
    "nsfw_content_detected": [False],
    "seed": 1,
    "request_id": "r",
    "inference_status": {
        "status": "succeeded",
        "runtime_ms": 900,
        "cost": 0.0005,
        "tokens_generated": 0,
        "tokens_input": 0,
    },
}
SPEECH = {"text": "x", "input_length_ms": 60000, "request_id": "r", "inference_status": IMAGE["inference_status"]}


@pytest.mark.parametrize("response", [TEXT, IMAGE, SPEECH], ids=["text", "image", "speech"])
def test_what_is_billed(response):
    """0.0005, whatever the model makes and whether anybody knows its price."""
    cost = CostMap({}).calculate(response, model="a/b")
    assert (cost.total, cost.reported, cost.complete, cost.usage.provider) == (
        Decimal("0.0005"),
        Decimal("0.0005"),
        True,
        "deepinfra",
    )


def test_tokens_by_a_price_of_ones_own():
    """1000 x 1e-06 + 100 x 2e-06."""
    row = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
    assert bill(row, TEXT) == lines(("input", 1000, "0.001"), ("output", 100, "0.0002"))


def test_a_status_that_states_nothing():
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError, match="DeepInfra"):
        read_usage({"results": [], "inference_status": {"status": "queued", "runtime_ms": 0}})
