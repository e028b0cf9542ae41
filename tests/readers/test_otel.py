"""Spans: attributes flat, in the SDK's object, in its JSON and in OTLP's JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from types import MappingProxyType, SimpleNamespace

import pytest

from llmcost import CostMap
from llmcost.core.meters import INPUT, METERS
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

ATTRIBUTES = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-5",
    "gen_ai.response.model": "gpt-5-2025-08-07",
    "openai.response.service_tier": "flex",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 50,
    "gen_ai.usage.cache_read.input_tokens": 800,
    "gen_ai.usage.reasoning.output_tokens": 20,
}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 30, "reasoning": 20}
OTLP = [
    {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
    for key, value in ATTRIBUTES.items()
]


def test_flat_attributes():
    """The model that answered is stronger than the one that was asked; the provider is named, and not proven."""
    usage = read_usage(ATTRIBUTES)
    assert (usage.quantities, usage.model, usage.service_tier) == (QUANTITIES, "gpt-5-2025-08-07", "flex")
    assert (usage.provider, usage.named_provider) == (None, "openai")
    assert (usage.context, usage.dialect) == (1000, "otel")
    asked = {key: value for key, value in ATTRIBUTES.items() if key != "gen_ai.response.model"}
    assert read_usage(asked).model == "gpt-5"


@pytest.mark.parametrize(
    ("span", "at"),
    [
        (SimpleNamespace(attributes=MappingProxyType(ATTRIBUTES), start_time=1790000000500000000), 1790000000),
        (
            {"name": "chat gpt-5", "attributes": ATTRIBUTES, "start_time": "2026-09-21T13:33:20Z"},
            "2026-09-21T13:33:20Z",
        ),
        ({"name": "chat gpt-5", "attributes": OTLP, "startTimeUnixNano": "1790000000500000000"}, 1790000000),
        ({"attributes": ATTRIBUTES, "startTime": [1790000000, 5]}, 1790000000),
        ({"attributes": ATTRIBUTES, "traceId": "t", "timestamp": 1790000000500000}, 1790000000),
        ({"attributes": ATTRIBUTES, "start_timestamp": "2026-09-21T13:33:20Z"}, "2026-09-21T13:33:20Z"),
        ({"attributes": {"gen_ai": {"usage": {"input_tokens": 1000}}, **ATTRIBUTES}}, None),
        ({"attributes": ATTRIBUTES}, None),
    ],
)
def test_spans(span, at):
    """Object, JSON and OTLP state the same usage, and when it was."""
    usage = read_usage(span)
    assert (usage.quantities, usage.model, usage.at) == (QUANTITIES, "gpt-5-2025-08-07", at)


NAMES = {
    "cache_read": """
        cache_read.input_tokens cache_read_input_tokens input_tokens.cached details.cache_read_tokens cache_read_tokens
        cached_tokens cached_input_tokens input_cached_tokens details.cached_tokens details.cache_read_input_tokens
        prompt_tokens_details.cached_tokens input_tokens_details.cached_tokens input_token_details.cache_read
        inputTokenDetails.cacheReadTokens details.cached_content_tokens cached_prompt_tokens prompt_cached_tokens
        cachedInputTokens cachedReadTokens prompt_cache_hit_tokens cache_read CachedInputTokenCount cachedTokenReads""",
    "cache_write": """
        cache_write.input_tokens cache_creation.input_tokens cache_creation_input_tokens input_tokens.cache_write
        details.cache_write_tokens details.cache_creation_input_tokens cache_write_tokens cache_creation_tokens
        input_token_details.cache_creation cachedWriteTokens prompt_cache_creation_tokens cacheWriteInputTokens
        inputTokenDetails.cacheWriteTokens""",
    "cache_write_1h": """
        cache_write_1h_tokens cache_creation.ephemeral_1h_input_tokens details.ephemeral_1h_input_tokens""",
    "reasoning": """
        reasoning.output_tokens reasoning_tokens output_tokens.reasoning details.reasoning_tokens
        completion_tokens_details.reasoning_tokens output_token_details.reasoning output_reasoning_tokens
        reasoning_output_tokens details.thoughts_tokens thinking_tokens thoughtTokens""",
    "input_audio": """
        audio.input_tokens details.input_audio_tokens input_audio_tokens prompt_tokens_details.audio_tokens
        audio_prompt_tokens details.audio_prompt_tokens""",
    "output_audio": """
        audio.output_tokens details.output_audio_tokens completion_tokens_details.audio_tokens output_audio_tokens
        audio_candidates_tokens""",
    "input_image": "image.input_tokens prompt_image_tokens details.image_prompt_tokens",
    "output_image": "image.output_tokens completion_tokens_details.image_tokens",
}


@pytest.mark.parametrize(("meter", "name"), [(meter, name) for meter, names in NAMES.items() for name in names.split()])
def test_names_of_counters(meter, name):
    """With dots, underscores or capitals: each is a part of the input or of the output, and stands once."""
    span = {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 100, f"gen_ai.usage.{name}": 40}
    usage = read_usage(span)
    assert usage.quantities == {
        "input" if METERS[meter].side == INPUT else "output": 60,
        "output" if METERS[meter].side == INPUT else "input": 100,
        meter: 40,
    }
    assert (usage.input_tokens, usage.output_tokens, usage.notes) == (100, 100, ())


@pytest.mark.parametrize(
    "name",
    [
        "details.input_tokens",
        "details.output_tokens",
        "details.text_prompt_tokens",
        "details.accepted_prediction_tokens",
        "details.tool_use_prompt_tokens",
        "inputTokenDetails.noCacheTokens",
        "outputTokenDetails.textTokens",
        "prompt_cache_miss_tokens",
    ],
)
def test_names_that_count_nothing_more(name):
    """What repeats the provider, is the rest of a whole or has no rate of its own changes nothing."""
    span = {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 100, f"gen_ai.usage.{name}": 40}
    usage = read_usage(span)
    assert (usage.quantities, usage.notes) == ({"input": 100, "output": 100}, ())


@pytest.mark.parametrize("place", ["flat", "nested", "otlp"])
def test_a_counter_that_nobody_knows(place):
    """It is named with its attribute, and the cost is a lower bound; one at 0 says nothing."""
    name = "gen_ai.usage.zzz_tokens"
    span = {**ATTRIBUTES, name: 7, "gen_ai.usage.yyy_tokens": 0}
    if place == "nested":
        span = {"attributes": span}
    elif place == "otlp":
        span = {"attributes": [*OTLP, {"key": name, "value": {"intValue": "7"}}]}
    usage = read_usage(span)
    assert (usage.quantities, usage.unread) == (QUANTITIES, {name: 7})
    assert [(note.code, note.about) for note in usage.notes] == [("not_understood", name)]


def test_a_counter_by_several_names_stands_once():
    """As pydantic-ai writes it; two counts of one thing are an error that names the attributes."""
    both = {**ATTRIBUTES, "gen_ai.usage.details.cache_read_tokens": 800, "gen_ai.usage.details.cached_tokens": 0}
    assert read_usage(both).quantities == QUANTITIES
    with pytest.raises(InconsistentUsageError, match="cache_read_tokens"):
        read_usage({**both, "gen_ai.usage.details.cache_read_tokens": 700})


def test_half_of_a_cache_write_for_an_hour():
    """400 of 1000 for an hour leave 600 for five minutes; the split alone is the whole."""
    span = {"gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 0}
    split = {"gen_ai.usage.cache_creation.ephemeral_1h_input_tokens": 400}
    whole = {"gen_ai.usage.cache_creation.input_tokens": 1000}
    assert read_usage({**span, **split, **whole}).quantities == {"cache_write": 600, "cache_write_1h": 400}
    short = {"gen_ai.usage.cache_creation.ephemeral_5m_input_tokens": 500}
    assert read_usage({**span, **split, **short}).quantities == {
        "input": 100,
        "cache_write": 500,
        "cache_write_1h": 400,
    }


def test_searches_are_no_tokens():
    """Searches of a provider's own tool stand beside the tokens."""
    span = {**ATTRIBUTES, "gen_ai.usage.server_tool_use.web_search_requests": 2}
    assert read_usage(span).quantities == {**QUANTITIES, "web_searches": 2}


