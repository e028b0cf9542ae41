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


@pytest.mark.parametrize("usage", [OLD, NEW, {"promptTokens": 1000, "completionTokens": 50, "totalTokens": 1050}])
def test_every_counter_is_understood(usage):
    """Nothing is noted, whatever the version that wrote it."""
    found = read_usage(result(usage))
    assert (found.unread, found.notes) == ({}, ())
    assert found.total_tokens == 1050


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


BASE = {"inputTokens": 1000, "outputTokens": 100, "totalTokens": 1100}
OWN = {
    "input_tokens": 10,
    "cache_creation_input_tokens": 900,
    "cache_read_input_tokens": 90,
    "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 900},
    "output_tokens": 100,
    "server_tool_use": {"web_search_requests": 2},
    "inference_geo": "us",
}
OF_ANTHROPIC = {**BASE, "inputTokenDetails": {"noCacheTokens": 10, "cacheReadTokens": 90, "cacheWriteTokens": 900}}


@pytest.mark.parametrize("seller", ["openai", "azure"])
def test_the_tier_that_the_provider_served(seller):
    """The tier stands in its metadata alone."""
    usage = read_usage(result(BASE, providerMetadata={seller: {"serviceTier": "flex"}}))
    assert (usage.service_tier, usage.named_provider) == ("flex", seller)


@pytest.mark.parametrize(
    "seller",
    [
        *("anthropic", "azure", "bedrock", "cerebras", "cohere", "deepseek", "fireworks", "google", "groq", "mistral"),
        *("openai", "openrouter", "perplexity", "togetherai", "vertex", "xai"),
    ],
)
def test_the_metadata_names_who_answered(seller):
    """Its key is the provider of the SDK, beside those of a middleware."""
    metadata = {"middleware": {}, seller: {}}
    assert read_usage(result(BASE, providerMetadata=metadata)).named_provider == seller


@pytest.mark.parametrize("seller", ["google", "vertex"])
def test_what_google_grounded(seller):
    """Two different queries of three, sold by the query or by the prompt."""
    said = {seller: {"groundingMetadata": {"webSearchQueries": ["a", "b", "b"]}}}
    usage = read_usage(result(BASE, providerMetadata=said))
    assert usage.alternatives == (({"grounded_prompts": 1}, {"web_searches": 2}),)


def test_googles_own_counters():
    """Versions 4 and 5 leave the thoughts out of the output; traffic proves Vertex AI."""
    own = {"promptTokenCount": 14, "candidatesTokenCount": 1, "thoughtsTokenCount": 100, "totalTokenCount": 115}
    normalised = {"inputTokens": 14, "outputTokens": 1, "totalTokens": 115}
    usage = read_usage(result(normalised, providerMetadata={"google": {"usageMetadata": own}}))
    assert usage.quantities == {"input": 14, "output": 1, "reasoning": 100}
    own = {**own, "trafficType": "ON_DEMAND_FLEX"}
    usage = read_usage(result(normalised, providerMetadata={"vertex": {"usageMetadata": own}}))
    assert (usage.provider, usage.service_tier) == ("vertex_ai", "ON_DEMAND_FLEX")


def test_anthropics_own_counters():
    """Writes for an hour, searches and the place stand there alone; version 6 keeps the same as raw."""
    expected = {"input": 10, "cache_read": 90, "cache_write_1h": 900, "output": 100, "web_searches": 2}
    usage = read_usage(result(OF_ANTHROPIC, providerMetadata={"anthropic": {"usage": OWN}}))
    assert (usage.quantities, usage.region, usage.context) == (expected, "us", 1000)
    assert (usage.model, usage.at) == ("anthropic/claude-x", "2026-01-01T00:00:00Z")
    assert read_usage(result({**OF_ANTHROPIC, "raw": OWN})).quantities == expected
    assert read_usage({**OF_ANTHROPIC, "raw": OWN}).quantities == expected
    google = {"promptTokenCount": 900, "toolUsePromptTokenCount": 100, "candidatesTokenCount": 100}
    assert read_usage(result({**NEW, "raw": google})).quantities == {"input": 1000, "output": 100}


