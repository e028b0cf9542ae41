"""The report of a build: what came from where, who agrees, what was corrected and what looks odd."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from .overrides import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .additions import Added
    from .build import Built
    from .entries import Entry
    from .findings import Finding


def report(built: Built, before: dict[str, Entry] | None = None) -> list[str]:
    """Return the report as lines of text; `before` is the file that is replaced."""
    models = built.models
    lines = ["Sources"]
    for source in built.sources:
        lines.append(f"  {source.name:<26} {source.data_date}  {built.merged.taken[source.name]:>5} models taken")
    retired = sum("retired_on" in entry for entry in models.values())
    free = sum(bool(entry.get("free")) for entry in models.values())
    providers = Counter(entry["litellm_provider"] for entry in models.values())
    kinds = f"{len(models) - retired} current, {retired} retired, {free} free"
    lines.append(f"{len(models)} models of {len(providers)} providers: {kinds}")
    lines.append("  " + ", ".join(f"{name} {count}" for name, count in providers.most_common(20)) + ", ...")
    lines.append(f"  not models: {', '.join(built.not_models) or 'none'}")
    lines.append(f"{len(built.aliases)} aliases" + "".join(f"\n  left out: {what}" for what in built.left_out))
    lines += _additions(built.added)
    lines += [f"  no such model any more: {name}, named in overrides.toml" for name in built.corrected.gone]
    for model_id, adopted in sorted(built.corrected.adopted.items()):
        lines.append(f"  {model_id}: the override of {', '.join(adopted)} is what upstream says; drop it")
    lines += ["Agreement", *agreement(built)]
    lines.append(f"Corrections: {len(built.corrected.keys)} models by hand, {len(built.metered)} by Microsoft's meters")
    for model_id, keys in sorted(built.corrected.keys.items()):
        for name, old in sorted(keys.items()):
            place, key = place_of(models[model_id], name)
            lines.append(f"  {model_id}: {name} {old} -> {_text(place.get(key))}")
    for model_id, old_values in sorted(built.metered.items()):
        lines += [
            f"  {model_id}: {key} {_text(old)} -> {models[model_id][key]} (meter)"
            for key, old in sorted(old_values.items())
        ]
    lines += ["Fees of tools", *(f"  {count}" for count in built.fees.counts)] if built.fees.counts else []
    unpriced, writes = len(built.corrected.unpriced), len(built.corrected.zero_writes)
    lines.append(f"Zeros: {free} free, {unpriced} unpriced, {writes} cache writes at 0 dropped")
    differ, right = sum(row[1] for row in built.replayed), sum(row[2] for row in built.replayed)
    lines.append(f"llmledger replayed against {len(built.replayed)} litellm releases: {right} of {differ} prices")
    lines.append("History: " + ", ".join(f"{count} {what}" for what, count in built.history.counts.items()))
    lines.append(f"  {len(built.dated_back)} changes are dated back to a release that has the new price")
    lines += [f"  a correction, and no change: {what}" for what in built.corrections]
    lines.append(
        f"  {built.known.first_seen} prices are known by a list; {built.known.between} changes lie between two lists"
    )
    lines.append(f"  {len(built.history.left_out)} changes that do not join up are left out")
    lines.append(f"Left out of older maps: {len(built.merged.dropped)}")
    counts = Counter(finding.code for finding in built.findings)
    lines.append("Invariants hit: " + ", ".join(f"{code} {count}" for code, count in sorted(counts.items())))
    lines += new_keys(built.findings)
    lines += [f"  NOT ALLOWED {finding}" for finding in built.errors]
    lines += [f"  allowed for nothing: {what}" for what in built.unused]
    if before is not None:
        lines += compare(before, models)
    for name, content in built.files.items():
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}  {len(content)} bytes")
    return lines


def _additions(added: Added) -> list[str]:
    lines = [f"Additions: {len(added.models)} models that no source has"] if added.every() else []
    lines += [f"  {name}: upstream has it at the same prices; drop the addition" for name in sorted(added.adopted)]
    for name, (addition, keys) in sorted(added.filled.items()):
        lines.append(f"  {name}: upstream has it without {', '.join(keys)}; filled until {addition.expires}")
    return lines


def new_keys(findings: Sequence[Finding]) -> list[str]:
    """Return a line per key that this version does not know (W68), with the number of its models."""
    counts = Counter(finding.detail.partition(" ")[0] for finding in findings if finding.code == "W68")
    return [f"  key that this version does not know: {key}, on {count} models" for key, count in counts.most_common()]


def agreement(built: Built) -> Sequence[str]:
    """Return a table of how many models of each large seller are confirmed, single, disputed and unpriced."""
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