OPENINFERENCE = {
    "openinference.span.kind": "LLM",
    "llm.provider": "anthropic",
    "llm.model_name": "claude-sonnet-4-5",
    "llm.token_count.prompt": 1000,
    "llm.token_count.completion": 50,
    "llm.token_count.total": 1050,
    "llm.token_count.prompt_details.cache_read": 800,
    "llm.token_count.prompt_details.cache_write": 100,
    "llm.token_count.completion_details.reasoning": 20,
}
NESTED = {
    "name": "messages",
    "attributes": {
        "openinference": {"span": {"kind": "LLM"}},
        "llm": {
            "provider": "anthropic",
            "model_name": "claude-sonnet-4-5",
            "input_messages": [{"message": {"role": "user", "content": "x"}}],
            "token_count": {
                "prompt": 1000,
                "completion": 50,
                "total": 1050,
                "prompt_details": {"cache_read": 800, "cache_write": 100},
                "completion_details": {"reasoning": 20},
            },
        },
    },
}
ROW = {
    "name": "messages",
    "span_kind": "LLM",
    "attributes.llm.token_count.prompt_details.audio": float("nan"),
    **{f"attributes.{name}": value for name, value in OPENINFERENCE.items() if name.startswith("llm")},
}


@pytest.mark.parametrize("span", [OPENINFERENCE, {"attributes": OPENINFERENCE}, NESTED, ROW])
def test_openinference(span):
    """Flat, nested, and as a row of a data frame, of which empty cells are NaN: the prompt is the whole."""
    usage = read_usage(span)
    assert usage.quantities == {"input": 100, "cache_read": 800, "cache_write": 100, "output": 30, "reasoning": 20}
    assert (usage.model, usage.named_provider, usage.context) == ("claude-sonnet-4-5", "anthropic", 1000)
    assert (usage.dialect, usage.notes) == ("openinference", ())


