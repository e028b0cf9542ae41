"""Rewrites: how people, frameworks, routers and clouds write a model's name, each by a named rule.

A rule takes one thing off, or turns it round, and the rest has to be found by the rules of ``names``. Nothing here is a
likeness. The rules are asked only for a name that no row has.

==================  ==================================================================================================
resource_path       ``models/NAME``, ``publishers/P/models/NAME``, ``projects/../locations/L/publishers/P/models/NAME``
route               ``litellm_proxy/NAME``: a proxy is no seller
repeated_prefix     ``openai/openai/NAME``
subscription        ``codex/NAME``: a tool whose subscription bills otherwise
provider_colon      ``openai:NAME``, as pydantic-ai writes a provider
context_suffix      ``NAME[1m]``, ``claude-...-1m``: a setting of coding tools; the price of a long prompt is in the row
router_variant      ``NAME:thinking``, ``:nitro``, ``:online`` of OpenRouter, also without its prefix
turned_round        ``claude-4.5-haiku`` for ``claude-haiku-4.5``
dotted_version      ``claude-opus-5.5`` for ``claude-opus-5-5``
router_host         ``ORG/MODEL:host`` of Hugging Face's router
mantle              ``openai.gpt-oss-120b`` of Bedrock
google_version      ``gemini-2.5-flash-001``
azure_version       ``gpt-3.5-turbo-instruct:20230824-v2``, ``gpt-35-turbo``, ``azure-model-router``
databricks          ``databricks/bge-large-en`` for ``databricks/databricks-bge-large-en``
bedrock_id          ``anthropic.claude-...-v1:0`` with another seller stated
bedrock_version     ``anthropic.claude-opus-4-7-v1:0`` for ``anthropic.claude-opus-4-7``, and the other way round
bedrock_maker       ``claude-3-haiku-20240307``, as Claude answers on Bedrock too, where its price is one there
fireworks_id        ``fireworks_ai/glm-5.2`` for ``fireworks_ai/accounts/fireworks/models/glm-5p2``
ollama_tag          ``ollama/llama3.1:8b``: a size or a quantisation of a model on the caller's own machine
publisher           ``vertex_ai/gpt-oss-120b-maas`` for ``vertex_ai/openai/gpt-oss-120b-maas``
neighbour           ``azure_ai/gpt-5`` for ``azure/gpt-5``: both are Microsoft's
undated             ``claude-sonnet-4``: its maker's snapshots of that name, where all of them price the same
effort              ``NAME-high``, ``NAME-thinking`` of coding tools: a setting that changes tokens and not the price
==================  ==================================================================================================
"""

from __future__ import annotations

import re

from ..core.notes import Note
from . import bedrock_names
from .makers import dashed, maker_of
from .price_text import prices_of
from .spellings import split_date
from .vendors import CHOSEN_BY_ROUTER, NEIGHBOURS, family, seller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .rows import Source


class Rewrite:
    """A name written anew.

    Attributes:
        name, provider, region: what to look for.
        rule: the named rule.
        notes: what to tell the reader of the bill.
    """

    __slots__ = ("name", "notes", "provider", "region", "rule")

    def allows(self, rule: str) -> bool:
        """Return whether the rest may be found by a rule: a name at an effort is a row, as its maker writes it.

        Dots and the order of words are a maker's too: another spelling does not choose one of several sellers.
        """
        return rule in _PLAIN if self.rule == "effort" else self.rule not in _SPELLED_ANEW or rule != "only_row"

    def __init__(self, rule: str, name: str, provider: str | None, region: str | None, note: str = "") -> None:
        self.rule, self.name, self.provider, self.region = rule, name, provider, region
        self.notes = (Note("name_rewritten", note, name),) if note else ()


