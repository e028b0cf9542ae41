"""Batches: the share of the standard rate that sellers bill for a call of a batch, and for which models; a row each.

A row is here only if the seller's page states it. A price that a map lists is used before a row of this table.
"""

from __future__ import annotations

from ..core import tiers
from ..core.dimensions import ordered
from ..core.meters import CACHE_READS, TOKEN_METERS
from ..core.notes import Note
from .entries import compile_entry
from .spellings import split_date, without_geography

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.dimensions import Conditions
    from ..core.rate import Rate
    from .entry import Entry
    from .rows import Source

    Cells = dict[tuple[str, Conditions], Rate]

BATCH = ("tier", tiers.BATCHES)
_FRESH = TOKEN_METERS - CACHE_READS


class Batch:
    """What a seller bills for a batch.

    Attributes:
        page: the page that states it.
        factor: the part of the standard rate.
        models: names without seller, geography and date, or how they begin (``gpt-4*``); empty for all models.
        but: words of a name (between dashes) whose models are not sold so, unless ``models`` has the whole name.
        elsewhere: how names of rows begin that are sold where there are no batches.
        modes: the modes of the rows; empty for all.
        meters: the meters that are cheaper. Where a page lists no batch price of cached input, it keeps its own.
    """

    __slots__ = ("_begins", "but", "elsewhere", "factor", "meters", "models", "modes", "page")

    def __init__(
        self,
        page: str,
        *,
        factor: tuple[int, int] = (1, 2),
        models: tuple[str, ...] = (),
        but: frozenset[str] = frozenset(),
        elsewhere: tuple[str, ...] = (),
        modes: frozenset[str] = frozenset(),
        meters: frozenset[str] = TOKEN_METERS,
    ) -> None:
        self.page, self.factor, self.models, self.but, self.elsewhere = page, factor, models, but, elsewhere
        self.modes, self.meters = modes, meters
        self._begins = tuple(model[:-1] for model in models if model.endswith("*"))

    def holds(self, name: str, mode: str | None) -> bool:
        """Return whether it is the price of a row, by its name in the map and its mode."""
        if (self.modes and mode not in self.modes) or name.startswith(self.elsewhere):
            return False
        bare = without_geography(name.rpartition("/")[2])
        if split_date(bare)[0] in self.models:
            return True
        return self.but.isdisjoint(bare.split("-")) and (not self.models or bare.startswith(self._begins))


_TEXT = frozenset({"chat", "responses", "embedding", "completion"})
_CLAUDE_ON_BEDROCK = (
    "anthropic.claude-3-*",
    "anthropic.claude-sonnet-4-*",
    "anthropic.claude-haiku-4-5*",
    "anthropic.claude-opus-4-5*",
    "anthropic.claude-opus-4-6*",
    "anthropic.claude-opus-5",
)
# The list as of September 2026: Claude Opus 5 is on it, Sonnet 5 and Fable are not. What came later is left out until
# the list is read again. Models whose batch price a map lists, such as MiniMax M2.1, are not repeated here.
_AWS = "https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-supported.html"
_ON_BEDROCK = Batch(
    _AWS,
    models=(
        *_CLAUDE_ON_BEDROCK,
        "amazon.nova-lite*",
        "amazon.nova-micro*",
        "amazon.nova-pro*",
        "amazon.nova-premier*",
        "amazon.nova-2-lite*",
        "amazon.nova-2-multimodal-embeddings*",
        "amazon.titan-embed-image*",
        "amazon.titan-embed-text-v2*",
        "meta.llama3-1-*",
        "meta.llama3-2-*",
        "meta.llama3-3-*",
        "meta.llama4-*",
        "mistral.mistral-large-2407*",
        "mistral.mistral-small-2402*",
        "openai.gpt-oss-*",
    ),
    # A batch reads no prompt cache.
    meters=_FRESH,
)

