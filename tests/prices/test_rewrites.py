"""Names as people, frameworks, routers and clouds write them: each spelling means what its rule says, or nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, UnknownModelError, Usage
from llmcost.prices.makers import MAKERS, maker_of
from llmcost.prices.names import Query, find
from llmcost.prices.rewrites import has_sign, rewrites
from llmcost.prices.vendors import NEIGHBOURS, family

PRICES = CostMap()
# 1,000 tokens in and 100 out.
USAGE = Usage(input=1000, output=100)


def priced(name, **facts):
    cost = PRICES.calculate(usage=USAGE, model=name, at="2026-11-26", **facts)
    return cost.matched_as, cost.match_rule, str(cost.total)


@pytest.mark.parametrize(
    ("name", "row", "total"),
    [
        ("grok-4.7", "xai/grok-4.7", "0.0026"),
        ("grok-4.5", "xai/grok-4.5", "0.0026"),
        ("kimi-k3", "moonshot/kimi-k3", "0.0045"),
        ("kimi-k2.5", "moonshot/kimi-k2.5", "0.0009"),
        ("moonshot-v1-8k", "moonshot/moonshot-v1-8k", "0.0004"),
        ("glm-5.3", "zai/glm-5.3", "0.00184"),
        # With the fee of one request, 0.006 and 0.005.
        ("sonar-pro", "perplexity/sonar-pro", "0.0105"),
        ("mistral-large-latest", "mistral/mistral-large-latest", "0.00065"),
        ("codestral-latest", "mistral/codestral-latest", "0.00039"),
        ("mistral-small-latest", "mistral/mistral-small-latest", "0.00021"),
        ("qwen3.8-max", "dashscope/qwen3.8-max", "0.0026"),
        ("MiniMax-M3", "minimax/MiniMax-M3", "0.00042"),
        ("minimax-m3", "minimax/MiniMax-M3", "0.00042"),
        ("gemini-4-argon", "gemini/gemini-4-argon", "0.003"),
        ("gemini-4-neon", "gemini/gemini-4-neon", "0.0045"),
        ("voyage-4", "voyage/voyage-4", "0.00006"),
        ("llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile", "0.000669"),
        ("llama-3.1-8b-instant", "groq/llama-3.1-8b-instant", "0.000058"),
        ("grok-4.6", "xai/grok-4.6", "0.0026"),
        ("kimi-k2.6", "moonshot/kimi-k2.6", "0.00135"),
        ("glm-5", "zai/glm-5", "0.00132"),
        ("sonar", "perplexity/sonar", "0.0061"),
        ("devstral-latest", "mistral/devstral-latest", "0.0006"),
        ("ministral-8b-latest", "mistral/ministral-8b-latest", "0.000165"),
        ("qwen3-max", "dashscope/qwen3-max", "0.0018"),
        ("gemini-4-carbon", "gemini/gemini-4-carbon", "0.003"),
        ("mimo-v2.5-pro", "xiaomi_mimo/mimo-v2.5-pro", "0.000522"),
        ("muse-spark-1.3", "meta/muse-spark-1.3", "0.001675"),
    ],
)
def test_a_makers_own_id_is_the_makers(name, row, total):
    """No seller is stated, and several sell it: whoever makes it is meant, and the bill says so."""
    found = PRICES.calculate(usage=Usage(input=1000), model=name) if name.startswith("voyage") else None
    if found is not None:
        assert (found.matched_as, found.match_rule, str(found.total)) == (row, "maker", total)
        return
    assert priced(name) == (row, "maker", total)
    assert "makers_row" in [note.code for note in PRICES.calculate(usage=USAGE, model=name).notes]


@pytest.mark.parametrize(
    ("name", "rule", "row", "total"),
    [
        # Claude Code's setting of the context.
        ("claude-opus-5-5[1m]", "context_suffix", "claude-opus-5-5", "0.006"),
        ("claude-sonnet-5-5[200k]", "context_suffix", "claude-sonnet-5-5", "0.003"),
        ("anthropic/claude-opus-5-5[1m]", "context_suffix", "claude-opus-5-5", "0.006"),
        (
            "global.anthropic.claude-opus-5-5[1m]",
            "context_suffix",
            "global.anthropic.claude-opus-5-5",
            "0.006",
        ),
        # Resource names of Google and of its cloud.
        ("models/gemini-2.5-flash", "resource_path", "gemini/gemini-2.5-flash", "0.00055"),
        ("gemini/models/gemini-2.5-pro", "resource_path", "gemini/gemini-2.5-pro", "0.00225"),
        ("publishers/google/models/gemini-2.5-flash", "resource_path", "gemini-2.5-flash", "0.00055"),
        (
            "projects/p/locations/global/publishers/google/models/gemini-4-argon",
            "resource_path",
            "vertex_ai/gemini-4-argon",
            "0.003",
        ),
        # A proxy is no seller; a prefix that is repeated is one; a tool's subscription bills otherwise.
        ("litellm_proxy/gpt-4o", "route", "gpt-4o", "0.0035"),
        ("litellm/claude-opus-5-5", "route", "claude-opus-5-5", "0.006"),
        ("openai/litellm_proxy/gpt-4o", "route", "gpt-4o", "0.0035"),
        ("openai/openai/gpt-5.5", "repeated_prefix", "gpt-5.5", "0.008"),
        ("anthropic/anthropic/claude-opus-5-5", "repeated_prefix", "claude-opus-5-5", "0.006"),
        ("codex/gpt-5.5", "subscription", "gpt-5.5", "0.008"),
        # pydantic-ai's providers.
        ("openai:gpt-4o", "provider_colon", "gpt-4o", "0.0035"),
        ("openai-responses:gpt-4o", "provider_colon", "gpt-4o", "0.0035"),
        ("anthropic:claude-opus-5-5", "provider_colon", "claude-opus-5-5", "0.006"),
        ("google-gla:gemini-4-argon", "provider_colon", "gemini/gemini-4-argon", "0.003"),
        ("groq:llama-3.3-70b-versatile", "provider_colon", "groq/llama-3.3-70b-versatile", "0.000669"),
        (
            "bedrock:us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "provider_colon",
            "us.anthropic.claude-haiku-4-5-20251001-v1:0",
            "0.00165",
        ),
        # OpenRouter's variants, and the order of words in its responses.
        (
            "openrouter/anthropic/claude-3.7-sonnet:thinking",
            "router_variant",
            "openrouter/anthropic/claude-3.7-sonnet",
            "0.0045",
        ),
        ("openrouter/openai/gpt-4o:nitro", "router_variant", "openrouter/openai/gpt-4o", "0.0035"),
        ("openrouter/openai/gpt-4o:floor", "router_variant", "openrouter/openai/gpt-4o", "0.0035"),
        (
            "openrouter/anthropic/claude-4.5-haiku-20251001",
            "turned_round",
            "openrouter/anthropic/claude-haiku-4.5",
            "0.0015",
        ),
        # The same variants without the router's prefix.
        ("openai/gpt-4o:nitro", "router_variant", "openrouter/openai/gpt-4o", "0.0035"),
        ("anthropic/claude-3.7-sonnet:thinking", "router_variant", "openrouter/anthropic/claude-3.7-sonnet", "0.0045"),
        ("deepseek/deepseek-r1:free", "router_variant", "openrouter/deepseek/deepseek-r1:free", "0"),
        # A maker's snapshots of one name, which cost the same; also as others turn and dot it.
        ("claude-sonnet-4", "undated", "claude-sonnet-4-20250514", "0.0045"),
        ("claude-opus-4", "undated", "claude-opus-4-20250514", "0.0225"),
        ("claude-3-5-sonnet", "undated", "claude-3-5-sonnet-20241022", "0.0045"),
        ("anthropic/claude-3-opus", "undated", "claude-3-opus-20240229", "0.0225"),
        ("claude-3.5-sonnet", "dotted_version", "claude-3-5-sonnet-20241022", "0.0045"),
        ("anthropic/claude-3.7-sonnet", "dotted_version", "claude-3-7-sonnet-20250219", "0.0045"),
        ("claude-4-sonnet", "turned_round", "claude-sonnet-4-20250514", "0.0045"),
        ("claude-4-opus", "turned_round", "claude-opus-4-20250514", "0.0225"),
        ("claude-sonnet-4-5-1m", "context_suffix", "claude-sonnet-4-5", "0.0045"),
        # A version that a Bedrock id has or lacks. 1.1 times 5 and 25 where the call runs in one region.
        ("anthropic.claude-opus-4-7-v1", "bedrock_version", "anthropic.claude-opus-4-7", "0.00825"),
        ("anthropic.claude-sonnet-4-6-v1:0", "bedrock_version", "anthropic.claude-sonnet-4-6", "0.00495"),
        ("global.anthropic.claude-opus-4-6-v1:0", "bedrock_version", "global.anthropic.claude-opus-4-6-v1", "0.0075"),
        ("bedrock/us.amazon.nova-pro-v1", "bedrock_version", "us.amazon.nova-pro-v1:0", "0.00112"),
        ("amazon.titan-embed-text-v2", "bedrock_version", "amazon.titan-embed-text-v2:0", "0.00002"),
        # Fireworks writes the account before the model, and a p for each dot.
        (
            "fireworks_ai/deepseek-v3p1",
            "fireworks_id",
            "fireworks_ai/accounts/fireworks/models/deepseek-v3p1",
            "0.000728",
        ),
        ("fireworks_ai/glm-5.2", "fireworks_id", "fireworks_ai/glm-5p2", "0.00184"),
        ("fireworks:glm-5.2", "provider_colon", "fireworks_ai/glm-5p2", "0.00184"),
        (
            "fireworks_ai/deepseek-v3.1",
            "fireworks_id",
            "fireworks_ai/accounts/fireworks/models/deepseek-v3p1",
            "0.000728",
        ),
        # Sizes of what runs on the caller's own machine, and an open model of a cloud without its publisher.
        ("ollama/llama3.1:8b", "ollama_tag", "ollama/llama3.1", "0"),
        ("ollama/mistral:7b-instruct-q4_K_M", "ollama_tag", "ollama/mistral", "0"),
        ("ollama_chat/llama3:latest", "ollama_tag", "ollama/llama3", "0"),
        ("vertex_ai/gpt-oss-120b-maas", "publisher", "vertex_ai/openai/gpt-oss-120b-maas", "0.000126"),
        ("vertex_ai/deepseek-v3.1-maas", "publisher", "vertex_ai/deepseek-ai/deepseek-v3.1-maas", "0.00077"),
        (
            "vertex_ai/qwen3-coder-480b-a35b-instruct-maas",
            "publisher",
            "vertex_ai/qwen/qwen3-coder-480b-a35b-instruct-maas",
            "0.0004",
        ),
        # Azure's two names of one shop.
        ("azure_ai/gpt-5", "neighbour", "azure/gpt-5", "0.00225"),
        ("azure_ai/gpt-4o-2024-08-06", "neighbour", "azure/gpt-4o-2024-08-06", "0.0035"),
        ("azure/DeepSeek-R1", "neighbour", "azure_ai/deepseek-r1", "0.00189"),
        # Dots where the maker's row has dashes.
        ("anthropic/claude-sonnet-4.5", "dotted_version", "claude-sonnet-4-5", "0.0045"),
        ("claude-opus-4.5", "dotted_version", "claude-opus-4-5", "0.0075"),
        ("claude-opus-5.5", "dotted_version", "claude-opus-5-5", "0.006"),
        ("claude-haiku-4.5", "dotted_version", "claude-haiku-4-5", "0.0015"),
        # Hugging Face's hosts, and ids of the clouds.
        (
            "deepseek-ai/DeepSeek-V3.2:novita",
            "router_host",
            "huggingface/novita/deepseek-ai/DeepSeek-V3.2",
            "0.000309",
        ),
        (
            "huggingface/deepseek-ai/DeepSeek-V3.2:novita",
            "router_host",
            "huggingface/novita/deepseek-ai/DeepSeek-V3.2",
            "0.000309",
        ),
        ("bedrock/openai.gpt-oss-120b", "mantle", "bedrock_mantle/openai.gpt-oss-120b", "0.00021"),
        ("gemini-2.5-flash-001", "google_version", "gemini-2.5-flash", "0.00055"),
        ("gpt-3.5-turbo-instruct:20230824-v2", "azure_version", "gpt-3.5-turbo-instruct", "0.0017"),
        ("databricks/bge-large-en", "databricks", "databricks/databricks-bge-large-en", "0.00010003"),
        # A coding tool's effort changes the tokens, and not their price.
        ("gpt-5.2-high", "effort", "gpt-5.2", "0.00315"),
        ("gpt-5-codex-high", "effort", "gpt-5-codex", "0.00225"),
        ("gpt-5-low", "effort", "gpt-5", "0.00225"),
        ("claude-4.5-sonnet-thinking", "effort", "claude-sonnet-4-5", "0.0045"),
        # Three more of each kind, priced by the rows of data/: 1,000 in and 100 out.
        ("claude-haiku-5-5[1m]", "context_suffix", "claude-haiku-5-5", "0.00015"),
        ("gpt-5.5[200k]", "context_suffix", "gpt-5.5", "0.008"),
        ("bedrock/anthropic.claude-sonnet-5-5[1m]", "context_suffix", "anthropic.claude-sonnet-5-5", "0.0033"),
        ("models/gemini-4-argon", "resource_path", "gemini/gemini-4-argon", "0.003"),
        ("publishers/anthropic/models/claude-opus-5-5", "resource_path", "vertex_ai/claude-opus-5-5", "0.006"),
        (
            "projects/p/locations/global/publishers/mistralai/models/mistral-medium-3",
            "resource_path",
            "vertex_ai/mistral-medium-3",
            "0.0006",
        ),
        # A model of another publisher stands under its name: 0.25 and 0.70 per million.
        (
            "publishers/meta/models/llama-4-scout-17b-16e-instruct-maas",
            "resource_path",
            "vertex_ai/meta/llama-4-scout-17b-16e-instruct-maas",
            "0.00032",
        ),
        ("litellm_proxy/anthropic/claude-opus-5-5", "route", "claude-opus-5-5", "0.006"),
        ("litellm/azure/gpt-4o", "route", "azure/gpt-4o", "0.0035"),
        ("openai/litellm_proxy/xai/grok-4.7", "route", "xai/grok-4.7", "0.0026"),
        ("anthropic/anthropic/claude-sonnet-5-5", "repeated_prefix", "claude-sonnet-5-5", "0.003"),
        ("cohere/cohere/command-a-03-2025", "repeated_prefix", "command-a-03-2025", "0.0035"),
        ("openai/openai/gpt-4o", "repeated_prefix", "gpt-4o", "0.0035"),
        ("codex/gpt-5.1-codex", "subscription", "gpt-5.1-codex", "0.00225"),
        ("codex/gpt-5.4", "subscription", "gpt-5.4", "0.004"),
        ("codex/o3", "subscription", "o3", "0.0028"),
        ("xai:grok-4.7", "provider_colon", "xai/grok-4.7", "0.0026"),
        ("deepseek:deepseek-chat", "provider_colon", "deepseek/deepseek-chat", "0.000168"),
        ("google-vertex:claude-opus-5-5", "provider_colon", "vertex_ai/claude-opus-5-5", "0.006"),
        (
            "openrouter/deepseek/deepseek-r1:thinking",
            "router_variant",
            "openrouter/deepseek/deepseek-r1",
            "0.00095",
        ),
        (
            "openrouter/google/gemini-2.5-flash:floor",
            "router_variant",
            "openrouter/google/gemini-2.5-flash",
            "0.00055",
        ),
        (
            "openrouter/anthropic/claude-haiku-4.5:online",
            "router_variant",
            "openrouter/anthropic/claude-haiku-4.5",
            "0.0015",
        ),
        (
            "openrouter/anthropic/claude-4.5-sonnet-20250929",
            "turned_round",
            "openrouter/anthropic/claude-sonnet-4.5",
            "0.0045",
        ),
        (
            "openrouter/anthropic/claude-4.6-opus-20260205",
            "turned_round",
            "openrouter/anthropic/claude-opus-4.6",
            "0.0075",
        ),
        ("anthropic/claude-4.5-haiku-20251001", "turned_round", "claude-haiku-4-5", "0.0015"),
        ("claude-sonnet-5.5", "dotted_version", "claude-sonnet-5-5", "0.003"),
        ("anthropic/claude-opus-4.6", "dotted_version", "claude-opus-4-6", "0.0075"),
        ("bedrock/us.anthropic.claude-opus-5.5", "dotted_version", "us.anthropic.claude-opus-5-5", "0.0066"),
        ("zai-org/GLM-4.6:novita", "router_host", "huggingface/novita/zai-org/GLM-4.6", "0.00077"),
        (
            "Qwen/Qwen3-235B-A22B-Instruct-2507:nebius",
            "router_host",
            "huggingface/nebius/Qwen/Qwen3-235B-A22B-Instruct-2507",
            "0.00026",
        ),
        ("bedrock/openai.gpt-oss-20b", "mantle", "bedrock_mantle/openai.gpt-oss-20b", "0.0001"),
        ("gemini-2.5-pro-002", "google_version", "gemini-2.5-pro", "0.00225"),
        ("vertex_ai/gemini-2.5-flash-001", "google_version", "gemini-2.5-flash", "0.00055"),
        ("gemini/gemini-2.5-pro-001", "google_version", "gemini/gemini-2.5-pro", "0.00225"),
        ("gpt-4o:20240806-v1", "azure_version", "gpt-4o", "0.0035"),
        ("gpt-35-turbo:20240125-v1", "azure_version", "azure/gpt-35-turbo", "0.00065"),
        ("azure/gpt-3.5-turbo-0613", "azure_version", "azure/gpt-35-turbo-0613", "0.0017"),  # 1.5 and 2 USD a million
        ("azure/gpt-35-turbo-instruct:20230914-v2", "azure_version", "azure/gpt-35-turbo-instruct", "0.0017"),
        ("databricks/gte-large-en", "databricks", "databricks/databricks-gte-large-en", "0.00012999"),
        ("databricks/claude-opus-5-5", "databricks", "databricks/databricks-claude-opus-5-5", "0.006000008"),
        (
            "databricks/meta-llama-3-3-70b-instruct",
            "databricks",
            "databricks/databricks-meta-llama-3-3-70b-instruct",
            "0.000650013",
        ),
        ("o3-low", "effort", "o3", "0.0028"),
        ("gpt-5.1-codex-high", "effort", "gpt-5.1-codex", "0.00225"),
        ("claude-opus-4-5-thinking", "effort", "claude-opus-4-5", "0.0075"),
    ],
)
def test_a_spelling(name, rule, row, total):
    """One rule, or two of them, lead to a row; the rule is named."""
    assert priced(name) == (row, rule, total)


BEDROCK = "arn:aws:bedrock"
OPUS, SONNET = "anthropic.claude-opus-5-5", "anthropic.claude-sonnet-4-5-20250929-v1:0"


@pytest.mark.parametrize(
    ("name", "rule", "row", "total"),
    [
        # ARNs: 3.3 and 16.5, 4 and 20, 0.8 and 3.2 per million; the government's region has a row at 3.6 and 18.
        (f"{BEDROCK}:us-east-1::foundation-model/anthropic.claude-sonnet-4-6", "arn", "=", "0.00495"),
        (f"{BEDROCK}:eu-west-1:123456789012:inference-profile/eu.{SONNET}", "arn", "=", "0.00495"),
        (f"{BEDROCK}:us-east-1:123456789012:inference-profile/global.{OPUS}", "arn", "=", "0.006"),
        (f"bedrock/{BEDROCK}:us-west-2:1:inference-profile/us.amazon.nova-pro-v1:0", "arn", "=", "0.00112"),
        (f"bedrock/converse/{BEDROCK}:us-east-1::foundation-model/{OPUS}", "arn", "=", "0.0066"),
        (
            f"arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/{SONNET}",
            "regional_row",
            f"bedrock/us-gov-west-1/{SONNET}",
            "0.0054",
        ),
        # Geographies, with a row and without one, and routes of LiteLLM's.
        ("jp.anthropic.claude-sonnet-4-6", "exact", "jp.anthropic.claude-sonnet-4-6", "0.00495"),
        (f"bedrock/converse/apac.{OPUS}", "exact", f"apac.{OPUS}", "0.0066"),
        ("bedrock/ca.anthropic.claude-sonnet-4-6", "base_of_region", "anthropic.claude-sonnet-4-6", "0.00495"),
        ("bedrock/invoke/us.amazon.nova-pro-v1:0", "exact", "us.amazon.nova-pro-v1:0", "0.00112"),
        # Vertex AI's paths, with a version and behind its prefix.
        ("vertex_ai/publishers/google/models/gemini-2.5-flash", "resource_path", "gemini-2.5-flash", "0.00055"),
        (
            "projects/p/locations/global/publishers/google/models/gemini-2.5-pro@default",
            "resource_path",
            "gemini-2.5-pro",
            "0.00225",
        ),
        (
            "vertex_ai/projects/p/locations/us-east5/publishers/anthropic/models/claude-opus-5-5",
            "resource_path",
            "vertex_ai/claude-opus-5-5",
            "0.0066",
        ),
        ("claude-opus-4-5@20251101", "only_row", "vertex_ai/claude-opus-4-5@20251101", "0.0075"),
        # Azure's names of itself, of a zone and of a model.
        ("azure_openai/gpt-4o", "provider_row", "azure/gpt-4o", "0.0035"),
        ("azure-openai:gpt-4o", "provider_colon", "azure/gpt-4o", "0.0035"),
        ("azure/global/gpt-4o", "base_of_region", "azure/gpt-4o", "0.0035"),
        ("azure/GPT-4o", "case_folded", "azure/gpt-4o", "0.0035"),
        ("azure/responses/gpt-4o", "provider_row", "azure/gpt-4o", "0.0035"),
        # Routers: variants, dates, a colon, and a seller's other name.
        (
            "openrouter/anthropic/claude-opus-4.5:thinking",
            "router_variant",
            "openrouter/anthropic/claude-opus-4.5",
            "0.0075",
        ),
        ("openrouter/openai/gpt-4o:beta", "router_variant", "openrouter/openai/gpt-4o", "0.0035"),
        (
            "openrouter/anthropic/claude-opus-4.5:extended",
            "router_variant",
            "openrouter/anthropic/claude-opus-4.5",
            "0.0075",
        ),
        ("openrouter/openai/gpt-4o:exacto", "router_variant", "openrouter/openai/gpt-4o", "0.0035"),
        ("openrouter/openai/gpt-5-2025-08-07", "dated_snapshot", "openrouter/openai/gpt-5", "0.00225"),
        ("openrouter:openai/gpt-4o", "provider_colon", "openrouter/openai/gpt-4o", "0.0035"),
        (
            "openrouter/meta-llama/llama-3.3-70b-instruct:free",
            "exact",
            "openrouter/meta-llama/llama-3.3-70b-instruct:free",
            "0",
        ),
        (
            "meta-llama/Llama-3.3-70B-Instruct:groq",
            "router_host",
            "huggingface/groq/meta-llama/Llama-3.3-70B-Instruct",
            "0.000669",
        ),
        (
            "vercel/anthropic/claude-opus-4.5",
            "provider_row",
            "vercel_ai_gateway/anthropic/claude-opus-4.5",
            "0.0075",
        ),
        # Suffixes: efforts of coding tools, the longer context, snapshots and fine-tuned models.
        ("o4-mini-high", "effort", "o4-mini", "0.00154"),
        ("gpt-5.2-xhigh", "effort", "gpt-5.2", "0.00315"),
        ("claude-opus-4-5-20251101-thinking", "effort", "claude-opus-4-5-20251101", "0.0075"),
        ("claude-opus-4-5-20251101[1m]", "context_suffix", "claude-opus-4-5-20251101", "0.0075"),
        ("openai/gpt-4o-20240806", "date_written", "gpt-4o-2024-08-06", "0.0035"),
        ("gpt-4o-latest", "latest", "gpt-4o", "0.0035"),
        ("ft:gpt-4o-mini-2024-07-18:acme:bot:abc123", "fine_tuned", "ft:gpt-4o-mini-2024-07-18", "0.00042"),
        ("cohere:command-r-plus", "provider_colon", "command-r-plus", "0.0035"),
        # A maker's snapshot and alias.
        ("mistral-large-2411", "maker", "mistral/mistral-large-2411", "0.0026"),
        ("kimi-latest", "alias", "moonshot/kimi-k3", "0.0045"),
        ("claude-opus-latest", "alias", "claude-opus-5-5", "0.006"),
    ],
)
def test_a_spelling_of_a_cloud_or_a_router(name, rule, row, total):
    """The price is that of the row, for 1,000 tokens in and 100 out; ``=`` is the model that an ARN ends with."""
    assert priced(name) == (name.rpartition("/")[2] if row == "=" else row, rule, total)


@pytest.mark.parametrize(
    ("name", "provider", "rule", "row"),
    [
        ("claude-4.5-opus-high-thinking", "cursor", "effort", "claude-opus-4-5"),
        ("claude-4.5-opus-max", "cursor", "effort", "claude-opus-4-5"),
        ("gpt-4o", "litellm_proxy", "exact", "gpt-4o"),
        ("openai.gpt-oss-120b", "bedrock", "mantle", "bedrock_mantle/openai.gpt-oss-120b"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "anthropic", "bedrock_id", "anthropic.claude-3-haiku-20240307-v1:0"),
        ("anthropic/claude-haiku-4.5", "openrouter", "provider_row", "openrouter/anthropic/claude-haiku-4.5"),
        ("us.amazon.nova-pro-v1:0", "openai", "bedrock_id", "us.amazon.nova-pro-v1:0"),
        ("anthropic.claude-sonnet-4-6", "anthropic", "bedrock_id", "anthropic.claude-sonnet-4-6"),
        ("meta.llama3-3-70b-instruct-v1:0", "meta_llama", "bedrock_id", "meta.llama3-3-70b-instruct-v1:0"),
        # A row of cursor's provider is that row, and no effort of another one.
        ("openrouter/openai/o3-mini-high", "cursor", "subscription", "openrouter/openai/o3-mini-high"),
        (
            "openrouter/anthropic/claude-3.5-haiku",
            "cursor",
            "subscription",
            "openrouter/anthropic/claude-3.5-haiku",
        ),
    ],
)
def test_a_spelling_with_a_provider(name, provider, rule, row):
    """What the caller says of the seller decides with the name."""
    assert priced(name, provider=provider)[:2] == (row, rule)


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("openrouter/openai/gpt-4o:nitro", "name_rewritten", "another host"),
        ("gpt-5.2-high", "name_rewritten", "reasoning effort"),
        ("codex/gpt-5.5", "name_rewritten", "a subscription bills otherwise"),
        ("in.anthropic.claude-haiku-4-5-20251001-v1:0", "base_of_region", "regional row missing"),
    ],
)
def test_an_estimate_says_so(name, code, words):
    """Where the price may be another's, the bill says why."""
    notes = [note for note in PRICES.calculate(usage=USAGE, model=name).notes if note.code == code]
    assert len(notes) == 1
    assert words in notes[0]


