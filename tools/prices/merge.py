"""Merge the sources: which ids there are, and from which source each price comes.

In this order, the first that applies: litellm's newest map; genai-prices (OpenRouter, ids that litellm does not list);
model-prices (a maker's own ids that neither lists); older litellm maps, as retired. No value is ever a mean of two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .entries import Entry, clean_entry, price_keys
from .ids import PREFIXES, bare, candidates, family, spelled
from .slips import row_fault, tier_faults
from .spellings import first_spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .fetch import Source
    from .sources.genai import GenaiModel
    from .sources.model_prices import ModelPricesModel

# genai-prices names many models of these providers by a nickname that matches several ids; these few are real ids.
REAL_IDS: dict[str, frozenset[str]] = {
    "anthropic": frozenset({"claude-fable-5-2", "claude-mythos-5-2", "claude-sonnet-4-0"}),
    "aws": frozenset(
        {"global.anthropic.claude-fable-5-2", "global.anthropic.claude-mythos-5-2", "global.moonshotai.kimi-k3.1"}
    ),
    "azure": frozenset(),
    "deepseek": frozenset(),
    "google": frozenset(),
    "mistral": frozenset({"mistral-ocr-2503", "mistral-saba"}),
    "moonshotai": frozenset({"kimi-k2.7-code-highspeed", "kimi-k3.1-pro-highspeed"}),
    "openai": frozenset({"gpt-6-cyber"}),
    "openai-decisions": frozenset(),
}
# litellm lists no model of this seller any more, so its absence there says nothing about a model's end.
RESELLER = "openrouter"
# Sellers whose lists genai-prices reads in regularly: a row without the list's name for the model is older than that.
SYNCED = frozenset({"openrouter", "together", "novita"})
# A nickname of models.dev for gemini-3.1-pro-preview.
NICKNAMES = frozenset({("google", "gemini-3.1-pro")})
# Families whose ids the map writes in lower case.
_LOWER = frozenset({"zai", "bigmodel"})


@dataclass(frozen=True)
class Origin:
    """Where an entry's prices come from."""

    source: str
    as_of: str
    url: str = ""


@dataclass
class Merged:
    """The merged models, and what happened on the way."""

    models: dict[str, Entry] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    dropped: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, model_id: str, entry: Entry, origin: Origin) -> None:
        """Add a model under an id that is still free."""
        self.models[model_id] = entry
        self.origins[model_id] = origin
        self.taken[origin.source] += 1


def merge(
    maps: Sequence[tuple[Source, dict[str, Entry]]],
    genai: tuple[Source, Sequence[GenaiModel]] | None = None,
    first_party: tuple[Source, Sequence[ModelPricesModel]] | None = None,
    retired: Mapping[str, tuple[Origin, Entry]] | None = None,
    aliases: Collection[str] = (),
) -> Merged:
    """Merge the maps, given newest first, with the other sources.

    `retired` are rows of none of them. A former row whose name is one of today's `aliases` is left out.
    """
    (newest, current), *older = maps
    result = Merged()
    for model_id, entry in current.items():
        result.add(model_id, dict(entry), Origin(newest.name, newest.data_date))
    rows = _past_rows(newest, older, result) | dict(retired or {})
    past = {model_id: row for model_id, row in rows.items() if model_id not in aliases}
    if genai:
        _add_genai(result, past, *genai)
    if first_party:
        _add_first_party(result, past, *first_party)
    taken = {model_id.lower() for model_id in result.models}
    for model_id, (origin, entry) in past.items():
        if model_id.lower() not in taken:
            result.add(model_id, dict(entry), origin)
        elif model_id not in result.models:
            result.dropped.append((origin.source, model_id, "differs from a current id only in case"))
    result.models = dict(sorted(result.models.items()))
    return result


def _past_rows(
    newest: Source, older: Sequence[tuple[Source, dict[str, Entry]]], result: Merged
) -> dict[str, tuple[Origin, Entry]]:
    """Return the rows that only older maps have; a row comes whole from the newest map with a usable one.

    `retired_on` is the date of the oldest map examined that is newer than the last one listing the model, so the day
    by which it was gone.
    """
    found: dict[str, tuple[Origin, Entry]] = {}
    gone_by: dict[str, str] = {}
    previous = newest
    for source, models in older:
        for model_id in sorted(models.keys() - result.models.keys() - found.keys()):
            entry = models[model_id]
            fault = row_fault(model_id, entry)
            first_met = model_id not in gone_by
            gone_by.setdefault(model_id, previous.data_date)
            if fault:
                if first_met:
                    result.dropped.append((source.name, model_id, fault))
                continue
            faulty = tier_faults(entry)
            result.dropped += [(source.name, f"{model_id}: {key}", "impossible tier") for key in faulty]
            # Of two spellings that disagree, the first is the one that was kept up to date.
            twice = [key for key in entry if first_spelling(key) != key]
            result.dropped += [(source.name, f"{model_id}: {key}", "a second price of one meter") for key in twice]
            kept = {key: value for key, value in entry.items() if key not in {*faulty, *twice}}
            found[model_id] = Origin(source.name, source.data_date), {**kept, "retired_on": gone_by[model_id]}
        previous = source
    return found


