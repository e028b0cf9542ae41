"""Rows of an update that are held back: one slip does not keep everybody else's new prices out.

A price that moves tenfold, or falls to 0 without being free, is most often a slip; so is a price of a maker or a cloud
that moves threefold on no stated day, since they announce such changes. The row keeps its former prices and is named,
and the rest is taken.
"""

from __future__ import annotations

import json
from hashlib import sha256

from ..prices import places
from ..prices.keys import ALIAS_OF
from ..prices.vendors import FIRST_PARTY, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any

    from .differences import Change

    Entries = Mapping[str, Mapping[str, object]]

# By how much a price may move before a person has to say so; that of a maker or a cloud, if no row dates it.
MOST_MOVED, MOST_MOVED_OF_MAKERS = 10, 3


def doubtful(changes: Iterable[Change], entries: Entries, past: Mapping[str, list[dict[str, Any]]]) -> list[Change]:
    """Return the changes of prices that move as slips do. ``entries`` and ``past`` are those of the update."""
    found = []
    for change in changes:
        served = str(entries.get(change.model, {}).get(ALIAS_OF, change.model))
        row, factor = entries.get(served, {}), change.factor or 0
        if (
            factor >= MOST_MOVED
            or (change.to_zero and row.get("free") is not True)
            or (
                factor >= MOST_MOVED_OF_MAKERS
                and _of_a_maker(row)
                and not _dated(change.key, row, past.get(served, ()))
            )
        ):
            found.append(change)
    return found


def _of_a_maker(row: Mapping[str, object]) -> bool:
    return family(str(row.get("litellm_provider") or "")) in FIRST_PARTY


def _dated(key: str, row: Mapping[str, object], past: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether the history says on which day a price became what it is."""
    outer = key.partition("[")[0].partition(".")[0]
    return any(outer in step and step[outer][1] == row.get(outer) for step in past)


def without(files: Mapping[str, bytes], before: Entries, past: bytes | None, held: Collection[str]) -> dict[str, bytes]:
    """Return the files of an update in which some rows, and their past, are as they were."""
    kept = {"price": dict(json.loads(files[places.MAP])), "past": dict(json.loads(files.get(places.HISTORY) or b"{}"))}
    former = json.loads(past or b"{}")
    for name in held:
        kept["price"][name] = before[name]
        kept["past"].pop(name, None)
        if name in former:
            kept["past"][name] = former[name]
    found = {**files, places.MAP: _one_per_line(kept["price"])}
    if places.HISTORY in files:
        found[places.HISTORY] = _one_per_line(kept["past"])
    if places.INFO in files:
        info = json.loads(files[places.INFO])
        digests = {name: sha256(found[name]).hexdigest() for name in info["sha256"] if name in found}
        facts = {**info, "sha256": {**info["sha256"], **digests}, "held": sorted(held)}
        if "sizes" in info:
            facts["sizes"] = {**info["sizes"], **{name: len(found[name]) for name in info["sizes"] if name in found}}
        found[places.INFO] = json.dumps(facts, indent=1).encode()
    return found


def _one_per_line(rows: Mapping[str, object]) -> bytes:
    lines = (
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}"
        for name, row in rows.items()
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
