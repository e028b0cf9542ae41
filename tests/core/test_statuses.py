"""The word for what became of a call, by its cost."""

from __future__ import annotations

import pytest

import llmcost
from llmcost.core.statuses import STATUSES, status_of

USAGE = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
PRICES = llmcost.CostMap(
    {
        "both": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
        "half": {"input_cost_per_token": 1e-6},
        "free": {"free": True},
        "nought": {"input_cost_per_token": 0, "output_cost_per_token": 0},
        "image": {"output_cost_per_image": 0.04},
    }
)


@pytest.mark.parametrize(
    ("status", "model", "given"),
    [
        ("priced", "both", {}),
        # What a map lists at 0 is a price, with a note; a model that is marked free is free.
        ("priced", "nought", {}),
        ("free", "free", {}),
        ("partial", "half", {}),
        ("unpriced", "image", {}),
        ("cached", "both", {"cache_hit": True}),
        # Capacity that was bought before adds nothing.
        ("free", "both", {"served_tier": "scale"}),
    ],
)
def test_by_the_card(status, model, given):
    """1000 tokens in and 100 out, on cards that price both, one, none, or nothing at all."""
    cost = PRICES.calculate(usage=USAGE, model=model, **given)
    assert status_of(cost) == status
    assert status in STATUSES


def test_by_the_response():
    """The provider states the cost, or the response states that nothing is billed."""
    reported = llmcost.Usage(input=1000, output=100, reported=0.5)
    assert status_of(PRICES.calculate(usage=reported, model="unknown")) == "reported"
    free = llmcost.Usage(free="moderation is not billed")
    assert status_of(PRICES.calculate(usage=free, model="both")) == "free"


def test_of_costs_that_were_kept_and_summed():
    """A restored Cost and a sum have no usage of their own; their status is that of what they say."""
    cost = PRICES.calculate(usage=USAGE, model="both")
    assert status_of(llmcost.Cost.from_dict(cost.to_dict())) == "priced"
    assert status_of(cost + PRICES.calculate(usage=USAGE, model="half")) == "partial"
