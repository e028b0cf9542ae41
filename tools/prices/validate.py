"""The invariants of the price file. E: the build fails unless the id is allowed with a reason. W: reported."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from llmcost.errors import LLMCostError
from llmcost.prices.entries import compile_entry
from llmcost.prices.history import ABOUT

from .aliases import faults
from .entry_rules import check_entry
from .findings import Finding
from .known import BOUND
from .sibling_rules import SIBLING_RULES
from .spellings import first_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .entries import Entry


def check_models(models: Mapping[str, Entry]) -> list[Finding]:
    """Return every finding on the entries and between them."""
    found = [Finding(code, name, detail) for name, entry in models.items() for code, detail in check_entry(entry)]
    for compare in (*SIBLING_RULES, _unreadable):
        found += [Finding(code, name, detail) for code, name, detail in compare(models)]
    return found


def check_layout(data: bytes) -> list[Finding]:
    """Return the ids that stand twice in a file (E01): a JSON reader would keep the last of them in silence."""
    names: Counter[str] = Counter()

    def count(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names.update(
            key for key, value in pairs if isinstance(value, dict) and {"litellm_provider", "alias_of"} & value.keys()
        )
        return dict(pairs)

    json.loads(data, object_pairs_hook=count)
    return [Finding("E01", name, f"{times} times") for name, times in names.items() if times > 1]


def check_aliases(aliases: Mapping[str, str], models: Mapping[str, Entry]) -> list[Finding]:
    """Return the aliases that do not lead to a row in one hop (E56)."""
    found = ((name, fault) for name, target in aliases.items() for fault in faults(name, target, aliases, models))
    return [Finding("E56", name, fault) for name, fault in found]


def check_history(
    models: Mapping[str, Entry], history: Mapping[str, Sequence[Mapping[str, Any]]], today: str
) -> list[Finding]:
    """Return the chains of changes that do not join up or do not end at the entry's price (E43)."""
    found = []
    for model_id, rows in history.items():
        starts = [row["from"] for row in rows]
        if starts != sorted(starts) or len(set(starts)) != len(starts):
            found.append(Finding("E43", model_id, "rows are not in order"))
        if model_id not in models:
            found.append(Finding("E43", model_id, "has a history and no entry"))
            continue
        current: dict[str, Any] = {}
        ended: dict[str, Any] = {}
        for row in rows:
            for key, value in row.items():
                if key in ABOUT or key == BOUND:
                    continue
                old, new = value
                if first_spelling(key) != key:
                    found.append(Finding("E53", model_id, f"{key} in the history: write {first_spelling(key)}"))
                if key in current and current[key] != old:
                    found.append(Finding("E43", model_id, f"{key} {row['from']}: {old} does not follow {current[key]}"))
                current[key] = new
                if row["from"][:10] <= today:
                    ended[key] = new
                else:
                    ended.setdefault(key, old)
        for key, value in ended.items():
            if models[model_id].get(key) != value:
                found.append(
                    Finding("E43", model_id, f"{key} ends at {value}, the entry says {models[model_id].get(key)}")
                )
    return found


def _unreadable(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """A price that cannot be billed by is an error; a key that is new upstream is not, and is told."""
    for model_id, entry in models.items():
        try:
            unknown = compile_entry(entry, "map", model_id).unknown
        except LLMCostError as error:
            yield "E05", model_id, str(error)
            continue
        for aside in unknown:
            yield "W68", model_id, f"{aside.key} is no key that this version knows"
