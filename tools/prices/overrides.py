"""Corrections kept by hand: each names the value it expects upstream, its evidence and the day it ends.

An override whose expectation fails is an error: somebody upstream corrected or moved the price, so it needs a person.
So is one past its expiry: evidence grows old.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .entries import Entry, leaf_prices, price_keys, round_price
from .factors import multiply
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

LONGEST = timedelta(days=90)


class OverrideError(Exception):
    """An override no longer fits; the message lists every one that does not."""


@dataclass
class Corrected:
    """What was changed, per model: the override's keys, and notes for the provenance."""

    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    urls: dict[str, tuple[str, str]] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    unpriced: list[str] = field(default_factory=list)
    zero_writes: list[str] = field(default_factory=list)


def correct(models: dict[str, Entry], path: Path, today: str) -> Corrected:
    """Apply the file of overrides to the models, in place; raise OverrideError if any no longer fits."""
    rules = read_toml(path)
    result = Corrected()
    problems: list[str] = []
    for rule in rules.get("override", []):
        problems += _stale(rule, today)
        for model_id in rule["ids"]:
            if model_id not in models:
                problems.append(f"{model_id}: no such model any more")
                continue
            problems += _apply(model_id, models[model_id], rule, result)
    for rule in rules.get("factor", []):
        problems += _stale(rule, today)
        for model_id, found in multiply(models, rule):
            if isinstance(found, str):
                problems.append(found)
            else:
                result.keys.setdefault(model_id, {}).update(found)
                result.urls[model_id] = (rule["url"], rule["checked"])
    for rule in rules.get("dispute", []):
        for model_id in matching(models, rule, problems):
            result.disputes[model_id] = rule["why"]
    for rule in rules.get("settled", []):
        for model_id in matching(models, rule, problems):
            result.settled[model_id] = rule["why"]
    for rule in rules.get("until", []):
        for model_id in matching(models, rule, problems):
            models[model_id]["price_valid_until"] = rule["day"]
    for rule in rules.get("free", []):
        result.free.update(matching(models, rule, problems))
    if problems:
        raise OverrideError(f"{path.name}:\n  " + "\n  ".join(problems))
    _settle_zeros(models, result)
    return result


def _stale(rule: Mapping[str, Any], today: str) -> Iterable[str]:
    name = ", ".join(rule["ids"])
    checked, expires = date.fromisoformat(rule["checked"]), date.fromisoformat(rule["expires"])
    if expires - checked > LONGEST:
        yield f"{name}: expires {expires}, more than {LONGEST.days} days after it was checked ({checked})"
    if expires < date.fromisoformat(today):
        yield f"{name}: expired on {expires}; read {rule['url']} again"
    if checked > date.fromisoformat(today):
        yield f"{name}: checked on {checked}, after the day of the build ({today})"


def _apply(model_id: str, entry: Entry, rule: Mapping[str, Any], result: Corrected) -> Iterable[str]:
    for key, (expect, value) in rule["keys"].items():
        now = entry.get(key)
        if now != _number(expect):
            yield f"{model_id}: {key} is {now} upstream, the override expects {expect}; check it and {rule['url']}"
            continue
        if value == "none":
            entry.pop(key, None)
        else:
            entry[key] = _number(value)
        result.keys.setdefault(model_id, {})[key] = expect
        result.urls[model_id] = (rule["url"], rule["checked"])


def _number(text: str) -> float | None:
    return None if text == "none" else round_price(Decimal(text))


def matching(models: Mapping[str, Entry], rule: Mapping[str, Any], problems: list[str]) -> list[str]:
    """Return the ids of a rule: those named, and those of the providers named (all, or by prefix or suffix)."""
    found = [model_id for model_id in rule.get("ids", []) if model_id in models]
    problems += [f"{model_id}: no such model any more" for model_id in rule.get("ids", []) if model_id not in models]
    providers, starts, ends = rule.get("providers"), tuple(rule.get("starts", [""])), tuple(rule.get("ends", [""]))
    if providers or "starts" in rule or "ends" in rule:
        excepted = tuple(rule.get("except_ends", []))
        found += [
            model_id
            for model_id, entry in models.items()
            if (not providers or entry["litellm_provider"] in providers)
            and model_id.startswith(starts)
            and model_id.lower().endswith(ends)
            and not (excepted and model_id.lower().endswith(excepted))
        ]
    return found


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
