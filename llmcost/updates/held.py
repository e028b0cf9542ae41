"""Rows of an update that are held back: one reseller's slip does not keep everybody else's new prices out.

A price of a reseller that moves tenfold, or falls to 0 without being free, is most often a slip. The row keeps
its former prices, and is named; the rest is taken. Of a maker or a cloud such a price stops the update: too many others
follow it.
"""

from __future__ import annotations

import json
from hashlib import sha256

from ..prices import places
from ..prices.vendors import FIRST_PARTY, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from .differences import Change

    Entries = Mapping[str, Mapping[str, object]]


def held_back(changes: tuple[Change, ...], before: Entries, doubtful: Collection[Change]) -> tuple[Change, ...]:
    """Return the doubtful changes of rows that a reseller sells; a person decides on all others."""
    return tuple(change for change in changes if change in doubtful and _is_resold(before[change.model]))


def _is_resold(row: Mapping[str, object]) -> bool:
    seller = family(str(row.get("litellm_provider") or ""))
    return bool(seller) and seller not in FIRST_PARTY


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
        found[places.INFO] = json.dumps(facts, indent=1).encode()
    return found


def _one_per_line(rows: Mapping[str, object]) -> bytes:
    lines = (
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row, ensure_ascii=False, separators=(',', ':'))}"
        for name, row in rows.items()
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