def test_cached_input_of_openinference():
    """Older spans know one name for what was cached; newer ones repeat reads and writes under it."""
    span = {"llm.token_count.prompt": 1000, "llm.token_count.completion": 50}
    old = {"llm.token_count.prompt_details.cache_input": 900}
    assert read_usage({**span, **old}).quantities == {"input": 100, "cache_read": 900, "output": 50}
    assert read_usage({**OPENINFERENCE, **old}).quantities["cache_read"] == 800


def test_an_embedding_has_no_output():
    """Its spans state the input alone, by each convention."""
    for span in (
        {"gen_ai.operation.name": "embeddings", "gen_ai.usage.input_tokens": 9},
        {"openinference.span.kind": "EMBEDDING", "llm.token_count.prompt": 9, "embedding.model_name": "m"},
        {"ai.operationId": "ai.embed.doEmbed", "ai.usage.tokens": 9, "ai.model.id": "m"},
    ):
        assert read_usage(span).quantities == {"input": 9}


TRACELOOP = {
    "gen_ai.system": "OpenAI",
    "llm.request.model": "gpt-4o",
    "llm.usage.prompt_tokens": 1000,
    "llm.usage.completion_tokens": 100,
    "llm.usage.total_tokens": 1100,
}


def test_the_first_names_of_openllmetry():
    """Both conventions in one span are one count."""
    usage = read_usage(TRACELOOP)
    assert (usage.quantities, usage.model) == ({"input": 1000, "output": 100}, "gpt-4o")
    both = {**TRACELOOP, "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.cache_read_input_tokens": 800}
    assert read_usage(both).quantities == {"input": 200, "cache_read": 800, "output": 100}


def test_two_conventions_of_which_one_leaves_the_cache_out():
    """1000 are 100 and the 900 of the cache; any other difference is an error."""
    span = {
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 10,
        "llm.token_count.prompt": 1000,
        "llm.token_count.prompt_details.cache_read": 800,
        "llm.token_count.prompt_details.cache_write": 100,
    }
    usage = read_usage(span)
    assert (usage.quantities, usage.context) == (
        {"input": 100, "cache_read": 800, "cache_write": 100, "output": 10},
        1000,
    )
    with pytest.raises(InconsistentUsageError, match="token_count"):
        read_usage({**span, "gen_ai.usage.input_tokens": 99})


