"""Rows of models that no list of the lock has any more, kept so that old logs can be priced.

An older list of litellm supplies the models that are gone since. When a list leaves the lock, or a source forgets a
model, the row would go with it: the bump writes it into retired.jsonl first, one model a line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .merge import Merged, Origin

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from .entries import Entry

NAME = "retired.jsonl"
Rows = dict[str, tuple[Origin, "Entry"]]


def read_retired(path: Path) -> Rows:
    """Return the kept rows per id; without the file there are none."""
    if not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {row["id"]: (Origin(row["source"], row["as_of"], row.get("url", "")), row["entry"]) for row in rows}


def write_retired(rows: Mapping[str, tuple[Origin, Entry]]) -> str:
    """Return the file's text for some rows."""
    lines = []
    for model_id, (origin, entry) in sorted(rows.items()):
        row = {"id": model_id, "source": origin.source, "as_of": origin.as_of, "url": origin.url, "entry": entry}
        lines.append(json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
    return "".join(lines)


def vanished(before: Merged, after: Merged, day: str, aliases: Collection[str]) -> Rows:
    """Return the rows of models that the sources before gave and those after do not, as gone by a day.

    A name that is one of the `aliases` after is not gone.
    A model that was gone before keeps its row and its day if the sources after would give another one.
    """
    found: Rows = {}
    taken = {name.lower() for name in (*after.models, *aliases)}
    for model_id, entry in before.models.items():
        now = after.models.get(model_id)
        if now is None and model_id.lower() not in taken:
            found[model_id] = before.origins[model_id], {"retired_on": day, **entry}
        elif now is not None and "retired_on" in entry and "retired_on" in now and entry != now:
            found[model_id] = before.origins[model_id], entry
    return found
