"""Names of counters as sets of words."""

from __future__ import annotations

import pytest

from llmcost.core.meters import METERS
from llmcost.readers.counter_names import _IGNORED, _METERS, _READ, _REASONS, FIVE_MINUTES, INPUT, OUTPUT, TOTAL, meant


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("input_tokens", INPUT),
        ("promptTokens", INPUT),
        ("prompt", INPUT),
        ("completion", OUTPUT),
        ("totalTokens", TOTAL),
        ("cachedInputTokens", "cache_read"),
        ("prompt_details.cache_write", "cache_write"),
        ("input_tokens_details.cache_creation.ephemeral_5m_input_tokens", FIVE_MINUTES),
        ("completion_details.reasoning", "reasoning"),
        ("prompt_details.audio", "input_audio"),
        ("completion_tokens_details.video_tokens", "output_video"),
        ("cache_read.audio.input_tokens", "cache_read_audio"),
        ("server_tool_use.web_search_requests", "web_searches"),
        ("grounding_queries", "web_searches"),
        # Other words for the same.
        ("candidatesTokenCount", OUTPUT),
        ("tokens_in", INPUT),
        ("tokens_out", OUTPUT),
        ("cached_tokens", "cache_read"),
        ("cache_reads", "cache_read"),
        ("cache_creation_input_tokens", "cache_write"),
        ("cache_written_tokens", "cache_write"),
        ("cache_writes", "cache_write"),
        ("cache_creation_1hr", "cache_write_1h"),
        ("cacheWrite1h", "cache_write_1h"),
        ("ephemeral5mInputTokens", FIVE_MINUTES),
        ("claude_cache_creation_1_h_tokens", "cache_write_1h"),
        ("claude_cache_creation_5_m_tokens", FIVE_MINUTES),
        ("prompt_tokens_details.cached_write_token_details.cached_write_tokens_1h", "cache_write_1h"),
        ("caching_tokens", "cache_write"),
        ("thinking_tokens", "reasoning"),
        ("thoughtTokens", "reasoning"),
        ("thoughts_token_count", "reasoning"),
    ],
)
def test_what_a_name_counts(name, counted):
    """Dots, underscores and capitals part the words, and their order says nothing."""
    assert meant(name) == (counted, None)


@pytest.mark.parametrize(
    "name",
    [
        "zzz_tokens",
        "cache_write_24h_tokens",
        "cacheDetails.inputTokens",
        "audio_tokens",
        "cache_discount",
        "details.audio_tokens",
        "",
        "input.x",
    ],
)
def test_names_that_nobody_knows(name):
    """A side that is not stated is not guessed."""
    assert meant(name) == (None, None)


def test_the_table_is_free_of_doubts():
    """Every row is a meter or a whole, every set of words stands once, and every reason is in words."""
    assert set(_READ) - {INPUT, OUTPUT, TOTAL, FIVE_MINUTES} <= set(METERS)
    assert len(_METERS) == sum(len(sets.split("|")) for sets in _READ.values())
    assert len(_REASONS) == sum(len(sets.split("|")) for sets in _IGNORED.values())
    assert _METERS.keys().isdisjoint(_REASONS)
    assert all(len(why.split()) > 1 for why in _IGNORED)
