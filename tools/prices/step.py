"""The step from the files before to those after: what changed, and what looks wrong about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from llmcost.updates.checks import MOST_DELETED
from llmcost.updates.differences import Change, differences
from llmcost.updates.held import MOST_MOVED, MOST_MOVED_OF_MAKERS

from .aliases import split
from .findings import INPUT, OUTPUT, READ, WRITE, Finding
from .spellings import one_spelling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .build import Built
    from .entries import Entry

_BASE = (INPUT, OUTPUT, READ, WRITE)
# More than this share of the models with another base price in one step needs a look.
MOST_CHANGED = 0.02


@dataclass
class Files:
    """What a price file and its provenance said."""

    models: dict[str, Entry] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def files_before(rows: Mapping[str, Entry], provenance: Mapping[str, Mapping[str, Any]]) -> Files:
    """Return the files that are replaced, each price under the key that is written today."""
    models, aliases = split(rows)
    return Files({name: one_spelling(entry) for name, entry in models.items()}, aliases, provenance)


def changes(before: Files, after: Built) -> list[Change]:
    """Return every price that changed on a model that both have, the biggest first, then models that came and went."""
    found = [change for change in differences(before.models, after.models) if not _says_free(change, before, after)]
    return list({_cell(change): _shortened(change) for change in found}.values())


_SEARCH = "search_context_cost_per_query"


def _shortened(change: Change) -> Change:
    """Return a change of a search fee that is the same for every size as the change of one price."""
    if not change.key.startswith(f"{_SEARCH}."):
        return change
    return Change(change.kind, change.model, _SEARCH, change.old, change.new)


def _cell(change: Change) -> tuple[object, ...]:
    short = _shortened(change)
    return change.kind, change.model, short.key, short.old, short.new


def _says_free(change: Change, before: Files, after: Built) -> bool:
    """Return whether a change only writes down the zeros of a free model, whose cost stays the same."""
    both = (before.models.get(change.model, {}), after.models.get(change.model, {}))
    return change.kind == "changed" and all(entry.get("free") for entry in both)


def check_step(before: Files, after: Built) -> list[Finding]:
    """Return what looks wrong: jumps (E40), many changes (E41), lone ones (E42), ids that are gone (E59)."""
    found: list[Finding] = []
    moved: set[str] = set()
    for change in changes(before, after):
        if change.kind != "changed":
            continue
        limit = MOST_MOVED_OF_MAKERS if change.key in (INPUT, OUTPUT) else MOST_MOVED
        free = after.models[change.model].get("free")
        jumps = (change.factor is not None and change.factor >= limit) or (change.to_zero and not free)
        if change.key in _BASE:
            moved.add(change.model)
        if jumps and not explained(change, after):
            step = str(change).removeprefix(f"{change.model} ")
            found.append(Finding("E40", change.model, f"{step}, and no history or correction says why"))
        elif change.key in _BASE and _moves_alone(change, before, after):
            found.append(Finding("E42", change.model, f"two families confirmed the old {change.key} and do not follow"))
    if len(moved) > len(before.models) * MOST_CHANGED:
        found.append(Finding("E41", "*", f"{len(moved)} of {len(before.models)} models change a base price"))
    gone = (before.models.keys() | before.aliases.keys()) - after.models.keys() - after.aliases.keys()
    found += [Finding("E59", model_id, "stood in the files before and is gone") for model_id in sorted(gone)]
    if len(gone) > len(before.models) * MOST_DELETED:
        found.append(Finding("E41", "*", f"{len(gone)} models vanish"))
    return found


def explained(change: Change, after: Built) -> bool:
    """Return whether a dated change, a correction or a person's word on the model says why a price changed."""
    rows: Sequence[Mapping[str, Any]] = after.history.rows.get(change.model, ())
    dated = any(change.key in row and row[change.key][1] == change.new for row in rows)
    corrected = change.key in after.provenance[change.model].get("corrected", ())
    spoken = change.model in after.corrected.settled or change.model in after.corrected.disputes
    return dated or corrected or spoken


def _moves_alone(change: Change, before: Files, after: Built) -> bool:
    was_sure = before.provenance.get(change.model, {}).get("confidence") == "confirmed2"
    is_sure = after.provenance[change.model].get("confidence") == "confirmed2"
    return was_sure and not is_sure and not explained(change, after)