_PATH = re.compile(r"(?:projects/[^/]+/locations/(?P<place>[^/]+)/)?publishers/(?P<of>[^/]+)/models/(?P<name>.+)")
_CONTEXT = re.compile(r"(?P<name>.+)\[(?:1m|200k)\]|(?P<claude>.*claude-.+)-1m")
_AZURE = re.compile(r"(?P<name>.+):[0-9]{8}-v[0-9]+")
_GOOGLE = re.compile(r"(?P<name>(?:gemini|gemma|text-embedding)-.+)-0[0-9]{2}")
_TURNED = re.compile(
    r"(?P<before>(?:anthropic/)?claude-)(?P<version>[0-9](?:\.[0-9])?)-(?P<family>opus|sonnet|haiku)(?:-[0-9]{8})?"
)
_BEDROCK = re.compile(r"(?:[a-z-]+\.)?[a-z0-9]+\.[a-z0-9].*")
# us.anthropic.claude-..., and not qwen2.5-72b.
_ON_BEDROCK = re.compile(r"(?:[a-z-]+\.)?[a-z0-9]+\.[a-z].*")
_FIREWORKS = "accounts/fireworks/models/"
_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_EFFORT = ("-low", "-medium", "-high", "-xhigh")
_PLAIN = frozenset({"exact", "case_folded", "provider_row", "maker", "dotted_version", "turned_round", "alias"})
_SPELLED_ANEW = frozenset({"dotted_version", "turned_round"})

# Variants of OpenRouter that are the model itself, and those that send it to another of its hosts.
# https://openrouter.ai/docs/guides/routing/model-variants
_SAME = frozenset({"thinking", "beta", "extended"})
_OTHER_HOST = frozenset({"nitro", "floor", "exacto"})
_VARIANTS = _SAME | _OTHER_HOST | {"free", "online"}
# Words before a colon that name an API of a seller. https://ai.pydantic.dev/models/
_APIS = {"openai-responses": "openai", "openai-chat": "openai", "azure-responses": "azure"}
# What stands for LiteLLM's proxy behind another provider's prefix: openai/litellm_proxy/NAME.
_PROXIES = frozenset({"litellm", "litellm_proxy"})
# Tools that write models' names in their own way, and whose subscription bills otherwise.
_TOOLS = {"codex": "openai", "cursor": None}
_ESTIMATE = "an estimate: a subscription bills otherwise"


# Signs of the rules: beginnings and ends of a name, and sellers whose names any rule may concern.
_BEGINS = ("claude-", "gpt-35-", "gemini-", "gemma-", "text-embedding-", "azure-model-router")
_ENDS = ("-1m", "-maas", "-thinking", *_EFFORT)
_SELLERS = frozenset({"cursor", "databricks", "fireworks_ai", *NEIGHBOURS})


def has_sign(name: str, provider: str | None) -> bool:
    """Return False for a name that none of the rules writes anew.

    >>> has_sign("gpt-7", None), has_sign("gpt-7.1", None), has_sign("gpt-7", "azure")
    (False, True, True)
    """
    return (
        provider in _SELLERS
        or ("/" in name or ":" in name or "." in name or "]" in name)
        or name.startswith(_BEGINS)
        or name.endswith(_ENDS)
        or name in _VARIANTS
        or maker_of(name) is not None
    )


def rewrites(
    source: Source, full: str, name: str, provider: str | None, region: str | None, sells: Callable[[str], bool]
) -> Iterator[Rewrite]:
    """Yield the names that may be meant by a name without a row, the most certain rule first.

    ``full`` is the name as it was given, ``name`` what follows the prefix that names ``provider``; ``sells`` says
    whether a word is a provider of the map.
    """
    if provider == "cursor" and _has_row(source, name):
        # openrouter/openai/o3-mini-high is a model, and no effort of another one; glm-5.3 is no other seller's glm-5-3.
        yield Rewrite("subscription", name, None, region, f"{full!r} is {name!r}, {_ESTIMATE}")
    head, slash, rest = name.partition("/")
    path = _PATH.fullmatch(name)
    if path is not None:
        place = region if path["place"] in {None, "global"} else path["place"]
        yield Rewrite("resource_path", path["name"], "vertex_ai", place)
        # Models of others stand under their publisher: vertex_ai/meta/llama-4-scout-17b-16e-instruct-maas.
        yield Rewrite("resource_path", f"{path['of']}/{path['name']}", "vertex_ai", place)
    elif head == "models" and slash:
        yield Rewrite("resource_path", rest, provider or "gemini", region)
    if slash and seller(head) is None and (provider is None or head in _PROXIES):
        yield Rewrite("route", rest, None, region)
    elif slash and provider is not None and family(head) == provider:
        yield Rewrite("repeated_prefix", rest, provider, region)
    if slash and provider is None and head in _TOOLS:
        yield Rewrite("subscription", rest, _TOOLS[head], region, f"{full!r} is {rest!r}, {_ESTIMATE}")
    word, colon, after = name.partition(":")
    if colon and provider is None and "/" not in word and _is_seller(word, sells):
        yield Rewrite("provider_colon", after, _APIS.get(word) or seller(word), region)
    context = _CONTEXT.fullmatch(name)
    if context is not None:
        yield Rewrite("context_suffix", context["name"] or context["claude"], provider, region)
    yield from _of_routers(source, full, name, provider, region)
    yield from _of_clouds(source, name, provider, region)
    yield from _of_sellers(source, name, provider, region)
    yield from _of_makers(source, name, provider, region)
    yield from _of_tools(full, name, provider, region)