AI_SDK = {
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.model.provider": "openai.responses",
    "ai.model.id": "gpt-4o",
    "ai.response.model": "gpt-4o-2024-08-06",
    "ai.usage.inputTokens": 1000,
    "ai.usage.inputTokenDetails.noCacheTokens": 200,
    "ai.usage.inputTokenDetails.cacheReadTokens": 800,
    "ai.usage.outputTokens": 100,
    "ai.usage.outputTokenDetails.textTokens": 80,
    "ai.usage.outputTokenDetails.reasoningTokens": 20,
    "ai.usage.totalTokens": 1100,
    "ai.usage.reasoningTokens": 20,
    "ai.usage.cachedInputTokens": 800,
    "gen_ai.system": "openai.responses",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 100,
}


def test_spans_of_the_ai_sdk():
    """They state the cached tokens under their own names alone, of each version."""
    usage = read_usage(AI_SDK)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}
    assert (usage.model, usage.named_provider, usage.notes) == ("gpt-4o-2024-08-06", "openai", ())
    oldest = {"ai.usage.promptTokens": 7, "ai.usage.completionTokens": 2, "ai.model.provider": "google.vertex.chat"}
    usage = read_usage(oldest)
    assert (usage.quantities, usage.named_provider) == ({"input": 7, "output": 2}, "google.vertex")


def test_what_the_provider_said_in_a_span_of_the_ai_sdk():
    """Its own counters, tier and bill are stronger than what was made of them."""
    usage = {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 400}
    hour = {"cache_creation": {"ephemeral_1h_input_tokens": 400, "ephemeral_5m_input_tokens": 0}}
    span = {"ai.usage.inputTokens": 500, "ai.usage.outputTokens": 5, "ai.response.model": "claude-sonnet-4-6"}
    said = {"anthropic": {"usage": {**usage, **hour}}}
    found = read_usage({**span, "ai.response.providerMetadata": json.dumps(said)})
    assert found.quantities == {"input": 10, "cache_read": 90, "cache_write_1h": 400, "output": 5}
    assert (found.model, found.named_provider) == ("claude-sonnet-4-6", "anthropic")
    # Version 5 counts Anthropic's input without the cache: 500 and 90 and 400.
    old = {**span, "ai.usage.cachedInputTokens": 90}
    said = {"anthropic": {"cacheCreationInputTokens": 400}}
    found = read_usage({**old, "ai.response.providerMetadata": json.dumps(said)})
    assert found.quantities == {"input": 500, "cache_read": 90, "cache_write": 400, "output": 5}
    said = {"openai": {"serviceTier": "flex"}, "gateway": {"cost": "0.002"}}
    found = read_usage({**span, "gen_ai.request.service_tier": "auto", "ai.response.providerMetadata": said})
    assert (found.service_tier, found.reported, found.provider) == ("flex", Decimal("0.002"), "vercel_ai_gateway")
    assert read_usage({**span, "ai.response.providerMetadata": "{"}).quantities == {"input": 500, "output": 5}


LOGFIRE = {
    "gen_ai.provider.name": "anthropic",
    "gen_ai.response.model": "claude-sonnet-4-5",
    "gen_ai.usage.input_tokens": 1000,
    "gen_ai.usage.output_tokens": 50,
    "operation.cost": 0.01,
}
RAW = {
    "input_tokens": 100,
    "output_tokens": 50,
    "cache_read_input_tokens": 500,
    "cache_creation_input_tokens": 400,
    "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 400},
    "server_tool_use": {"web_search_requests": 2},
}


@pytest.mark.parametrize("raw", [RAW, json.dumps(RAW)])
def test_logfire_keeps_the_providers_own_usage(raw):
    """It has what the attributes leave out: 100 fresh, and 400 written for an hour."""
    usage = read_usage({**LOGFIRE, "gen_ai.usage.raw": raw})
    assert usage.quantities == {
        "input": 100,
        "cache_read": 500,
        "cache_write_1h": 400,
        "output": 50,
        "web_searches": 2,
    }
    assert (usage.model, usage.named_provider) == ("claude-sonnet-4-5", "anthropic")
    assert read_usage(LOGFIRE).quantities == {"input": 1000, "output": 50}
    agent = {**LOGFIRE, "gen_ai.usage.raw": raw, "gen_ai.operation.name": "invoke_agent"}
    assert read_usage(agent).quantities == {"input": 1000, "output": 50}