def test_a_search_of_unknown_count_is_a_lower_bound():
    """':online' searches the web; nobody states how often, so that the sum is at least that of the tokens."""
    cost = PRICES.calculate(usage=USAGE, model="openrouter/openai/gpt-4o:online")
    assert (str(cost.total), cost.complete, cost.unpriced) == ("0.0035", False, ("web_searches",))


@pytest.mark.parametrize(
    "name",
    [
        *("gpt-4o:latest", "opus", "sonnet", "haiku", "composer-1", "openrouter/auto", "gpt 5 mini"),
        # A suffix that only looks like an effort, and rests that are no rows.
        *("gpt-9-high", "claude-opus-99", "claude-opus-99[1m]", "models/gemini-99", "codex/gpt-99", "openai:gpt-99"),
        *("gpt-4o-max", "mistral-large-latest-turbo", "openrouter/openai/gpt-4o:cheap", "litellm_proxy/nothing"),
        # Two rules at most, and no rule for a part of a name.
        # Neither a size nor a team is a region.
        *("azure/1024-x-1024/gpt-4o", "azure/team-2/gpt-4o"),
        *("litellm_proxy/litellm_proxy/litellm_proxy/gpt-4o", "my-gpt-4o", "gpt-4o.", "acme/openai/gpt-4o"),
        # An open model under its organisation's name: the maker's own endpoint is one of many that host it.
        *("deepseek-ai/DeepSeek-V3.2", "Qwen/Qwen3-235B-A22B-Instruct-2507", "moonshotai/Kimi-K2-Instruct"),
        # Several sell it with dots and one without them, who is not meant for that.
        "meta-llama/Llama-3.3-70B-Instruct",
        # A maker's closed model as a reseller alone spells it, and geographies that are none.
        *("claude-4-haiku", "claude-3.9-sonnet", "gemini-3-flash", "claude-opus-5-5-fast"),
        # Snapshots of one name at several prices, and a date that is none.
        *("mistral-large", "claude-sonnet-4-2025", "qwen-vl"),
        # Nothing but a version at the end is left out or added, and no publisher is guessed for two.
        *("anthropic.claude-3-5-sonnet-20241022", "anthropic.claude-opus-4-7-v2:0", "qwen2.5-72b-v1:0"),
        *("fireworks_ai/kimi", "accounts/fireworks/models/", "ollama/nothing:7b", "ollama/llama3.1:70b-cloud"),
        # Ids of Bedrock that leave open which of several versions they are: v1 of the first costs five times v2.
        *("amazon.titan-embed-text", "us.amazon.titan-image-generator", "anthropic.claude", "bedrock/anthropic.claude"),
        *("stability.stable-image-core-v1", "ollama/llama3.1:70b-Cloud"),
        *("us.claude-sonnet-4-6", "sa.anthropic.claude-sonnet-4-6", "anthropic.claude-sonnet"),
        # A variant of a router behind another seller, deployments, and ARNs that do not hold a model.
        *("openai/gpt-4o:swift", "openrouter/openai/gpt-4o:free", "azure/my-gpt-4o", "azure/swedencentral/gpt-4o"),
        *("arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", "arn:aws:sagemaker:us-east-1:1:endpoint/x"),
        *("projects/p/locations/us-central1/endpoints/123", "tunedModels/mine", "ft:gpt-4o-mini:acme::abc"),
    ],
)
def test_what_no_rule_means(name):
    """It is an error; nothing near is priced."""
    with pytest.raises(UnknownModelError):
        PRICES.rate_card(name)


