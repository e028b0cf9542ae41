"""Microsoft's own meters against what litellm says of Azure.

The map's bare azure ids are the global deployments, `azure/us/` and `azure/eu/` the data zones. Two rules:

- a bare id that has the price of another place has been read from the wrong column; it gets the global meter;
- otherwise the later of the two stands: the meters if litellm has not touched the id since they were read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from .entries import Entry, round_price
from .ids import dated

if TYPE_CHECKING:
    from .sources.ledger import LedgerEvent

Meters = Mapping[tuple[str, str, str], Sequence[Decimal]]
# The meters' names of models whose id says something else.
_NAMES = {
    "text-embedding-ada-002": ("embedding-ada",),
    "gpt-4-turbo": ("gpt-4-turbo128k", "gpt-4-turbo-128k"),
    "gpt-4-turbo-2024-04-09": ("gpt-4-turbo128k", "gpt-4-turbo-128k"),
}
_PLACES = {"azure/us/": "data zone", "azure/eu/": "data zone", "azure/global/": "global", "azure/": "global"}


def place_of(model_id: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the place of an azure id and the names its meters may have, or None for another id.

    >>> place_of("azure/us/gpt-4o-2024-08-06")
    ('data zone', ('gpt-4o-2024-08-06', 'gpt-4o-0806'))
    """
    prefix = next((p for p in _PLACES if model_id.startswith(p)), None)
    if prefix is None or "/" in model_id.removeprefix(prefix):
        return None
    name = model_id.removeprefix(prefix)
    day = dated(name)
    short = re.sub(r"-\d{4}-\d{2}-\d{2}$", f"-{day[5:7]}{day[8:]}", name) if day else None
    return _PLACES[prefix], tuple(n for n in (*_NAMES.get(name, ()), name, short) if n)


def metered(model_id: str, meters: Meters) -> dict[str, Decimal]:
    """Return the prices of an id that the meters state; not those that depend on the region."""
    found = place_of(model_id)
    if not found:
        return {}
    place, names = found
    return {
        key: prices[0]
        for (model, where, key), prices in meters.items()
        if where == place and model in names and len(prices) == 1
    }


def apply_meters(
    models: Mapping[str, Entry], meters: Meters, day: str, ledger: Mapping[str, Sequence[LedgerEvent]]
) -> dict[str, dict[str, float | None]]:
    """Put the meters' prices into the models, in place; return what was there before, per id and key."""
    changed: dict[str, dict[str, float | None]] = {}
    for model_id, entry in models.items():
        found = place_of(model_id)
        if not found or "retired_on" in entry:
            continue
        touched = any(event.day > day for event in ledger.get(model_id, ()))
        for key, price in metered(model_id, meters).items():
            now = entry.get(key)
            if now is not None and abs(Decimal(repr(now)) - price) <= price / 200:
                continue
            elsewhere = [
                other
                for (model, where, other_key), prices in meters.items()
                for other in prices
                if model in found[1] and other_key == key and where != found[0]
            ]
            wrong_column = now is not None and any(
                abs(Decimal(repr(now)) - other) <= other / 200 for other in elsewhere
            )
            if wrong_column or not touched:
                changed.setdefault(model_id, {})[key] = now
                entry[key] = round_price(price)
    return changed
