"""Replicate: seconds, tokens, images or video, as the row sells them."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

PER_SECOND = {"input_cost_per_second": 0.000225}
PER_TOKEN = {"input_cost_per_token": 6.5e-07, "output_cost_per_token": 2.75e-06}


def body(status="succeeded", **metrics):
    return {
        "id": "gm3",
        "model": "stability-ai/sdxl",
        "version": "5c7d",
        "input": {},
        "output": [],
        "error": None,
        "status": status,
        "created_at": "2023-09-08T16:19:34.765994Z",
        "urls": {},
        "metrics": metrics,
    }


def test_the_time_that_it_ran():
    """4.484541 x 0.000225; the time in the queue is free."""
    response = body(predict_time=4.484541, total_time=93.2)
    assert bill(PER_SECOND, response) == lines(("input_seconds", 4.484541, "0.001009021725"))
    assert (read_usage(response).model, read_usage(response).at) == ("stability-ai/sdxl", "2023-09-08T16:19:34.765994Z")


@pytest.mark.parametrize(
    "names", [("input_token_count", "output_token_count"), ("token_input_count", "token_output_count")]
)
def test_tokens_and_time(names):
    """By the token 24 x 6.5e-07 + 312 x 2.75e-06, by the second 3.2 x 0.000225: the row decides."""
    response = body(**dict(zip(names, (24, 312), strict=True)), predict_time=3.2)
    assert bill(PER_TOKEN, response) == lines(("input", 24, "0.0000156"), ("output", 312, "0.000858"))
    assert bill(PER_SECOND, response) == lines(("input_seconds", 3.2, "0.00072"))


def test_images():
    """Two images by the image or by the second."""
    response = body(predict_time=3.4, image_count=2, image_output_count=2)
    assert bill({"output_cost_per_image": 0.04}, response) == lines(("output_images", 2, "0.08"))
    assert bill(PER_SECOND, response) == lines(("input_seconds", 3.4, "0.000765"))


def test_video_and_characters():
    """Seconds of video by their own price, characters of speech by theirs."""
    video = body(predict_time=60, video_output_duration_seconds=5.0)
    assert bill({"output_cost_per_video_per_second": 0.1}, video) == lines(("output_video_seconds", 5, "0.5"))
    speech = body(predict_time=2, character_input_count=1000)
    assert bill({"input_cost_per_character": 1e-05}, speech) == lines(("input_characters", 1000, "0.01"))


def test_a_failure_that_ran():
    """The seconds until it failed are billed."""
    assert read_usage(body("failed", predict_time=1.5)).duration == 1.5


@pytest.mark.parametrize("status", ["starting", "processing"])
def test_still_running(status):
    """It is not over, and not free."""
    with pytest.raises(MissingUsageError, match=status):
        read_usage(body(status))


@pytest.mark.parametrize("status", ["succeeded", "failed", "canceled"])
def test_no_metrics(status):
    """An end without metrics says nothing."""
    with pytest.raises(MissingUsageError, match="without metrics"):
        read_usage(body(status))


def test_no_time():
    """A stated 0 is 0; a negative time is none."""
    assert read_usage(body(predict_time=0)).quantities == {}
    with pytest.raises(InconsistentUsageError):
        read_usage(body(predict_time=-1))


def test_other_jobs():
    """Others have a status too."""
    assert read_usage({"object": "video", "status": "completed", "model": "sora-2", "seconds": "4"}).model == "sora-2"
