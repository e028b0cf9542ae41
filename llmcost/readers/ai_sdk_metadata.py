"""What a provider itself says in ``providerMetadata`` of the AI SDK: its counters, its tier, its searches, its bill.

It is stronger than the usage that the AI SDK makes of it. Version 5 passed Anthropic's and Bedrock's input on as it is,
without what was read from and written to a cache; version 6 states the whole, and the provider's usage as ``raw``.
https://ai-sdk.dev/providers/ai-sdk-providers, https://ai-sdk.dev/docs/migration-guides/migration-guide-6-0
"""

from __future__ import annotations

from ..errors import UsageError
from . import bare, cohere
from .dialects import perplexity
from .dialects.reported import charge
from .dialects.vercel import gateway_of
from .fields import count, items, sub, text
from .google_grounding import Grounding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal

    from ..core.usage import Usage
    from .reader import Fields

_METADATA = ("providerMetadata", "provider_metadata", "experimental_providerMetadata")
# Keys of the metadata that name who answered. All other keys are a middleware's.
_SELLERS = frozenset(
    {"anthropic", "azure", "bedrock", "cerebras", "cohere", "deepseek", "fireworks", "google", "groq", "mistral"}
    | {"openai", "openrouter", "perplexity", "togetherai", "vertex", "xai"}
)
_GOOGLE, _TIERED = ("google", "vertex"), ("openai", "azure")


def metadata_of(holder: Fields) -> Fields:
    """Return the metadata of a result or of one of its steps; empty if it has none."""
    return next((found for name in _METADATA if (found := sub(holder, name)) is not None), {})


# What follows the seller in the AI SDK's names of its providers: openai.responses, google.vertex.chat.
_APIS = frozenset(
    {"chat", "completion", "embedding", "generative-ai", "image", "language-model", "messages", "responses"}
)


def seller_of(provider: str | None) -> str | None:
    """Return the seller in a name that may hold one of its APIs.

    >>> seller_of("openai.responses"), seller_of("google.vertex.chat"), seller_of("azure.ai.openai")
    ('openai', 'google.vertex', 'azure.ai.openai')
    """
    while provider is not None:
        seller, dot, api = provider.rpartition(".")
        if not dot or api not in _APIS:
            return provider
        provider = seller
    return None


def own_usage(metadata: Fields, raw: Fields | None) -> Usage | None:
    """Return the usage that the provider's own counters state; None where they are not passed on."""
    counters = sub(sub(metadata, "anthropic") or {}, "usage")
    if counters is None and raw is not None and "input_tokens" in raw and _ANTHROPIC & set(raw):
        counters = raw
    if counters is not None and counters.get("input_tokens") is not None and counters.get("output_tokens") is not None:
        return bare.read(counters, "anthropic")
    for name in _GOOGLE:
        counters = sub(sub(metadata, name) or {}, "usageMetadata")
        if counters:
            return bare.read(counters, "gemini")
    if raw is not None and "billed_units" in raw:
        # Cohere's, which bills fewer tokens than the AI SDK counts.
        return cohere.READER.read(raw)
    return bare.read(raw, "gemini") if raw is not None and "promptTokenCount" in raw else None


def in_full(usage: Usage, raw: Fields | None) -> Usage:
    """Return what the provider itself counted, where both sides are the same: the AI SDK leaves out parts of some."""
    try:
        own = bare.read(raw) if raw else None
    except UsageError:
        return usage
    if own is None or own.undecided is not None or len(own.quantities) < len(usage.quantities):
        return usage
    same = (own.input_tokens, own.output_tokens) == (usage.input_tokens, usage.output_tokens)
    return own if same else usage


_ANTHROPIC = frozenset({"cache_creation_input_tokens", "cache_read_input_tokens", "server_tool_use"})


def counts_beside(metadata: Fields) -> bool:
    """Return whether version 5 passed on counters of a provider that leaves the cache out of the input."""
    return "anthropic" in metadata or "bedrock" in metadata


def written(metadata: Fields) -> int:
    """Return the tokens that were written to a cache, which version 5 states here alone."""
    bedrock = sub(sub(metadata, "bedrock") or {}, "usage") or {}
    return count(sub(metadata, "anthropic") or {}, "cacheCreationInputTokens") or count(
        bedrock, "cacheWriteInputTokens"
    )


def read_and_thought(metadata: Fields) -> tuple[int, int]:
    """Return the cached and the reasoning tokens of OpenAI and DeepSeek, which version 4 states here alone."""
    openai, deepseek = sub(metadata, "openai") or {}, sub(metadata, "deepseek") or {}
    cached = count(openai, "cachedPromptTokens") or count(deepseek, "promptCacheHitTokens")
    return cached, count(openai, "reasoningTokens")


def add_stated(usage: Usage, metadata: Fields) -> None:
    """Add to a usage who answered, in which tier, and what was searched."""
    if usage.provider is None and usage.named_provider is None:
        named = next((name for name in metadata if name in _SELLERS), None)
        if named is not None:
            usage.named_provider = named
    tier = next((found for name in _TIERED if (found := text(sub(metadata, name) or {}, "serviceTier"))), None)
    if tier is not None:
        usage.service_tier = tier
    grounding = Grounding()
    for name in _GOOGLE:
        grounding.add(sub(metadata, name) or {})
    grounding.bill(usage)
    searched = sub(sub(metadata, "perplexity") or {}, "usage")
    if searched:
        counters = {"num_search_queries": searched.get("numSearchQueries")}
        perplexity.correct(
            {"model": usage.model}, {**counters, "citation_tokens": searched.get("citationTokens")}, usage
        )


def add_tools(usage: Usage, steps: list[Fields]) -> None:
    """Add the tools that OpenAI ran in the steps of a result: its own response tells them, else the SDK's content."""
    ran: list[Fields] = []
    asked: list[Fields] = []
    for step in steps:
        body = sub(sub(step, "response") or {}, "body") or {}
        if "output" in body:
            ran += items(body, "output")
            asked += items(body, "tools")
        elif any(name in metadata_of(step) for name in _TIERED) or (usage.named_provider or "").startswith(_TIERED):
            ran += items(step, "content") or [*items(step, "toolCalls"), *items(step, "toolResults")]
    if ran:
        from .openai_calls import add_calls

        add_calls(usage, ran, asked)


_UPSTREAM = "upstreamInferenceCost"


def billed(usage: Usage, metadata: Fields) -> tuple[Decimal, str] | None:
    """Return the charge that a seller states and bills, and the seller; None if no seller states one.

    One that cannot be read is named in a note of the usage. A cost of 0 is that of a key of one's own, for which the
    upstream bills.
    """
    gateway = gateway_of({"providerMetadata": metadata})
    cost = charge(usage, gateway.get("cost"), "cost") if gateway is not None else None
    if cost:
        return cost, "vercel_ai_gateway"
    stated = sub(sub(metadata, "openrouter") or {}, "usage") or {}
    cost = charge(usage, stated.get("cost"), "cost")
    upstream = charge(usage, (sub(stated, "costDetails") or {}).get(_UPSTREAM), _UPSTREAM)
    if stated.get("isByok") is True and cost is not None and upstream:
        cost += upstream
    return (cost, "openrouter") if cost else None
