"""Merge the price maps: the newest as it is, then what only older ones have, as retired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from .fetch import Source
from .entries import Entry
from .slips import row_fault, tier_faults


@dataclass
class Merged:
    """The merged models, and what happened on the way."""

    models: dict[str, Entry] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    dropped: list[tuple[str, str, str]] = field(default_factory=list)


def merge(maps: Sequence[tuple[Source, dict[str, Entry]]]) -> Merged:
    """Merge maps given newest first; a row comes whole from the newest map with a usable one.

    A model absent from the newest map gets `retired_on`: the date of the oldest map examined
    that is newer than the last one listing it, so the day by which it was gone.
    """
    (newest, current), *older = maps
    result = Merged(dict(current), Counter({newest.name: len(current)}))
    current_ids = {model_id.lower() for model_id in current}
    gone_by: dict[str, str] = {}
    previous = newest
    for source, models in older:
        for model_id in sorted(models.keys() - result.models.keys()):
            entry = models[model_id]
            fault = row_fault(model_id, entry)
            if model_id.lower() in current_ids:
                fault = "differs from a current id only in case"
            first_met = model_id not in gone_by
            gone_by.setdefault(model_id, previous.data_date)
            if fault:
                if first_met:
                    result.dropped.append((source.name, model_id, fault))
                continue
            faulty = tier_faults(entry)
            for key in faulty:
                result.dropped.append((source.name, f"{model_id}: {key}", "impossible tier"))
            kept = {key: value for key, value in entry.items() if key not in faulty}
            result.models[model_id] = {**kept, "retired_on": gone_by[model_id]}
            result.taken[source.name] += 1
        previous = source
    return result
