"""OpenRouter's videos state what was charged."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, UnrecognizedResponseError, read_usage

VIDEO = {
    "id": "v",
    "generation_id": "gen-1",
    "polling_url": "https://openrouter.ai/api/v1/videos/v",
    "status": "completed",
    "model": "google/veo-x",
    "unsigned_urls": ["https://openrouter.ai/api/v1/videos/v/content?index=0"],
    "usage": {"cost": 0.5, "is_byok": False},
}


def test_the_charge_is_the_cost():
    """0.5, whether the model is known or not; with an own key the upstream's bill is on top: 0.02 + 0.48."""
    assert CostMap({}).calculate(VIDEO).total == Decimal("0.5")
    own = {"cost": 0.02, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.48}}
    usage = read_usage({**VIDEO, "usage": own})
    assert (usage.reported, usage.unread) == (Decimal("0.50"), {})


def test_a_video_that_is_not_done():
    """It states no cost yet; one that failed has none."""
    with pytest.raises(MissingUsageError, match="in_progress"):
        read_usage({**VIDEO, "status": "in_progress", "usage": None})
    for status in ("failed", "cancelled", "expired"):
        cost = CostMap({}).calculate({**VIDEO, "status": status, "usage": None})
        assert cost.total == 0
        assert f"a video that is {status} is not billed" in cost.explain()


def test_the_charge_is_for_all_videos():
    """``n`` multiplies neither the charge nor the tokens of a job, which states no seconds of one video."""
    assert CostMap({}).calculate(VIDEO, n=2).total == Decimal("0.5")


def test_the_sdk_for_typescript():
    """The same names in camel case, and an address without a host: 0.02 + 0.48."""
    usage = {"cost": 0.02, "isByok": True, "costDetails": {"upstreamInferenceCost": 0.48}}
    job = {"id": "v", "pollingUrl": "/api/v1/videos/v", "status": "completed", "usage": usage}
    assert read_usage(job).reported == Decimal("0.50")


@pytest.mark.parametrize("status", ["Ready", "failed"])
def test_jobs_of_others(status):
    """An address to ask again is not OpenRouter's alone: nothing is priced, and nothing is free."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"id": "j", "polling_url": "https://api.example.com/v1/get_result?id=j", "status": status})