@pytest.mark.parametrize("name", ["gpt-5.1-codex-max", "kimi-k2-thinking", "openrouter/qwen/qwen3-coder:free"])
def test_a_row_is_never_written_anew(name):
    """A name that ends like a suffix and has a row is that row."""
    row = find(PRICES.source, Query(name))
    assert row is not None
    assert row.rule in {"exact", "maker"}
    assert row.name.endswith(name)


def test_every_row_means_itself():
    """All names of the map, without a seller and with each row's own: no rule comes between a row and its name."""
    source = PRICES.source
    index = source.index()
    wrong = []
    for name in index.names:
        if name in index.aliases:
            continue
        found = find(source, Query(name))
        if found is None or found.name != name:
            wrong.append(name)
    assert wrong == []
    assert len(index.names) > 7000


def test_every_row_means_itself_of_its_own_seller():
    """Asked of whoever sells it, a row is found: itself, or the seller's own row of the same name."""
    source = PRICES.source
    index = source.index()
    itself, prefixed, wrong = 0, 0, []
    for name in index.names:
        if name in index.aliases:
            continue
        seller = family(str(source.get(name)["litellm_provider"]))
        found = find(source, Query(name, seller))
        if found is not None and found.name == name:
            itself += 1
        elif found is not None and found.name == f"{seller}/{name}":
            prefixed += 1
        else:
            wrong.append((name, seller, found and found.name))
    assert wrong == []
    assert itself > 6900
    assert prefixed > 10