def test_spans_of_mlflow():
    """All attributes are JSON, the counters as one object; what was written for an hour is among the writes."""
    counters = {
        "input_tokens": 1000,
        "output_tokens": 50,
        "total_tokens": 1050,
        "cache_read_input_tokens": 500,
        "cache_creation_input_tokens": 400,
        "cache_creation_input_tokens_above_1hr": 300,
    }
    attributes = {
        "mlflow.spanType": '"CHAT_MODEL"',
        "mlflow.chat.tokenUsage": json.dumps(counters),
        "mlflow.llm.model": '"claude-sonnet-4-5"',
        "mlflow.llm.provider": '"anthropic"',
    }
    for span in (
        attributes,
        {"attributes": attributes},
        {"attributes": {**attributes, "mlflow.chat.tokenUsage": counters}},
    ):
        usage = read_usage(span)
        assert usage.quantities == {
            "input": 100,
            "cache_read": 500,
            "cache_write": 100,
            "cache_write_1h": 300,
            "output": 50,
        }
        assert (usage.model, usage.named_provider, usage.dialect) == ("claude-sonnet-4-5", "anthropic", "mlflow")
    agent = {**attributes, "mlflow.spanType": '"AGENT"'}
    assert read_usage({"attributes": agent}).aggregate is True


@pytest.mark.parametrize(
    ("attributes", "provider"),
    [
        ({"gen_ai.provider.name": "x_ai", "gen_ai.system": "openai"}, "x_ai"),
        ({"llm.provider": "azure", "llm.system": "openai"}, "azure"),
        ({"llm.provider": "google", "llm.system": "vertexai"}, "gcp.vertex_ai"),
        ({"gen_ai.system": "gcp.gen_ai"}, "gcp.gen_ai"),
        ({"gen_ai.system": "gcp.gen_ai", "gcp.project_id": "p"}, "gcp.vertex_ai"),
        ({"gen_ai.system": "gcp.gen_ai", "gen_ai.request.model": "projects/p/locations/l/models/m"}, "gcp.vertex_ai"),
        (
            {"gen_ai.system": "gcp.gen_ai", "server.address": "us-central1-aiplatform.googleapis.com"},
            "vertex_ai",
        ),
        ({}, None),
    ],
)
def test_the_provider_that_a_span_names(attributes, provider):
    """The newer attribute is stronger; what shows a project or a region of Google's cloud is Vertex AI."""
    span = {"gen_ai.usage.input_tokens": 1, "gen_ai.usage.output_tokens": 1, **attributes}
    assert read_usage(span).named_provider == provider


def test_the_server_of_a_call():
    """A client of OpenAI's that was sent elsewhere speaks its protocol; where the server stands is the region."""
    span = {**ATTRIBUTES, "gen_ai.provider.name": "openai"}
    usage = read_usage({**span, "server.address": "contoso.openai.azure.com"})
    assert (usage.named_provider, usage.region) == ("azure", None)
    usage = read_usage({**span, "server.address": "bedrock-runtime.eu-west-1.amazonaws.com"})
    assert (usage.named_provider, usage.region) == ("bedrock", "eu-west-1")
    assert read_usage({**span, "server.address": "localhost"}).named_provider == "openai"


def test_a_requested_tier():
    """What was served is stronger; a request alone is billed, and said; the standard one is none."""
    span = {"gen_ai.usage.input_tokens": 1, "gen_ai.usage.output_tokens": 1}
    usage = read_usage({**span, "gen_ai.openai.request.service_tier": "flex"})
    assert (usage.service_tier, [note.code for note in usage.notes]) == ("flex", ["tier_requested"])
    served = {"gen_ai.request.service_tier": "flex", "openai.response.service_tier": "default"}
    assert (read_usage({**span, **served}).service_tier, read_usage({**span, **served}).notes) == ("default", ())
    usage = read_usage({**span, "gen_ai.request.service_tier": "auto"})
    assert (usage.service_tier, usage.notes) == (None, ())


@pytest.mark.parametrize("name", ["gen_ai.usage.cost", "gen_ai.cost", "llm.cost.total", "operation.cost"])
def test_a_cost_that_an_instrumentation_calculated(name):
    """It is noted and not believed, but where the provider states what it charges."""
    span = {**ATTRIBUTES, name: 0.25}
    usage = read_usage(span)
    assert (usage.reported, [(note.code, note.about) for note in usage.notes]) == (None, [("cost_not_used", name)])
    billed = read_usage({**span, "gen_ai.provider.name": "openrouter"})
    assert (billed.reported, billed.provider, billed.notes) == (Decimal("0.25"), "openrouter", ())
    assert read_usage({**span, name: 0}).notes == ()


