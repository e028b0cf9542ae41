"""Take the newest release of each source: everything that needs no person is done, and what needs one stops."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from llmcost.prices.places import HISTORY, INFO, MAP, PROVENANCE

from . import held, retired
from .build import build_from
from .decisions import Decision
from .facts import facts, written
from .fetch import Lock, Source, load_lock
from .findings import not_allowed, read_allowed
from .held import holds_of, write_holds
from .ids import is_first_party
from .inputs import read_inputs
from .releases import lock_text, newest, pinned, thinned
from .retired import read_retired, vanished, write_retired
from .settle import settle
from .step import Files, check_step, files_before
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .build import Built
    from .findings import Finding
    from .held import Hold
    from .releases import Ask

# Rules on the price of one entry: a reseller's entry that breaks one keeps its former price. Every other rule is about
# the whole, or about what is kept by hand.
_OF_AN_ENTRY = frozenset(
    {"E04", "E05", "E06", "E07", "E08", "E09", "E12", "E14", "E15", "E18", "E24", "E25", "E40", "E42", "E44"}
)
_LARGE = "E41"
# The files that a version names.
_CONTENT = (MAP, HISTORY, PROVENANCE)
_SOON = timedelta(days=14)


@dataclass
class Bumped:
    """What a bump would write, and what there is to say about it."""

    old: Lock
    new: Lock
    before: Files
    built: Built
    lock: str
    # The hand-kept files that change: name and text.
    rules: dict[str, str] = field(default_factory=dict)
    # Rules that ended.
    ended: list[str] = field(default_factory=list)
    # Rules that end soon: the day and the rule.
    ending: list[tuple[str, str]] = field(default_factory=list)
    # Rows that no list has any more, kept from now on.
    kept: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def newer(lock: Lock, today: str, ask: Ask, days: Mapping[str, str], cache: Path) -> list[Source]:
    """Return the sources of a lock with the newest release of each package in front of its former one."""
    found: list[Source] = []
    for package in dict.fromkeys(source.package for source in lock.sources):
        known = [source for source in lock.sources if source.package == package]
        release = newest(known[0], today, ask, days.get(package))
        fresh = [pinned(known[0], *release, cache)] if release else []
        # Only litellm's former lists are of use: they have the models that are gone since.
        found += thinned([*fresh, *known]) if package == "litellm" else (fresh or known)
    return found


def bump(
    lock_path: Path,
    sources: Sequence[Source],
    today: str,
    folders: tuple[Path, Path, Path],
    *,
    accept: bool = False,
    say: Callable[[str], None] = print,
) -> Bumped:
    """Return what the sources give on a day; nothing is written. `folders` are those of rules, data and the cache."""
    rules, data, cache = folders
    document = json.loads(lock_path.read_text("utf-8"))
    old = load_lock(lock_path)
    new = Lock(sorted(sources, key=lambda source: source.data_date, reverse=True), today)
    before = files_before(_json(data / "model_prices.json"), _json(data / "provenance.json"))
    inputs = read_inputs(new, cache, offline=False, say=say)
    former = read_inputs(Lock(old.sources, today), cache, offline=False, say=say, known=inputs)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for path in (*rules.glob("*.toml"), *rules.glob("*.jsonl")):
            shutil.copy(path, work)
        rows = read_retired(work / retired.NAME)
        day = inputs.lists[0][0].data_date
        gone = vanished(former.merged(rows), inputs.merged(rows), day, inputs.aliases)
        if gone:
            (work / retired.NAME).write_text(write_retired(rows | gone), "utf-8", newline="\n")
        built = build_from(inputs, work, say)
        ended: list[str] = []
        while done := settle(work, built):
            ended += done
            built = build_from(inputs, work, say)
        undecided, holds = _judged(built, before, work, today)
        if holds:
            (work / held.NAME).write_text(write_holds([*built.held.holds, *holds]), "utf-8", newline="\n")
            built = build_from(inputs, work, say)
            undecided, more = _judged(built, before, work, today)
            undecided += [_decision(built, hold.id, f"held back, and still: {hold.why}") for hold in more]
        new = Lock(new.sources, today, _release(old, today, built, data))
        built.files[INFO] = written(facts({name: built.files[name] for name in _CONTENT}, new))
        text = lock_text(document, new)
        result = Bumped(old, new, before, built, text, ended=ended, kept=sorted(gone), ending=ending(work, today))
        result.decisions = [*built.decisions, *(d for d in undecided if not (accept and d.why.startswith(_LARGE)))]
        for path in (*work.glob("*.toml"), *work.glob("*.jsonl")):
            text = path.read_text("utf-8")
            if not (rules / path.name).exists() or (rules / path.name).read_text("utf-8") != text:
                result.rules[path.name] = text
    return result


def _release(old: Lock, today: str, built: Built, data: Path) -> int:
    """Return which release of its day this is: one version has one content, so that a second one has its own number."""
    if old.today != today:
        return 1
    same = all((data / name).is_file() and (data / name).read_bytes() == built.files[name] for name in _CONTENT)
    return old.release if same else old.release + 1


def _json(path: Path) -> dict[str, dict[str, object]]:
    return dict(json.loads(path.read_bytes())) if path.exists() else {}


def _judged(built: Built, before: Files, rules: Path, today: str) -> tuple[list[Decision], list[Hold]]:
    """Return what a person has to decide about the findings, and what is held back instead."""
    step = check_step(before, built) if before.models else []
    allowed, _ = read_allowed(rules / "allowed.toml", today)
    errors, _ = not_allowed([*built.findings, *step], allowed)
    decisions: list[Decision] = []
    holds: dict[str, list[Hold]] = {}
    for finding in errors:
        entry = built.models.get(finding.model_id)
        if entry is None or finding.code not in _OF_AN_ENTRY or is_first_party(entry["litellm_provider"]):
            decisions.append(_decision(built, finding.model_id, f"{finding.code} {finding.detail}"))
            continue
        former = before.models.get(finding.model_id)
        found = holds_of(finding.model_id, former, entry, today, _why(finding))
        if found:
            holds.setdefault(finding.model_id, found)
        else:
            decisions.append(_decision(built, finding.model_id, f"{finding.code} {finding.detail}"))
    return decisions, [hold for found in holds.values() for hold in found]


def _why(finding: Finding) -> str:
    return f"{finding.code}: {finding.detail}"


def _decision(built: Built, model_id: str, why: str) -> Decision:
    return Decision(model_id, why, page=str(built.models.get(model_id, {}).get("source", "")))


def ending(rules: Path, today: str) -> list[tuple[str, str]]:
    """Return the rules of a folder whose last day is near: the day, and what ends."""
    last = (date.fromisoformat(today) + _SOON).isoformat()
    found = []
    for path in sorted(rules.glob("*.toml")):
        for kind, rows in read_toml(path).items():
            for rule in rows:
                end = rule.get("expires") or rule.get("until")
                if isinstance(end, str) and end <= last:
                    ids = rule.get("ids") or rule.get("id") or rule.get("providers") or kind
                    name = ids if isinstance(ids, str) else ", ".join(ids)
                    found.append((end, f"{path.name}: {name}"))
    return sorted(found)


def write(result: Bumped, lock_path: Path, rules: Path, data: Path) -> list[str]:
    """Write the files of a bump; return their names."""
    for name, content in result.built.files.items():
        (data / name).write_bytes(content)
    for name, text in result.rules.items():
        (rules / name).write_text(text, "utf-8", newline="\n")
    lock_path.write_text(result.lock, "utf-8", newline="\n")
    return [*result.built.files, *sorted(result.rules), lock_path.name]
