"""Images of Bedrock are counted."""

from __future__ import annotations

import pytest

from llmcost import MissingUsageError, UnrecognizedResponseError, read_usage

from .billing import bill, lines

TITAN = {"images": ["iVBO", "iVBP"], "error": None}
STABILITY = {"images": ["iVBO"], "seeds": [7], "finish_reasons": [None]}
RATES = {"output_cost_per_image": 0.04, "mode": "image_generation"}


@pytest.mark.parametrize(("response", "images", "total"), [(TITAN, 2, "0.08"), (STABILITY, 1, "0.04")])
def test_images(response, images, total):
    """0.04 each."""
    assert bill(RATES, response) == lines(("output_images", images, total))
    assert read_usage(response).provider == "bedrock"


def test_no_image():
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError, match="holds no image"):
        read_usage({"images": [], "error": "content filters"})


def test_images_of_others():
    """Images without what Bedrock states beside them are of another API, and so are those that are no text."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"images": ["x"], "seed": 1})
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"images": [{"url": "x"}], "error": None})
