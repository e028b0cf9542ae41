"""The rules between entries of the price file: names, and prices of one model at several sellers."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from .findings import INPUT, OUTPUT
from .ids import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .entries import Entry


def equal_ignoring_case(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Ids that a reader who folds case cannot tell apart."""
    seen: dict[str, str] = {}
    for model_id in models:
        other = seen.setdefault(model_id.lower(), model_id)
        if other != model_id:
            yield "E02", model_id, f"differs from {other} only in case"


def far_from_others(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Prices 8 times off the median of the same model at three providers or more."""
    groups: dict[str, list[tuple[str, str, Entry]]] = defaultdict(list)
    for model_id, entry in models.items():
        if entry.get("mode") == "chat" and entry.get(INPUT) and "retired_on" not in entry:
            groups[bare(model_id)].append((model_id, entry["litellm_provider"], entry))
    for group in groups.values():
        if len({provider for _, provider, _ in group}) < 3:
            continue
        for key in (INPUT, OUTPUT):
            middle = median(entry[key] for _, _, entry in group if entry.get(key))
            for model_id, _, entry in group:
                if entry.get(key) and not 1 / 8 < entry[key] / middle < 8:
                    yield "W36", model_id, f"{key} is {entry[key] / middle:.2f} times the median of its model elsewhere"


def latest(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Aliases named `-latest` whose price is that of no sibling."""
    by_stem: dict[str, list[str]] = defaultdict(list)
    for model_id in models:
        by_stem[re.sub(r"-(latest|\d{2}-?\d{2}|20\d{6}|20\d{2}-\d{2}-\d{2})$", "", model_id)].append(model_id)
    for stem, ids in by_stem.items():
        alias = f"{stem}-latest"
        siblings = [models[model_id] for model_id in ids if model_id != alias and "retired_on" not in models[model_id]]
        if alias in models and siblings and "retired_on" not in models[alias]:
            own = [models[alias].get(key) for key in (INPUT, OUTPUT)]
            if not any([sibling.get(key) for key in (INPUT, OUTPUT)] == own for sibling in siblings):
                yield "E44", alias, f"priced {own}, like no dated sibling"
