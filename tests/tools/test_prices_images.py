"""Images of one size: the price of an image, where a list has rounded its part for a pixel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.prices.images import by_image

DATA = Path(__file__).parents[2] / "data" / "model_prices.json"

# The rates of LiteLLM's list, and what https://platform.openai.com/docs/pricing said for one image.
PUBLISHED = {
    "1024-x-1024/dall-e-2": ("1.9e-08", 0.02),
    "512-x-512/dall-e-2": ("6.86e-08", 0.018),
    "256-x-256/dall-e-2": ("2.4414e-07", 0.016),
    "standard/1024-x-1024/dall-e-3": ("3.81469e-08", 0.04),
    "standard/1024-x-1792/dall-e-3": ("4.359e-08", 0.08),
    "hd/1024-x-1024/dall-e-3": ("7.629e-08", 0.08),
    "hd/1792-x-1024/dall-e-3": ("6.539e-08", 0.12),
    "high/1024-x-1024/gpt-image-1": ("1.59263611e-07", 0.167),
    "low/1536-x-1024/gpt-image-1": ("1.0172526e-08", 0.016),
    # 4,160 tokens of 8 USD a million: all digits are the price's own.
    "azure/high/1024-x-1024/gpt-image-1-mini": ("3.173828125e-08", 0.03328),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_price(name):
    """It is the shortest number of which the rate is the rounded part, and no price of a pixel stands beside it."""
    rate, price = PUBLISHED[name]
    row = {"mode": "image_generation", "input_cost_per_pixel": float(rate), "output_cost_per_pixel": 0.0}
    assert by_image(name, row) == {"mode": "image_generation", "input_cost_per_image": price}


def test_a_price_of_an_image_is_kept():
    row = {"input_cost_per_pixel": 1.59263611e-07, "input_cost_per_image": 0.17}
    assert by_image("high/1024-x-1024/m", row) == {"input_cost_per_image": 0.17}
    row = {"output_cost_per_pixel": 1e-08}
    assert by_image("acme/100-x-100/m", row) == {"output_cost_per_image": 0.0001}


@pytest.mark.parametrize("name", ["azure_ai/FLUX.2-flex", "m", "1024-x-1024", "acme/big/m", "2-x-2/3-x-3/m"])
def test_a_row_of_no_one_size_is_left_alone(name):
    row = {"input_cost_per_pixel": 5e-08}
    assert by_image(name, row) is row


def test_a_row_without_a_price_of_a_pixel_is_left_alone():
    row = {"output_cost_per_pixel": 0.0, "output_cost_per_image": 0.06}
    assert by_image("1024-x-1024/m", row) is row


def test_no_row_of_one_size_has_a_price_of_a_pixel():
    """The data have no quotient left that a product would not lead back from."""
    models = json.loads(DATA.read_text("utf-8"))
    assert [name for name, row in models.items() if by_image(name, row) is not row] == []
