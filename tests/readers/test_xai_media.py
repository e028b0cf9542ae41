"""xAI's images and videos: what was charged, with what was made beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_usage

from .billing import bill, lines

IMAGES = {"data": [{"url": "a"}, {"url": "b"}], "usage": {"cost_in_usd_ticks": 400000000}}
VIDEO = {
    "status": "done",
    "model": "grok-imagine-video",
    "video": {"url": "https://x", "duration": 6},
    "usage": {"cost_in_usd_ticks": "3000000000"},
}


def test_images():
    """400,000,000 ticks are 0.04; by a card they are 2 x 0.02."""
    usage = read_usage(IMAGES)
    assert (usage.reported, usage.provider) == (Decimal("0.04"), "xai")
    assert bill({"input_cost_per_image": 0.02}, IMAGES) == lines(("input_images", 2, "0.04"))


def test_a_video():
    """The charge as text; by a card its six seconds at 0.05."""
    assert (read_usage(VIDEO).reported, read_usage(VIDEO).model) == (Decimal("0.3"), "grok-imagine-video")
    assert bill({"output_cost_per_second": 0.05, "mode": "video_generation"}, VIDEO) == lines(
        ("output_seconds", 6, "0.3")
    )


def test_a_charge_of_what_nobody_knows():
    """The provider's own word counts, and nothing is calculated."""
    cost = CostMap({}).calculate({"status": "done", "usage": {"cost_in_usd_ticks": 10**8}}, model="anything")
    assert (cost.total, cost.calculated) == (Decimal("0.01"), None)
    with pytest.raises(MissingUsageError):
        read_usage({"status": "done", "usage": {"cost_in_usd_ticks": "dear"}})
