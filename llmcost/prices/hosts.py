"""Hosts: who answers at which address. One row a host; the first that fits counts."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..core.remembering import remembered


class Host(NamedTuple):
    """Who answers at a host.

    Attributes:
        provider: as the map names it.
        region: the region that the name of the host holds, or None.
    """

    provider: str
    region: str | None = None


_EXACT = {
    name: Host(provider)
    for name, provider in {
        "api.openai.com": "openai",
        "api.anthropic.com": "anthropic",
        "generativelanguage.googleapis.com": "gemini",
        "api.groq.com": "groq",
        "api.mistral.ai": "mistral",
        "codestral.mistral.ai": "codestral",
        "api.cohere.com": "cohere",
        "api.cohere.ai": "cohere",
        "api.deepseek.com": "deepseek",
        "api.x.ai": "xai",
        "api.perplexity.ai": "perplexity",
        "openrouter.ai": "openrouter",
        "api.together.xyz": "together_ai",
        "api.together.ai": "together_ai",
        "api.fireworks.ai": "fireworks_ai",
        "api.cerebras.ai": "cerebras",
        "api.sambanova.ai": "sambanova",
        "api.deepinfra.com": "deepinfra",
        "api.novita.ai": "novita",
        "api.hyperbolic.xyz": "hyperbolic",
        "api.studio.nebius.com": "nebius",
        "api.studio.nebius.ai": "nebius",
        "api.tokenfactory.nebius.com": "nebius",
        "integrate.api.nvidia.com": "nvidia_nim",
        "api.moonshot.ai": "moonshot",
        "api.moonshot.cn": "moonshot",
        "api.minimax.io": "minimax",
        "api.z.ai": "zai",
        "dashscope.aliyuncs.com": "dashscope",
        "dashscope-intl.aliyuncs.com": "dashscope",
        "ark.cn-beijing.volces.com": "volcengine",
        "api.ai21.com": "ai21",
        "api.voyageai.com": "voyage",
        "api.jina.ai": "jina_ai",
        "api.replicate.com": "replicate",
        "api.v0.dev": "v0",
        "ai-gateway.vercel.sh": "vercel_ai_gateway",
        "api.githubcopilot.com": "github_copilot",
        "api.lambda.ai": "lambda_ai",
        "api.friendli.ai": "friendliai",
        "api.featherless.ai": "featherless_ai",
        "api.inference.wandb.ai": "wandb",
        "api.morphllm.com": "morph",
        "api.upstage.ai": "upstage",
        "api.sarvam.ai": "sarvam",
        "api.deepgram.com": "deepgram",
        "api.elevenlabs.io": "elevenlabs",
        "api.assemblyai.com": "assemblyai",
        "api.scaleway.ai": "scaleway",
        "api.publicai.co": "publicai",
        "inference.baseten.co": "baseten",
        "router.huggingface.co": "huggingface",
        "api.llama.com": "meta_llama",
    }.items()
}
# Its name does not say its place: what is sent to it is billed as global there.
# https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
_EXACT["aiplatform.googleapis.com"] = Host("vertex_ai", "global")

# What maps call a region that a host names otherwise: https://platform.openai.com/docs/guides/your-data
_REGIONS = {"gov": "fedramp"}

_PATTERNS = tuple(
    (re.compile(pattern), provider)
    for pattern, provider in (
        # Where data stay: https://platform.openai.com/docs/guides/your-data
        (r"(?P<region>[a-z]{2}|gov)\.api\.openai\.com", "openai"),
        # https://docs.x.ai/developers/advanced-api-usage/regions
        (r"(?P<region>us|[a-z]{2}-[a-z]+-[0-9])\.api\.x\.ai", "xai"),
        # https://docs.mistral.ai/studio/regional-inference
        (r"api\.(?P<region>eu|us)\.mistral\.ai", "mistral"),
        # https://docs.together.ai/docs/serverless/geo-specific-inference
        (r"(?P<region>us|ca)-api\.together\.ai", "together_ai"),
        # https://learn.microsoft.com/azure/ai-foundry/openai/reference
        (r"[^.]+\.openai\.azure\.(?:com|us|cn)", "azure"),
        (r"[^.]+\.cognitiveservices\.azure\.(?:com|us|cn)", "azure"),
        (r"(?P<region>[a-z0-9]+)\.api\.cognitive\.microsoft\.com", "azure"),
        (r"[^.]+\.services\.ai\.azure\.com", "azure_ai"),
        (r"[^.]+\.(?P<region>[a-z0-9]+)\.(?:models|inference\.ml)\.(?:ai\.)?azure\.com", "azure_ai"),
        (r"models\.inference\.ai\.azure\.com", "azure_ai"),
        # https://docs.aws.amazon.com/general/latest/gr/bedrock.html
        (r"bedrock-runtime(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?", "bedrock"),
        (r"bedrock-mantle\.(?P<region>[a-z0-9-]+)\.api\.aws", "bedrock_mantle"),
        (r"runtime\.sagemaker\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?", "sagemaker"),
        # https://cloud.google.com/vertex-ai/docs/reference/rest
        (r"(?P<region>[a-z0-9-]+)-aiplatform\.googleapis\.com", "vertex_ai"),
        (r"aiplatform\.(?P<region>[a-z]+)\.rep\.googleapis\.com", "vertex_ai"),
        (r".+\.(?:cloud\.databricks\.com|azuredatabricks\.net)", "databricks"),
        (r".+\.snowflakecomputing\.com", "snowflake"),
        (r"(?P<region>[a-z]{2}-[a-z]+)\.ml\.cloud\.ibm\.com", "watsonx"),
        (r"inference\.generativeai\.(?P<region>[a-z0-9-]+)\.oci\.oraclecloud\.com", "oci"),
    )
)

# Clients of vendors that sell what the client calls. They count at unknown addresses, such as a proxy or a test.
# OpenAI's and Anthropic's clients are used for many sellers, so that theirs say nothing.
_MODULES = {
    "groq": "groq",
    "mistralai": "mistral",
    "cohere": "cohere",
    "together": "together_ai",
    "cerebras": "cerebras",
    "replicate": "replicate",
    "ai21": "ai21",
    "voyageai": "voyage",
}


@remembered(256)
def host(name: str) -> Host | None:
    """Return who answers at a host, or None.

    >>> host("api.groq.com"), host("bedrock-runtime.eu-west-1.amazonaws.com")
    (Host(provider='groq', region=None), Host(provider='bedrock', region='eu-west-1'))
    """
    name = name.lower()
    found = _EXACT.get(name)
    if found is not None:
        return found
    for pattern, provider in _PATTERNS:
        match = pattern.fullmatch(name)
        if match is not None:
            region = match.groupdict().get("region")
            return Host(provider, _REGIONS.get(region or "", region))
    return None


def of_module(name: str) -> str | None:
    """Return the vendor whose client a module is, if the vendor sells what the client calls; None otherwise.

    >>> of_module("groq._client"), of_module("openai")
    ('groq', None)
    """
    return _MODULES.get(name.partition(".")[0])