def test_every_row_means_itself_whatever_provider_is_named():
    """A row asked of any seller is that row, a row of that seller, or an error; each row meets four of the sellers."""
    source = PRICES.source
    index = source.index()
    sellers = sorted({family(provider) for provider in index.providers})
    rows = [name for name in index.names if name not in index.aliases]
    wrong, itself, sold = [], 0, 0
    for place, name in enumerate(rows):
        for step in range(4):
            seller = sellers[(4 * place + step) % len(sellers)]
            try:
                found = find(source, Query(name, seller))
            except UnknownModelError:
                continue
            if found is None or found.name == name:
                itself += found is not None
                continue
            sold += 1
            owner = str((source.get(found.name) or {}).get("litellm_provider"))
            # Microsoft sells under two words.
            if not {seller, *NEIGHBOURS.get(seller, ())} & {family(owner), family(found.name.partition("/")[0])}:
                wrong.append((name, seller, found.name))
    assert wrong == []
    # Both kinds of answer are among those that were looked at.
    assert itself > 1000
    assert sold > 10


@pytest.mark.parametrize("provider", ["openai", "xai", "openrouter", "gemini"])
def test_no_provider_gets_another_ones_row(provider):
    """A sample of the map asked of a seller: that seller's row, the row itself, or an error."""
    source = PRICES.source
    index = source.index()
    rows = [name for name in index.names if name not in index.aliases and "/" in name]
    wrong = []
    for name in rows[::97]:
        try:
            found = find(source, Query(name.rpartition("/")[2], provider))
        except UnknownModelError:
            continue
        if found is not None and found.rule not in {"bedrock_id", "resource_path"}:
            owner = str((source.get(found.name) or {}).get("litellm_provider"))
            if family(owner) != provider and not found.name.startswith(f"{provider}/"):
                wrong.append((name, found.name))
    assert wrong == []


