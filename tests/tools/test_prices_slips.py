"""What is not taken over from older maps: slips and placeholders."""

from __future__ import annotations

import pytest

from tools.prices.slips import row_fault, tier_faults

CHAT = {"litellm_provider": "a", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}


@pytest.mark.parametrize(
    ("model_id", "changes", "fault"),
    [
        ("a/ok", {}, None),
        ("a/ok", {"output_cost_per_token": 500e-6}, None),
        ("a/dear-image", {"input_cost_per_image_above_128k_tokens": 0.01}, None),
        ("a/x", {"cache_read_input_token_cost": 0.01}, "above $600"),
        ("a/x", {"output_cost_per_token": 4e-09}, "below $0.01"),
        ("a/x", {"output_cost_per_token": 1e-07}, "below half"),
        ("a/", {}, "without a model name"),
    ],
)
def test_row_faults(model_id, changes, fault):
    """A row with an impossible price is not usable, and says why."""
    found = row_fault(model_id, {**CHAT, **changes})
    assert found is None if fault is None else fault in str(found)


@pytest.mark.parametrize(
    ("model_id", "mode", "usable"),
    [
        ("a/model", "chat", False),
        ("a/expert", "chat", False),
        ("a/model:free", "chat", True),
        ("a/model-exp-0827", "chat", True),
        ("text-moderation", "moderation", True),
    ],
)
def test_zero_prices_need_a_sign_of_being_free(model_id, mode, usable):
    """A retired row of zeros is kept only if its id or mode says so."""
    entry = {"litellm_provider": "a", "mode": mode, "input_cost_per_token": 0.0}
    assert (row_fault(model_id, entry) is None) is usable


def test_tier_faults():
    """A tier that is cheaper than its base, or far dearer, is left out."""
    entry = {
        "input_cost_per_token": 1e-06,
        "input_cost_per_token_above_200k_tokens": 2e-06,
        "input_cost_per_token_above_128k_tokens": 1.33e-05,
        "cache_creation_input_token_cost": 1e-06,
        "cache_creation_input_token_cost_above_1hr": 6e-06,
    }
    assert tier_faults(entry) == [
        "input_cost_per_token_above_128k_tokens",
        "cache_creation_input_token_cost_above_1hr",
    ]
