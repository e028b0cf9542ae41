"""Aliases and the dated ids that they mean: one model under two names has one past.

A name without a date stands for a dated id. Where there is one such id, the name has always meant it. With several,
only the maker knows which it meant on a day; the days that makers state are in history.toml.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from .ids import dated, is_first_party, undated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .change import Change
    from .entries import Entry

_BASE = ("input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost")


def pairs(models: Mapping[str, Entry]) -> dict[str, str]:
    """Return alias -> the one dated id that it means, of makers and clouds, where both have the same prices today.

    >>> row = {"litellm_provider": "openai", "input_cost_per_token": 1e-6}
    >>> pairs({"o9": row, "o9-2026-01-05": row, "o8": row, "o8-2026-01-05": row, "o8-2026-02-05": row})
    {'o9': 'o9-2026-01-05'}
    """
    snapshots: dict[str, list[str]] = defaultdict(list)
    for model_id in models:
        if dated(model_id):
            snapshots[undated(model_id)].append(model_id)
    found = {}
    for base, ids in sorted(snapshots.items()):
        for alias in (base, f"{base}-latest"):
            if len(ids) == 1 and alias in models and _alike(models[alias], models[ids[0]]):
                found[alias] = ids[0]
    return found


def _alike(alias: Entry, snapshot: Entry) -> bool:
    same_seller = alias["litellm_provider"] == snapshot["litellm_provider"]
    return (
        same_seller
        and is_first_party(alias["litellm_provider"])
        and all(alias.get(key) == snapshot.get(key) for key in _BASE)
    )


def share_past(found: dict[str, list[Change]], meant: Mapping[str, str]) -> None:
    """Give an alias the changes of the id that it means, and that id those of the alias, price by price, in place."""
    for alias, snapshot in meant.items():
        both = (list(found.get(alias, [])), list(found.get(snapshot, [])))
        for name, own, other in ((alias, *both), (snapshot, both[1], both[0])):
            known = {change.key for change in own}
            found[name] = own + [replace(change) for change in other if change.key not in known]
