"""Vertex AI's multimodal embeddings."""

from __future__ import annotations

from decimal import Decimal

from llmcost import CostMap

NAME = "multimodalembedding@001"
RATES = {"input_cost_per_image": 0.0001, "input_cost_per_video_per_second": 0.0005, "input_cost_per_token": 8e-07}
MAP = CostMap({NAME: RATES})
IMAGE = {"predictions": [{"imageEmbedding": [0.1, 0.2]}], "deployedModelId": "1"}


def video(*offsets):
    parts = [{"startOffsetSec": start, "endOffsetSec": end, "embedding": [0.1]} for start, end in offsets]
    return {"predictions": [{"videoEmbeddings": parts}]}


def test_an_image_is_a_unit():
    """0.0001."""
    cost = MAP.calculate(IMAGE, model=NAME)
    assert (cost.total, cost.complete, cost.usage.provider) == (Decimal("0.0001"), True, "vertex_ai")


def test_the_seconds_of_a_video_are_those_of_its_intervals():
    """16 + 16 + 8 seconds x 0.0005; the last interval is what was left."""
    cost = MAP.calculate(video((0, 16), (16, 32), (32, 40)), model=NAME)
    assert (cost.total, cost.complete) == (Decimal("0.02"), True)


def test_short_intervals_have_another_price():
    """The map has one price of a second: 10 x 0.0005 is a lower bound."""
    cost = MAP.calculate(video((0, 5), (5, 10)), model=NAME)
    assert (cost.total, cost.lower_bound) == (Decimal("0.005"), True)


def test_a_text_is_not_counted():
    """The image is 0.0001, and the text beside it is named."""
    both = {"predictions": [{"imageEmbedding": [0.1], "textEmbedding": [0.1]}]}
    cost = MAP.calculate(both, model=NAME)
    assert (cost.total, cost.lower_bound) == (Decimal("0.0001"), True)
    assert cost.usage.unread == {"predictions.textEmbedding": 1}


def test_a_video_of_which_only_the_length_is_known():
    """32 x 0.0005: without an interval of its own it is cut every 16 seconds, whatever its length is."""
    cost = CostMap.bundled().calculate(duration=32, model=NAME, at="2026-11-26")
    assert [(line.meter, line.amount) for line in cost.line_items] == [("input_video_seconds", Decimal("0.016"))]
