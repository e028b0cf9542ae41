"""DeepSeek: hit and miss make the prompt, and the hit is subtracted once."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError
from llmcost.readers import read_usage

from ..billing import bill, lines


def body(**counters):
    usage = {"prompt_tokens": 1500, "completion_tokens": 400, "total_tokens": 1900, **counters}
    return {"object": "chat.completion", "model": "deepseek-chat", "usage": usage}


EXPECTED = {"input": 476, "cache_read": 1024, "output": 400}


@pytest.mark.parametrize(
    "counters",
    [
        {"prompt_cache_hit_tokens": 1024, "prompt_cache_miss_tokens": 476},
        {"prompt_cache_hit_tokens": 1024},
        {
            "prompt_cache_hit_tokens": 1024,
            "prompt_cache_miss_tokens": 476,
            "prompt_tokens_details": {"cached_tokens": 1024},
        },
    ],
)
def test_the_hit_is_subtracted_once(counters):
    """Whether it is stated once or twice."""
    assert read_usage(body(**counters)).quantities == EXPECTED


def test_all_and_nothing_in_the_cache():
    """A prompt may be cached whole, or not at all."""
    whole = body(prompt_cache_hit_tokens=1500, prompt_cache_miss_tokens=0)
    assert read_usage(whole).quantities == {"cache_read": 1500, "output": 400}
    assert read_usage(body(prompt_cache_hit_tokens=0, prompt_cache_miss_tokens=1500)).quantities == {
        "input": 1500,
        "output": 400,
    }


def test_a_host_without_a_cache():
    """Both fields at 0 beside a prompt are fields that the host does not fill."""
    usage = read_usage(body(prompt_cache_hit_tokens=0, prompt_cache_miss_tokens=0))
    assert usage.quantities == {"input": 1500, "output": 400}


@pytest.mark.parametrize(
    "counters",
    [
        {"prompt_cache_hit_tokens": 1024, "prompt_cache_miss_tokens": 475},
        {"prompt_cache_hit_tokens": 1501, "prompt_cache_miss_tokens": 0},
        {"prompt_cache_hit_tokens": 1024, "prompt_tokens_details": {"cached_tokens": 1000}},
    ],
)
def test_a_partition_that_does_not_add_up(counters):
    """Hit and miss that are not the prompt, or two hits that differ, are an error."""
    with pytest.raises(InconsistentUsageError, match="is not prompt_tokens=1500"):
        read_usage(body(**counters))


def test_more_hits_than_prompt():
    """A hit alone may be all of the prompt and not more."""
    with pytest.raises(InconsistentUsageError, match="prompt_cache_hit_tokens=1501"):
        read_usage(body(prompt_cache_hit_tokens=1501))


def test_no_provider():
    """Other hosts of the models state the same counters, so that they prove nothing."""
    assert read_usage(body(prompt_cache_hit_tokens=1024)).provider is None


def test_priced():
    """The hit at the rate of the cache, the rest at the input's."""
    row = {"input_cost_per_token": 2.8e-07, "output_cost_per_token": 4.2e-07, "cache_read_input_token_cost": 2.8e-08}
    assert bill(row, body(prompt_cache_hit_tokens=1024)) == lines(
        ("input", 476, "0.00013328"), ("cache_read", 1024, "0.000028672"), ("output", 400, "0.000168")
    )


@pytest.mark.parametrize("more", [{}, {"prompt_tokens": 0, "total_tokens": 9}, {"total_tokens": 109}])
def test_a_prompt_that_only_its_parts_state(more):
    """Gateways leave the prompt out, or fill in 0: 75 tokens from the cache and 25 others are 100."""
    parts = {"prompt_cache_hit_tokens": 75, "prompt_cache_miss_tokens": 25, "completion_tokens": 9}
    for response in ({"object": "chat.completion", "choices": [], "usage": {**parts, **more}}, {**parts, **more}):
        usage = read_usage(response)
        assert (usage.quantities, usage.context) == ({"input": 25, "cache_read": 75, "output": 9}, 100)


@pytest.mark.parametrize("empty", [{"prompt_cache_hit_tokens": 0}, {"prompt_cache_miss_tokens": 0}])
def test_an_empty_hit_beside_cached_tokens(empty):
    """A gateway fills in DeepSeek's names with 0, and the details count: the hit is not stated."""
    counters = body(prompt_tokens_details={"cached_tokens": 1024}, **empty)
    assert read_usage(counters).quantities == EXPECTED