def _has_row(source: Source, name: str) -> bool:
    """Return whether a name has a row as it is written, of its own or of its maker's."""
    maker = maker_of(name)
    return source.get(name) is not None or (maker is not None and source.get(f"{maker}/{name}") is not None)


def _is_seller(word: str, sells: Callable[[str], bool]) -> bool:
    return word in _APIS or seller(word) is None or sells(family(word))


def _of_routers(source: Source, full: str, name: str, provider: str | None, region: str | None) -> Iterator[Rewrite]:
    base, colon, variant = name.rpartition(":")
    # The suffixes are OpenRouter's: deepseek/deepseek-r1:free is no model of DeepSeek's own API.
    rows = (full, full.rpartition(":")[0]) if variant in _VARIANTS and "/" in full else ()
    asked = provider in {None, family(full.partition("/")[0])} - {"openrouter"}
    if asked and any(source.get(f"openrouter/{row}") is not None for row in rows):
        yield Rewrite("router_variant", full, "openrouter", region, f"':{variant}' is a variant of OpenRouter")
    if colon and provider == "openrouter":
        if variant in _SAME:
            yield Rewrite("router_variant", base, provider, region)
        elif variant in _OTHER_HOST:
            said = f"':{variant}' chooses another host of {base!r}, at its own price: the first host's is used"
            yield Rewrite("router_variant", base, provider, region, said)
        elif variant == "online":
            found = Rewrite("router_variant", base, provider, region)
            said = f"':online' searches the web for a fee, and the response does not count the searches of {base!r}"
            found.notes = (Note("searches_not_counted", said, "web_searches"),)
            yield found
    model = (name if provider == "huggingface" else full).removesuffix(f":{variant}")
    if colon and "/" in model and variant not in CHOSEN_BY_ROUTER:
        yield Rewrite("router_host", f"huggingface/{variant}/{model}", None, region)
    turned = _TURNED.fullmatch(name)
    if turned is not None:
        back = f"{turned['before']}{turned['family']}-{turned['version']}"
        yield Rewrite("turned_round", back, None if provider == "cursor" else provider, region)
    dashes = dashed(name)
    if dashes is not None:
        yield Rewrite("dotted_version", dashes, provider, region)


def _of_clouds(source: Source, name: str, provider: str | None, region: str | None) -> Iterator[Rewrite]:
    if provider in {None, "bedrock"} and _ON_BEDROCK.fullmatch(name):
        for found in bedrock_names.versions(source, name):
            yield Rewrite("bedrock_version", found, provider, region)
    if provider == "bedrock" and name.startswith("claude-"):
        rows = bedrock_names.rows_of(source, name)
        row = bedrock_names.only_price(source, name, rows)
        if row is not None:
            said = (
                f"{name!r} is the maker's id of {row}, which costs the same wherever Bedrock runs it, but for GovCloud"
            )
            yield Rewrite("bedrock_maker", row, provider, region, said)
    if provider == "vertex_ai" and "/" not in name and name.endswith("-maas"):
        # https://cloud.google.com/vertex-ai/generative-ai/docs/maas/use-open-models
        rows = [row for row in source.index().ending(name) if row.startswith("vertex_ai/")]
        if len(rows) == 1:
            yield Rewrite("publisher", rows[0].partition("/")[2], provider, region)
    for other in NEIGHBOURS.get(provider or "", ()):
        if source.index().folded.get(f"{other}/{name}".casefold()):
            yield Rewrite("neighbour", name, other, region)


