"""What vendors do that is data: one row per vendor, each with the page that proves it."""

from __future__ import annotations

from ..core.dimensions import ordered
from ..core.meters import TOKEN_METERS
from ..core.notes import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.dimensions import Conditions
    from ..core.rate import Rate

    Cells = dict[tuple[str, Conditions], Rate]
    Factors = tuple[tuple[str, str, tuple[int, int]], ...]


class Rules:
    """The rules of one vendor.

    Attributes:
        derive: ``(meter, source, factor)``: a missing rate of the meter is the source's times the factor.
        default: the same for a meter that has no rate under any condition: models may list one of their own.
        batch: the factor of a batch on every token rate, where the vendor sells all its models so.
        inclusive: a context threshold is reached by exactly its number of tokens.
        source: the page that proves it.
    """

    __slots__ = ("batch", "default", "derive", "inclusive", "source")

    def __init__(
        self,
        source: str,
        *,
        derive: Factors = (),
        default: Factors = (),
        batch: tuple[int, int] | None = None,
        inclusive: bool = False,
    ) -> None:
        self.source, self.derive, self.default = source, derive, default
        self.batch, self.inclusive = batch, inclusive


_CLAUDE = (("cache_write", "input", (5, 4)), ("cache_write_1h", "input", (2, 1)))

RULES = {
    "anthropic": Rules("https://platform.claude.com/docs/en/about-claude/pricing", derive=_CLAUDE, batch=(1, 2)),
    "vertex_ai-anthropic_models": Rules("https://cloud.google.com/vertex-ai/generative-ai/pricing", derive=_CLAUDE),
    # "default 50% of input on text and vision models, unless a model lists a different cached rate"; a batch is half.
    "fireworks_ai": Rules(
        "https://docs.fireworks.ai/serverless/overview", default=(("cache_read", "input", (1, 2)),), batch=(1, 2)
    ),
    # "Requests with 200k tokens or more in the context window are charged at the higher rate."
    "xai": Rules("https://docs.x.ai/docs/models", inclusive=True),
}
NO_RULES = Rules("")

# Modes in which *_cost_per_second is the length of the media; in all others it is wall-clock time.
MEDIA_MODES = frozenset(
    {"audio_transcription", "audio_speech", "video_generation", "image_generation", "image_edit", "realtime"}
)

IMAGE_MODES = frozenset({"image_generation", "image_edit"})

# Names that stand for whatever model the router picked; the response says which.
ROUTER_NAMES = frozenset({"auto", "model-router", "router", "openrouter/auto"})

# Models of which every call searches the web: a fee per search, which Chat Completions states nowhere.
# https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat
SEARCHERS = ("gpt-4o-search-preview", "gpt-4o-mini-search-preview", "gpt-5-search-api")

_FAMILIES = {
    "bedrock_converse": "bedrock",
    "cohere_chat": "cohere",
    "azure_text": "azure",
    "text-completion-openai": "openai",
    "text-completion-codestral": "codestral",
    "text-completion-inception": "inception",
    "fireworks_ai-embedding-models": "fireworks_ai",
    # What callers, span attributes and other lists of prices write.
    "x-ai": "xai",
    "x_ai": "xai",
    "mistral_ai": "mistral",
    "mistralai": "mistral",
    "moonshotai": "moonshot",
    "moonshot_ai": "moonshot",
    "kimi": "moonshot",
    "z-ai": "zai",
    "z_ai": "zai",
    "zhipuai": "zai",
    "alibaba": "dashscope",
    "alibaba_cloud": "dashscope",
    "qwen": "dashscope",
    "perplexity_ai": "perplexity",
    "deepseek_ai": "deepseek",
    "deepseek-ai": "deepseek",
    "voyageai": "voyage",
    "xiaomi": "xiaomi_mimo",
    "aws": "bedrock",
    "aws.bedrock": "bedrock",
    "aws_bedrock": "bedrock",
    "amazon-bedrock": "bedrock",
    "amazon_bedrock": "bedrock",
    "azure_openai": "azure",
    "azure.ai.openai": "azure",
    "az.ai.openai": "azure",
    "azure.ai.inference": "azure_ai",
    "az.ai.inference": "azure_ai",
    "google": "gemini",
    "google_ai_studio": "gemini",
    "google_genai": "gemini",
    "google-gla": "gemini",
    "gcp.gemini": "gemini",
    "vertex": "vertex_ai",
    "vertex_ai_beta": "vertex_ai",
    "google-vertex": "vertex_ai",
    "google_vertexai": "vertex_ai",
    "gcp.vertex_ai": "vertex_ai",
    "github-copilot": "github_copilot",
    "copilot": "github_copilot",
    "together": "together_ai",
    "togetherai": "together_ai",
    "fireworks": "fireworks_ai",
    "fireworks-ai": "fireworks_ai",
    "vercel": "vercel_ai_gateway",
    "ai-gateway": "vercel_ai_gateway",
}

