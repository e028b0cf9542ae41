"""Corrections kept by hand: each names the value it expects upstream, its evidence and the day it ends.

An override that upstream has adopted is no longer needed, and is told so. One whose expectation fails otherwise is
undecided: somebody upstream moved the price, so it needs a person. So is one past its expiry: evidence grows old.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .decisions import Decision
from .entries import Entry, leaf_prices, price_keys, round_price
from .factors import multiply, token_prices
from .spellings import first_spelling
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LONGEST = timedelta(days=90)
# A price of a range of the prompt, as the engine names it: tiered_pricing[32000].cache_read_input_token_cost.
_OF_A_RANGE = re.compile(r"(tiered_pricing)\[([0-9]+)\]\.(.+)")


@dataclass
class Corrected:
    """What was changed, per model: the override's keys, and notes for the provenance."""

    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    urls: dict[str, tuple[str, str]] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    # Why the price of a model moves from day to day.
    moving: dict[str, str] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    unpriced: list[str] = field(default_factory=list)
    zero_writes: list[str] = field(default_factory=list)
    # Keys of which upstream states the corrected value itself, per model.
    adopted: dict[str, list[str]] = field(default_factory=dict)
    # Ids of disputes and settlements that no model has any more.
    gone: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def correct(models: dict[str, Entry], path: Path, today: str) -> Corrected:
    """Apply the file of overrides to the models, in place; what no longer fits is left for a person to decide."""
    rules = read_toml(path)
    result = Corrected()
    for rule in rules.get("override", []):
        result.decisions += _stale(rule, today)
        for model_id in rule["ids"]:
            if model_id not in models:
                result.decisions.append(_gone(model_id, rule))
                continue
            result.decisions += _apply(model_id, models[model_id], rule, result)
    for rule in rules.get("factor", []):
        result.decisions += _stale(rule, today)
        for model_id, found in multiply(models, rule):
            if isinstance(found, Decision):
                result.decisions.append(found)
            elif found:
                result.keys.setdefault(model_id, {}).update(found)
                result.urls[model_id] = (rule["url"], rule["checked"])
            else:
                result.adopted[model_id] = sorted(token_prices(models[model_id]))
    gone: list[Decision] = []
    for rule in rules.get("dispute", []):
        for model_id in matching(models, rule, gone):
            result.disputes[model_id] = rule["why"]
    for rule in rules.get("settled", []):
        for model_id in matching(models, rule, gone):
            result.settled[model_id] = rule["why"]
    for rule in rules.get("moving", []):
        for model_id in matching(models, rule, gone):
            result.moving[model_id] = rule["why"]
    # What was said about the price of a model that is gone needs nobody to decide anything.
    result.gone = [decision.model_id for decision in gone]
    for rule in rules.get("until", []):
        for model_id in matching(models, rule, result.decisions):
            models[model_id]["price_valid_until"] = rule["day"]
    for rule in rules.get("free", []):
        result.free.update(matching(models, rule, result.decisions))
    _settle_zeros(models, result)
    return result


def _gone(model_id: str, rule: Mapping[str, Any]) -> Decision:
    return Decision(model_id, "no such model any more", page=rule.get("url", ""))


def _stale(rule: Mapping[str, Any], today: str) -> Iterable[Decision]:
    name, url = ", ".join(rule["ids"]), rule["url"]
    checked, expires = date.fromisoformat(rule["checked"]), date.fromisoformat(rule["expires"])
    if expires - checked > LONGEST:
        why = f"expires {expires}, more than {LONGEST.days} days after it was checked ({checked})"
        yield Decision(name, why, page=url)
    if expires < date.fromisoformat(today):
        yield Decision(name, f"expired on {expires}; read {url} again", page=url)
    if checked > date.fromisoformat(today):
        yield Decision(name, f"checked on {checked}, after the day of the build ({today})", page=url)


