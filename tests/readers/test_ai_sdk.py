"""Vercel's AI SDK: results as JSON and bare usages, with what the gateway debited."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

OLD = {"inputTokens": 1000, "outputTokens": 50, "totalTokens": 1050, "cachedInputTokens": 800, "reasoningTokens": 20}
NEW = {
    "inputTokens": 1000,
    "outputTokens": 50,
    "totalTokens": 1050,
    "inputTokenDetails": {"noCacheTokens": 150, "cacheReadTokens": 800, "cacheWriteTokens": 50},
    "outputTokenDetails": {"textTokens": 30, "reasoningTokens": 20},
}


def result(usage, **more):
    about = {"modelId": "anthropic/claude-x", "timestamp": "2026-01-01T00:00:00Z"}
    return {"text": "Hi", "finishReason": "stop", "usage": usage, "response": about, **more}


def debited(cost):
    return {"providerMetadata": {"anthropic": {}, "gateway": {"cost": cost, "marketCost": "9"}}}


@pytest.mark.parametrize("wrap", [lambda usage: usage, result])
def test_both_spellings(wrap):
    """Details stood beside the totals and stand below them; both are inside."""
    assert read_usage(wrap(OLD)).quantities == {"input": 200, "cache_read": 800, "output": 30, "reasoning": 20}
    assert read_usage(wrap(NEW)).quantities == {
        "input": 150,
        "cache_read": 800,
        "cache_write": 50,
        "output": 30,
        "reasoning": 20,
    }


def test_facts():
    """Model and time are those of the response."""
    usage = read_usage(result(NEW))
    assert (usage.model, usage.at, usage.context) == ("anthropic/claude-x", "2026-01-01T00:00:00Z", 1000)


def test_thoughts_on_top():
    """Google's provider counted them apart once, which the total proves: 10 + 5 + 7."""
    usage = read_usage({"inputTokens": 10, "outputTokens": 5, "totalTokens": 22, "reasoningTokens": 7})
    assert usage.quantities == {"input": 10, "output": 5, "reasoning": 7}


def test_without_details_it_is_converse():
    """Three totals have one meaning in both, and Bedrock's name."""
    usage = read_usage({"inputTokens": 10, "outputTokens": 5, "totalTokens": 15})
    assert (usage.quantities, usage.dialect) == ({"input": 10, "output": 5}, "converse")


def test_debited_by_the_gateway():
    """The cost is a decimal text, and proves the gateway; a cost of 0 is an own key's."""
    usage = read_usage(result(NEW, **debited("0.0045405")))
    assert (usage.reported, usage.provider) == (Decimal("0.0045405"), "vercel_ai_gateway")
    assert read_usage(result(NEW, **debited("0"))).reported is None
    assert read_usage(result(NEW)).provider is None


def test_steps():
    """Several steps are several requests: no context, and what was debited for each."""
    steps = [debited("0.001"), debited("0.002")]
    usage = read_usage(result({"inputTokens": 400, "outputTokens": 20}, totalUsage=NEW, steps=steps))
    assert (usage.quantities["cache_read"], usage.aggregate, usage.context) == (800, True, None)
    assert usage.reported == Decimal("0.003")
    partly = read_usage(result(NEW, totalUsage=NEW, steps=[debited("0.001"), {}]))
    assert partly.reported is None


@pytest.mark.parametrize("usage", [{"inputTokens": None, "outputTokens": 5}, {"inputTokens": 5}])
def test_half_a_usage(usage):
    """What the provider did not say is not 0."""
    with pytest.raises(MissingUsageError):
        read_usage(result(usage))


def test_cached_above_the_input():
    """Version 5 gave Anthropic's own input, which leaves the cache out: 3 fresh, 800 read, with and without a total."""
    for total in ({}, {"totalTokens": 8}):
        usage = read_usage({"inputTokens": 3, "outputTokens": 5, "cachedInputTokens": 800, **total})
        assert usage.quantities == {"input": 3, "cache_read": 800, "output": 5}
        assert usage.context == 803
    with pytest.raises(InconsistentUsageError):
        read_usage({"inputTokens": 3, "outputTokens": 5, "cachedInputTokens": 800, "totalTokens": 500})
