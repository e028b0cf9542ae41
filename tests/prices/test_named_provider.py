"""Whose price it is where a span or a log names the seller: weaker than all that is certain, and never a dead end."""

from __future__ import annotations

import pytest

from llmcost import CostMap, UnknownModelError, Usage
from llmcost.prices.vendors import NEIGHBOURS, family, seller

ONE, TWO, THREE = ({"input_cost_per_token": price} for price in (1e-06, 2e-06, 3e-06))
MAP = CostMap(
    {
        "gpt-x": {**ONE, "litellm_provider": "openai"},
        "azure/gpt-x": {**TWO, "litellm_provider": "azure"},
        "azure_ai/phi": {**THREE, "litellm_provider": "azure_ai"},
        "deepseek/chat": {**TWO, "litellm_provider": "deepseek"},
        "groq/openai/gpt-oss": {**ONE, "litellm_provider": "groq"},
        "together_ai/openai/gpt-oss": {**TWO, "litellm_provider": "together_ai"},
        "xai/grok": {**ONE, "litellm_provider": "xai"},
        "azure_ai/grok": {**TWO, "litellm_provider": "azure_ai"},
        "own": THREE,
    }
)


def price(model=None, named=None, response_model="gpt-x", **more):
    """Return ``(map key, USD per million, codes)`` of a call whose span names a provider."""
    usage = Usage(input=1_000_000, model=response_model, named_provider=named)
    cost = MAP.calculate(usage=usage, model=model, **more)
    return cost.matched_as, str(cost.total), [note.code for note in cost.notes if note.code != "base_rate_used"]


@pytest.mark.parametrize(
    ("named", "model", "expected"),
    [
        (None, "gpt-x", "gpt-x"),
        ("openai", "gpt-x", "gpt-x"),
        ("azure.ai.openai", "gpt-x", "azure/gpt-x"),
        ("Azure OpenAI", "gpt-x", "azure/gpt-x"),
        ("x_ai", "grok", "xai/grok"),
        ("azure.ai.inference", "grok", "azure_ai/grok"),
        ("groq", "openai/gpt-oss", "groq/openai/gpt-oss"),
        ("together.ai", "openai/gpt-oss", "together_ai/openai/gpt-oss"),
        # Azure's two ways of selling are one company's.
        ("azure.ai.openai", "phi", "azure_ai/phi"),
        ("azure.ai.inference", "gpt-x", "azure/gpt-x"),
        # A row of nobody's is everybody's.
        ("anthropic", "own", "own"),
        # A proxy is nobody's.
        ("litellm_proxy", "gpt-x", "gpt-x"),
    ],
)
def test_the_named_seller_decides(named, model, expected):
    """Where it has the model, it is whose price it is, without a word."""
    assert price(named=named, response_model=model)[::2] == (expected, [])


@pytest.mark.parametrize("named", ["openai", "somebody_new"])
def test_a_seller_without_the_model(named):
    """Clients speak the protocol of another seller: 1,000,000 x 0.000002 as DeepSeek asks, and the note names both."""
    assert price(named=named, response_model="chat") == ("deepseek/chat", "2", ["provider_not_used"])
    cost = MAP.calculate(usage=Usage(input=1, model="chat", named_provider=named))
    assert [str(note) for note in cost.notes] == [
        f"{named!r} is named as the provider and has no price for 'chat': deepseek/chat of deepseek is priced; "
        "provider= decides whose it is"
    ]


def test_what_is_stronger():
    """The caller's provider, the caller's prefix, and what the response proves."""
    assert price(named="azure", provider="openai")[0] == "gpt-x"
    assert price("azure/gpt-x", named="openai")[::2] == ("azure/gpt-x", [])
    proven = Usage(input=1, model="gpt-x", provider="openai", named_provider="azure")
    assert MAP.calculate(usage=proven).matched_as == "gpt-x"


def test_the_model_of_the_caller_is_of_the_named_seller():
    """A bare name from the caller says nothing of who serves it."""
    assert price("gpt-x", named="azure")[0] == "azure/gpt-x"


def test_no_seller_has_it():
    """The error tells whose row was looked for."""
    with pytest.raises(UnknownModelError) as error:
        price(named="azure.ai.openai", response_model="nothing")
    assert error.value.provider == "azure"
    assert "azure/nothing" in error.value.tried


def test_several_sellers_and_none_of_them_is_named():
    """The word does not choose among others."""
    with pytest.raises(UnknownModelError, match="xai/grok, azure_ai/grok"):
        price(named="openai", response_model="grok")


def test_a_registered_price():
    """One's own price without a seller holds for the named one too."""
    prices = CostMap({"azure/gpt-x": {**TWO, "litellm_provider": "azure"}})
    prices.register({"gpt-x": THREE})
    cost = prices.calculate(usage=Usage(input=1_000_000, model="gpt-x", named_provider="azure"))
    assert str(cost.total) == "3"


def test_the_usage_keeps_the_word():
    """It is a fact like others: printed, added where it is the same, and left out where it differs."""
    one = Usage(input=1, named_provider="x_ai")
    assert one.to_dict() == {"input": 1, "named_provider": "x_ai", "context": 1}
    assert (one + one).named_provider == "x_ai"
    assert (one + Usage(input=1, named_provider="azure")).named_provider is None


@pytest.mark.parametrize("word", ["litellm", "LiteLLM Proxy", "openai-compatible", "gateway", "Langchain"])
def test_what_passes_calls_on_is_no_seller(word):
    """As a caller's word too: the name of the model says whose it is."""
    assert seller(word) is None
    assert price("azure/gpt-x", provider=word)[0] == "azure/gpt-x"
    assert price("gpt-x", provider=word)[0] == "gpt-x"


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        (("azure.ai.openai", "az.ai.openai", "azure-openai", "Azure OpenAI"), "azure"),
        (("azure.ai.inference", "az.ai.inference", "azure-ai"), "azure_ai"),
        (("aws.bedrock", "amazon-bedrock", "aws", "Amazon Bedrock"), "bedrock"),
        (("gcp.gemini", "google-gla", "google_genai", "gcp.gen_ai", "google"), "gemini"),
        (("gcp.vertex_ai", "google-vertex", "vertexai", "google_vertexai", "google.vertex"), "vertex_ai"),
        (("ibm.watsonx.ai",), "watsonx"),
        (("x_ai", "x-ai", "xAI"), "xai"),
        (("mistral_ai", "mistralai", "Mistral AI"), "mistral"),
        (("moonshot_ai", "moonshotai"), "moonshot"),
        (("together.ai", "together", "together-ai"), "together_ai"),
        (("fireworks.ai", "fireworks"), "fireworks_ai"),
        (("openai",), "openai"),
        (("anthropic",), "anthropic"),
        (("cohere",), "cohere"),
        (("deepseek",), "deepseek"),
        (("groq",), "groq"),
        (("perplexity",), "perplexity"),
        (("openrouter",), "openrouter"),
        (("cerebras",), "cerebras"),
    ],
)
def test_words_of_spans(words, ours):
    """Every word of the conventions, and those of instrumentations."""
    assert {word: seller(word) for word in words} == dict.fromkeys(words, ours)


def test_every_word_leads_to_a_seller_of_the_map():
    """A word that leads nowhere would price nothing; each row of the table is some seller's in the bundled map."""
    from llmcost.prices.vendors import _FAMILIES

    providers = CostMap.bundled().source.index().providers
    assert sorted(set(_FAMILIES.values()) - providers) == []
    assert {family(ours) for ours in _FAMILIES.values()} == set(_FAMILIES.values())
    assert set(NEIGHBOURS) <= providers