# A row's provider -> its rows here.
BATCHES = {
    # "50% cost discount compared to synchronous APIs"; cached input of older models has no batch price. Image models:
    # those of which maps list a batch price for some of the tokens, or for an alias.
    "openai": Batch(
        "https://developers.openai.com/api/docs/guides/batch",
        models=(
            *("gpt-*", "o1*", "o3*", "o4*", "ft:*", "text-embedding-*", "computer-use-*", "babbage-*", "davinci-*"),
            *("gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2"),
            *("gpt-image-2.5-flare", "gpt-image-2.5-sunburst"),
        ),
        but=frozenset({"audio", "realtime", "image", "search", "transcribe", "tts"}),
        modes=_TEXT | {"image_generation"},
        meters=_FRESH,
    ),
    # "All usage is charged at 50% of the standard API prices."
    "anthropic": Batch("https://platform.claude.com/docs/en/about-claude/pricing"),
    "vertex_ai-anthropic_models": Batch("https://cloud.google.com/vertex-ai/generative-ai/pricing"),
    # "50% of the standard cost"; discounts do not stack, so that a cache hit keeps its price.
    "gemini": Batch(
        "https://ai.google.dev/gemini-api/docs/batch-api", models=("gemini-*",), modes=_TEXT, meters=_FRESH
    ),
    "vertex_ai-language-models": Batch(
        "https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini",
        models=("gemini-*",),
        modes=_TEXT,
        meters=_FRESH,
    ),
    "bedrock": _ON_BEDROCK,
    "bedrock_converse": _ON_BEDROCK,
    # "50% less cost than global standard", for the models that have a batch deployment, or had one in 2024. None is
    # listed for the government's regions.
    "azure": Batch(
        "https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch",
        models=(
            *("gpt-5.4", "gpt-5.4-mini", "gpt-5.1", "gpt-5", "o3", "o4-mini", "o3-mini"),
            *("gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o", "gpt-4o-mini", "gpt-4-turbo", "gpt-4", "gpt-4-0613"),
            *("gpt-35-turbo", "gpt-35-turbo-0613", "gpt-35-turbo-1106", "gpt-35-turbo-0125"),
            *("gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
        ),
        elsewhere=("azure/us-gov/",),
        meters=_FRESH,
    ),
    # "Batch inference is billed at 50% of our serverless pricing for both input and output tokens."
    "fireworks_ai": Batch("https://docs.fireworks.ai/serverless/overview"),
    # Singapore, whose prices the map has: these four, and no dated ids of theirs.
    "dashscope": Batch(
        "https://www.alibabacloud.com/help/en/model-studio/batch-inference",
        models=("qwen-max", "qwen-plus", "qwen-flash", "qwen-turbo"),
    ),
    # "Batch API is available for all models", at "a 50% discount".
    "mistral": Batch("https://docs.mistral.ai/studio-api/batch-processing", modes=_TEXT),
    # "50% cost discount compared to synchronous API pricing", for these models. It "does not stack with prompt
    # caching": a cached token costs half of a fresh one, which is what each of these models lists for it.
    "groq": Batch(
        "https://console.groq.com/docs/batch",
        models=(
            *("gpt-oss-20b", "gpt-oss-120b", "llama-4-scout-17b-16e-instruct", "llama-3.3-70b-versatile"),
            *("llama-3.1-8b-instant", "llama-guard-4-12b", "whisper-large-v3", "whisper-large-v3-turbo"),
        ),
        meters=_FRESH | {"input_seconds"},
    ),
    # "Selected serverless models run at 50% off"; others that some lists of the seller have, and some have not, are
    # left out. Models that are not listed run at standard rates.
    "together_ai": Batch(
        "https://docs.together.ai/docs/inference/batch/overview",
        models=("Llama-3.3-70B-Instruct-Turbo",),
        meters=_FRESH,
    ),
    # 60 % of the standard price, for this model only.
    "moonshot": Batch("https://platform.kimi.ai/docs/pricing/batch", factor=(3, 5), models=("kimi-k2.5",)),
}

# Sellers that sell a batch under an id of its own: what follows the model's id.
# https://openrouter.ai/docs/features/batch, https://vercel.com/docs/ai-gateway/batch
BATCH_IDS = {"openrouter": ":batch", "vercel_ai_gateway": "-batch"}


def batch_entry(source: Source, entry: Entry) -> Entry | None:
    """Return the row that the seller of a model has for its batches; None without one."""
    name = batch_id(entry.key, str(entry.info.get("litellm_provider") or ""))
    row = source.get(name) if name is not None else None
    return compile_entry(row, entry.layer, name) if row is not None and name is not None else None


def batch_id(name: str, provider: str | None) -> str | None:
    """Return the id under which a seller sells batches of a model; None if they have no id of their own.

    >>> batch_id("openrouter/openai/gpt-6-sol", "openrouter"), batch_id("gpt-6-sol", "openai")
    ('openrouter/openai/gpt-6-sol:batch', None)
    """
    ending = BATCH_IDS.get(provider or "")
    return name + ending if ending is not None and not name.endswith(ending) else None


def documented(entry: Entry, guessed: frozenset[str]) -> frozenset[str]:
    """Return the keys of an entry that have a known price and the share of it that the seller documents for a batch."""
    rule = BATCHES.get(str(entry.info.get("litellm_provider") or ""))
    mode = entry.info.get("mode")
    if rule is None or not rule.holds(entry.key, str(mode) if mode is not None else None):
        return frozenset()
    found = set()
    for (meter, conditions), rate in entry.rates.items():
        base = entry.rates.get((meter, tuple(one for one in conditions if one != BATCH)))
        if BATCH not in conditions or meter not in rule.meters or rate is None:
            continue
        if base is not None and base.price_key not in guessed:
            part = base.times(rule.factor)
            if part.numerator * rate.denominator == rate.numerator * part.denominator:
                found.add(rate.price_key)
    return frozenset(found)


def fill_batch(cells: Cells, provider: str | None, name: str, mode: str | None) -> None:
    """Add what a batch costs by the seller's page, under every condition, never over a given rate."""
    rule = BATCHES.get(provider or "")
    if rule is None or not rule.holds(name, mode):
        return
    for (meter, conditions), rate in list(cells.items()):
        if meter not in rule.meters or any(kind == "tier" for kind, _ in conditions):
            continue
        batched = ordered((*conditions, BATCH))
        if (meter, batched) not in cells:
            note = f"batch = {rule.factor[0] / rule.factor[1]:g} x standard"
            part = rate.times(rule.factor, Note("derived_rate", note, meter, rule.page))
            part.conditions = batched
            cells[meter, batched] = part
