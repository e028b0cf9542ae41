"""What vendors do that is data: one row per vendor, each with the page that proves it."""

from __future__ import annotations

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
        inclusive: a context threshold is reached by exactly its number of tokens.
        by_request: what maps list as the price of a query is that of a request, however many queries it holds.
        results: how many results the price of a search holds; further ones are billed apart, which maps do not list.
        searches: the size of the search for which each call has a fee where nothing says its size; None without one.
        speeds: by what the rates of tokens are multiplied where the response says that this speed was served.
        source: the page that proves it.
    """

    __slots__ = ("by_request", "default", "derive", "inclusive", "results", "searches", "source", "speeds")

    def __init__(
        self,
        source: str,
        *,
        derive: Factors = (),
        default: Factors = (),
        inclusive: bool = False,
        by_request: bool = False,
        results: int | None = None,
        searches: str | None = None,
        speeds: tuple[tuple[str, tuple[int, int]], ...] = (),
    ) -> None:
        self.source, self.derive, self.default = source, derive, default
        self.inclusive, self.by_request, self.results, self.speeds = inclusive, by_request, results, speeds
        self.searches = searches


_CLAUDE = (("cache_write", "input", (5, 4)), ("cache_write_1h", "input", (2, 1)))

# Each model that is sold with a lower latency costs a quarter more there: 1.00 for 0.80, 0.90 for 0.72, 3.00 for 2.40.
_OPTIMIZED = Rules("https://aws.amazon.com/bedrock/pricing/", speeds=(("optimized", (5, 4)),))

RULES = {
    "bedrock": _OPTIMIZED,
    "bedrock_converse": _OPTIMIZED,
    "anthropic": Rules("https://platform.claude.com/docs/en/about-claude/pricing", derive=_CLAUDE),
    "vertex_ai-anthropic_models": Rules("https://cloud.google.com/vertex-ai/generative-ai/pricing", derive=_CLAUDE),
    # "default 50% of input on text and vision models, unless a model lists a different cached rate".
    "fireworks_ai": Rules("https://docs.fireworks.ai/serverless/overview", default=(("cache_read", "input", (1, 2)),)),
    # "Cached prompt tokens are billed at 10% of the standard input token price."
    "mistral": Rules(
        "https://docs.mistral.ai/studio-api/conversations/advanced/prompt-caching",
        default=(("cache_read", "input", (1, 10)),),
    ),
    # "Tokens used to create the cache are typically billed at 125% of the standard input token price, while subsequent
    # cache hits are typically billed at only 10%"; an implicit hit is "typically billed at 20%".
    "dashscope": Rules(
        "https://www.alibabacloud.com/help/en/model-studio/context-cache",
        default=(
            ("cache_write", "input", (5, 4)),
            ("cache_read", "input", (1, 5)),
            ("cache_read_explicit", "input", (1, 10)),
        ),
    ),
    # "Requests with 200k tokens or more in the context window are charged at the higher rate."
    "xai": Rules("https://docs.x.ai/docs/models", inclusive=True),
    # "Default search_context_size is low". A response says the size, a bare usage may not.
    "perplexity": Rules("https://docs.perplexity.ai/guides/search-context-size-guide", searches="low"),
    # "Cost per 1,000 requests", with 10 results by default: a request may hold several queries.
    "parallel_ai": Rules("https://docs.parallel.ai/getting-started/pricing", by_request=True, results=10),
}
NO_RULES = Rules("")
# Words of responses for a speed that may have a price of its own.
SPEEDS = frozenset({"fast", "optimized"})

# Modes in which *_cost_per_second is the length of the media; in all others it is wall-clock time.
MEDIA_MODES = frozenset(
    {"audio_transcription", "audio_speech", "video_generation", "image_generation", "image_edit", "realtime"}
)

IMAGE_MODES = frozenset({"image_generation", "image_edit"})

# Names that stand for the model that a router picked; the response says which.
ROUTER_NAMES = frozenset({"auto", "azure-model-router", "model-router", "router", "openrouter/auto"})

# LiteLLM's own routers, which call one of the other deployments of the configuration.
# https://docs.litellm.ai/docs/proxy/auto_routing
OWN_ROUTERS = "auto_router/"

# Where Hugging Face's router chooses the host. https://huggingface.co/docs/inference-providers
CHOSEN_BY_ROUTER = frozenset({"fastest", "cheapest", "preferred"})

# Organisations of Hugging Face that are also words for a seller: Qwen/Qwen3-32B is an open model, which anybody may
# host, and qwen/qwen-plus is the maker's. What the maker sells is written as its row is.
# https://huggingface.co/docs/inference-providers
ORGANISATIONS = frozenset({"deepseek-ai", "google", "mistralai", "moonshotai", "perplexity-ai", "qwen"})

# Models that search the web in every call: a fee per search, which Chat Completions states nowhere.
# https://platform.openai.com/docs/guides/tools-web-search?api-mode=chat
SEARCHERS = ("gpt-4o-search-preview", "gpt-4o-mini-search-preview", "gpt-5-search-api")

# Words for a seller, as callers, spans, frameworks, rows and other lists of prices write them -> our word. They are
# compared in lower case with "_" for "-", "." and a space. The words of spans: the enum of gen_ai.provider.name,
# https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/ and of llm.provider and llm.system,
# https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
_FAMILIES = {
    word: ours
    for ours, words in {
        "anthropic": "anthropic_text",
        "assemblyai": "assembly_ai",
        "azure": "az_ai_openai azure_ai_openai azure_openai azure_text",
        "azure_ai": "az_ai_inference azure_ai azure_ai_foundry azure_ai_inference azure_foundry microsoft_foundry",
        "bedrock": "amazon_bedrock anthropic_bedrock aws aws_bedrock bedrock_anthropic bedrock_converse",
        "cloudflare": "cloudflare_workers_ai workers_ai",
        "codestral": "text_completion_codestral",
        "cohere": "cohere_chat",
        "dashscope": "alibaba alibaba_cloud alibabacloud dashscope_intl qwen",
        "deepinfra": "deep_infra",
        "deepseek": "deepseek_ai",
        "elevenlabs": "eleven_labs",
        "fireworks_ai": "fireworks fireworks_ai fireworks_ai_embedding_models fireworksai",
        "friendliai": "friendli",
        # Of the two that Google sells by, the one that needs no project; what shows a project says vertex_ai.
        "gemini": "gcp_gemini gcp_gen_ai google google_ai_studio google_gemini google_genai google_gla",
        "github_copilot": "copilot github_copilot",
        "huggingface": "hf hugging_face huggingface_hub",
        "inception": "text_completion_inception",
        "jina_ai": "jina",
        "lambda_ai": "lambda",
        "mistral": "mistral_ai mistralai",
        "moonshot": "kimi moonshot_ai moonshotai",
        "nebius": "nebius_ai",
        "novita": "novita_ai",
        "ollama": "ollama_chat",
        "openai": "text_completion_openai",
        "openrouter": "open_router",
        "perplexity": "perplexity_ai perplexityai",
        "sagemaker": "amazon_sagemaker aws_sagemaker",
        "snowflake": "snowflake_cortex",
        "together_ai": "together together_ai togetherai",
        "vercel_ai_gateway": "ai_gateway vercel vercel_ai_gateway",
        "vertex_ai": "anthropic_vertex gcp_vertex_ai google_anthropic_vertex google_vertex google_vertex_ai "
        "google_vertex_anthropic google_vertexai vertex vertex_ai vertex_ai_beta vertex_anthropic vertexai "
        "vertexai_anthropic",
        "voyage": "voyage_ai voyageai",
        "watsonx": "ibm_watsonx ibm_watsonx_ai",
        "xai": "x_ai",
        "xiaomi_mimo": "xiaomi xiaomi_mimo",
        "zai": "z_ai zhipuai",
    }.items()
    for word in words.split()
}
# Our words for sellers that have several; each stands for itself.
_OURS = frozenset(_FAMILIES.values())
# What the providers of the AI SDK write behind the seller: the API that was called.
# https://ai-sdk.dev/docs/ai-sdk-core/telemetry
_APIS_OF_SELLERS = frozenset(
    {"chat", "completion", "embedding", "generative-ai", "image", "messages", "responses", "speech", "transcription"}
)
# Words for a proxy or a framework, which passes a call on: the name of the model says whose price it has.
_PASSING_ON = frozenset(
    {"custom", "custom_openai", "gateway", "litellm", "litellm_proxy", "openai_compatible", "openai_like", "proxy"}
    | {"ag2", "autogen", "crewai", "haystack", "langchain", "langgraph", "llama_index", "llamaindex", "pydantic_ai"}
)
# Servers on the caller's own machine, which sell nothing. A name of the caller's that
# they do not repeat asks for the row of that name.
ON_ONES_OWN = frozenset({"lemonade", "llama_cpp", "lm_studio", "ollama"})
# Gateways whose own ids begin with the vendor of the model.
# https://openrouter.ai/docs/guides/overview/models, https://vercel.com/docs/ai-gateway/models-and-providers
SELL_UNDER_VENDORS = frozenset({"openrouter", "vercel_ai_gateway"})
# Who makes models, and the clouds that sell them at prices of their own: a doubtful price of theirs stops a build of
# the map, and an update. That of any other seller is held back.
FIRST_PARTY = frozenset(
    {"ai21", "amazon_nova", "anthropic", "assemblyai", "azure", "azure_ai", "bedrock", "bedrock_mantle", "bigmodel"}
    | {"black_forest_labs", "codestral", "cohere", "dashscope", "deepgram", "deepseek", "elevenlabs", "gemini"}
    | {"inception", "jina_ai", "meta", "meta_llama", "minimax", "mistral", "moonshot", "openai", "perplexity"}
    | {"recraft", "runwayml", "stability", "vertex_ai", "voyage", "xai", "xiaomi_mimo", "zai"}
)
# Sellers whose endpoints in OpenAI's shape leave thoughts out of the answer, and state them in the total alone.
# https://ai.google.dev/gemini-api/docs/openai
THOUGHTS_IN_TOTAL = frozenset({"gemini", "vertex_ai"})
# Where a span names one of these, its row may stand under the other: both are one company's, and clients mix them up.
NEIGHBOURS = {"azure": ("azure_ai",), "azure_ai": ("azure",)}
_AS_WRITTEN = str.maketrans("-. ", "___")

# Geography prefixes of Bedrock's cross-region profiles, longest first.
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
GEOGRAPHIES = ("us-gov.", "global.", "apac.", "us.", "eu.", "jp.", "au.", "ca.", "uk.", "in.")
# What a name may carry between the provider and the model: routes of LiteLLM, and at Vertex the publisher, which its
# endpoints in OpenAI's shape ask for. https://cloud.google.com/vertex-ai/generative-ai/docs/start/openai
ROUTES = {
    "vertex_ai": ("google/", "anthropic/", "mistralai/"),
    "bedrock": ("converse/", "invoke/", "converse_like/", "responses/", "mantle/"),
    "openai": ("responses/",),
    "azure": ("responses/", "o_series/", "gpt5_series/"),
}
# Providers with rows by region in maps: <provider>/<region>/<model>.
BY_REGION = frozenset({"bedrock", "vertex_ai", "azure"})
# Azure's router before the name of its deployment. https://docs.litellm.ai/docs/providers/azure_ai/azure_model_router
ROUTERS = {"azure_ai": ("model_router", "model-router")}
# Rows of routers whose price is a fee on top of that of the model that they pick, and whose rows list those models.
ROUTER_FEES = frozenset({"azure/model-router", "azure_ai/model-router", "azure_ai/model_router"})
ROUTED_SELLERS = ("azure", "azure_ai")


def grounds_by_prompt(name: str, provider: str) -> bool:
    """Return whether a model searches for one fee a prompt, if its row does not say that every query is billed.

    https://ai.google.dev/gemini-api/docs/pricing

    >>> grounds_by_prompt("gemini/gemini-2.5-flash", "gemini"), grounds_by_prompt("claude-opus-4-6", "vertex_ai")
    (True, False)
    """
    return "gemini" in name and family(provider) in _GROUNDING


_GROUNDING = frozenset({"gemini", "vertex_ai"})


def family(provider: str) -> str:
    """Return the provider under which rows of one vendor are looked up together, in lower case as maps write it.

    >>> family("vertex_ai-language-models"), family("bedrock_converse"), family("OpenAI"), family("Mistral AI")
    ('vertex_ai', 'bedrock', 'openai', 'mistral')
    >>> family("openai.responses"), family("google.vertex.chat"), family("azure-openai.chat")
    ('openai', 'vertex_ai', 'azure')
    """
    if provider in _OURS:
        return provider
    provider = provider.lower()
    found = _FAMILIES.get(provider.translate(_AS_WRITTEN))
    if found is not None:
        return found
    word, dot, api = provider.rpartition(".")
    if dot and api in _APIS_OF_SELLERS:
        return family(word)
    return "vertex_ai" if provider.startswith("vertex_ai-") else provider


def seller(word: str) -> str | None:
    """Return the seller that a word means; None for a gateway or proxy, which leaves it to the name of the model.

    >>> seller("azure.ai.openai"), seller("x_ai"), seller("litellm_proxy")
    ('azure', 'xai', None)
    """
    return None if word.lower().translate(_AS_WRITTEN) in _PASSING_ON else family(word)


def sold_by(proved: str | None, called: str | None, answered: str | None) -> str | None:
    """Return the seller whose rows a caller's name asks for, where a response proves a seller or a server.

    Another name than that of the model that a server on one's own machine ran asks for the row of that name; a model
    of Ollama's of another size is the same one.

    >>> sold_by("ollama", "llama3.1", "llama3.1:8b"), sold_by("ollama", "gpt-4o", "llama3.1:8b")
    ('ollama', None)
    """
    if called is None or proved not in ON_ONES_OWN or called.partition(":")[0] == (answered or "").partition(":")[0]:
        return proved
    return None


def rules_for(provider: str | None) -> Rules:
    """Return the rules of a provider; empty ones if nothing special is known of it."""
    return RULES.get(provider or "", NO_RULES)


def fill(cells: Cells, named: set[str], repeats: frozenset[str], provider: str | None) -> None:
    """Add the rates that a vendor's own factors imply, never over a given one.

    ``named`` are the meters that a layer prices or un-sets; ``repeats`` are those that follow their parent.
    """
    rules = rules_for(provider)
    if rules.by_request:
        note = Note("derived_rate", "a request is billed once, whatever its queries", "queries", rules.source)
        for name, conditions in [cell for cell in cells if cell[0] == "queries"]:
            rate = cells.pop((name, conditions))
            cells["requests", conditions] = rate.times((1, 1), note, meter="requests")
    priced = {name for name, _ in cells}
    unlisted = tuple(row for row in rules.default if row[0] not in priced | named)
    for meter, source, factor in (*rules.derive, *unlisted):
        for (name, conditions), rate in list(cells.items()):
            if name != source or (meter, conditions) in cells or meter in repeats:
                continue
            if meter in named and not conditions:
                continue
            why = Note("derived_rate", f"{factor[0] / factor[1]:g} x {source}", source, rules.source)
            cells[meter, conditions] = rate.times(factor, why, meter=meter)
