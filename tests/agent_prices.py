"""Prices of the models in what coding agents write: round numbers, so that a sum can be worked out in the head."""

from __future__ import annotations


def row(provider, times=1, **more):
    """USD a million tokens: 1, 0.1 for what is read from the cache, 1.25 for what is written, and 4; ``times`` that."""
    return {
        "input_cost_per_token": times * 1e-06,
        "output_cost_per_token": times * 4e-06,
        "cache_read_input_token_cost": times * 1e-07,
        "cache_creation_input_token_cost": times * 1.25e-06,
        "litellm_provider": provider,
        **more,
    }
