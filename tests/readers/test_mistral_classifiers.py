"""Moderation of Mistral."""

from __future__ import annotations

import pytest

from llmcost import InconsistentUsageError, read_usage

from .billing import bill, lines

MODERATION = {
    "id": "x",
    "model": "mistral-moderation-2603",
    "results": [{"categories": {"health": False}, "category_scores": {"health": 0.0004}}],
    "usage": {
        "prompt_tokens": 133,
        "completion_tokens": 0,
        "total_tokens": 133,
        "prompt_audio_seconds": None,
        "prompt_token_details": None,
    },
}


@pytest.mark.parametrize("response", [MODERATION])
def test_what_is_read_is_billed(response):
    """133 x 1e-7."""
    assert bill({"mode": "moderation", "input_cost_per_token": 1e-07}, response) == lines(("input", 133, "0.0000133"))
    assert read_usage(response).model == response["model"]


def test_a_wrong_count():
    """It is an error."""
    with pytest.raises(InconsistentUsageError):
        read_usage({**MODERATION, "usage": {"prompt_tokens": "many"}})