@pytest.mark.parametrize(
    ("place", "region", "total"),
    [
        # 4 and 20 per million, and 1.1 times that where the call runs in one region; what the caller says counts first.
        ("us-east5", None, "0.0066"),
        ("global", None, "0.006"),
        ("us-east5", "global", "0.006"),
    ],
)
def test_a_place_in_a_path_is_the_region(place, region, total):
    """projects/../locations/LOC/..: the factor of a regional endpoint is chosen by LOC."""
    name = f"projects/p/locations/{place}/publishers/anthropic/models/claude-opus-5-5"
    assert priced(name, region=region) == ("vertex_ai/claude-opus-5-5", "resource_path", total)


@pytest.mark.parametrize(
    ("name", "region", "total"),
    [
        ("vertex_ai/us-east5/claude-opus-5-5", None, "0.0066"),
        ("vertex_ai/global/claude-opus-5-5", None, "0.006"),
        ("vertex_ai/us-east5/claude-opus-5-5", "global", "0.006"),
    ],
)
def test_a_place_before_the_model_is_the_region(name, region, total):
    """A map may list rows by region; where it has none, the factor of a regional endpoint is that of the place."""
    assert priced(name, region=region) == ("vertex_ai/claude-opus-5-5", "base_of_region", total)


@pytest.mark.parametrize(
    ("name", "provider", "row", "rule"),
    [
        # The first GPT-4o cost twice what the alias costs today.
        ("gpt-4o-20240513", None, "gpt-4o-2024-05-13", "date_written"),
        ("gpt-4o@2024-05-13", None, "gpt-4o-2024-05-13", "date_written"),
        ("azure/gpt-4o-20240513", None, "azure/gpt-4o-2024-05-13", "date_written"),
        ("claude-sonnet-4-5@20250929", "anthropic", "claude-sonnet-4-5-20250929", "date_written"),
        ("claude-sonnet-4-5-20250929", "vertex_ai", "vertex_ai/claude-sonnet-4-5@20250929", "date_written"),
        # No row has the date: it is a later snapshot of the model.
        ("gpt-4o-20300101", None, "gpt-4o", "dated_snapshot"),
        ("gpt-4o@2030-01-01", None, "gpt-4o", "version"),
    ],
)
def test_a_date_in_another_form(name, provider, row, rule):
    """A snapshot that has a row is that row, however its date is written."""
    assert priced(name, provider=provider)[:2] == (row, rule)


