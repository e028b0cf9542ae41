"""Fees of tools: a fee belongs to a seller and a tool, so one rule writes it into every row of that seller.

A fee stands in the map once per model, and upstream has it for some models of a seller and not for others. The table
tools.toml states each fee once, with its page; the build writes it into the rows that the rule names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from . import dated_rules
from .decisions import Decision
from .entries import Entry, leaf_prices, price_keys, round_price
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "tools.toml"
# A search is priced by how much context it brings; a seller with one price has it for all three.
SEARCH = "search_context_cost_per_query"
_SIZES = ("search_context_size_high", "search_context_size_low", "search_context_size_medium")
_NEEDED = ("providers", "tool", "key", "price", "models", "since", "url", "checked", "expires", "why")
_ALSO = ("except", "modes", "supports", "replaces", "current")
LONGEST_DAYS = 90


@dataclass
class Fees:
    """What the table gave."""

    # Per model: the keys that it wrote, with the page; and the values that it replaced.
    written: dict[str, dict[str, str]] = field(default_factory=dict)
    replaced: dict[str, dict[str, Any]] = field(default_factory=dict)
    # One line per rule: how many rows got the fee, and how many had it.
    counts: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def charge(models: Mapping[str, Entry], path: Path, today: str) -> Fees:
    """Write the fees of the table into the models, in place; without the file there are none."""
    result = Fees()
    if not path.exists():
        return result
    for rule in read_toml(path).get("fee", []):
        name = f"{', '.join(rule.get('providers', ()))} {rule.get('tool', '')}".strip()
        faults = list(dated_rules.faults(rule, today, needed=_NEEDED, also=_ALSO, read="checked", days=LONGEST_DAYS))
        result.decisions += [Decision(name, f"fee: {fault}", page=str(rule.get("url", ""))) for fault in faults]
        if not faults:
            _write(models, rule, name, result)
    return result


def _write(models: Mapping[str, Entry], rule: Mapping[str, Any], name: str, result: Fees) -> None:
    key, price = rule["key"], _value(rule["key"], rule["price"])
    others = [_value(key, text) for text in rule.get("replaces", [])]
    written = kept = 0
    for model_id, entry in models.items():
        if not _applies(rule, model_id, entry):
            continue
        now = entry.get(key)
        if now == price:
            kept += 1
        elif now is None or now in others:
            if now is not None:
                result.replaced.setdefault(model_id, {})[key] = now
            entry[key] = price
            result.written.setdefault(model_id, {})[key] = rule["url"]
            written += 1
        else:
            stated = ", ".join(sorted({f"{fee:g}" for fee in leaf_prices(now, key)}))
            why = f"{key} is {stated} upstream, {NAME} says {rule['price']}; read {rule['url']}"
            result.decisions.append(Decision(model_id, why, key, "", stated, rule["price"], rule["url"]))
    if not written and not kept:
        result.decisions.append(Decision(name, "fee: it applies to no model", page=rule["url"]))
    result.counts.append(f"{name} {rule['price']}: written into {written} rows, {kept} had it")


def _applies(rule: Mapping[str, Any], model_id: str, entry: Entry) -> bool:
    """Return whether a rule holds for a row; a row without any price gets no fee, since it would look priced."""
    return (
        entry.get("litellm_provider") in rule["providers"]
        and any(fnmatchcase(model_id, pattern) for pattern in rule["models"])
        and not any(fnmatchcase(model_id, pattern) for pattern in rule.get("except", ()))
        and ("modes" not in rule or entry.get("mode") in rule["modes"])
        and ("supports" not in rule or entry.get(f"supports_{rule['supports']}") is True)
        and str(entry.get("retired_on", "9999")) > rule["since"]
        and not (rule.get("current") and "retired_on" in entry)
        and bool(price_keys(entry))
    )


def _value(key: str, text: str) -> Any:
    price = round_price(Decimal(text))
    return dict.fromkeys(_SIZES, price) if key == SEARCH else price
