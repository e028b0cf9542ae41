"""One key per meter: a price is written under the first spelling that the engine knows for it, wherever it comes from.

Two keys for one rate can come to disagree, and then the one that is read depends on who reads.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from llmcost.core.meters import METERS

# Another spelling -> the first of its meter.
_FIRST = {other: meter.keys[0] for meter in METERS.values() for other in meter.keys[1:]}


@cache
def first_spelling(key: str) -> str:
    """Return a price key in the spelling in which it is written.

    >>> first_spelling("input_cost_per_token_cache_hit_priority"), first_spelling("max_tokens")
    ('cache_read_input_token_cost_priority', 'max_tokens')
    """
    for other, first in _FIRST.items():
        if key == other or key.startswith(f"{other}_"):
            return first + key[len(other) :]
    return key


def one_spelling(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with one key per rate; a second key that disagrees with the first stays, for E53 to find.

    >>> one_spelling({"input_cost_per_token_cache_hit": 1e-07})
    {'cache_read_input_token_cost': 1e-07}
    """
    found = {key: value for key, value in entry.items() if first_spelling(key) == key}
    for key, value in entry.items():
        first = first_spelling(key)
        if first != key and found.setdefault(first, value) != value:
            found[key] = value
    return found