@pytest.mark.parametrize(
    ("metadata", "writes"),
    [
        ({"anthropic": {"cacheCreationInputTokens": 200}}, 200),
        ({"bedrock": {"usage": {"cacheWriteInputTokens": 200}}}, 200),
        ({"anthropic": {}}, 0),
    ],
)
def test_version_5_counts_the_cache_beside_the_input(metadata, writes):
    """Of Anthropic and Bedrock, also where the cached tokens would fit into the input."""
    usage = read_usage(result({**BASE, "cachedInputTokens": 800}, providerMetadata=metadata))
    written = {"cache_write": writes} if writes else {}
    assert usage.quantities == {"input": 1000, "cache_read": 800, **written, "output": 100}


def test_version_4():
    """Its names of the totals, and the details that stood in the metadata."""
    usage = {"promptTokens": 1000, "completionTokens": 100, "totalTokens": 1100}
    said = {"openai": {"cachedPromptTokens": 800, "reasoningTokens": 20, "acceptedPredictionTokens": 7}}
    read = read_usage({"text": "Hi", "finishReason": "stop", "usage": usage, "experimental_providerMetadata": said})
    assert read.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}


def test_openrouters_bill():
    """It charges what it says; with a key of one's own the upstream's part comes on top."""
    usage = read_usage(result(BASE, providerMetadata={"openrouter": {"usage": {"cost": 0.0031}}}))
    assert (usage.reported, usage.provider) == (Decimal("0.0031"), "openrouter")
    own = {"cost": 0.0001, "isByok": True, "costDetails": {"upstreamInferenceCost": 0.003}}
    usage = read_usage(result(BASE, providerMetadata={"openrouter": {"usage": own}}))
    assert usage.reported == Decimal("0.0031")


def test_steps_with_their_own_counters():
    """Each step is read by what its provider said of it: 1000 + 90 read, and one tier of both."""
    steps = [
        {"usage": OF_ANTHROPIC, "providerMetadata": {"anthropic": {"usage": OWN}}},
        {"usage": {**BASE, "inputTokenDetails": {"cacheReadTokens": 90}}, "providerMetadata": {"anthropic": {}}},
    ]
    usage = read_usage(result(BASE, totalUsage={"inputTokens": 2000, "outputTokens": 200}, steps=steps))
    assert usage.quantities == {
        "input": 920,
        "cache_read": 180,
        "cache_write_1h": 900,
        "output": 200,
        "web_searches": 2,
    }
    assert (usage.aggregate, usage.context, usage.model) == (True, None, "anthropic/claude-x")


def test_the_metadata_of_the_last_step_is_not_that_of_all():
    """Without the steps its counters say nothing of the others: 2000 and 200, as the total says."""
    whole = {"inputTokens": 2000, "outputTokens": 200, "totalTokens": 2200}
    usage = read_usage(result(BASE, totalUsage=whole, providerMetadata={"anthropic": {"usage": OWN}}))
    assert (usage.quantities, usage.aggregate) == ({"input": 2000, "output": 200}, True)


def test_perplexitys_searches():
    """Deep research is billed by its searches and citations, other models by the request."""
    said = {"perplexity": {"usage": {"numSearchQueries": 7, "citationTokens": 30}}}
    research = {"modelId": "sonar-deep-research"}
    usage = read_usage({**result(BASE, providerMetadata=said), "response": research})
    assert usage.quantities == {"input": 1000, "output": 100, "citation": 30, "web_searches": 7}
    usage = read_usage({**result(BASE, providerMetadata=said), "response": {"modelId": "sonar"}})
    assert usage.quantities == {"input": 1000, "output": 100, "web_searches": 1}


def test_the_provider_that_was_called():
    """The steps name it, with the API that was used; Anthropic's models are sold by clouds too."""
    step = {"usage": BASE, "model": {"provider": "vertex.anthropic.messages", "modelId": "claude-x"}}
    usage = read_usage(result(BASE, steps=[step], providerMetadata={"anthropic": {}}))
    assert usage.named_provider == "vertex.anthropic"