def _of_makers(source: Source, name: str, provider: str | None, region: str | None) -> Iterator[Rewrite]:
    """Yield a maker's snapshot for its name without a date, where no other snapshot of that name prices otherwise."""
    maker = maker_of(name)
    if maker is None or provider not in {None, maker}:
        return
    prices = {
        row: prices_of(source.get(row) or {})
        for stem in (name, f"{maker}/{name}")
        for row in source.index().beginning(f"{stem}-")
        if split_date(row)[0] == stem and _is_of(source, row, maker)
    }
    # A later snapshot may have the fee of a tool besides.
    fullest = max(prices, key=lambda row: len(prices[row]), default=None)
    if fullest is not None and all(found <= prices[fullest] for found in prices.values()):
        said = (
            f"{name!r} is priced as {fullest}: its maker's snapshots of that name ({', '.join(prices)}) cost the same"
        )
        yield Rewrite("undated", fullest, None, region, said)


def _is_of(source: Source, row: str, maker: str) -> bool:
    return family(str((source.get(row) or {}).get("litellm_provider"))) == maker


def _of_sellers(source: Source, name: str, provider: str | None, region: str | None) -> Iterator[Rewrite]:
    if name.startswith("openai.") and provider in {None, "bedrock"}:
        yield Rewrite("mantle", f"bedrock_mantle/{name}", None, region)
        yield Rewrite("mantle", f"{name}-1:0", provider, region)
    google = _GOOGLE.fullmatch(name)
    if google is not None and provider in {None, "gemini", "vertex_ai"}:
        yield Rewrite("google_version", google["name"], provider, region)
    azure = _AZURE.fullmatch(name)
    if azure is not None:
        yield Rewrite("azure_version", azure["name"], provider, region)
    if name == "azure-model-router":
        yield Rewrite("azure_version", "model_router" if provider == "azure_ai" else "model-router", provider, region)
    if name.startswith("gpt-35-"):
        yield Rewrite("azure_version", f"gpt-3.5-{name.removeprefix('gpt-35-')}", provider, region)
    if provider == "azure" and name.startswith("gpt-3.5-"):
        # Azure's ids have no dot: https://learn.microsoft.com/azure/ai-services/openai/concepts/models
        yield Rewrite("azure_version", f"gpt-35-{name.removeprefix('gpt-3.5-')}", provider, region)
    if name == "text-embedding-ada-002-v2":
        yield Rewrite("azure_version", "text-embedding-ada-002", provider, region)
    if provider == "fireworks_ai":
        # https://docs.fireworks.ai/getting-started/concepts: accounts/fireworks/models/NAME, with a p for each dot.
        short = name.removeprefix(_FIREWORKS)
        pointed = _POINT.sub("p", short)
        for found in (short, _FIREWORKS + short, pointed, _FIREWORKS + pointed):
            if found != name and "/" not in short and source.get(f"{provider}/{found}") is not None:
                yield Rewrite("fireworks_id", found, provider, region)
    tagged, colon, tag = name.partition(":")
    if provider == "ollama" and colon and not tag.casefold().endswith("cloud"):
        # https://docs.ollama.com/api#model-names
        yield Rewrite("ollama_tag", tagged, provider, region)
    if provider == "databricks" and not name.startswith("databricks-"):
        yield Rewrite("databricks", f"databricks-{name}", provider, region)
    if provider not in {None, "bedrock"} and _BEDROCK.fullmatch(name):
        owner = str((source.get(name) or {}).get("litellm_provider") or "")
        if family(owner) == "bedrock":
            said = f"{name!r} is an id of Bedrock, and no model of {provider}: Bedrock's price is used"
            yield Rewrite("bedrock_id", name, None, region, said)


def _of_tools(full: str, name: str, provider: str | None, region: str | None) -> Iterator[Rewrite]:
    base = name.removesuffix("-thinking")
    for effort in (*_EFFORT, *(("-max",) if provider == "cursor" else ())):
        if base.endswith(effort):
            base = base.removesuffix(effort)
            break
    if base != name:
        said = f"{full!r} is {base!r} at a reasoning effort, which changes the tokens and not their price"
        yield Rewrite("effort", base, None if provider == "cursor" else provider, region, said)
    elif provider == "cursor":
        yield Rewrite("subscription", name, None, region, f"{full!r} is {name!r}, {_ESTIMATE}")