@pytest.mark.parametrize(
    ("maker", "names"),
    [
        ("xai", "grok-4"),
        ("moonshot", "kimi-k2 moonshot-v1-8k"),
        ("zai", "glm-4.6"),
        ("dashscope", "qwen-plus qwen3-max qwq-plus qvq-max"),
        ("mistral", "mistral-large-latest ministral-8b-latest magistral-medium-latest codestral-latest devstral-small"),
        ("mistral", "pixtral-large-latest voxtral-mini-latest open-mistral-7b open-mixtral-8x7b"),
        ("perplexity", "sonar sonar-pro"),
        ("minimax", "minimax-m2 MiniMax-M2"),
        ("deepseek", "deepseek-chat"),
        ("gemini", "gemini-2.5-pro gemma-3-27b-it veo-3.0 imagen-4.0 lyria-2"),
        ("voyage", "voyage-3"),
        ("xiaomi_mimo", "mimo-v2"),
        ("meta", "muse-1"),
        ("anthropic", "claude-sonnet-4-5"),
        ("cohere", "command-r"),
        ("groq", "llama-3.3-70b-versatile llama-3.1-8b-instant"),
    ],
)
def test_whose_id_a_name_is(maker, names):
    """Ids as their makers' pages write them."""
    assert {maker_of(name) for name in names.split()} == {maker}