@pytest.mark.parametrize(
    "seller",
    [
        *("anthropic", "azure", "bedrock", "cerebras", "cohere", "deepseek", "fireworks", "google", "groq", "mistral"),
        *("openai", "openrouter", "perplexity", "togetherai", "vertex", "xai"),
    ],
)
def test_the_key_of_the_metadata_names_the_seller(seller):
    """As the packages of the SDK write it."""
    assert read_usage(result(BASE, providerMetadata={seller: {}})).named_provider == seller


def test_middleware_is_no_seller():
    """Keys of the metadata that are nobody's name nobody."""
    assert read_usage(result(BASE, providerMetadata={"myCache": {"hit": False}})).named_provider is None


MODEL = {
    "finishReason": {"unified": "stop", "raw": "stop"},
    "usage": {
        "inputTokens": {"total": 1000, "noCache": 150, "cacheRead": 800, "cacheWrite": 50},
        "outputTokens": {"total": 50, "text": 30, "reasoning": 20},
    },
    "response": {"modelId": "anthropic/claude-x"},
}


def test_the_usage_of_a_model():
    """Each side is an object there; it means the same, by itself and at the end of a stream."""
    same = {"input": 150, "cache_read": 800, "cache_write": 50, "output": 30, "reasoning": 20}
    stream = [{"type": "stream-start"}, {"type": "text-delta", "id": "0", "delta": "x"}, {"type": "finish", **MODEL}]
    for form in (MODEL, MODEL["usage"], stream):
        assert read_usage(form).quantities == same
    unknown = {**MODEL["usage"], "outputTokens": {"total": 50, "zzz": 7}}
    assert read_usage(unknown).unread == {"outputTokenDetails.zzz": 7}


def test_steps_alone():
    """The class of a result has nothing but its steps in JSON: their sum, and what the provider said of one of them."""
    steps = [{"usage": {"inputTokens": 1000, "outputTokens": 50, "totalTokens": 1050}} for _ in range(2)]
    assert read_usage({"steps": steps}).quantities == {"input": 2000, "output": 100}
    one = {**steps[0], "providerMetadata": {"openai": {"serviceTier": "flex"}}}
    assert read_usage({"steps": [one]}).service_tier == "flex"


def test_the_model_tells_a_result():
    """A result of which only the usage and the response were kept."""
    kept = {"usage": {"inputTokens": 10, "outputTokens": 5, "totalTokens": 15}, "response": {"modelId": "m"}}
    assert (read_usage(kept).quantities, read_usage(kept).model) == ({"input": 10, "output": 5}, "m")


def test_what_the_provider_counted_where_the_sdk_leaves_a_part_out():
    """Mistral's cached tokens stand in ``raw`` alone: 768 of 801; what is another call's usage is not used."""
    raw = {"prompt_tokens": 801, "completion_tokens": 2, "total_tokens": 803, "num_cached_tokens": 768}
    counters = {"inputTokens": 801, "inputTokenDetails": {"noCacheTokens": 801}, "outputTokens": 2, "totalTokens": 803}
    result = {"text": "x", "finishReason": "stop", "response": {"modelId": "m"}, "usage": {**counters, "raw": raw}}
    usage = read_usage(result)
    assert (usage.quantities, usage.model) == ({"input": 33, "cache_read": 768, "output": 2}, "m")
    for other in ({**raw, "completion_tokens": 3}, {"prompt_tokens": "many"}, {"prompt_tokens": 801}, {"x": 1}, {}):
        assert read_usage({**result, "usage": {**counters, "raw": other}}).quantities == {"input": 801, "output": 2}


def test_what_cohere_bills():
    """It bills 100 and 10 tokens of the 170 and 12 that the AI SDK counts."""
    raw = {
        "billed_units": {"input_tokens": 100, "output_tokens": 10},
        "tokens": {"input_tokens": 170, "output_tokens": 12},
    }
    counters = {"inputTokens": 170, "outputTokens": 12, "totalTokens": 182, "raw": raw}
    result = {"text": "x", "finishReason": "stop", "response": {"modelId": "m"}, "usage": counters}
    assert read_usage(result).quantities == {"input": 100, "output": 10}
