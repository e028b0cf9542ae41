"""The servers that spans name, and whose they are: what a call was sent to says more than the protocol it spoke.

https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ calls ``server.address`` what tells a seller from
another one whose client was used.
"""

from __future__ import annotations

# The end of a host -> the seller. The ends are tried in this order, the longer of two alike first.
_SELLERS = {
    ".openai.azure.com": "azure",
    ".cognitiveservices.azure.com": "azure",
    ".services.ai.azure.com": "azure_ai",
    ".models.ai.azure.com": "azure_ai",
    "models.inference.ai.azure.com": "azure_ai",
    "aiplatform.googleapis.com": "vertex_ai",
    "generativelanguage.googleapis.com": "gemini",
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "openrouter.ai": "openrouter",
    "ai-gateway.vercel.sh": "vercel_ai_gateway",
    "api.groq.com": "groq",
    "api.x.ai": "xai",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral",
    "api.together.xyz": "together_ai",
    "api.together.ai": "together_ai",
    "api.fireworks.ai": "fireworks_ai",
    "api.perplexity.ai": "perplexity",
    "api.moonshot.ai": "moonshot",
    "api.cerebras.ai": "cerebras",
    "api.cohere.com": "cohere",
    "api.cohere.ai": "cohere",
    "api.deepinfra.com": "deepinfra",
    "api.z.ai": "zai",
}
# Hosts of one place, where a seller's tokens cost more. https://platform.openai.com/docs/guides/your-data,
# https://docs.x.ai/developers/advanced-api-usage/regions, https://docs.mistral.ai/studio/regional-inference and
# https://docs.together.ai/docs/serverless/geo-specific-inference
_PLACED = {
    "eu.api.openai.com": ("openai", "eu"),
    "us.api.openai.com": ("openai", "us"),
    "us.api.x.ai": ("xai", "us"),
    "api.eu.mistral.ai": ("mistral", "eu"),
    "api.us.mistral.ai": ("mistral", "us"),
    "us-api.together.ai": ("together_ai", "us"),
    "ca-api.together.ai": ("together_ai", "ca"),
}
_BEDROCK, _AMAZON = "bedrock-runtime", ".amazonaws.com"
_VERTEX = "-aiplatform.googleapis.com"
# The global endpoint is billed as global: https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
_GLOBAL = "aiplatform.googleapis.com"


def seller_at(host: str) -> tuple[str | None, str | None]:
    """Return whose server a host is and in which region it stands; None for what the host does not say.

    >>> seller_at("contoso.openai.azure.com"), seller_at("bedrock-runtime.us-east-1.amazonaws.com")
    (('azure', None), ('bedrock', 'us-east-1'))
    >>> seller_at("us-central1-aiplatform.googleapis.com"), seller_at("localhost")
    (('vertex_ai', 'us-central1'), (None, None))
    """
    host = host.lower().rstrip(".")
    placed = _PLACED.get(host)
    if placed is not None:
        return placed
    if host.startswith(_BEDROCK) and host.endswith(_AMAZON):
        # bedrock-runtime.us-east-1.amazonaws.com, and bedrock-runtime-fips for the government.
        return "bedrock", host[: -len(_AMAZON)].partition(".")[2] or None
    seller = next((seller for end, seller in _SELLERS.items() if host.endswith(end) and _is_end(host, end)), None)
    if host == _GLOBAL:
        return seller, "global"
    return seller, (host[: -len(_VERTEX)] or None) if host.endswith(_VERTEX) else None


def _is_end(host: str, end: str) -> bool:
    """Return whether a host ends with whole labels, so that notapi.openai.com is nobody's."""
    return len(host) == len(end) or end[0] == "." or host[-len(end) - 1] in ".-"
