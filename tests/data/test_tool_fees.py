"""Fees of tools in the data, by the pages of their sellers."""

from __future__ import annotations

from decimal import Decimal

import pytest

import llmcost
from llmcost import Usage

CHAT = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "choices": [],
    "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150},
}


@pytest.mark.parametrize("model", ["azure/gpt-4o", "azure/gpt-5", "azure/o4-mini", "azure/gpt-4.1-mini"])
def test_azures_meters_of_global_deployments(model):
    """2.50 for 1,000 file searches, 0.10 a GB and day, 0.03 a session of the code interpreter."""
    used = Usage(file_searches=4, storage_gb_days=30, code_sessions=2)
    cost = llmcost.calculate(usage=used, model=model)
    assert [(line.meter, line.amount) for line in cost.line_items] == [
        ("file_searches", Decimal("0.01")),
        ("storage_gb_days", Decimal(3)),
        ("code_sessions", Decimal("0.06")),
    ]


def test_what_litellm_states_of_a_store():
    """2 GB for 15 days are 30 GB-days, beside 0.00025 and 0.0005 of tokens."""
    tools = {"vector_store_usage": {"storage_gb": 2, "days": 15}}
    cost = llmcost.completion_cost(CHAT, model="azure/gpt-4o", standard_built_in_tools_params=tools)
    assert cost == 3.00075


@pytest.mark.parametrize("model", ["azure/eu/gpt-4o-2024-08-06", "azure/us/gpt-4.1", "azure/eu/gpt-5.4"])
def test_a_data_zone_has_a_meter_for_file_searches_alone(model):
    """2.75 for 1,000 of them; of the other tools Azure has meters by region, and which one is billed is not known."""
    cost = llmcost.calculate(usage=Usage(file_searches=4, storage_gb_days=30, code_sessions=2), model=model)
    assert [(line.meter, line.amount) for line in cost.line_items] == [("file_searches", Decimal("0.011"))]
    assert cost.unpriced == ("storage_gb_days", "code_sessions")


@pytest.mark.parametrize("model", ["azure/gpt-4o-audio-preview-2024-12-17", "azure/apac/gpt-6.1-sol"])
def test_a_model_without_the_tool(model):
    """A model of speech has none of the tools, and no list has a meter of theirs for Asia."""
    assert llmcost.calculate(usage=Usage(file_searches=4), model=model).unpriced == ("file_searches",)


@pytest.mark.parametrize(
    ("model", "size", "quality", "price"),
    [
        ("dall-e-3", "1024x1024", "standard", "0.04"),
        ("dall-e-3", "1792x1024", "hd", "0.12"),
        ("dall-e-2", "1024x1024", None, "0.02"),
        ("dall-e-2", "512x512", None, "0.018"),
        ("azure/dall-e-3", "1024x1024", "standard", "0.044"),
        ("azure/gpt-image-1", "1024x1536", "high", "0.25"),
    ],
)
def test_an_image_has_the_published_price(model, size, quality, price):
    """No digit of a division by pixels is left."""
    facts = {"quality": quality} if quality else {}
    cost = llmcost.calculate({"created": 1, "data": [{"url": "a"}]}, model=model, size=size, **facts)
    assert cost.total == Decimal(price)


def test_a_batch_of_embeddings_on_bedrock():
    """1,000 x 0.135 a million, and half of it."""
    model, used = "amazon.nova-2-multimodal-embeddings-v1:0", Usage(input=1000)
    assert llmcost.calculate(usage=used, model=model).total == Decimal("0.000135")
    assert llmcost.calculate(usage=used, model=model, batch=True).total == Decimal("0.0000675")


@pytest.mark.parametrize(
    ("model", "expected"),
    [("perplexity/sonar", "0.0062"), ("perplexity/sonar-pro-search", "0.024")],
)
def test_openrouter_passes_on_the_fee_of_a_request(model, expected):
    """1,000 and 200 tokens at 1 and 1, and 5 USD per 1,000 requests; at 3 and 15, and 18 USD per 1,000."""
    used = {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
    response = {"object": "chat.completion", "model": model, "choices": [], "usage": used}
    assert str(llmcost.calculate(response, provider="openrouter").total) == expected


@pytest.mark.parametrize("place", ["apac.", "au.", "eu.", "jp.", "us.", ""])
def test_an_hours_write_of_haiku_at_bedrock(place):
    """Twice the input, 1.10 a million, wherever a call runs that stays in one part of the world."""
    cost = llmcost.calculate(
        usage=Usage(cache_write_1h=1000), model=f"{place}anthropic.claude-haiku-4-5-20251001-v1:0"
    )
    assert cost.total == Decimal("0.0022")


@pytest.mark.parametrize(
    ("model", "region", "factor"),
    [
        # https://docs.mistral.ai/studio/regional-inference
        ("mistral/mistral-large-2512", "eu", "1.1"),
        ("mistral/mistral-large-2512", "us", "1.1"),
        # https://docs.x.ai/developers/pricing: the endpoint in the US, and not a region that serves the global one.
        ("xai/grok-4.6", "us", "1.1"),
        ("xai/grok-4.6", "us-east-1", "1"),
        # https://docs.together.ai/docs/serverless/geo-specific-inference
        ("together_ai/zai-org/GLM-5.3", "us", "1.25"),
        ("together_ai/zai-org/GLM-5.3", "ca", "1.25"),
        ("together_ai/zai-org/GLM-5.3", "eu", "1"),
        # https://platform.claude.com/docs/en/build-with-claude/data-residency
        ("claude-fable-5-2", "us", "1.1"),
        ("claude-opus-4-5", "us", "1"),
        # Vertex' own row without its prefix, as the one with it.
        ("gemini-3.5-flash", "europe-west4", "1.1"),
        ("gemini-3.5-flash", "global", "1"),
    ],
)
def test_tokens_cost_more_at_a_regional_endpoint(model, region, factor):
    """Each line of tokens, cached ones too, times the factor of the page; a fee of a tool stays."""
    used = Usage(input=1000, cache_read=1000, output=100)
    there, here = (llmcost.calculate(model=model, usage=used, region=place) for place in (region, None))
    assert [line.amount for line in there.line_items] == [line.amount * Decimal(factor) for line in here.line_items]
    assert here.total > 0
