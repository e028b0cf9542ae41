"""Prices that moved with one whose change is known: its tiers, its thresholds, its cache."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from llmcost.core.tiers import TIERS

from .change import NEAR, Change, day, decimal, same
from .entries import Entry, round_price

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .sources.ledger import LedgerEvent

_CONDITION = re.compile(rf"(_above_\d+k_tokens)?(_(?:{'|'.join(sorted(TIERS))}))?$")
_INPUT, _OUTPUT, _READ = "input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost"
_WRITE = "cache_creation_input_token_cost"
# A price that moves with another one: its stem, the stem it follows, and whether it must equal it to do so.
_FOLLOWS = {
    "cache_read_input_audio_token_cost": ((_READ, True),),
    "cache_read_input_image_token_cost": ((_READ, True),),
    "cache_read_input_video_token_cost": ((_READ, True),),
    _READ: ((_INPUT, False),),
    _WRITE: ((_INPUT, False),),
    f"{_WRITE}_above_1hr": ((_WRITE, False), (_INPUT, False)),
    f"{_WRITE}_above_12hr": ((_WRITE, False), (_INPUT, False)),
    "output_cost_per_reasoning_token": ((_OUTPUT, True),),
    "output_cost_per_audio_token": ((_OUTPUT, True),),
    "input_cost_per_audio_token": ((_INPUT, True),),
    "input_cost_per_image_token": ((_INPUT, True),),
    "input_cost_per_video_token": ((_INPUT, True),),
}


def siblings(entry: Entry, changes: Sequence[Change], events: Sequence[LedgerEvent], today: str) -> list[Change]:
    """Return the changes of the prices that moved with a changed one: tiers, thresholds, cache.

    If litellm's commit shows the step, it is taken from there; otherwise the ratio to the price that changed is
    kept, and the change is marked as assumed.
    """
    base = {(change.key, change.start): change for change in changes}
    starts = sorted({change.start for change in changes})
    found: list[Change] = []
    for key in sorted(key for key, value in entry.items() if isinstance(value, float) and "cost" in key):
        if any(changed == key for changed, _ in base):
            continue
        value = entry[key]
        for start in reversed([s for s in starts if s[:10] <= today]):
            leader = _leader(key, entry, base, start)
            if leader is None:
                continue
            old, assumed = _old_of(key, value, leader, events)
            if not same(old, value):
                found.append(replace(leader, key=key, old=old, new=value, assumed=assumed))
            value = old
        value = entry[key]
        for start in [s for s in starts if s[:10] > today]:
            leader = _leader(key, entry, base, start)
            if leader is None:
                continue
            new = _scaled(value, leader.new, leader.old)
            if not same(new, value):
                found.append(replace(leader, key=key, old=value, new=new, assumed=True))
            value = new
    return found


def _leader(key: str, entry: Entry, base: Mapping[tuple[str, str], Change], start: str) -> Change | None:
    condition = _CONDITION.search(key)
    stem = key[: condition.start()] if condition else key
    follows = ((stem, False), *_FOLLOWS.get(stem, ()))
    for leader_key, must_equal in follows:
        leader = base.get((leader_key, start))
        if leader is None or not leader.old or not leader.new or isinstance(leader.new, dict):
            continue
        if must_equal and not same(entry.get(stem), entry.get(leader_key)):
            continue
        return leader
    return None


def _old_of(key: str, value: Any, leader: Change, events: Sequence[LedgerEvent]) -> tuple[Any, bool]:
    for event in events:
        near = abs(day(event.day) - day(leader.start)) <= NEAR
        if near and event.key == key and isinstance(event.old, Decimal) and same(event.new, value):
            return event.old, False
    return _scaled(value, leader.old, leader.new), True


def _scaled(value: Any, numerator: Any, denominator: Any) -> float:
    return round_price(decimal(value) * decimal(numerator) / decimal(denominator))