# Geography prefixes of Bedrock's cross-region profiles, longest first.
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
GEOGRAPHIES = ("us-gov.", "global.", "apac.", "us.", "eu.", "jp.", "au.", "ca.", "uk.")
# Routes that a LiteLLM name may carry between the provider and the model.
ROUTES = {"bedrock": ("converse/", "invoke/", "converse_like/", "responses/")}
# Providers of which maps list rows by region: <provider>/<region>/<model>.
BY_REGION = frozenset({"bedrock", "vertex_ai", "azure"})
# Azure's router before the name of its deployment. https://docs.litellm.ai/docs/providers/azure_ai/azure_model_router
ROUTERS = {"azure_ai": ("model_router", "model-router")}
# Rows of routers whose price is a fee on top of that of the model that they pick, and whose rows list those models.
ROUTER_FEES = frozenset({"azure/model-router", "azure_ai/model-router", "azure_ai/model_router"})
ROUTED_SELLERS = ("azure", "azure_ai")


def family(provider: str) -> str:
    """Return the provider under which rows of one vendor are looked up together, in lower case as maps write it.

    >>> family("vertex_ai-language-models"), family("bedrock_converse"), family("OpenAI")
    ('vertex_ai', 'bedrock', 'openai')
    """
    provider = provider.lower()
    if provider in _FAMILIES:
        return _FAMILIES[provider]
    return "vertex_ai" if provider.startswith("vertex_ai-") else provider


def rules_for(provider: str | None) -> Rules:
    """Return the rules of a provider; empty ones if nothing special is known of it."""
    return RULES.get(provider or "", NO_RULES)


def fill(cells: Cells, given: set[str], repeats: frozenset[str], provider: str | None) -> None:
    """Add the rates that a vendor's own factors imply, never over a given one.

    ``given`` are the meters that a layer names, be it to un-set them; ``repeats`` those that follow their parent.
    """
    rules = rules_for(provider)
    if rules.batch is not None:
        _fill_batch(cells, rules.batch, rules.source)
    priced = {name for name, _ in cells}
    unlisted = tuple(row for row in rules.default if row[0] not in priced | given)
    for meter, source, factor in (*rules.derive, *unlisted):
        for (name, conditions), rate in list(cells.items()):
            if name != source or (meter, conditions) in cells or meter in repeats:
                continue
            if meter in given and not conditions:
                continue
            why = Note("derived_rate", f"{_factor(factor)} x {source}", source, rules.source)
            cells[meter, conditions] = rate.times(factor, why, meter=meter)


def _fill_batch(cells: Cells, factor: tuple[int, int], source: str) -> None:
    for (meter, conditions), rate in list(cells.items()):
        if meter not in TOKEN_METERS or any(name == "tier" for name, _ in conditions):
            continue
        batched = ordered((*conditions, ("tier", "batches")))
        if (meter, batched) not in cells:
            why = Note("derived_rate", f"batch = {_factor(factor)} x standard", meter, source)
            half = rate.times(factor, why)
            half.conditions = batched
            cells[meter, batched] = half


def _factor(factor: tuple[int, int]) -> str:
    return f"{factor[0] / factor[1]:g}"
