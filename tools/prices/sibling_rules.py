"""The rules between entries of the price file: names, and prices of one model at several sellers."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from llmcost.prices.batches import BATCHES

from .findings import INPUT, OUTPUT, READ
from .ids import GEOGRAPHIES, bare, family

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .entries import Entry


def equal_ignoring_case(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Yield the ids that differ from another one only in upper and lower case."""
    seen: dict[str, str] = {}
    for model_id in models:
        other = seen.setdefault(model_id.lower(), model_id)
        if other != model_id:
            yield "E02", model_id, f"differs from {other} only in case"


def far_from_others(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Yield the prices that are 8 times off the median of the same model at three providers or more."""
    groups: dict[str, list[tuple[str, str, Entry]]] = defaultdict(list)
    for model_id, entry in models.items():
        if entry.get("mode") == "chat" and entry.get(INPUT) and "retired_on" not in entry:
            groups[bare(model_id)].append((model_id, entry["litellm_provider"], entry))
    for group in groups.values():
        if len({provider for _, provider, _ in group}) < 3:
            continue
        for key in (INPUT, OUTPUT):
            middle = median(entry[key] for _, _, entry in group if entry.get(key))
            for model_id, _, entry in group:
                if entry.get(key) and not 1 / 8 < entry[key] / middle < 8:
                    yield "W36", model_id, f"{key} is {entry[key] / middle:.2f} times the median of its model elsewhere"


def latest(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Yield the aliases named `-latest` that cost something else than each of their siblings."""
    by_stem: dict[str, list[str]] = defaultdict(list)
    for model_id in models:
        by_stem[re.sub(r"-(latest|\d{2}-?\d{2}|20\d{6}|20\d{2}-\d{2}-\d{2})$", "", model_id)].append(model_id)
    for stem, ids in by_stem.items():
        alias = f"{stem}-latest"
        siblings = [models[model_id] for model_id in ids if model_id != alias and "retired_on" not in models[model_id]]
        if alias in models and siblings and "retired_on" not in models[alias]:
            own = [models[alias].get(key) for key in (INPUT, OUTPUT)]
            if not any([sibling.get(key) for key in (INPUT, OUTPUT)] == own for sibling in siblings):
                yield "E44", alias, f"priced {own}, like no dated sibling"


# Who sells a batch at half of the standard price. Cache reads may stay at their price: discounts do not stack on
# Gemini, and OpenAI's older lists show no batch price for them. Lists are rounded to a cent per million, some before a
# regional factor.
_BATCH_PAGES = {
    family(provider): BATCHES[provider].page
    for provider in ("openai", "anthropic", "gemini", "vertex_ai-language-models", "bedrock", "azure")
}
_HALF, _ROUNDED = 0.5, 0.0065e-6
_MAY_STAY = "cache_read_"


def batch_factor(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """E50: batch prices are the seller's documented part of the standard ones."""
    for model_id, entry in models.items():
        page = _BATCH_PAGES.get(family(entry["litellm_provider"]))
        # Fine-tuned models have a list of their own.
        if page is None or "retired_on" in entry or model_id.startswith("ft:"):
            continue
        for key, value in entry.items():
            base = entry.get(key.removesuffix("_batches"))
            if not key.endswith("_batches") or not isinstance(value, float) or not isinstance(base, float) or not base:
                continue
            stays = value == base and key.startswith(_MAY_STAY)
            if abs(value - base * _HALF) > max(_ROUNDED, base * 0.005) and not stays:
                yield "E50", model_id, f"{key} is {value / base:.3f} of standard, the seller says half: {page}"


# https://aws.amazon.com/bedrock/pricing/: a call within a region or a geography costs 1.1 times a global one.
_PLACES = (*GEOGRAPHIES, "bedrock_mantle/")
_REGIONAL, _CLOSE = 1.1, 0.002


def bedrock_places(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """E51: a bare id is a call within a region; where a model has two prices, it has that of a region."""
    for model_id, entry in models.items():
        world = models.get(f"global.{model_id}")
        if world is None or family(entry["litellm_provider"]) != "bedrock" or "retired_on" in entry:
            continue
        for key in (INPUT, OUTPUT):
            base, own = world.get(key), entry.get(key)
            if not base or own is None or _times(own, base):
                continue
            others = [place for place in _PLACES if _times(models.get(place + model_id, {}).get(key), base)]
            if others:
                yield "E51", model_id, f"{key} is {own / base:.3f} of global., {others[0]}{model_id} is {_REGIONAL}"


def _times(price: float | None, base: float) -> bool:
    return price is not None and abs(price / base - _REGIONAL) < _CLOSE


_AZURE = ("azure/us/", "azure/eu/", "azure/apac/")


def azure_places(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """W52: a data zone costs as much as global, or 1.1 times as much."""
    for model_id, entry in models.items():
        zone = next((prefix for prefix in _AZURE if model_id.startswith(prefix)), None)
        world = models.get(f"azure/{model_id.removeprefix(zone)}") if zone else None
        if not world or "retired_on" in entry:
            continue
        parts = [entry[key] / world[key] for key in (INPUT, OUTPUT) if entry.get(key) and world.get(key)]
        if any(min(abs(part - 1), abs(part - _REGIONAL)) > 0.01 for part in parts):
            yield "W52", model_id, f"{' and '.join(f'{part:.2f}' for part in parts)} times azure/"


# https://docs.fireworks.ai/getting-started/concepts
_SHORT, _ACCOUNT = "fireworks_ai/", "fireworks_ai/accounts/fireworks/models/"


def two_names(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """E70: an id of Fireworks with and without the account is one model, and costs the same."""
    for model_id, entry in models.items():
        short = models.get(_SHORT + model_id.removeprefix(_ACCOUNT)) if model_id.startswith(_ACCOUNT) else None
        if short is None:
            continue
        own, other = ([row.get(key) for key in (INPUT, OUTPUT, READ)] for row in (entry, short))
        if own != other:
            yield "E70", model_id, f"priced {own}, and {other} without the account"


SIBLING_RULES = (equal_ignoring_case, far_from_others, latest, batch_factor, bedrock_places, azure_places, two_names)
