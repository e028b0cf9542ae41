"""fal: images that nobody counts but the reader."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, UnrecognizedResponseError
from llmcost.readers import read_usage

IMAGES = {
    "images": [
        {"url": "https://example.com/a.png", "width": 1024, "height": 768, "content_type": "image/png"},
        {"url": "https://example.com/b.png", "width": 1024, "height": 768, "content_type": "image/png"},
    ],
    "timings": {"inference": 2.5},
    "seed": 7,
    "has_nsfw_concepts": [False, False],
    "prompt": "x",
}


def test_images_are_sold_each_or_by_the_pixel():
    """2 images at 0.04, or 2 x 1024 x 768 pixels at 0.00000005."""
    assert CostMap().calculate(IMAGES, model="fal_ai/fal-ai/flux-pro/v1.1").total == Decimal("0.08")
    by_pixel = CostMap({"fal_ai/m": {"output_cost_per_pixel": 5e-08, "litellm_provider": "fal_ai"}})
    assert by_pixel.calculate(IMAGES, model="fal_ai/m").total == Decimal("0.0786432")


def test_images_of_several_sizes_have_none():
    """Then no size is stated, and no pixels are known."""
    mixed = {**IMAGES, "images": [*IMAGES["images"], {"url": "c", "width": 512, "height": 512}]}
    usage = read_usage(mixed)
    assert (usage.size, usage.alternatives[0][0]) == (None, {"output_images": 3})


def test_images_of_another_seller_are_none_of_fals():
    """SiliconFlow's answer has an address, a time and a seed: 1 image at 0.0014, and no word of fal."""
    answer = {"images": [{"url": "https://example.com/a.png"}], "timings": {"inference": 2.5}, "seed": 7}
    assert (read_usage(answer).provider, read_usage(IMAGES).provider) == (None, "fal_ai")
    prices = CostMap({"siliconflow/m": {"output_cost_per_image": 0.0014, "litellm_provider": "siliconflow"}})
    assert prices.calculate(answer, model="siliconflow/m").total == Decimal("0.0014")


def test_what_is_none_of_fals():
    """Images without what fal has beside them, without an address, and a side that is no count."""
    for body in ({"images": IMAGES["images"]}, {"images": [{"width": 1}], "seed": 7}, {"images": [], "seed": 7}):
        with pytest.raises(UnrecognizedResponseError):
            read_usage(body)
    with pytest.raises(InconsistentUsageError):
        read_usage({**IMAGES, "images": [{"url": "a", "width": -1, "height": 3}]})
