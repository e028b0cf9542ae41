"""A usage object that says itself how the call was served."""

from __future__ import annotations

import pytest

from llmcost.readers import read_usage


def usage_of(**counters):
    usage = {"prompt_tokens": 10, "completion_tokens": 5, **counters}
    return read_usage({"object": "chat.completion", "model": "m", "usage": usage})


@pytest.mark.parametrize("place", ["global", "not_available", None, 5])
def test_everywhere_is_no_region(place):
    """Global inference has the base price."""
    assert usage_of(inference_geo=place).region is None


def test_region_and_speed():
    """Both select a rate; the usual speed does not."""
    usage = usage_of(inference_geo="us", speed="fast")
    assert (usage.region, usage.speed) == ("us", "fast")
    assert usage_of(speed="standard").speed is None


def test_tier():
    """The tier inside the usage is the tier, unless the response states one."""
    assert usage_of(service_tier="batch").service_tier == "batch"
    assert usage_of(service_tier=None).service_tier is None


def test_the_traffic_of_vertex_ai():
    """Google's endpoint for OpenAI's clients states the tier, which proves whose it is."""
    usage = usage_of(extra_properties={"google": {"traffic_type": "ON_DEMAND_FLEX"}})
    assert (usage.service_tier, usage.provider, usage.unread) == ("ON_DEMAND_FLEX", "vertex_ai", {})
    assert usage_of(extra_properties={"google": {}}).provider is None
    counted = usage_of(extra_properties={"google": {"traffic_type": "ON_DEMAND", "novel_count": 3}})
    assert counted.unread == {"extra_properties.google.novel_count": 3}
    bare = {"prompt_tokens": 10, "completion_tokens": 5, "extra_properties": {"google": {"traffic_type": "ON_DEMAND"}}}
    assert read_usage(bare).service_tier == "ON_DEMAND"
