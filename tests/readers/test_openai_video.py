"""Videos: the seconds of a finished job, by its size."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from tests.litellm_objects import made
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


@pytest.mark.parametrize(("size", "total"), [("1280x720", "3.6"), ("1792x1024", "6"), ("1024x1792", "6")])
@pytest.mark.parametrize("model", ["sora-2-pro", "azure/sora-2-pro"])
def test_sora_pro_is_dearer_in_more_lines(model, size, total):
    """12 x 0.30, and 12 x 0.50: https://developers.openai.com/api/docs/pricing."""
    video = {**VIDEO, "model": "sora-2-pro", "seconds": "12", "size": size, "created_at": None}
    cost = CostMap.bundled().calculate(video, model=model)
    assert (str(cost.total), [note.code for note in cost.notes]) == (total, [])


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


USED = {"id": "v", "object": "video", "status": "completed", "model": "m", "usage": {"duration_seconds": 5.0}}
BY_SECOND = CostMap({"m": {"output_cost_per_video_per_second": 0.1, "output_cost_per_video_per_second_768p": 0.2}})


@pytest.mark.parametrize(
    ("more", "total"),
    [
        ({}, "0.5"),
        ({"video_count": 2}, "1.0"),
        ({"video_resolution": " 768P "}, "1.0"),
        ({"video_resolution": "4k"}, "0.5"),
        ({"provider_reported_cost_usd": 0.7}, "0.7"),
    ],
)
def test_the_usage_that_litellm_states(more, total):
    """5 s x 0.1; of two videos; at 768p x 0.2; of a resolution without a price at the base rate; as the seller says."""
    body = {**USED, "usage": {**USED["usage"], **more}}
    assert BY_SECOND.calculate(body).total == Decimal(total)
    assert BY_SECOND.calculate(made("VideoObject", **body)).total == Decimal(total)


def test_images_of_the_request_that_are_billed():
    """5 s x 0.1 + 2 x 0.01."""
    body = {**USED, "usage": {"duration_seconds": 5.0, "billable_input_image_count": 2}}
    prices = CostMap({"m": {"output_cost_per_video_per_second": 0.1, "input_cost_per_image": 0.01}})
    assert prices.calculate(body).total == Decimal("0.52")


def test_a_job_that_states_its_seconds_is_priced_before_it_is_done():
    """And says so; one that failed is not."""
    cost = BY_SECOND.calculate({**USED, "status": "queued"})
    assert cost.total == Decimal("0.5")
    assert [note.code for note in cost.notes if note.about == "status"] == ["job_not_done"]
    with pytest.raises(MissingUsageError, match="failed"):
        read_usage({**USED, "status": "failed"})


def test_several_videos_that_were_asked_for_are_each_as_long():
    """2 x 4 s x 0.05: they are no input images."""
    prices = CostMap({"m": {"output_cost_per_video_per_second": 0.05, "input_cost_per_image": 0.002}})
    cost = prices.calculate({**VIDEO, "seconds": "4"}, model="m", n=2)
    assert [(line.meter, line.quantity) for line in cost.line_items] == [("output_video_seconds", 8)]
    assert cost.total == Decimal("0.4")


def test_what_together_charged():
    """It stands among the outputs; seconds may be left out then."""
    job = {"object": "video", "status": "completed", "model": "m", "outputs": {"cost": 0.28, "video_url": "u"}}
    for video, seconds in ((job, None), ({**job, "seconds": "5"}, 5)):
        usage = read_usage(video)
        assert (usage.reported, usage.duration) == (Decimal("0.28"), seconds)
    unread = read_usage({**job, "seconds": "5", "outputs": {"cost": "free"}})
    assert (unread.reported, [note.code for note in unread.notes]) == (None, ["cost_not_read"])
    with pytest.raises(MissingUsageError):
        read_usage({**job, "outputs": None})
