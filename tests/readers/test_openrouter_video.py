"""OpenRouter's videos state what was charged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_usage

VIDEO = {
    "id": "v",
    "generation_id": "gen-1",
    "polling_url": "https://example.com/v",
    "status": "completed",
    "model": "google/veo-x",
    "unsigned_urls": ["https://example.com/v/0"],
    "usage": {"cost": 0.5, "is_byok": False},
}


def test_the_charge_is_the_cost():
    """0.5, whether the model is known or not; with an own key the upstream's bill is on top: 0.02 + 0.48."""
    assert CostMap({}).calculate(VIDEO).total == Decimal("0.5")
    own = {"cost": 0.02, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.48}}
    assert read_usage({**VIDEO, "usage": own}).reported == Decimal("0.50")


def test_a_video_that_is_not_done():
    """It states no cost yet; one that failed has none."""
    with pytest.raises(MissingUsageError, match="in_progress"):
        read_usage({**VIDEO, "status": "in_progress", "usage": None})
    failed = CostMap({}).calculate({**VIDEO, "status": "failed", "usage": None})
    assert failed.total == 0
    assert "not billed" in failed.explain()


def test_the_charge_is_for_all_videos():
    """``n`` multiplies neither the charge nor the tokens of a job, which states no seconds of one video."""
    assert CostMap({}).calculate(VIDEO, n=2).total == Decimal("0.5")
