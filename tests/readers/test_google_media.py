"""Imagen and Veo: what was delivered is counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import google_media, read_usage
from tests.sdks import Kind

EditImageResponse = Kind("google.genai.types.EditImageResponse")
GenerateImagesResponse = Kind("google.genai.types.GenerateImagesResponse")
GenerateVideosOperation = Kind("google.genai.types.GenerateVideosOperation")
GenerateVideosResponse = Kind("google.genai.types.GenerateVideosResponse")

IMAGEN = {"output_cost_per_image": 0.04}
VEO = {"output_cost_per_second": 0.4, "output_cost_per_second_4k": 0.6, "mode": "video_generation"}
IMAGE = {"image": {"imageBytes": "aGk=", "mimeType": "image/png"}}
HELD_BACK = {"raiFilteredReason": "blocked"}
VIDEO = {"video": {"uri": "https://example.com/v.mp4"}}
NAME = "models/veo-3.0-generate-001/operations/abc"


def lines(cost):
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


@pytest.mark.parametrize(
    ("build", "response"),
    [
        (dict, {"generatedImages": [IMAGE, HELD_BACK, IMAGE]}),
        (GenerateImagesResponse.model_validate, {"generatedImages": [IMAGE, HELD_BACK, IMAGE]}),
        (EditImageResponse.model_validate, {"generatedImages": [IMAGE, {"image": {"gcsUri": "gs://b/i.png"}}]}),
        (dict, {"predictions": [HELD_BACK, *[{"bytesBase64Encoded": "aGk=", "mimeType": "image/png"}] * 2]}),
        (dict, {"predictions": [{"gcsUri": "gs://b/i.png", "mimeType": "image/png"}] * 2}),
    ],
)
def test_delivered_images(build, response):
    """An image that a filter held back is not billed."""
    cost = CostMap({"imagen": IMAGEN}).calculate(build(response), model="imagen")
    assert lines(cost) == [("output_images", 2, Decimal("0.08"))]


def test_the_size_is_the_callers():
    """Older cards price pixels; the response does not know the size."""
    prices = CostMap({"imagen": {"output_cost_per_pixel": 1e-07}})
    cost = prices.calculate({"generatedImages": [IMAGE, IMAGE]}, model="imagen", size="100x10")
    assert lines(cost) == [("output_pixels", 2000, Decimal("0.0002"))]


def test_the_response_counts_and_not_the_request():
    """Four were asked for and two delivered."""
    cost = CostMap({"imagen": IMAGEN}).calculate({"generatedImages": [IMAGE, HELD_BACK, IMAGE]}, model="imagen", n=4)
    assert lines(cost) == [("output_images", 2, Decimal("0.08"))]


@pytest.mark.parametrize(
    "response", [{"generatedImages": [HELD_BACK]}, {"generatedImages": []}, {"predictions": [HELD_BACK]}]
)
def test_no_image_is_free(response):
    """The reason is the only line."""
    cost = CostMap({"imagen": IMAGEN}).calculate(response, model="imagen")
    assert [(line.meter, line.amount) for line in cost.line_items] == [("free", Decimal(0))]
    assert "no image was delivered" in cost.explain()


def operation(response, **fields):
    return {"name": NAME, "done": True, "response": response, **fields}


def as_object(raw):
    return GenerateVideosOperation.load().from_api_response(raw)


TWO = {"generateVideoResponse": {"generatedSamples": [VIDEO, VIDEO]}}


@pytest.mark.parametrize(
    ("build", "response"),
    [
        (dict, TWO),
        (as_object, TWO),
        (dict, {"generatedVideos": [VIDEO, VIDEO]}),
        (dict, {"videos": [{"gcsUri": "gs://b/1.mp4"}, {"bytesBase64Encoded": "aGk="}], "raiMediaFilteredCount": 1}),
    ],
)
def test_videos_times_their_length(build, response):
    """The caller states the length of one; the operation's name states the model."""
    response = build(operation(response))
    prices = CostMap({"veo-3.0-generate-001": VEO})
    assert lines(prices.calculate(response, duration=8)) == [("output_seconds", 16, Decimal("6.4"))]
    assert lines(prices.calculate(response, duration=8, n=4)) == [("output_seconds", 16, Decimal("6.4"))]
    assert lines(prices.calculate(response, duration=8, resolution="4k")) == [("output_seconds", 16, Decimal("9.6"))]


