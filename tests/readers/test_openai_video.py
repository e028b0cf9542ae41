"""Videos: the seconds of a finished job, by its size."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind

Video = Kind("openai.types.Video")

VIDEO = {
    "id": "video_123",
    "object": "video",
    "created_at": 1712697600,
    "completed_at": 1712697700,
    "expires_at": None,
    "error": None,
    "model": "sora-2",
    "progress": 100,
    "prompt": "x",
    "remixed_from_video_id": None,
    "seconds": "8",
    "size": "1280x720",
    "status": "completed",
}


def test_seconds_are_text():
    """Eight seconds in a text are eight seconds of video."""
    usage = read_usage(VIDEO)
    assert (usage.duration, usage.model, usage.size, usage.at) == (8, "sora-2", "1280x720", 1712697600)
    cost = CostMap({"sora-2": {"output_cost_per_video_per_second": 0.1}}).calculate(VIDEO)
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("output_video_seconds", 8, Decimal("0.8"))
    ]


@pytest.mark.parametrize(("seconds", "total"), [("12", "1.2"), (12, "1.2"), ("7.5", "0.75"), (7.5, "0.75")])
def test_seconds_in_any_spelling(seconds, total):
    """Numbers and fractions are read too."""
    prices = CostMap({"sora-2": {"output_cost_per_video_per_second": 0.1}})
    assert prices.calculate({**VIDEO, "seconds": seconds}).total == Decimal(total)


def test_the_size_selects_the_rate():
    """A card with prices by resolution is asked for the one of this size."""
    rates = {"output_cost_per_video_per_second_720p": 0.1, "output_cost_per_video_per_second_1080p": 0.5}
    prices = CostMap({"sora-2": rates})
    assert prices.calculate(VIDEO).total == Decimal("0.8")
    assert prices.calculate({**VIDEO, "size": "1920x1080"}).total == Decimal("4.0")


def test_sdk_object():
    """The SDK's object gives what its dict gives."""
    assert read_usage(Video.construct(**VIDEO)) == read_usage(VIDEO)
    assert read_usage(Video.model_validate(VIDEO)) == read_usage(VIDEO)


@pytest.mark.parametrize("status", ["queued", "in_progress", "failed"])
def test_videos_that_are_not_made_raise(status):
    """A job that has not finished says nothing of its cost."""
    with pytest.raises(MissingUsageError, match=status):
        read_usage({**VIDEO, "status": status})


def test_missing_seconds_raise():
    """A video without a length is not free."""
    with pytest.raises(MissingUsageError):
        read_usage({**VIDEO, "seconds": None})


@pytest.mark.parametrize("seconds", ["eight", "8s", "-8", "nan", "1e400", "8_0", -1, True, [8], "9" * 9000])
def test_seconds_that_are_none_raise(seconds):
    """Only a finite number of seconds is a length."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**VIDEO, "seconds": seconds})
