"""Bounds: the most that a request may cost, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        "judge": {"input_cost_per_token": 1e-7, "output_cost_per_token": 1e-7, "mode": "moderation"},
        "draw": {"output_cost_per_image": 0.04, "mode": "image_generation"},
        "hears": {
            "input_cost_per_token": 1e-6,
            "input_cost_per_audio_token": 2e-5,
            "input_cost_per_image_token": 3e-6,
            "cache_read_input_token_cost": 5e-7,
            "cache_creation_input_token_cost": 2e-6,
            "output_cost_per_token": 4e-6,
            "output_cost_per_audio_token": 8e-5,
            "max_input_tokens": 1000,
            "max_output_tokens": 100,
        },
        "paints": {
            "input_cost_per_token": 1e-6,
            "output_cost_per_token": 4e-6,
            "output_cost_per_image_token": 3e-5,
            "max_output_tokens": 1000,
            "mode": "image_generation",
        },
        "sizes": {
            "output_cost_per_image_1K": 0.04,
            "output_cost_per_image_4K": 0.24,
            "output_cost_per_image_2K": 0.13,
            "mode": "image_generation",
        },
        "films": {
            "output_cost_per_second_720p": 0.1,
            "output_cost_per_second_1080p": 0.3,
            "mode": "video_generation",
        },
        "old-draw": {"input_cost_per_image": 0.05, "mode": "image_generation"},
        "rank": {"input_cost_per_query": 0.002, "mode": "rerank"},
        "sonar": {
            "input_cost_per_token": 1e-6,
            "output_cost_per_token": 1e-6,
            "max_output_tokens": 10,
            "litellm_provider": "perplexity",
            "search_context_cost_per_query": {"search_context_size_low": 0.005, "search_context_size_high": 0.012},
        },
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
        # A moderation answers without tokens: 100 x 1e-7.
        ("judge", {"input": "Hi"}, "0.00001"),
        ("draw", {"prompt": "a cat", "n": 2}, "0.08"),
        # Sound is dearer than words, and all of the prompt may be sound: 1,000 x 2e-5 + 50 x 4e-6.
        (
            "hears",
            {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}], "max_tokens": 50},
            "0.0202",
        ),
        # Words alone: 100 x 2e-6 + 50 x 4e-6.
        ("hears", {**TEXT, "max_tokens": 50}, "0.0004"),
        # A model that paints does so without being asked to: 100 x 1e-6 + 1,000 x 3e-5.
        ("paints", {"prompt": "a cat"}, "0.0301"),
        # Nothing is said of the size: two of the largest.
        ("sizes", {"prompt": "a cat", "n": 2}, "0.48"),
        # Older rows price what is drawn under an input key.
        ("old-draw", {"prompt": "a cat", "n": 3}, "0.15"),
        # 250 short documents are three units.
        ("rank", {"query": "Hi", "documents": ["a"] * 250}, "0.006"),
        ("rank", {"query": "Hi", "documents": [{"text": "a"}]}, "0.002"),
        # 2 + 498 bytes are at most 500 tokens, which is one unit.
        ("rank", {"query": "Hi", "documents": ["a" * 498]}, "0.002"),
    ],
)
def test_a_bound(model, fields, usd):
    assert bound(model, fields) == Fraction(usd)


def test_facts_of_the_request_count():
    """The tier it asks for: 100 x 2e-6 + 1,000 x 8e-6; the characters it has spoken: 20 x 1e-5."""
    assert bound("tiered", TEXT, given={"service_tier": "priority"}) == Fraction("0.0082")
    assert bound("say", {"input": "x" * 20}, given={"characters": 20}) == Fraction("0.0002")
    assert bound("sizes", {"prompt": "a cat", "n": 2}, given={"size": "1024x1024", "n": 2}) == Fraction("0.08")
    assert bound("films", {"prompt": "a cat"}, given={"duration": 8}) == Fraction("2.4")
    assert bound("films", {"prompt": "a cat"}, given={"duration": 8, "size": "1280x720"}) == Fraction("0.8")


def split(draw, whole, meters):
    """Return a number of tokens in parts, one for each meter."""
    parts = {}
    for meter in meters:
        parts[meter] = draw(st.integers(0, whole))
        whole -= parts[meter]
    return parts


@given(st.data(), st.sampled_from(["plain", "rich", "tiered", "hears"]), st.booleans(), st.integers(1, 100))
def test_no_call_that_the_request_allows_costs_more(data, model, media, most):
    """However its tokens fall into fresh, cached and written ones, sound and pictures, words and thoughts."""
    if model != "hears":
        media = False
    content = [{"type": "input_audio", "input_audio": {}}, {"type": "image_url", "image_url": {}}] if media else "Hi"
    fields = {"messages": [{"role": "user", "content": content}], "max_tokens": most}
    prompt = (
        "input",
        "cache_write",
        "cache_read",
        *(("input_audio", "input_image", "cache_read_audio") if media else ()),
    )
    # A hundred bytes of text; with media, all that the model takes.
    counted = split(data.draw, 1000 if media else 100, prompt) | split(data.draw, most, ("output", "reasoning"))

    cost = MAP.calculate(usage=llmcost.Usage(**counted), model=model)

    assert Fraction(*cost.as_integer_ratio()) <= bound(model, fields)


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
        ("sonar", TEXT, 100, "every call of sonar searches the web for a fee"),
        ("films", {"prompt": "a cat"}, 100, "films is sold by output_seconds, and the request does not say"),
        ("rank", {"query": "Hi", "documents": ["a" * 500]}, 100, "a long document counts as several"),
        ("rank", {"query": "Hi"}, 100, "how many documents are ranked is not known"),
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


def test_a_document_that_may_be_several_is_not_bounded():
    """2 + 499 bytes may be 501 tokens."""
    assert isinstance(bound("rank", {"query": "Hi", "documents": ["a" * 499]}), Unbounded)
