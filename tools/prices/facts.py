"""What a set of price data says of itself: map_info.json."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .fetch import Lock

# The form of the files. An engine refuses a form that it does not know.
FORMAT = 1
# The oldest engine that bills by the files without a wrong sum. It is raised when the meaning of a key changes, and
# stays for a new key: older engines set that aside and say so.
NEEDS = "0.2"
# Keys that engines before a version set aside.
KEYS_SINCE = {"fedramp_uplift_multiplier": "0.2", "input_cost_per_second_minimum": "0.2"}


def facts(files: Mapping[str, bytes], lock: Lock) -> dict[str, Any]:
    """Return what a set says of itself: its release and day, what reads it, what it was made of, and its files.

    The newest source dates it, and not the day of the build: prices are no fresher than what states them.
    """
    rows: dict[str, dict[str, Any]] = json.loads(files["model_prices.json"])
    models = {name: row for name, row in rows.items() if "alias_of" not in row}
    keys = {key for row in models.values() for key in row}
    newest = {source.package: [source.version, source.data_date] for source in reversed(lock.sources)}
    return {
        "version": version(lock.today, lock.release),
        "as_of": max(source.data_date for source in lock.sources),
        "format": FORMAT,
        "needs": NEEDS,
        "keys_since": {key: since for key, since in KEYS_SINCE.items() if key in keys},
        "models": len(models),
        "aliases": len(rows) - len(models),
        "providers": len({row["litellm_provider"] for row in models.values()}),
        "sources": dict(sorted(newest.items())),
        "scheduled": [list(row) for row in scheduled(json.loads(files["price_history.json"]).values(), lock.today)],
        "sizes": {name: len(content) for name, content in files.items()},
        "sha256": {name: sha256(content).hexdigest() for name, content in files.items()},
    }


def version(day: str, release: int = 1) -> str:
    """Return the version of the release of a day; a day's second one has a number of its own.

    >>> version("2026-11-05"), version("2026-11-05", 2)
    ('2026.11.5', '2026.11.5.2')
    """
    parts = [int(part) for part in day.split("-")]
    return ".".join(map(str, parts if release == 1 else [*parts, release]))


def scheduled(histories: Iterable[list[dict[str, Any]]], today: str) -> list[tuple[str, int]]:
    """Return the coming days on which prices change, each with the number of models.

    >>> scheduled([[{"from": "2026-01-01"}, {"from": "2026-12-01"}], [{"from": "2026-12-01"}]], "2026-11-26")
    [('2026-12-01', 2)]
    """
    return sorted(Counter(row["from"][:10] for rows in histories for row in rows if row["from"][:10] > today).items())


def written(found: Mapping[str, Any]) -> bytes:
    """Return the facts as the bytes of their file, a fact a line."""
    lines = (f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in found.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