def test_makers_are_told_by_the_beginning_of_an_id():
    """No pattern claims the ids of another maker, and each has a row to lead to."""
    names = set(PRICES.source.index().folded)
    for maker, begins in MAKERS.items():
        for begin in begins:
            assert maker_of(f"{begin}x") == maker
        assert any(name.startswith((f"{maker}/", *begins)) for name in names), maker
    assert maker_of("gpt-5.5") is None


def chat(model):
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return {"object": "chat.completion", "model": model, "usage": usage}


@pytest.mark.parametrize("name", ["azure/my-deployment", "my-deployment", "gateway-alias"])
def test_a_name_that_nothing_knows_beside_a_response(name):
    """A deployment's name is free text: what the response names is priced, 1,000 x 2.5 and 100 x 10 per million."""
    cost = PRICES.calculate(chat("gpt-4o-2024-08-06"), model=name)
    assert (cost.model, cost.match_rule, str(cost.total)) == (name, "response_model", "0.0035")
    assert cost.matched_as == ("azure/gpt-4o-2024-08-06" if name.startswith("azure/") else "gpt-4o-2024-08-06")
    assert "response_model_priced" in [note.code for note in cost.notes]
    with pytest.raises(UnknownModelError):
        PRICES.calculate(chat("nobody-knows-this"), model=name)


@pytest.mark.parametrize(
    ("name", "provider", "row"),
    [
        ("azure-model-router", "azure", "azure/model-router"),
        ("azure-model-router", "azure_ai", "azure_ai/model_router"),
        ("azure_ai/azure-model-router", None, "azure_ai/model_router"),
        ("gpt-35-turbo", "openai", "gpt-3.5-turbo"),
        ("text-embedding-ada-002-v2", "azure", "azure/text-embedding-ada-002"),
    ],
)
def test_names_as_azure_writes_them(name, provider, row):
    """Its router, gpt-3.5 without the dot, and its version of the embedding model."""
    found = find(PRICES.source, Query(name, provider))
    assert (found.name, found.rule, found.notes) == (row, "azure_version", ())


def test_an_open_model_of_openai_that_only_bedrock_lists():
    """Where a map has no row of the Mantle endpoint, the id is that of Bedrock's own with its version."""
    row = {"litellm_provider": "bedrock_converse", "input_cost_per_token": 1e-06}
    card = CostMap({"openai.gpt-oss-120b-1:0": row}).rate_card("openai.gpt-oss-120b", provider="bedrock")
    assert (card.name, card.match_rule) == ("openai.gpt-oss-120b-1:0", "mantle")


def test_azures_spelling_has_the_price_of_the_model():
    """gpt-3.5-turbo: 1,000 x 0.5 + 100 x 1.5 USD per million; ada-002: 1,000 x 0.1."""
    assert priced("gpt-35-turbo", provider="openai")[2] == "0.00065"
    cost = PRICES.calculate(usage=Usage(input=1000), model="azure/text-embedding-ada-002-v2")
    assert str(cost.total) == "0.0001"


