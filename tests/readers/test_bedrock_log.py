"""Amazon Bedrock's log of invocations."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, read_usage

NAME = "anthropic.claude-sonnet-4-5-20250929-v1:0"
RATES = {
    "litellm_provider": "bedrock",
    "input_cost_per_token": 3e-06,
    "output_cost_per_token": 15e-06,
    "cache_read_input_token_cost": 3e-07,
    "cache_creation_input_token_cost": 3.75e-06,
}
# In lower case, since the laws take an object of two sides for a turn of Nova Sonic.
log = {
    "schemaType": "ModelInvocationLog",
    "schemaVersion": "1.0",
    "timestamp": "2026-05-01T00:00:00Z",
    "accountId": "123456789012",
    "region": "us-east-1",
    "requestId": "r",
    "operation": "Converse",
    "modelId": NAME,
    "input": {
        "inputContentType": "application/json",
        "inputTokenCount": 100,
        "cacheReadInputTokenCount": 800,
        "cacheWriteInputTokenCount": 100,
    },
    "output": {"outputContentType": "application/json", "outputTokenCount": 50},
}


def test_the_cache_is_beside_the_input():
    """100 x 3e-6 + 800 x 3e-7 + 100 x 3.75e-6 + 50 x 15e-6."""
    cost = CostMap({NAME: RATES}).calculate(log)
    assert (cost.total, cost.complete) == (Decimal("0.001665"), True)


def test_where_and_when():
    """The region may have prices of its own, and the day dates them."""
    usage = read_usage(log)
    assert (usage.model, usage.provider, usage.region, usage.at) == (NAME, "bedrock", "us-east-1", log["timestamp"])


def test_an_embedding_has_no_answer():
    """Its output counts nothing."""
    assert read_usage({**log, "input": {"inputTokenCount": 7}, "output": {}}).quantities == {"input": 7}


def test_a_call_that_failed_counts_nothing():
    """Its entry has an error in the place of counters."""
    with pytest.raises(MissingUsageError):
        read_usage({**log, "input": {}, "output": {}, "errorCode": "ThrottlingException"})
