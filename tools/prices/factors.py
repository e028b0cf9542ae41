"""Corrections by a factor: a row that upstream priced like another row of the seller, and that costs a multiple of it.

Bedrock sells a model in one region, or within one geography, at 1.1 times its global price. A rule names the rows and
the prefix of the row to compare with. It holds as long as upstream gives both the same price, for every token price
of the row. The rule ends when upstream states the multiple itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .decisions import Decision
from .entries import Entry, is_token_price, round_price

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def multiply(models: dict[str, Entry], rule: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str] | Decision]]:
    """Apply one rule in place; yield, per id, the prices before as text, or why it does not fit.

    No prices are yielded where upstream states the multiple itself.
    """
    url = rule["url"]
    factor = Decimal(rule["factor"])
    for model_id in rule["ids"]:
        base_id = rule["base"] + model_id
        missing = next((name for name in (model_id, base_id) if name not in models), None)
        if missing:
            yield model_id, Decision(missing, "no such model any more", page=url)
            continue
        before, base = token_prices(models[model_id]), token_prices(models[base_id])
        wanted = {key: round_price(Decimal(repr(price)) * factor) for key, price in base.items() if key in before}
        if wanted and before == wanted:
            yield model_id, {}
            continue
        unlike = sorted(key for key, price in before.items() if base.get(key) != price)
        if unlike or not before:
            what = ", ".join(unlike) or "it has no token price"
            yield model_id, Decision(model_id, f"differs from {base_id} upstream ({what}); read {url} again", page=url)
            continue
        models[model_id].update(wanted)
        yield model_id, {key: repr(price) for key, price in before.items()}


def token_prices(entry: Entry) -> dict[str, float]:
    """Return the prices per token of an entry; fees of tools, images and seconds are left out.

    >>> token_prices({"input_cost_per_token": 1e-06, "search_context_cost_per_query": {}, "input_cost_per_image": 0.1})
    {'input_cost_per_token': 1e-06}
    """
    return {key: value for key, value in entry.items() if is_token_price(key) and isinstance(value, float)}
