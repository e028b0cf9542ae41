"""The price history: which price of which model changed on which day, from what to what.

Only changes that a curator dated or that two independent families show are kept (see docs/price-data.md). A chain of
changes of one price must join up and end at today's price; the part of a chain that does not join is left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .change import NEAR, Change, day, plain, same, text
from .ids import bare, candidates, dated, family
from .known import BOUND
from .observed import NOTICED
from .overrides import matching
from .siblings import siblings
from .snapshots import pairs, share_past
from .spellings import first_spelling
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .additions import Addition
    from .decisions import Decision
    from .entries import Entry
    from .sources.ledger import LedgerEvent

TAKEN = frozenset({("genuine", "high"), ("genuine", "medium-high"), ("scheduled", "medium")})
_BIRTH_IN_ID = frozenset({"openai", "azure", "anthropic", "bedrock", "vertex_ai"})


@dataclass
class History:
    """The rows of the history file, and what did not get in."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    # Aliases, with the dated id that each means.
    meant: dict[str, str] = field(default_factory=dict)


def read_changes(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Return the well-supported rows of price_changes.jsonl."""
    rows = (json.loads(line, parse_float=Decimal) for line in lines if line.strip())
    return [row for row in rows if (row["cls"], row["conf"]) in TAKEN]


def build_history(
    models: Mapping[str, Entry],
    changes: Sequence[Mapping[str, Any]],
    by_hand: Path,
    ledger: Mapping[str, Sequence[LedgerEvent]],
    today: str,
    additions: Iterable[Addition] = (),
) -> History:
    """Return the history of the models, as seen on a day; `additions` give their first day and announced changes."""
    hand = read_toml(by_hand)
    dropped = {(row["model"], row["from"]) for row in hand.get("drop", [])}
    found: dict[str, list[Change]] = defaultdict(list)
    taken = [row for row in changes if (row["model"], row.get("noticed", row["from"])) not in dropped]
    for row in taken:
        for model_id in own_ids(row, models):
            found[model_id].append(_change(row))
    for row in taken:
        if row["cls"] != "scheduled":
            for model_id, change in _followers(row, models, ledger):
                if not any(_same_step(change, known) for known in found[model_id]):
                    found[model_id].append(change)
    meant = pairs(models)
    share_past(found, meant)
    meant |= {model_id: row["means"] for row in hand.get("alias", []) for model_id in row["ids"]}
    result = History()
    for row in hand.get("change", []):
        for model_id in matching(models, row, result.decisions):
            for spelled, (old, new) in row["keys"].items():
                key = first_spelling(spelled)
                start, conf, url, noticed = row["from"], row["conf"], row["url"], row.get("noticed", False)
                change = Change(key, start, _value(old), _value(new), conf, url, noticed=noticed)
                found[model_id] = [c for c in found[model_id] if (c.key, c.start[:10]) != (key, change.start[:10])]
                found[model_id].append(change)

    born = {model_id: row for row in hand.get("born", []) for model_id in row["ids"]}
    for addition in additions:
        born.setdefault(addition.model_id, {"from": addition.since, "url": addition.url})
        found[addition.model_id] += _announced(addition, today)
    for model_id in sorted(models):
        kept = _joined(model_id, models[model_id], found.get(model_id, []), today, result.left_out)
        kept += siblings(models[model_id], kept, ledger.get(model_id, ()), today)
        rows = _rows(kept)
        birth = _birth(model_id, meant.get(model_id, model_id), models[model_id], born)
        if birth and (not rows or birth["from"] <= rows[0]["from"]):
            rows.insert(0, birth)
        if rows:
            result.rows[model_id] = rows
    result.meant = meant
    result.counts = {
        "models with a price change": sum(len(rows) > ("born" in rows[0]) for rows in result.rows.values()),
        "models with a known birth": sum("born" in rows[0] for rows in result.rows.values()),
        "dated changes": sum("born" not in row for rows in result.rows.values() for row in rows),
        "scheduled changes": sum(row["from"][:10] > today for rows in result.rows.values() for row in rows),
    }
    return result


def _announced(addition: Addition, today: str) -> Iterator[Change]:
    for start, url, keys in addition.rows():
        conf = "medium" if start > today else "high"
        for key, (old, new) in keys.items():
            yield Change(key, start, old, new, conf, url)


def _change(row: Mapping[str, Any]) -> Change:
    noticed = str(row["why"]).startswith(NOTICED)
    key = first_spelling(row["key"])
    return Change(key, row["from"], row["old"], row["new"], row["conf"], row["url"], noticed=noticed)


def own_ids(row: Mapping[str, Any], models: Mapping[str, Entry]) -> list[str]:
    """Return the ids of the seller that a change is stated for."""
    ids = candidates(row["provider"], row["model"].removeprefix(f"{row['provider']}/"))
    seller = family(row["provider"])
    return [i for i in ids if i in models and family(models[i]["litellm_provider"]) == seller]


def _followers(
    row: Mapping[str, Any], models: Mapping[str, Entry], ledger: Mapping[str, Sequence[LedgerEvent]]
) -> Iterable[tuple[str, Change]]:
    """Yield other ids of the same model whose price made the same step in litellm's commits within 75 days."""
    change = _change(row)
    name = bare(row["model"])
    for model_id, events in ledger.items():
        if model_id not in models or bare(model_id) != name:
            continue
        for event in events:
            same = (event.key, event.old, event.new) == (change.key, change.old, change.new)
            if same and abs(day(event.day) - day(change.start)) <= NEAR:
                if family(models[model_id]["litellm_provider"]) == family(row["provider"]):
                    yield model_id, change
                else:
                    src = f"https://github.com/BerriAI/litellm/commit/{event.commit}"
                    yield model_id, replace(change, start=event.day, conf="medium-high", src=src, noticed=True)
                break


def _same_step(one: Change, other: Change) -> bool:
    same = (one.key, one.old, one.new) == (other.key, other.old, other.new)
    return same and abs(day(one.start) - day(other.start)) <= NEAR


def _joined(
    model_id: str, entry: Entry, changes: Sequence[Change], today: str, left_out: list[tuple[str, str, str]]
) -> list[Change]:
    """Return the changes that form a chain through today's price: earlier ones that do not join are left out."""
    kept: list[Change] = []
    by_key: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_key[change.key].append(change)
    for key, chain in sorted(by_key.items()):
        chain.sort(key=lambda change: change.start)
        value = entry.get(key)
        for change in reversed([c for c in chain if c.start[:10] <= today]):
            if not same(change.new, value):
                why = f"{key} {change.start}: {text(change.old)} -> {text(change.new)}, then it is {text(value)}"
                left_out.append((model_id, change.start, why))
                break
            kept.append(change)
            value = change.old
        value = entry.get(key)
        for change in [c for c in chain if c.start[:10] > today]:
            if not same(change.old, value):
                why = f"{key} {change.start}: scheduled from {text(change.old)}, but it is {text(value)}"
                left_out.append((model_id, change.start, why))
                break
            kept.append(change)
            value = change.new
    return kept


def _rows(changes: Sequence[Change]) -> list[dict[str, Any]]:
    by_start: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_start[change.start].append(change)
    rows = []
    for start, together in sorted(by_start.items()):
        stated = [change for change in together if not change.assumed]
        best = min(stated or together, key=lambda c: (_CONFIDENCE.index(c.conf), c.key))
        row: dict[str, Any] = {"from": start}
        row.update({c.key: [plain(c.old), plain(c.new)] for c in sorted(together, key=lambda c: c.key)})
        assumed = sorted(c.key for c in together if c.assumed)
        if assumed:
            row["assumed"] = assumed
        row["conf"] = best.conf
        row["src"] = best.src
        if stated and all(change.noticed for change in stated):
            row[BOUND] = True
        rows.append(row)
    return rows


_CONFIDENCE = ("high", "medium-high", "medium")


def _birth(model_id: str, snapshot: str, entry: Entry, born: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return a model's first day. A maker's page that states it states the price; the date of a snapshot does not."""
    if model_id in born:
        row = born[model_id]
        return {"from": row["from"], "born": True, "conf": "high", "src": row["url"]}
    day = dated(snapshot)
    if day and family(entry["litellm_provider"]) in _BIRTH_IN_ID:
        whose = "the id" if snapshot == model_id else snapshot
        return {"from": day, "born": True, "conf": "medium", "src": f"the date in {whose}"}
    return None


def _value(text: Any) -> Any:
    """Return a value of history.toml: a price as text, "none", or a block."""
    if text == "none":
        return None
    if isinstance(text, dict):
        return {key: _nested(value) for key, value in text.items()}
    return Decimal(text)


def _nested(value: Any) -> Any:
    """Return a value inside a block: a price is text without a colon, and text with one is an hour."""
    if isinstance(value, str) and ":" not in value:
        return float(value)
    return value
