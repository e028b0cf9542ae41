"""Key words: the hint names the price that was meant, and never its opposite or another unit."""

from __future__ import annotations

import pytest

import llmcost
from llmcost.prices.key_words import meant_by
from llmcost.prices.keys import is_price, nearest


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("prompt_cost_per_token", "input_cost_per_token"),
        ("completion_cost_per_token", "output_cost_per_token"),
        ("prompt_cost", "input_cost_per_token"),
        ("input_token_cost", "input_cost_per_token"),
        ("output_price_per_1m_tokens", "output_cost_per_million_tokens"),
        ("input-cost-per-mtok", "input_cost_per_million_tokens"),
        ("cached_input_cost_per_token", "cache_read_input_token_cost"),
        ("cache_read_price_per_million_tokens", "cache_read_input_cost_per_million_tokens"),
        ("cache_write_cost_per_token", "cache_creation_input_token_cost"),
        ("cache_creation_cost_per_mtok", "cache_creation_input_cost_per_million_tokens"),
        ("reasoning_cost_per_token", "output_cost_per_reasoning_token"),
        ("thinking_cost_per_mtok", "output_cost_per_million_reasoning_tokens"),
        ("batch_input_cost_per_token", "input_cost_per_token_batches"),
        ("INPUT_COST_FLEX", "input_cost_per_token_flex"),
    ],
)
def test_the_words_of_a_key(key, meant):
    """Each is a price key, and the nearest one to what was written."""
    assert (meant_by(key), nearest(key)) == (meant, meant)
    assert is_price(meant)


@pytest.mark.parametrize("key", ["input_cost_per_minute", "cost_per_token", "input_cost_per_tokne", "batch_cost", ""])
def test_what_the_words_do_not_say(key):
    """An unknown word, or none of a meter: the letters of the key decide, if anything does."""
    assert meant_by(key) is None


def test_the_error_says_it():
    """Where a price is set: by a call, and in a configuration."""
    with pytest.raises(llmcost.UnknownPriceKeyError, match=r"Did you mean 'input_cost_per_token'\?"):
        llmcost.CostMap({}).register({"m": {"prompt_cost_per_token": 1e-06}})
    info = {"input_cost_per_1m_tokens": 1}
    listed = [{"model_name": "m", "litellm_params": {"model": "openai/m"}, "model_info": info}]
    with pytest.raises(llmcost.ConfigError, match=r"Did you mean 'input_cost_per_million_tokens'\?"):
        llmcost.CostMap({}).with_config({"model_list": listed})
