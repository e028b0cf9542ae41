"""A cached content is no call: an error says so, and how its storage is priced."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, MissingUsageError, Usage, UsageError
from llmcost.readers import google_cached_content, read_usage
from tests.sdks import Kind

CachedContent = Kind("google.genai.types.CachedContent")

# Not in capitals: it states no usage that a law could hold for.
content = {
    "name": "cachedContents/x",
    "model": "models/gemini-2.5-flash",
    "createTime": "2026-05-13T19:56:49Z",
    "updateTime": "2026-05-13T19:56:49Z",
    "expireTime": "2026-05-13T20:56:49Z",
    "usageMetadata": {"totalTokenCount": 5200},
}


@pytest.mark.parametrize(
    "response",
    [
        content,
        {**content, "usageMetadata": {}},
        {name: value for name, value in content.items() if name != "name"},
        {"name": "projects/1/locations/us-central1/cachedContents/2", "model": "x"},
    ],
)
def test_a_cached_content(response):
    """It holds tokens and is billed by the hour, so that neither 0 nor its tokens are its price."""
    with pytest.raises(UsageError, match="cached content and no call") as caught:
        read_usage(response)
    assert not isinstance(caught.value, MissingUsageError)
    assert "cache_storage_token_hours=" in str(caught.value)


def test_the_object_of_the_sdk():
    """Its fields are spelled in another way; the message names its tokens."""
    with pytest.raises(UsageError, match="cache_storage_token_hours=5200"):
        read_usage(CachedContent.model_validate(content))


def test_what_its_storage_costs():
    """5,200 tokens for two hours at 4.50 per million and hour: 10,400 x 0.0000045."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "cache_storage_cost_per_token_per_hour": 4.5e-06}})
    cost = prices.calculate(usage=Usage(cache_storage_token_hours=5200 * 2), model="m")
    assert [(line.meter, line.amount, line.side) for line in cost.line_items] == [
        ("cache_storage_token_hours", Decimal("0.0468"), "other")
    ]


def test_what_is_none():
    """A prompt that uses it is a call, and so is a time alone nothing."""
    recognises = google_cached_content.READER.recognises
    assert not recognises({"usageMetadata": {"promptTokenCount": 1}, "createTime": "2026-05-13T19:56:49Z"})
    assert not recognises({"expireTime": "2026-05-13T19:56:49Z"})
    assert not recognises({"name": "operations/1"})