def test_a_fraction_stays_exact():
    """3 x 0.1 s is 0.3 s, which floats do not say."""
    raw = operation({"generatedVideos": [VIDEO] * 3})
    assert CostMap({"v": VEO}).calculate(raw, model="v", duration=0.1).total == Decimal("0.12")


def test_a_video_without_its_length_is_unpriced():
    """The response does not state it; that is marked and never 0."""
    cost = CostMap({"v": VEO}).calculate(operation(TWO), model="v")
    assert cost.unpriced == ("output_seconds",)
    assert any("pass duration=" in note for note in cost.notes)


def test_the_response_without_the_operation():
    """What the operation holds is enough."""
    raw = {"generatedVideos": [VIDEO]}
    for build in (dict, GenerateVideosResponse.model_validate):
        usage = read_usage(build(raw))
        assert (usage.media, usage.model, usage.notes) == (1, None, ())


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (NAME, ("veo-3.0-generate-001", None, "gemini")),
        (
            "projects/p/locations/us-central1/publishers/google/models/veo-3.0-generate-001/operations/1",
            ("veo-3.0-generate-001", "us-central1", "vertex_ai"),
        ),
        ("operations/x", (None, None, None)),
    ],
)
def test_what_the_name_of_an_operation_tells(name, facts):
    """The path holds the model, the region and the cloud."""
    usage = read_usage(operation(TWO, name=name))
    assert (usage.model, usage.region, usage.provider) == facts


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (operation({"generateVideoResponse": {"raiMediaFilteredCount": 1}}), "no video was delivered"),
        (operation({"raiMediaFilteredCount": 2}), "no video was delivered"),
        (operation(None, error={"code": 13, "message": "broken"}), "failed is not billed: broken"),
    ],
)
def test_no_video_is_free(raw, reason):
    """A video that is held back, and a generation that failed, are not billed."""
    cost = CostMap({"veo-3.0-generate-001": VEO}).calculate(raw, duration=8)
    assert cost.total == 0
    assert reason in cost.explain()


@pytest.mark.parametrize("raw", [{"name": NAME}, {"name": NAME, "done": False, "metadata": {}}])
def test_an_operation_that_is_not_done(raw):
    """There is nothing to bill yet, and it is not 0."""
    for found in (raw, as_object(raw)):
        with pytest.raises(MissingUsageError, match="not done"):
            read_usage(found)


@pytest.mark.parametrize(
    "other",
    [
        {"created": 1, "data": [{"b64_json": "aGk="}]},
        {"predictions": [{"embeddings": {"values": []}}]},
        {"predictions": [{"content": "Hi"}]},
        {"name": "operations/x", "done": True, "response": {"documents": []}},
        {"name": "batches/1", "response": {"generatedVideos": []}},
    ],
)
def test_what_is_no_media(other):
    """Other vendors' images, other predictions and other operations are not taken."""
    assert not google_media.READER.recognises(other)


def test_clips_of_music():
    """Two clips at 0.06, which the map states as the price of an image."""
    response = {"predictions": [{"audioContent": "UklGRg==", "mimeType": "audio/wav"}] * 2}
    cost = CostMap({"vertex_ai/lyria-002": {"output_cost_per_image": 0.06, "mode": "audio_speech"}}).calculate(
        response, model="vertex_ai/lyria-002"
    )
    assert lines(cost) == [("output_images", 2, Decimal("0.12"))]
