"""Build the data files from the pinned inputs and the hand-kept files beside this module."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import additions, fees, held, retired
from .additions import Added, add
from .aliases import as_rows, usable
from .facts import facts, written
from .fees import Fees, charge
from .fetch import InputError, Lock, Source, load_lock
from .findings import Finding, not_allowed, read_allowed
from .held import Held, hold
from .history import History, build_history, own_ids, read_changes
from .inputs import Inputs, read_inputs
from .known import Known, check_known, mark_known
from .merge import Merged, Origin
from .observed import date_back
from .official import apply_meters
from .overrides import Corrected, correct
from .promises import NEWEST, check_followers, check_free, check_newest, check_promises, check_stillness
from .provenance import Evidence, Witnesses, build_provenance
from .retired import read_retired
from .sources import ledger
from .update_check import check_update
from .validate import check_aliases, check_history, check_layout, check_models
from .write import one_per_line

if TYPE_CHECKING:
    from collections.abc import Callable

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
    # Rows that report a change where catalogues corrected the same mistake: the price never changed.
    corrections: list[str] = field(default_factory=list)
    fees: Fees = field(default_factory=Fees)
    held: Held = field(default_factory=Held)
    aliases: dict[str, str] = field(default_factory=dict)
    # Aliases that lead nowhere.
    left_out: list[str] = field(default_factory=list)
    # What a person has to decide before the files may be written.
    decisions: list[Decision] = field(default_factory=list)
    known: Known = field(default_factory=Known)

    def elsewhere(self, model_id: str) -> set[str]:
        """Return the prices of a model that are not litellm's: corrected, Microsoft's, fees of tools, or held back."""
        return {
            *(key.partition("[")[0] for key in self.corrected.keys.get(model_id, ())),
            *self.metered.get(model_id, ()),
            *self.fees.written.get(model_id, ()),
            *self.held.refused(model_id),
        }


def build(
    lock_path: Path, cache: Path, *, offline: bool = False, rules: Path = HERE, say: Callable[[str], None] = print
) -> Built:
    """Return the files that a lock and the rules give; while it has errors or decisions, they are not to be written."""
    inputs = read_inputs(load_lock(lock_path), cache, offline=offline, say=say)
    return build_from(inputs, rules, say)


def build_from(inputs: Inputs, rules: Path, say: Callable[[str], None] = print) -> Built:
    """Return the files that sources and rules give.

    `rules` is the folder of overrides.toml, additions.toml, tools.toml, history.toml, allowed.toml and their siblings.
    """
    lock = inputs.lock
    result = Built(sources=lock.sources, not_models=inputs.not_models, replayed=_replay(inputs))
    say("merging")
    merged = result.merged = inputs.merged(read_retired(rules / retired.NAME))
    _correct(result, inputs, rules)
    say("building the history")
    changes = read_changes((rules / "price_changes.jsonl").read_text("utf-8").splitlines())
    releases = [(source.data_date, models) for source, models in inputs.maps]
    observed = date_back(changes, releases, lambda row: own_ids(row, merged.models))
    result.dated_back, result.corrections = observed.moved, observed.corrections
    dated = result.added.every().values()
    result.history = build_history(
        merged.models, observed.rows, rules / "history.toml", inputs.events, lock.today, dated
    )
    _promise_scheduled(merged.models, result.history, lock)
    lists = [(source.data_date, source.name, models) for source, models in reversed(inputs.maps)]
    result.known = mark_known(
        merged.models,
        result.history.rows,
        lists,
        result.elsewhere,
        _as_of(lock),
        result.history.meant,
        result.corrected.disputes.keys(),
    )
    say("comparing the sources")
    result.provenance = build_provenance(merged.models, _evidence(result, inputs))
    result.files = {
        "model_prices.json": one_per_line(merged.models | as_rows(result.aliases)),
        "price_history.json": one_per_line(result.history.rows, sort_keys=False),
        "provenance.json": one_per_line(result.provenance, sort_keys=False),
    }
    result.files["map_info.json"] = written(facts(result.files, lock))
    say("checking the invariants")
    result.findings = check_models(merged.models) + check_layout(result.files["model_prices.json"])
    result.findings += check_aliases(result.aliases, merged.models)
    result.findings += check_history(merged.models, result.history.rows, lock.today)
    result.findings += check_known(merged.models, result.history.rows, lists, result.elsewhere, result.history.meant)
    found, outdated = _promised(result, inputs, rules)
    result.findings += found + check_update(result.files)
    allowed, ended = read_allowed(rules / "allowed.toml", lock.today)
    result.errors, result.unused = not_allowed(result.findings, allowed)
    result.decisions = [
        *result.added.decisions,
        *result.corrected.decisions,
        *result.fees.decisions,
        *result.held.decisions,
        *result.history.decisions,
        *outdated,
        *ended,
    ]
    return result


def _promised(result: Built, inputs: Inputs, rules: Path) -> tuple[list[Finding], list[Decision]]:
    """Return the findings on promises, on what is free and on how fresh the map is."""
    models, today, corrected = result.models, inputs.lock.today, result.corrected
    found = check_promises(models, result.history.rows, corrected.disputes | corrected.settled, today)
    found += check_followers(models, result.history.rows, today) + check_free(models)
    found += check_stillness(models, result.provenance, inputs.events, today)
    newest, outdated = check_newest(models, rules / NEWEST, today)
    return found + newest, outdated


def _correct(result: Built, inputs: Inputs, rules: Path) -> None:
    """Put everything that is kept by hand, and Microsoft's meters, into the merged models."""
    merged, today = result.merged, inputs.lock.today
    result.added = add(merged.models, rules / additions.NAME, today)
    for model_id, addition in result.added.models.items():
        merged.origins[model_id] = Origin(additions.NAME, addition.read, addition.url)
    merged.models = result.models = dict(sorted(merged.models.items()))
    result.metered = apply_meters(merged.models, inputs.meters, inputs.meters_day, inputs.events)
    result.corrected = correct(merged.models, rules / "overrides.toml", today)
    for model_id, (addition, keys) in result.added.filled.items():
        result.corrected.keys.setdefault(model_id, {}).update(dict.fromkeys(keys, "none"))
        result.corrected.urls.setdefault(model_id, (addition.url, addition.read))
    result.fees = charge(merged.models, rules / fees.NAME, today)
    result.held = hold(merged.models, rules / held.NAME, today)
    result.corrected.disputes = result.held.notes() | result.corrected.disputes
    result.aliases, result.left_out = usable(inputs.aliases, merged.models)


def _evidence(result: Built, inputs: Inputs) -> Evidence:
    past = {model_id: entry for _, models in reversed(inputs.maps[1:6]) for model_id, entry in models.items()}
    genai = inputs.genai[1] if inputs.genai else ()
    first_party = inputs.first_party[1] if inputs.first_party else ()
    witnesses = Witnesses(genai, first_party, inputs.meters, past, inputs.events, result.history.rows)
    return Evidence(
        result.merged.origins,
        witnesses,
        result.corrected,
        result.metered,
        inputs.meters_name,
        result.added.models,
        result.fees,
        result.held,
    )


def _as_of(lock: Lock) -> str:
    return max(source.data_date for source in lock.sources)


def _replay(inputs: Inputs) -> list[tuple[str, int, int]]:
    """Check the events of llmledger against litellm's own releases; refuse them if they do not fit."""
    maps, events = inputs.stated, inputs.events
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
    """Write into an entry with a scheduled change the last day of today's prices, as its `price_valid_until`."""
    for model_id, rows in history.rows.items():
        future = [row["from"] for row in rows if row["from"][:10] > lock.today]
        if future:
            day = date.fromisoformat(future[0][:10]) - timedelta(days=1)
            models[model_id]["price_valid_until"] = day.isoformat()