ONE, TWO = ({"input_cost_per_token": price} for price in (1e-06, 2e-06))


def test_a_name_of_cursors_is_its_makers_before_another_spelling():
    """glm-5.3 is Z.AI's, at 2 USD per million; glm-5-3, with a dash, is the name by which another seller has it."""
    prices = CostMap({"zai/glm-5.3": TWO, "acme/glm-5-3": ONE})
    cost = prices.calculate(usage=Usage(input=1_000_000), model="glm-5.3", provider="cursor")
    assert (cost.matched_as, cost.match_rule, str(cost.total)) == ("zai/glm-5.3", "subscription", "2")


def test_a_name_of_cursors_that_one_seller_has():
    """No row has it as it is written: the only seller's price is used, 1 USD per million, and noted as an estimate."""
    prices = CostMap({"acme/only-here": ONE, "other": TWO})
    cost = prices.calculate(usage=Usage(input=1_000_000), model="only-here", provider="cursor")
    assert (cost.matched_as, cost.match_rule, str(cost.total)) == ("acme/only-here", "subscription", "1")
    said = [str(note) for note in cost.notes if note.code == "name_rewritten"]
    assert said == ["'only-here' is 'only-here', an estimate: a subscription bills otherwise"]
    with pytest.raises(UnknownModelError):
        prices.calculate(usage=Usage(input=1_000_000), model="nowhere", provider="cursor")


def test_a_model_that_cursor_calls_by_its_own_name():
    """gpt-5.5: 1,000 x 5 + 100 x 30 USD per million, and a note that the subscription bills otherwise."""
    assert priced("gpt-5.5", provider="cursor") == ("gpt-5.5", "subscription", "0.008")
    cost = PRICES.calculate(usage=USAGE, model="gpt-5.5", provider="cursor")
    said = [note for note in cost.notes if note.code == "name_rewritten"]
    assert said == ["'gpt-5.5' is 'gpt-5.5', an estimate: a subscription bills otherwise"]


def test_a_model_that_stands_under_its_publisher():
    """Two publishers have a model of one name: the path says which, 1000 x 0.000001 and not 1000 x 0.000002."""
    rows = {
        f"vertex_ai/{publisher}/big-1": {"litellm_provider": "vertex_ai-models", "input_cost_per_token": price}
        for publisher, price in (("acme", 1e-06), ("other", 2e-06))
    }
    cost = CostMap(rows).calculate(model="publishers/acme/models/big-1", usage=Usage(input=1000))
    assert (cost.matched_as, cost.match_rule) == ("vertex_ai/acme/big-1", "resource_path")
    assert cost.total == Decimal("0.001")


def test_a_name_without_a_sign_is_written_anew_by_no_rule():
    """For every word of the map's names, under every seller that a rule names: the rules are asked in vain."""
    source = PRICES.source
    words = {word for name in source.index().names for word in name.rpartition("/")[2].split(":")}
    plain = [word for word in sorted(words) if word][::7]
    sellers = (None, "openai", "azure", "vertex_ai", "bedrock", "ollama", "openrouter", "huggingface", "acme")
    sells = source.index().providers.__contains__
    asked = 0
    for number, word in enumerate(plain):
        for provider in sellers[number % 3 :: 3]:
            full = word if provider is None else f"{provider}/{word}"
            if not has_sign(word, provider):
                asked += 1
                assert not list(rewrites(source, full, word, provider, None, sells)), full
    assert asked > 400


def on_bedrock(model, prices=None):
    """What a response of Claude costs whose id shows Bedrock; its body has the maker's id."""
    usage = {"input_tokens": 1000, "output_tokens": 100}
    body = {"id": "msg_bdrk_01", "type": "message", "role": "assistant", "model": model, "content": [], "usage": usage}
    return (prices or CostMap.bundled()).calculate(body)


def test_claudes_own_id_on_bedrock():
    """1,000 x 0.25 and 100 x 1.25 a million: one price in all of its rows, but for GovCloud, which is 0.30 and 1.50."""
    cost = on_bedrock("claude-3-haiku-20240307")
    assert str(cost.total) == "0.000375"
    assert (cost.matched_as, cost.match_rule) == ("anthropic.claude-3-haiku-20240307-v1:0", "bedrock_maker")
    assert "but for GovCloud" in str(cost.notes[0])


@pytest.mark.parametrize("model", ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"])
def test_claudes_own_id_on_bedrock_at_several_prices(model):
    """The global profile costs 3 and the others 3.30: the response does not say which was called."""
    with pytest.raises(UnknownModelError, match="depends on the profile that was called") as error:
        on_bedrock(model)
    assert error.value.choices[0] == "anthropic.claude-sonnet-4-5-20250929-v1:0"
    assert "global.anthropic.claude-sonnet-4-5-20250929-v1:0" in error.value.choices


def test_a_row_of_bedrocks_that_costs_more_than_the_maker_may_have_a_cheaper_profile():
    """Bedrock's rows are alike at 11, the maker asks 10: the global profile, which has no row, costs that."""
    row = {"litellm_provider": "bedrock", "input_cost_per_token": 1.1e-5, "output_cost_per_token": 5.5e-5}
    maker = {"litellm_provider": "anthropic", "input_cost_per_token": 1e-5, "output_cost_per_token": 5e-5}
    rows = {"anthropic.claude-9": row, "us.anthropic.claude-9-v1:0": row}
    with pytest.raises(UnknownModelError, match="depends on the profile"):
        on_bedrock("claude-9", CostMap(rows | {"claude-9": maker}))
    alike = maker | {"input_cost_per_token": 1.1e-5, "output_cost_per_token": 5.5e-5}
    assert on_bedrock("claude-9", CostMap(rows | {"claude-9": alike})).matched_as == "anthropic.claude-9"
