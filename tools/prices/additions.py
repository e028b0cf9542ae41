"""Models that a seller's page lists and no source does yet: added by hand, for the days until a source has them.

An addition ends by itself. Where a source states the same, it is told as adopted; where one states another price, a
person has to look; and on its last day, at most 45 after the page was read, the page has to be read again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from llmcost.core.meters import TOKEN_METERS
from llmcost.prices.keys import decode

from . import dated_rules
from .decisions import Decision
from .entries import LIMITS, Entry, round_price
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME = "additions.toml"
LONGEST_DAYS = 45
SEARCH = "search_context_cost_per_query"
_NEEDED = ("id", "mode", "since", "url", "read", "expires", "keys")
_ALSO = ("provider", "like", "also", "search_per_query", "tiers", "change")


@dataclass(frozen=True)
class Addition:
    """One model, with its prices on the day it was first sold and the changes its page announces."""

    model_id: str
    entry: Entry
    prices: dict[str, Any]
    since: str
    url: str
    also: str
    read: str
    expires: str
    # (first day, factor of every token price, page)
    changes: tuple[tuple[str, Decimal, str], ...] = ()

    def on(self, day: str) -> dict[str, Any]:
        """Return the prices of a day."""
        found = dict(self.prices)
        for start, factor, _ in self.changes:
            if start <= day:
                found |= _times(found, factor)
        return found

    def rows(self) -> Iterator[tuple[str, str, dict[str, list[Any]]]]:
        """Yield the announced changes: first day, page, and the value of each key before and after."""
        now = dict(self.prices)
        for start, factor, url in self.changes:
            after = _times(now, factor)
            yield start, url, {key: [now[key], value] for key, value in after.items()}
            now |= after


@dataclass
class Added:
    """What the file of additions gave."""

    # Not in any source: the entry rests on the addition alone.
    models: dict[str, Addition] = field(default_factory=dict)
    # In a source, with the same prices: the addition is no longer needed.
    adopted: dict[str, Addition] = field(default_factory=dict)
    # In a source, with the same prices, but not all of them: these keys are still the addition's.
    filled: dict[str, tuple[Addition, list[str]]] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)

    def every(self) -> dict[str, Addition]:
        """Return all additions that fit, whether a source has them or not: their dates stand in the history."""
        return self.models | self.adopted | {name: addition for name, (addition, _) in self.filled.items()}


def add(models: dict[str, Entry], path: Path, today: str) -> Added:
    """Put the additions into the models, in place."""
    result = Added()
    if not path.exists():
        return result
    for rule in read_toml(path).get("model", []):
        ids = rule.get("id", [])
        for place, model_id in enumerate([ids] if isinstance(ids, str) else ids):
            faults = [*dated_rules.faults(rule, today, needed=_NEEDED, also=_ALSO, read="read", days=LONGEST_DAYS)]
            like = rule.get("like")
            sibling = like[place] if isinstance(like, list) and place < len(like) else like
            if isinstance(sibling, list) or (sibling and sibling not in models):
                faults.append(f"like names no model: {sibling}")
            elif not sibling and not rule.get("provider"):
                faults.append("neither provider nor like says who sells it")
            if faults:
                page = str(rule.get("url", ""))
                result.decisions += [Decision(model_id, f"addition: {fault}", page=page) for fault in faults]
                continue
            _place(models, _addition(model_id, rule, models.get(sibling or "", {})), today, result)
    return result


def _place(models: dict[str, Entry], addition: Addition, today: str, result: Added) -> None:
    model_id, stated = addition.model_id, addition.on(today)
    upstream = models.get(model_id)
    if upstream is None:
        models[model_id] = {**addition.entry, **stated}
        result.models[model_id] = addition
        return
    other = [key for key, value in stated.items() if key in upstream and upstream[key] != value]
    for key in other:
        why = f"{key} is {upstream[key]} upstream, the addition says {stated[key]}; read {addition.url}"
        values = str(stated[key]), str(upstream[key]), str(stated[key])
        result.decisions.append(Decision(model_id, why, key, *values, addition.url))
    missing = sorted(stated.keys() - upstream.keys())
    if other:
        return
    if missing:
        upstream |= {key: stated[key] for key in missing}
        result.filled[model_id] = addition, missing
    else:
        result.adopted[model_id] = addition


def _addition(model_id: str, rule: Mapping[str, Any], sibling: Entry) -> Addition:
    prices: dict[str, Any] = {key: round_price(Decimal(text)) for key, text in rule["keys"].items()}
    for tier, factor in rule.get("tiers", {}).items():
        prices |= {f"{key}_{tier}": value for key, value in _times(prices, Decimal(factor), plain=True).items()}
    if "search_per_query" in rule:
        fee = round_price(Decimal(rule["search_per_query"]))
        prices[SEARCH] = {f"search_context_size_{size}": fee for size in ("high", "low", "medium")}
    # A sibling tells what the model can do, how much it takes and what a search is; prices are never taken from it.
    alike = (*LIMITS, "web_search_billing_unit")
    entry = {key: value for key, value in sibling.items() if key in alike or key.startswith("support")}
    entry |= {
        "litellm_provider": rule.get("provider") or sibling["litellm_provider"],
        "mode": rule["mode"],
        "source": rule["url"],
    }
    changes = tuple((row["from"], Decimal(row["factor"]), row["url"]) for row in rule.get("change", []))
    dates = rule["since"], rule["url"], rule.get("also", ""), rule["read"], rule["expires"]
    return Addition(model_id, entry, prices, *dates, changes)


def _times(prices: Mapping[str, Any], factor: Decimal, *, plain: bool = False) -> dict[str, float]:
    """Return every token price times a factor; `plain` leaves out those of a service tier."""
    found = {}
    for key, value in prices.items():
        decoded = decode(key) if isinstance(value, float) else None
        if decoded is None or decoded[0] not in TOKEN_METERS:
            continue
        if plain and any(name == "tier" for name, _ in decoded[1]):
            continue
        found[key] = round_price(Decimal(repr(value)) * factor)
    return found
