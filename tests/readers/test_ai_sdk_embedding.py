"""The AI SDK's embeddings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

ONE = {"value": "x", "embedding": [0.1, 0.2], "usage": {"tokens": 9}, "warnings": []}


def test_one_and_many():
    """The tokens of all values together are the input."""
    assert read_usage(ONE).quantities == {"input": 9}
    many = {"values": ["x", "y"], "embeddings": [[0.1], [0.2]], "usage": {"tokens": 18}}
    assert read_usage(many).quantities == {"input": 18}


def test_what_the_gateway_debited():
    """The metadata has it, as for texts."""
    usage = read_usage({**ONE, "providerMetadata": {"gateway": {"cost": "0.00002"}}})
    assert (usage.reported, usage.provider) == (Decimal("0.00002"), "vercel_ai_gateway")


@pytest.mark.parametrize("tokens", [None, float("nan")])
def test_a_provider_that_counts_nothing(tokens):
    """NaN, and the null that JSON makes of it, are no count."""
    with pytest.raises(MissingUsageError):
        read_usage({**ONE, "usage": {"tokens": tokens}})
