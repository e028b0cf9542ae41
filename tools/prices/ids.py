"""The fixed rules by which a model of one source is found among the ids of the price map.

A rule either holds or it does not; nothing is matched by likeness. The golden list in the tests shows each rule.
"""

from __future__ import annotations

import re

from llmcost.prices.vendors import FIRST_PARTY
from llmcost.prices.vendors import family as seller

# Our provider families and the prefixes their ids carry. "" is a bare id, which belongs to a family only if the
# entry's own provider says so.
PREFIXES: dict[str, tuple[str, ...]] = {
    "openai": ("", "openai/"),
    "anthropic": ("", "anthropic/"),
    "gemini": ("gemini/", ""),
    "vertex_ai": ("vertex_ai/", ""),
    "bedrock": ("", "bedrock/"),
    "deepseek": ("deepseek/", ""),
    "cohere": ("", "cohere/"),
    "fireworks_ai": ("fireworks_ai/accounts/fireworks/models/", "fireworks_ai/"),
    "together_ai": ("together_ai/",),
}

# Where Amazon sells a regional profile, at one price.
GEOGRAPHIES = ("us.", "eu.", "apac.", "jp.", "au.", "ca.")

# A source's names of lists that are not what the name means to a caller: models.dev's zhipuai is the Chinese list.
_LISTS = {"zhipuai": "bigmodel"}

_DATED = re.compile(r"[-@](\d{4}-\d{2}-\d{2}|20\d{6})$")


def family(provider: str) -> str:
    """Return the family under which the ids of one seller are compared.

    >>> family("x-ai"), family("vertex_ai-language-models"), family("groq")
    ('xai', 'vertex_ai', 'groq')
    """
    return _LISTS.get(provider) or seller(provider)


def is_first_party(provider: str) -> bool:
    """Return whether a seller is a maker of models or a cloud.

    >>> is_first_party("bedrock_converse"), is_first_party("vertex_ai-mistral_models"), is_first_party("wandb")
    (True, True, False)
    """
    return family(provider) in FIRST_PARTY


def candidates(provider: str, model: str) -> list[str]:
    """Return the ids under which the map may list a source's model, in lower case, best first.

    >>> candidates("google", "gemini-4-argon")
    ['gemini/gemini-4-argon', 'gemini-4-argon']
    >>> candidates("groq", "openai/gpt-oss-120b")
    ['groq/openai/gpt-oss-120b']
    """
    ours = family(provider)
    names = [model.lower()]
    if ours == "bedrock":
        names = _bedrock_names(names[0])
    return [prefix + name for prefix in PREFIXES.get(ours, (f"{ours}/",)) for name in names]


def _bedrock_names(name: str) -> list[str]:
    """Return the ids of a "regional" price, which is that of every geography, with and without the version's ":0"."""
    regional = name.startswith("regional.")
    found = [geography + name.removeprefix("regional.") for geography in GEOGRAPHIES] if regional else [name]
    return [variant for full in found for variant in dict.fromkeys((full, full.removesuffix(":0")))]


def spelled(model_id: str) -> str:
    """Return an id in the one spelling in which ids are compared: lower case, `@` and digit dots as dashes.

    >>> spelled("xai/Grok-4.5"), spelled("xai/grok-4-5")
    ('xai/grok-4-5', 'xai/grok-4-5')
    """
    return re.sub(r"(?<=\d)\.(?=\d)", "-", model_id.lower().replace("@", "-"))


def bare(model_id: str) -> str:
    """Return the model's name without seller, region path, `@` and date: what two sellers of it have in common.

    >>> bare("azure/eu/gpt-5.6-luna-2026-07-09"), bare("fireworks_ai/accounts/fireworks/models/kimi-k3")
    ('gpt-5-6-luna', 'kimi-k3')
    >>> bare("gemini/gemini-3.6-flash") == bare("gemini-3.6-flash")
    True
    """
    name = model_id.lower().rpartition("/")[2].removesuffix("@default")
    return spelled(_DATED.sub("", name))


def undated(model_id: str) -> str:
    """Return an id without its trailing date.

    >>> undated("claude-sonnet-4-5-20250929")
    'claude-sonnet-4-5'
    """
    return _DATED.sub("", model_id)


def dated(model_id: str) -> str | None:
    """Return the day in a dated snapshot's id, as YYYY-MM-DD, or None.

    >>> dated("gpt-4o-2024-08-06"), dated("claude-3-opus-20240229"), dated("gpt-4o")
    ('2024-08-06', '2024-02-29', None)
    """
    found = _DATED.search(model_id)
    if not found:
        return None
    digits = found[1].replace("-", "")
    month, day = int(digits[4:6]), int(digits[6:])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
