"""Prices that are held back: a reseller's price that breaks an invariant or jumps is not taken for 14 days.

held.toml says which: the price that is kept, and the one upstream states, which is refused. Both are JSON as text;
"none" is no such key. The key "*" stands for a whole model that is new and is left out. The bump writes the file. When
upstream states another price a hold has ended; on its last day a person decides.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from .decisions import Decision
from .entries import Entry, price_keys
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "held.toml"
LASTS = timedelta(days=14)
WHOLE = "*"
HEAD = """\
# Prices that are held back, written by `python -m tools.prices bump`: `kept` stands in the map, `refused` is what
# upstream states. After `until` a person decides: allow it (allowed.toml), date it (history.toml) or correct it
# (overrides.toml), and remove the hold.
"""


@dataclass(frozen=True)
class Hold:
    """One price that is kept for another."""

    id: str
    key: str
    kept: str
    refused: str
    until: str
    why: str

    def block(self) -> str:
        """Return the hold as it is written."""
        rows = (f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in self.__dict__.items())
        return "\n[[hold]]\n" + "".join(rows)


@dataclass
class Held:
    """What was held back."""

    holds: list[Hold] = field(default_factory=list)
    # Holds whose refused price upstream no longer states.
    ended: list[Hold] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    def refused(self, model_id: str) -> dict[str, Any]:
        """Return the prices that upstream states for a model and that are not taken, per key."""
        rules = [rule for rule in self.holds if rule.id == model_id and rule.key != WHOLE]
        return {rule.key: None if rule.refused == "none" else json.loads(rule.refused) for rule in rules}

    def notes(self) -> dict[str, str]:
        """Return why a model's prices are doubtful, per model."""
        return {rule.id: f"held back until {rule.until}: {rule.why}" for rule in self.holds if rule.key != WHOLE}


def hold(models: dict[str, Entry], path: Path, today: str) -> Held:
    """Put the kept prices into the models, in place; without the file nothing is held."""
    result = Held()
    for rule in read_holds(path):
        entry = models.get(rule.id)
        if entry is None or text_of(entry, rule.key) != rule.refused:
            result.ended.append(rule)
            why = f"{rule.key} was held back and is another one upstream by now; the bump ends the hold"
            result.decisions.append(Decision(rule.id, why, rule.key, rule.refused, text_of(entry, rule.key)))
            continue
        if rule.until < today:
            why = f"held back until {rule.until}: {rule.why}"
            page = str(entry.get("source", ""))
            result.decisions.append(Decision(rule.id, why, rule.key, rule.kept, rule.refused, rule.kept, page))
        result.holds.append(rule)
        if rule.key == WHOLE:
            del models[rule.id]
        elif rule.kept == "none":
            entry.pop(rule.key, None)
        else:
            entry[rule.key] = json.loads(rule.kept)
    return result


def read_holds(path: Path) -> list[Hold]:
    """Return the holds of a file; without the file there are none."""
    return [Hold(**row) for row in read_toml(path).get("hold", [])] if path.exists() else []


def write_holds(holds: Iterable[Hold]) -> str:
    """Return the file's text."""
    return HEAD + "".join(rule.block() for rule in sorted(holds, key=lambda rule: (rule.id, rule.key)))


def text_of(entry: Entry | None, key: str) -> str:
    """Return what an entry says under a key, as it is written in a hold.

    >>> text_of({"input_cost_per_token": 2e-06, "mode": "chat"}, "input_cost_per_token"), text_of({}, "x")
    ('2e-06', 'none')
    >>> text_of({"input_cost_per_token": 2e-06, "mode": "chat"}, "*")
    '{"input_cost_per_token": 2e-06}'
    """
    if entry is None:
        return "none"
    value: Any = {name: entry[name] for name in price_keys(entry)} if key == WHOLE else entry.get(key)
    return "none" if value is None else json.dumps(value, sort_keys=True)


def holds_of(model_id: str, before: Entry | None, after: Entry, today: str, why: str) -> list[Hold]:
    """Return the holds that give an entry its former prices back; the whole entry if it has none."""
    until = (date.fromisoformat(today) + LASTS).isoformat()
    if before is None:
        return [Hold(model_id, WHOLE, "none", text_of(after, WHOLE), until, why)]
    keys = sorted(key for key in {*price_keys(before), *price_keys(after)} if before.get(key) != after.get(key))
    return [Hold(model_id, key, text_of(before, key), text_of(after, key), until, why) for key in keys]
