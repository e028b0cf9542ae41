"""Bounds: the most that a request may cost, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import llmcost
from llmcost.tracking.bounds import Asking, Unbounded, bound_of
from llmcost.tracking.pricing import Facts

MAP = llmcost.CostMap(
    {
        # USD per token: 1e-6 in, 4e-6 out.
        "plain": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6, "max_output_tokens": 1000},
        "unlimited": {"input_cost_per_token": 1e-6, "output_cost_per_token": 4e-6},
        "rich": {
            "input_cost_per_token": 1e-6,
            "cache_creation_input_token_cost": 1.25e-6,
            "cache_creation_input_token_cost_above_1hr": 2e-6,
            "output_cost_per_token": 4e-6,
            "output_cost_per_reasoning_token": 5e-6,
            "output_cost_per_audio_token": 8e-6,
            "max_input_tokens": 10_000,
            "max_output_tokens": 1000,
        },
        "tiered": {
            "input_cost_per_token": 1e-6,
            "input_cost_per_token_priority": 2e-6,
            "output_cost_per_token": 4e-6,
            "output_cost_per_token_priority": 8e-6,
            "max_output_tokens": 1000,
        },
        "embed": {"input_cost_per_token": 1e-7, "mode": "embedding"},
        "draw": {"output_cost_per_image": 0.04, "mode": "image_generation"},
        "say": {"input_cost_per_character": 1e-5, "mode": "audio_speech"},
        "by-time": {"input_cost_per_second": 0.1, "mode": "chat", "max_output_tokens": 10},
    }
)
TEXT = {"messages": [{"role": "user", "content": "Hi"}]}


def bound(model, fields, size=100, given=None):
    return bound_of(MAP, Facts(model, given=given or {}), Asking(fields, size))


@pytest.mark.parametrize(
    ("model", "fields", "usd"),
    [
        # 100 bytes are at most 100 tokens: 100 x 1e-6 + 1,000 x 4e-6.
        ("plain", TEXT, "0.0041"),
        # The request's own limit: 100e-6 + 50 x 4e-6.
        ("plain", {**TEXT, "max_tokens": 50}, "0.0003"),
        ("plain", {**TEXT, "max_completion_tokens": 50}, "0.0003"),
        ("plain", {**TEXT, "max_output_tokens": 50}, "0.0003"),
        ("plain", {**TEXT, "generationConfig": {"maxOutputTokens": 50}}, "0.0003"),
        ("plain", {**TEXT, "inferenceConfig": {"maxTokens": 50}}, "0.0003"),
        # Three answers: 100e-6 + 3 x 50 x 4e-6.
        ("plain", {**TEXT, "max_tokens": 50, "n": 3}, "0.0007"),
        ("unlimited", {**TEXT, "max_tokens": 50}, "0.0003"),
        # All of the prompt may be written to the cache, and all of the answer be thoughts: 100 x 1.25e-6 + 50 x 5e-6.
        ("rich", {**TEXT, "max_tokens": 50}, "0.000375"),
        # A cache of an hour: 100 x 2e-6 + 50 x 5e-6.
        ("rich", {**TEXT, "max_tokens": 50, "cache_control": {"type": "ephemeral", "ttl": "1h"}}, "0.00045"),
        # An answer in sound: 100 x 1.25e-6 + 50 x 8e-6.
        ("rich", {**TEXT, "max_tokens": 50, "modalities": ["text", "audio"]}, "0.000525"),
        # A picture is no text, and the model takes 10,000 tokens: 10,000 x 1.25e-6 + 50 x 5e-6.
        (
            "rich",
            {
                "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
                "max_tokens": 50,
            },
            "0.01275",
        ),
        ("rich", {**TEXT, "max_tokens": 50, "previous_response_id": "resp_1"}, "0.01275"),
        # A function of the caller is text.
        ("plain", {**TEXT, "max_tokens": 50, "tools": [{"type": "function", "function": {"name": "image"}}]}, "0.0003"),
        ("embed", {"input": "Hi"}, "0.00001"),
        ("draw", {"prompt": "a cat", "n": 2}, "0.08"),
    ],
)
def test_a_bound(model, fields, usd):
    assert bound(model, fields) == Fraction(usd)


def test_facts_of_the_request_count():
    """The tier it asks for: 100 x 2e-6 + 1,000 x 8e-6; the characters it has spoken: 20 x 1e-5."""
    assert bound("tiered", TEXT, given={"service_tier": "priority"}) == Fraction("0.0082")
    assert bound("say", {"input": "x" * 20}, given={"characters": 20}) == Fraction("0.0002")


@pytest.mark.parametrize(
    ("model", "fields", "size", "why"),
    [
        (None, TEXT, 100, "the request names no model"),
        ("no-such", TEXT, 100, "no price is known for the model 'no-such'"),
        ("unlimited", TEXT, 100, "neither the request nor the map limits the tokens of the answer"),
        (
            "plain",
            {**TEXT, "tools": [{"type": "web_search"}]},
            100,
            "the provider runs web_search as often as the model asks",
        ),
        ("plain", {**TEXT, "tools": [{"google_search": {}}]}, 100, "the provider runs google_search as often"),
        ("plain", {**TEXT, "web_search_options": {}}, 100, "the provider runs web_search as often"),
        (
            "plain",
            {"contents": [{"parts": [{"inlineData": {"data": "AA"}}]}]},
            100,
            "inlineData is not counted by its bytes",
        ),
        ("plain", TEXT, None, "the text of the call is not counted by its bytes"),
        ("by-time", TEXT, 100, "by-time"),
    ],
)
def test_what_nothing_bounds(model, fields, size, why):
    """The reason names the part of the request."""
    found = bound(model, fields, size)
    assert isinstance(found, Unbounded)
    assert why in found.reason


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "function", "name": "search"},
        {"type": "custom", "name": "search"},
        {"name": "search", "input_schema": {}},
        {"type": "bash_20250124", "name": "bash"},
        {"functionDeclarations": [{"name": "search"}]},
        {"toolSpec": {"name": "search"}},
    ],
)
def test_tools_that_the_caller_runs_cost_nothing_of_their_own(tool):
    assert bound("plain", {**TEXT, "tools": [tool]}) == Fraction("0.0041")
