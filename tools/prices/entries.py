"""Turn one litellm price map into clean entries: fewer keys, one way to write each number."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

Entry = dict[str, Any]

LIMITS = frozenset(
    {"max_tokens", "max_input_tokens", "max_output_tokens"}
    | {"output_vector_size", "prompt_cache_min_tokens"}
)
KEPT = (
    LIMITS
    | {"litellm_provider", "mode", "deprecation_date", "source"}
    | {"supported_modalities", "supported_output_modalities"}
    | {"tiered_pricing", "off_peak_pricing", "provider_specific_entry"}
    | {"web_search_billing_unit", "search_free_requests"}
)
# Top-level records that describe the map itself.
NOT_MODELS = frozenset({"sample_spec", "fallback_generalizations"})


def normalise(data: bytes) -> tuple[dict[str, Entry], list[str]]:
    """Return the model entries of a price map, and the ids that are not models."""
    raw = json.loads(data)
    models = {
        model_id: clean_entry(entry) for model_id, entry in raw.items() if is_model(model_id, entry)
    }
    return models, sorted(raw.keys() - models.keys())


def is_model(model_id: str, entry: Any) -> bool:
    """A model has a provider; documentation and rule records have none."""
    if model_id in NOT_MODELS or not isinstance(entry, dict):
        return False
    return bool(entry.get("litellm_provider"))


def clean_entry(entry: Entry) -> Entry:
    """Keep the wanted keys with clean values."""
    return {
        key: _clean(value, key)
        for key, value in entry.items()
        if value is not None and _wanted(key, value)
    }


def is_price_key(key: str) -> bool:
    """Every key that holds a price, or a table of prices, says 'cost'."""
    return "cost" in key


def _wanted(key: str, value: Any) -> bool:
    # A capability is either stated or unknown; upstream uses false and absence alike.
    if key.startswith("supports_"):
        return value is True
    if key in LIMITS:
        return isinstance(value, (int, float))
    return key in KEPT or is_price_key(key) or "uplift_multiplier" in key


def _clean(value: Any, key: str, *, price: bool = False) -> Any:
    price = price or is_price_key(key)
    if isinstance(value, dict):
        return {name: _clean(item, name, price=price) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, key, price=price) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if price:
        return _round(value)
    if isinstance(value, int) or (key in LIMITS and value.is_integer()):
        return int(value)
    return _round(value)


def _round(number: float) -> float:
    # 12 significant digits remove the noise of binary arithmetic (1.0000000000000001e-07).
    return float(f"{number:.12g}")


def round_price(number: Decimal | float) -> float:
    """Return a price with 12 significant digits, the precision of the price file."""
    return _round(float(number))
