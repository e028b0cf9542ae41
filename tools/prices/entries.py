"""What an entry of the price file looks like: which keys are kept, and how a number is written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .spellings import one_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

Entry = dict[str, Any]

LIMITS = frozenset(
    {"max_tokens", "max_input_tokens", "max_output_tokens"} | {"output_vector_size", "prompt_cache_min_tokens"}
)
KEPT = (
    LIMITS
    | {"litellm_provider", "mode", "deprecation_date", "source"}
    | {"supported_modalities", "supported_output_modalities"}
    | {"tiered_pricing", "off_peak_pricing", "provider_specific_entry"}
    | {"web_search_billing_unit", "search_free_requests"}
)
BLOCKS = frozenset({"tiered_pricing", "off_peak_pricing"})
# How many units a request is billed for at least: input_cost_per_second_minimum.
MINIMUM = "_minimum"
# Top-level records that describe the map itself.
NOT_MODELS = frozenset({"sample_spec", "fallback_generalizations"})


def is_model(model_id: str, entry: object) -> bool:
    """Return whether a record is a model: it has a provider, unlike records of documentation and rules."""
    return model_id not in NOT_MODELS and isinstance(entry, dict) and bool(entry.get("litellm_provider"))


def clean_entry(entry: Entry) -> Entry:
    """Return an entry with the wanted keys alone, clean values, and each price under one key."""
    kept = {key: _clean(value, key) for key, value in entry.items() if value is not None and _wanted(key, value)}
    return one_spelling(kept)


def is_price_key(key: str) -> bool:
    """Return whether a key holds a price or a table of prices: it contains 'cost', and is not a number of units."""
    return "cost" in key and not key.endswith(MINIMUM)


# "..._above_128k_tokens" names a threshold, not the unit.
_TOKEN = re.compile(r"_token(?!s)")


def is_token_price(key: str) -> bool:
    """Return whether a key is a price of a token in USD; units of Databricks are not.

    >>> is_token_price("input_cost_per_token_above_128k_tokens"), is_token_price("input_dbu_cost_per_token")
    (True, False)
    """
    return is_price_key(key) and "dbu" not in key and _TOKEN.search(key) is not None


def price_keys(entry: Entry) -> list[str]:
    """Return the keys of an entry that hold prices, blocks included."""
    return [key for key in entry if is_price_key(key) or key in BLOCKS]


def leaf_prices(value: Any, key: str = "") -> Iterator[float]:
    """Yield every price inside the value of a price key; hours, weekdays and ranges are left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in {"range", "max_results_range", "windows", "hours_utc", "weekdays"}:
                yield from leaf_prices(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaf_prices(inner, key)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)


def _wanted(key: str, value: Any) -> bool:
    # A capability is either stated or unknown; upstream uses false and absence alike.
    if key.startswith("supports_"):
        return value is True
    if key in LIMITS:
        return isinstance(value, (int, float))
    return key in KEPT or is_price_key(key) or key.endswith(MINIMUM) or "uplift_multiplier" in key


def _clean(value: Any, key: str, *, price: bool = False) -> Any:
    price = price or is_price_key(key)
    if isinstance(value, dict):
        return {name: _clean(item, name, price=price) for name, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, key, price=price) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return value
    if price:
        return round_price(value)
    if isinstance(value, int) or (key in LIMITS and value == int(value)):
        return int(value)
    return round_price(value)


def round_price(number: Decimal | float) -> float:
    """Return a price with 12 significant digits, which removes the noise of binary arithmetic.

    >>> round_price(1.0000000000000001e-07), round_price(Decimal("0.000002"))
    (1e-07, 2e-06)
    """
    return float(f"{number:.12g}")
