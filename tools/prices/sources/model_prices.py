"""model-prices: first-party prices from models.dev and the makers' pages, each with its start and its basis."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from llmcost.core.tiers import STANDARD, TIER_WORDS

MILLION = Decimal(1_000_000)
KEYS = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
}
_PLANS = ("standard", "batch", "flex", "ultrafast")
# Their plan -> the suffix of our key.
PLANS = {plan: "" if TIER_WORDS[plan] == STANDARD else f"_{TIER_WORDS[plan]}" for plan in _PLANS}


@dataclass
class ModelPricesModel:
    """A model with its prices of one day in our keys."""

    provider: str
    id: str
    prices: dict[str, Decimal]
    url: str
    status: str
    documented: bool = field(default=False)


def read(data: bytes, today: str) -> tuple[list[ModelPricesModel], str]:
    """Return all models with the prices of a day, and the day of the snapshot."""
    snapshot: dict[str, Any] = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    found = []
    for provider, models in snapshot["prices"].items():
        states = snapshot["status"].get(provider, {})
        for model_id, plans in models.items():
            prices: dict[str, Decimal] = {}
            for plan, suffix in PLANS.items():
                rates = _current(plans.get(plan, []), today)
                if rates:
                    prices |= _prices(rates, suffix)
            standard = _current(plans.get("standard", []), today)
            if standard and prices:
                documented = standard["valid_from_basis"] == "documented"
                state = states.get(model_id, "")
                found.append(ModelPricesModel(provider, model_id, prices, standard["source"], state, documented))
    return found, snapshot["updated_at"][:10]


def _current(rows: list[dict[str, Any]], today: str) -> dict[str, Any] | None:
    started = [row["rates"] for row in rows if not row["start"] or row["start"][:10] <= today]
    return started[-1] if started else None


def _prices(rates: dict[str, Any], suffix: str) -> dict[str, Decimal]:
    found = {KEYS[name] + suffix: price / MILLION for name, price in rates.items() if name in KEYS}
    for tier in rates.get("tiers", []):
        if tier["above"] % 1000 == 0:
            above = f"_above_{int(tier['above']) // 1000}k_tokens{suffix}"
            found |= {KEYS[name] + above: price / MILLION for name, price in tier.items() if name in KEYS}
    return found