def _apply(model_id: str, entry: Entry, rule: Mapping[str, Any], result: Corrected) -> Iterable[Decision]:
    for spelled, (expect, value) in rule["keys"].items():
        place, key = place_of(entry, spelled)
        name = key if place is entry else spelled
        now = place.get(key)
        if now == _number(value):
            result.adopted.setdefault(model_id, []).append(name)
            continue
        if now != _number(expect):
            said = "none" if now is None else str(now)
            why = f"{name} is {said} upstream, the override expects {expect}; check it and {rule['url']}"
            yield Decision(model_id, why, name, expect, said, value, rule["url"])
            continue
        if value == "none":
            place.pop(key, None)
        else:
            place[key] = _number(value)
        result.keys.setdefault(model_id, {})[name] = expect
        result.urls[model_id] = (rule["url"], rule["checked"])


def place_of(entry: Entry, spelled: str) -> tuple[dict[str, Any], str]:
    """Return where the price of a key stands, and its key there: in the entry, or in a range of it; empty for none.

    >>> place_of({"tiered_pricing": [{"range": [0, 9], "output_cost_per_token": 1}]}, "tiered_pricing[0].output_cost")
    ({'range': [0, 9], 'output_cost_per_token': 1}, 'output_cost')
    """
    inside = _OF_A_RANGE.fullmatch(spelled)
    if inside is None:
        return entry, spelled if spelled in entry else first_spelling(spelled)
    block, lower, key = inside.groups()
    return next((one for one in entry.get(block, ()) if one["range"][0] == int(lower)), {}), key


def _number(text: str) -> float | None:
    return None if text == "none" else round_price(Decimal(text))


def matching(models: Mapping[str, Entry], rule: Mapping[str, Any], decisions: list[Decision]) -> list[str]:
    """Return the ids of a rule: those named, and those of the providers named (all, or by prefix or suffix)."""
    found = [model_id for model_id in rule.get("ids", []) if model_id in models]
    decisions += [_gone(model_id, rule) for model_id in rule.get("ids", []) if model_id not in models]
    providers, starts, ends = rule.get("providers"), tuple(rule.get("starts", [""])), tuple(rule.get("ends", [""]))
    if providers or "starts" in rule or "ends" in rule:
        excepted, others = tuple(rule.get("except_ends", [])), tuple(rule.get("except_starts", []))
        found += [
            model_id
            for model_id, entry in models.items()
            if (not providers or entry["litellm_provider"] in providers)
            and model_id.startswith(starts)
            and model_id.lower().endswith(ends)
            and not (excepted and model_id.lower().endswith(excepted))
            and not (others and model_id.startswith(others))
        ]
    return found


# What a mode is billed by beside tokens: a free model states a zero for it.
_UNIT_OF_MODE = {
    "audio_speech": "input_cost_per_character",
    "audio_transcription": "input_cost_per_second",
    "image_edit": "output_cost_per_image",
    "image_generation": "output_cost_per_image",
    "ocr": "ocr_cost_per_page",
    "rerank": "input_cost_per_query",
    "search": "input_cost_per_query",
    "video_generation": "output_cost_per_second",
}


def _free_keys(entry: Entry) -> list[str]:
    """Return the keys that a free model states as zero: a missing rate is unknown, and not free."""
    unit = _UNIT_OF_MODE.get(entry.get("mode", ""))
    return ["input_cost_per_token", "output_cost_per_token", *([unit] if unit else [])]


def _settle_zeros(models: Mapping[str, Entry], result: Corrected) -> None:
    """Keep a zero that is a price, and drop one that stands for "unknown".

    A model whose every price is zero is free if that is proven, and otherwise unpriced. A zero beside other prices is
    a price, with one exception: nobody processes the tokens of a cache write for nothing. Such a zero says that
    there is no fee on top of the input price, which is what a missing key says.
    """
    for model_id, entry in models.items():
        keys = price_keys(entry)
        prices = [price for key in keys for price in leaf_prices(entry[key], key)]
        if model_id in result.free:
            if not any(prices):
                entry["free"] = True
                entry.update(dict.fromkeys(_free_keys(entry), 0.0))
            continue
        if keys and not any(prices):
            for key in keys:
                del entry[key]
            result.unpriced.append(model_id)
            continue
        if entry.get("input_cost_per_token"):
            for key in [k for k in keys if k.startswith("cache_creation_") and entry[k] == 0]:
                del entry[key]
                result.zero_writes.append(f"{model_id}: {key}")