def _add_genai(
    result: Merged, past: Mapping[str, tuple[Origin, Entry]], source: Source, models: Sequence[GenaiModel]
) -> None:
    known = Ids(result.models)
    modes = _modes(result.models)
    past_ids = {model_id.lower(): model_id for model_id in past}
    for model in models:
        real = REAL_IDS.get(model.provider)
        if not model.prices and not model.id.endswith(":free"):
            continue
        if (real is not None and model.id not in real) or known.find(model.provider, model.id, *model.aliases):
            continue
        model_id, provider = _new_id(model.provider, model.id)
        model_id = past_ids.get(model_id.lower(), model_id)
        if model_id in past and model.provider != RESELLER:
            continue
        entry = _new_entry(model_id, provider, model.prices, model.url, modes)
        if model.context_window:
            entry["max_input_tokens"] = model.context_window
        gone = model.provider in SYNCED and not model.synced
        if model_id in past:
            entry = _renew(past[model_id][1], entry, gone=gone)
        elif gone:
            entry["retired_on"] = source.data_date
        result.add(model_id, entry, Origin(source.name, source.data_date, model.url))
        known.add(model_id)


def _renew(old: Entry, new: Entry, *, gone: bool) -> Entry:
    """Return an old row with the prices of a newer source; its other prices stay if the base prices are the same."""
    base = ("input_cost_per_token", "output_cost_per_token")
    same = all(old.get(key) == new.get(key) for key in base)
    keep = {key: value for key, value in old.items() if same or key not in price_keys(old)}
    if not gone:
        keep.pop("retired_on", None)
    facts = {key: value for key, value in new.items() if key in price_keys(new) or key not in keep}
    return {**keep, **facts, "source": new["source"]}


def _add_first_party(
    result: Merged, past: Mapping[str, tuple[Origin, Entry]], source: Source, models: Sequence[ModelPricesModel]
) -> None:
    known = Ids({**{model_id: entry for model_id, (_, entry) in past.items()}, **result.models})
    modes = _modes(result.models)
    for model in models:
        if (model.provider, model.id) in NICKNAMES or known.find(model.provider, model.id):
            continue
        if not any(model.prices.values()):
            continue
        model_id, provider = _new_id(model.provider, model.id)
        entry = _new_entry(model_id, provider, model.prices, model.url, modes)
        if model.status == "removed":
            entry["retired_on"] = source.data_date
        result.add(model_id, entry, Origin(source.name, source.data_date, model.url))
        known.add(model_id)


class Ids:
    """The ids of a map, found by a source's provider and model whatever the spelling of a version's dots."""

    def __init__(self, models: Mapping[str, Entry]) -> None:
        self._owners = {model_id: family(entry["litellm_provider"]) for model_id, entry in models.items()}
        self._ids: dict[str, list[str]] = defaultdict(list)
        for model_id in models:
            self._ids[spelled(model_id)].append(model_id)

    def add(self, model_id: str) -> None:
        """Add an id that any provider may ask for."""
        self._ids[spelled(model_id)].append(model_id)

    def find(self, provider: str, *models: str) -> list[str]:
        """Return the ids of the provider's own rows for any of these names."""
        wanted = family(provider)
        return [
            model_id
            for model in models
            for name in candidates(provider, model)
            for model_id in self._ids.get(spelled(name), ())
            if self._owners.get(model_id, wanted) == wanted
        ]


def _new_id(provider: str, model: str) -> tuple[str, str]:
    """Return the id and the provider of a model that is new to the map."""
    ours = family(provider)
    if provider.startswith("huggingface_"):
        return f"huggingface/{provider.removeprefix('huggingface_')}/{model}", "huggingface"
    if ours in _LOWER:
        model = model.lower()
    return f"{PREFIXES.get(ours, (f'{ours}/',))[0]}{model}", ours


def _new_entry(model_id: str, provider: str, prices: Mapping[str, Any], url: str, modes: Mapping[str, str]) -> Entry:
    mode = modes.get(bare(model_id)) or _guess_mode(model_id.lower(), prices)
    return clean_entry({**prices, "litellm_provider": provider, "mode": mode, "source": url})


def _modes(models: Mapping[str, Entry]) -> dict[str, str]:
    """Return the mode that most entries of a model's name have."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for model_id, entry in models.items():
        if "mode" in entry:
            counts[bare(model_id)][entry["mode"]] += 1
    return {name: sorted(found.items(), key=lambda item: (-item[1], item[0]))[0][0] for name, found in counts.items()}


_MODE_WORDS = (
    ("rerank", re.compile(r"rerank")),
    ("embedding", re.compile(r"embed|\bbge-|voyage-")),
    ("moderation", re.compile(r"moderation")),
    ("ocr", re.compile(r"\bocr\b")),
    ("audio_transcription", re.compile(r"transcribe|whisper|\basr\b")),
    ("audio_speech", re.compile(r"\btts\b")),
    ("realtime", re.compile(r"realtime|\bvoice\b|\blive\b")),
)


def _guess_mode(name: str, prices: Mapping[str, Any]) -> str:
    for mode, words in _MODE_WORDS:
        if words.search(name):
            return mode
    if "output_cost_per_token" not in prices and "output_cost_per_image_token" in prices:
        return "image_generation"
    return "chat"
