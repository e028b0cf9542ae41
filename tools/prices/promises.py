"""The rules on what sellers promise, and on how fresh the map is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from llmcost import CostMap, LLMCostError, Usage

from .decisions import Decision
from .entries import price_keys
from .findings import INPUT, OUTPUT, Finding
from .ids import bare, family, is_first_party
from .toml import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from .entries import Entry
    from .sources.ledger import LedgerEvent

    Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def check_promises(models: Mapping[str, Entry], history: Rows, spoken: Mapping[str, str], today: str) -> list[Finding]:
    """E61: a promise that has passed needs a price from the next day on, or a person's word (`spoken`: id and why)."""
    found = []
    for model_id, entry in models.items():
        last = entry.get("price_valid_until", today)
        if last >= today or "retired_on" in entry or model_id in spoken:
            continue
        if not any(row["from"][:10] > last for row in history.get(model_id, ())):
            found.append(Finding("E61", model_id, f"promised until {last}, and nobody says what it costs since"))
    return found


def check_followers(models: Mapping[str, Entry], history: Rows, today: str) -> list[Finding]:
    """W57: a reseller at the price of a maker that has announced another one has a schedule or a last day too."""
    announced: dict[str, set[tuple[Any, Any]]] = defaultdict(set)
    for model_id, entry in models.items():
        scheduled = any(row["from"][:10] > today for row in history.get(model_id, ()))
        if is_first_party(entry["litellm_provider"]) and (scheduled or entry.get("price_valid_until", "") >= today):
            announced[bare(model_id)].add((entry.get(INPUT), entry.get(OUTPUT)))
    return [
        Finding("W57", model_id, "the maker's price, which is to change, without a last day")
        for model_id, entry in models.items()
        if (entry.get(INPUT), entry.get(OUTPUT)) in announced.get(bare(model_id), ())
        and not {"price_valid_until", "retired_on"} & entry.keys()
        and not any(row["from"][:10] > today for row in history.get(model_id, ()))
    ]


_WORK = {"input": 10, "cache_read": 5, "cache_write": 5, "output": 10, "reasoning": 5}
_WORK_OF_MODE: dict[str, dict[str, int]] = {
    "audio_speech": {"input_characters": 10},
    "audio_transcription": {"input_seconds": 10},
    "image_edit": {"output_images": 1},
    "image_generation": {"output_images": 1},
    "ocr": {"ocr_pages": 1},
    "rerank": {"queries": 1},
    "search": {"queries": 1},
    "video_generation": {"output_seconds": 1},
}


def check_free(models: Mapping[str, Entry]) -> list[Finding]:
    """E55: what is free costs 0, and completely, whatever of its mode is used: asked of the engine itself."""
    found = []
    for model_id, entry in models.items():
        if not entry.get("free"):
            continue
        prices = CostMap({model_id: entry})
        for work in (_WORK, _WORK_OF_MODE.get(entry.get("mode", ""), {})):
            if not work:
                continue
            try:
                cost = prices.calculate(model=model_id, usage=Usage(**work))
            except LLMCostError as error:
                found.append(Finding("E55", model_id, f"{', '.join(work)}: {error}"))
                continue
            if cost.total or not cost.complete:
                found.append(Finding("E55", model_id, f"{', '.join(work)} cost {cost}, without {cost.unpriced}"))
    return found


def check_stillness(
    models: Mapping[str, Entry],
    provenance: Mapping[str, Mapping[str, Any]],
    events: Mapping[str, Sequence[LedgerEvent]],
    today: str,
) -> Iterator[Finding]:
    """W63: a seller whom nobody confirms and whose prices have not moved for half a year may have been forgotten."""
    since = (date.fromisoformat(today) - timedelta(days=180)).isoformat()
    sellers: dict[str, list[str]] = defaultdict(list)
    for model_id, entry in models.items():
        if price_keys(entry) and not entry.get("free") and "retired_on" not in entry:
            sellers[entry["litellm_provider"]].append(model_id)
    for seller, ids in sorted(sellers.items()):
        alone = all(provenance[name].get("confidence") in {"single", "disputed"} for name in ids)
        days = [event.day for name in ids for event in events.get(name, ())]
        if alone and len(ids) >= _MANY and days and max(days) < since:
            yield Finding("W63", ids[0], f"{seller}: none of {len(ids)} prices has moved since {max(days)}")


_MANY = 20
NEWEST = "newest.toml"


def check_newest(models: Mapping[str, Entry], path: Path, today: str) -> tuple[list[Finding], list[Decision]]:
    """E67: each maker's newest models, as its page lists them, are in the map; and the page was read lately."""
    found: list[Finding] = []
    old: list[Decision] = []
    for rule in read_toml(path).get("maker", []) if path.exists() else []:
        gone = [name for name in rule["models"] if name not in models or "retired_on" in models[name]]
        found += [Finding("E67", name, f"one of the newest of {rule['provider']}: {rule['url']}") for name in gone]
        strange = [n for n in rule["models"] if n in models and not _sells(rule["provider"], models[n])]
        found += [Finding("E67", name, f"is not sold by {rule['provider']}") for name in strange]
        if rule["expires"] < today:
            why = f"{path.name}: expired on {rule['expires']}; read {rule['url']} again"
            old.append(Decision(rule["provider"], why, page=rule["url"]))
    return found, old


def _sells(provider: str, entry: Entry) -> bool:
    return family(entry["litellm_provider"]) == family(provider)
