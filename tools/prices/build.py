"""Build data/model_prices.json from the pinned inputs."""

from __future__ import annotations

import json
from pathlib import Path

from .fetch import Source, load_lock, read_member
from .merge import Merged, merge
from .entries import Entry, normalise


def build(lock: Path, cache: Path, *, offline: bool = False) -> tuple[bytes, list[str]]:
    """Return the bytes of the price file, and a report for people."""
    maps: list[tuple[Source, dict[str, Entry]]] = []
    not_models: set[str] = set()
    for source in load_lock(lock):
        models, others = normalise(read_member(source, cache, offline=offline))
        maps.append((source, models))
        not_models.update(others)
    merged = merge(maps)
    return dump(merged.models), _report(maps, merged, not_models)


def dump(models: dict[str, Entry]) -> bytes:
    """Write one model per line, sorted, so that a single model can be found without parsing."""

    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    lines = [f"{text(model_id)}:{text(models[model_id])}" for model_id in sorted(models)]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _report(
    maps: list[tuple[Source, dict[str, Entry]]], merged: Merged, not_models: set[str]
) -> list[str]:
    lines = [
        f"{source.name:<18} {source.data_date}  {len(models):>5} models, "
        f"{merged.taken[source.name]:>5} taken"
        for source, models in maps
    ]
    retired = sum("retired_on" in entry for entry in merged.models.values())
    current = len(merged.models) - retired
    lines.append(f"{len(merged.models)} models: {current} current, {retired} retired")
    lines.append(f"not models: {', '.join(sorted(not_models)) or 'none'}")
    lines.append(f"dropped from older maps: {len(merged.dropped)}")
    lines += [f"  {what} ({name}): {why}" for name, what, why in merged.dropped]
    return lines