@pytest.mark.parametrize(
    "said",
    [
        {"gen_ai.operation.name": "invoke_agent"},
        {"gen_ai.operation.name": "invoke_workflow"},
        {"openinference.span.kind": "AGENT"},
        {"openinference.span.kind": "CHAIN"},
        {"traceloop.span.kind": "workflow"},
        {"ai.operationId": "ai.generateText"},
        {"pydantic_ai.all_messages": "[]"},
    ],
)
def test_sums_of_other_spans(said):
    """Spans around several calls are aggregates, and say that they repeat those below them."""
    span = {"gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 1, **said}
    usage = read_usage(span)
    assert (usage.aggregate, usage.context, [note.code for note in usage.notes]) == (True, None, ["sum_of_spans"])


def test_aggregated_usage():
    """What an agent's run spent has names of its own in newer spans of pydantic-ai."""
    usage = read_usage({"gen_ai.aggregated_usage.input_tokens": 5, "gen_ai.aggregated_usage.output_tokens": 1})
    assert (usage.quantities, usage.aggregate) == ({"input": 5, "output": 1}, True)


def test_old_names_of_the_totals():
    """Before they were input and output they were prompt and completion."""
    usage = read_usage({"gen_ai.usage.prompt_tokens": 7, "gen_ai.usage.completion_tokens": 2})
    assert usage.quantities == {"input": 7, "output": 2}


def test_the_spans_of_agents_are_sums():
    """Several requests have no context, so that no threshold is applied."""
    usage = read_usage({**ATTRIBUTES, "gen_ai.operation.name": "invoke_agent"})
    assert (usage.aggregate, usage.context, usage.quantities) == (True, None, QUANTITIES)
    assert read_usage(ATTRIBUTES).aggregate is False


@pytest.mark.parametrize("name", ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"])
def test_half_a_span(name):
    """What an instrumentation leaves out is not 0."""
    with pytest.raises(MissingUsageError, match=name):
        read_usage({key: value for key, value in ATTRIBUTES.items() if key != name})


def test_an_instrumentation_that_counts_the_cache_apart():
    """More cached tokens than input stand beside it, against the conventions, and a note says so."""
    usage = read_usage({**ATTRIBUTES, "gen_ai.usage.cache_read.input_tokens": 1001})
    assert usage.quantities == {"input": 1000, "cache_read": 1001, "output": 30, "reasoning": 20}
    assert [note.code for note in usage.notes] == ["counted_on_top"]


def test_the_total_proves_it():
    """Where it also states a total, that decides: 3 + 800 + 50."""
    apart = {
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.cache_read.input_tokens": 800,
        "gen_ai.usage.total_tokens": 853,
    }
    assert read_usage(apart).quantities == {"input": 3, "cache_read": 800, "output": 50}


def test_priced():
    """200 x 1e-06, 800 x 1e-07, 50 x 8e-06."""
    row = {"input_cost_per_token": 1e-06, "cache_read_input_token_cost": 1e-07, "output_cost_per_token": 8e-06}
    assert bill(row, ATTRIBUTES) == lines(
        ("input", 200, "0.0002"),
        ("cache_read", 800, "0.00008"),
        ("output", 30, "0.00024"),
        ("reasoning", 20, "0.00016"),
    )


def test_spans_of_the_sdk():
    """The object that a processor receives, and the JSON that it writes, with OpenInference's own names."""
    trace = pytest.importorskip("opentelemetry.sdk.trace")
    names = pytest.importorskip("openinference.semconv.trace").SpanAttributes
    counters = {
        names.OPENINFERENCE_SPAN_KIND: "LLM",
        names.LLM_PROVIDER: "anthropic",
        names.LLM_MODEL_NAME: "claude-sonnet-4-5",
        names.LLM_TOKEN_COUNT_PROMPT: 1000,
        names.LLM_TOKEN_COUNT_COMPLETION: 50,
        names.LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_READ: 800,
        names.LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_WRITE: 100,
        names.LLM_TOKEN_COUNT_COMPLETION_DETAILS_REASONING: 20,
    }
    span = trace.TracerProvider().get_tracer("x").start_span("chat", attributes=counters, start_time=179 * 10**16)
    span.end()
    for given in (span, json.loads(span.to_json())):
        usage = read_usage(given)
        assert usage.quantities == {"input": 100, "cache_read": 800, "cache_write": 100, "output": 30, "reasoning": 20}
        assert (usage.model, usage.named_provider) == ("claude-sonnet-4-5", "anthropic")
    assert read_usage(span).at == 1_790_000_000


def test_what_pydantic_ai_writes_into_a_span():
    """Its counters stand twice, by today's names and by those that it had."""
    usage = pytest.importorskip("pydantic_ai.usage").RequestUsage(
        input_tokens=1000,
        output_tokens=50,
        cache_read_tokens=800,
        cache_write_tokens=100,
        input_audio_tokens=40,
        details={"reasoning_tokens": 20, "cache_read_input_tokens": 800},
    )
    assert read_usage(usage.opentelemetry_attributes()).quantities == {
        "input": 60,
        "input_audio": 40,
        "cache_read": 800,
        "cache_write": 100,
        "output": 30,
        "reasoning": 20,
    }


def test_counts_that_a_store_keeps_as_text():
    """Stores of spans keep every attribute as text; a text that is no count stays an error."""
    span = {"gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": "361", "gen_ai.usage.output_tokens": "53"}
    usage = read_usage({**span, "gen_ai.usage.cache_read.input_tokens": "61", "gen_ai.usage.zzz_tokens": "7"})
    assert usage.quantities == {"input": 300, "cache_read": 61, "output": 53}
    assert usage.unread == {"gen_ai.usage.zzz_tokens": 7}
    with pytest.raises(InconsistentUsageError):
        read_usage({**span, "gen_ai.usage.input_tokens": "many"})


def test_attributes_that_are_text():
    """Tables of spans keep them as JSON text, or as a map of text; Azure Monitor calls them by another name."""
    as_text = {name: str(value) for name, value in ATTRIBUTES.items()}
    for span in (
        {"trace_id": "t", "attributes": json.dumps(ATTRIBUTES)},
        {"span_id": "s", "attributes": as_text},
        {"itemType": "dependency", "customDimensions": json.dumps(as_text)},
        {"customDimensions": as_text},
    ):
        assert read_usage(span).quantities == QUANTITIES
    with pytest.raises(InconsistentUsageError, match="is not a count"):
        read_usage({"attributes": {**as_text, "gen_ai.usage.input_tokens": "many"}})


def test_the_model_of_a_span_of_agent_ops():
    """Its documentation has Traceloop's counters beside a name of its own for the model."""
    used = {"llm.usage.prompt_tokens": 50, "llm.usage.completion_tokens": 25}
    usage = read_usage({"span_id": "s", "attributes": {"llm.model": "gpt-4-turbo", **used}})
    assert (usage.model, usage.quantities) == ("gpt-4-turbo", {"input": 50, "output": 25})


def test_two_ways_in_which_mlflow_counts_the_cache_of_anthropic():
    """1000 of which 800 were read, or 1000 and 800: 200 x 3 + 800 x 0.3 + 100 x 15 per million, or 800 x 3 more."""
    used = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100, "cache_read_input_tokens": 800}
    attributes = {"mlflow.spanType": '"CHAT_MODEL"', "mlflow.chat.tokenUsage": json.dumps(used)}
    prices = CostMap(
        {"m": {"input_cost_per_token": 3e-6, "cache_read_input_token_cost": 3e-7, "output_cost_per_token": 1.5e-5}}
    )
    span = {"trace_id": "t", "span_id": "s", "attributes": {**attributes, "mlflow.message.format": '"anthropic"'}}
    with pytest.raises(InconsistentUsageError, match="inside the input or beside it") as raised:
        prices.calculate(span, model="m")
    assert [cost.total for cost in raised.value.costs] == [Decimal("0.00234"), Decimal("0.00474")]
    for message_format in ('"openai"', '"pydantic_ai"'):
        span["attributes"]["mlflow.message.format"] = message_format
        assert prices.calculate(span, model="m").total == Decimal("0.00234")
