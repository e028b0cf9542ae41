"""Rows and keys of older maps that are not taken over: obvious slips and placeholders.

These rules judge retired models only. The newest map is taken as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .entries import Entry, is_price_key, is_token_price

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TOKEN_PRICE = 600e-6
MIN_CHAT_TOKEN_PRICE = 0.01e-6
# The highest sane price of a tier relative to the price it replaces. A one-hour cache write is
# 1.6 times the five-minute one; the context tiers of real price lists stay below 7.
MAX_HOUR_FACTOR = 2.5
MAX_CONTEXT_FACTOR = 10.0
# Upstream once wrote the row of an embedding model over this chat model.
WRONG_MODE = {"gemini/gemini-1.5-flash": "embedding"}

_SAID_TO_BE_FREE = re.compile(r"[-/:](free|exp|experimental|stealth)([-/:]|$)", re.IGNORECASE)


def row_fault(model_id: str, entry: Entry) -> str | None:
    """Say why a retired row is not usable, or return None."""
    if "mode" not in entry:
        return "no mode: a price class, not a callable model"
    if model_id.endswith("/"):
        return "id without a model name"
    if WRONG_MODE.get(model_id) == entry["mode"]:
        return "the row of another model"
    prices = dict(_flat_prices(entry))
    if not prices and not any(is_price_key(key) for key in entry) and "tiered_pricing" not in entry:
        return "no price"
    tokens = {key: price for key, price in prices.items() if is_token_price(key)}
    if any(price > MAX_TOKEN_PRICE for price in tokens.values()):
        return "token price above $600 per million"
    if prices and not any(prices.values()) and not _may_be_free(model_id, entry):
        return "all prices zero, nothing says it was free"
    if entry["mode"] == "chat":
        base = [tokens.get(f"{side}_cost_per_token", 0.0) for side in ("input", "output")]
        if any(0 < price < MIN_CHAT_TOKEN_PRICE for price in base):
            return "token price below $0.01 per million"
        if 0 < base[1] < base[0] / 2:
            return "output price below half the input price"
    return None


def tier_faults(entry: Entry) -> list[str]:
    """Return the tier keys whose price cannot be right beside the price that they replace."""
    faults = []
    prices = dict(_flat_prices(entry))
    for key, price in prices.items():
        base_key, above, tier = key.rpartition("_above_")
        limit = MAX_HOUR_FACTOR if tier == "1hr" else MAX_CONTEXT_FACTOR
        base = prices.get(base_key, 0.0)
        if above and base > 0 and not base <= price <= base * limit:
            faults.append(key)
    return faults


def _flat_prices(entry: Entry) -> Iterator[tuple[str, float]]:
    for key, value in entry.items():
        if is_price_key(key) and isinstance(value, float):
            yield key, value


def _may_be_free(model_id: str, entry: Entry) -> bool:
    return entry["mode"] == "moderation" or _SAID_TO_BE_FREE.search(model_id) is not None
