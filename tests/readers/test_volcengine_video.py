"""Videos of Volcengine: seconds or tokens."""

from __future__ import annotations

import pytest

from llmcost import CostMap, MissingUsageError, read_usage

from .billing import bill, lines

TASK = {
    "id": "cgt-1",
    "model": "doubao-seedance-1-0-pro-250528",
    "status": "succeeded",
    "content": {"video_url": "https://example.com/v.mp4"},
    "usage": {"completion_tokens": 108900, "total_tokens": 108900},
    "created_at": 1790000000,
    "updated_at": 1790000100,
    "seed": 10,
    "resolution": "480p",
    "ratio": "16:9",
    "duration": 5,
    "framespersecond": 24,
    "service_tier": "default",
}


def test_by_the_second_or_by_the_token():
    """5 x 0.066 at 480p, or 108,900 x 2e-6."""
    seconds = {"mode": "video_generation", "output_cost_per_second": 0.14, "output_cost_per_second_480p": 0.066}
    assert bill(seconds, TASK) == lines(("output_seconds", 5, "0.33"))
    assert bill({"output_cost_per_token": 2e-06}, TASK) == lines(("output", 108900, "0.2178"))
    assert not read_usage(TASK).unread


def test_a_task_that_is_not_done():
    """It has no tokens yet; one that failed is not billed."""
    running = {**TASK, "status": "running", "content": None, "usage": {"completion_tokens": 0}}
    with pytest.raises(MissingUsageError, match="running"):
        read_usage(running)
    assert read_usage({**running, "status": "failed"}).free


def test_the_tokens_are_those_of_all_videos():
    """108,900 x 2e-6, however many were asked for."""
    prices = CostMap({"m": {"output_cost_per_token": 2e-6, "mode": "video_generation"}})
    assert str(prices.calculate(TASK, model="m", n=2)) == "0.2178"
