"""The invariants of the price file. E: the build fails unless the id is allowed with a reason. W: reported."""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from llmcost.errors import LLMCostError, UnknownPriceKeyError
from llmcost.prices.entries import compile_entry
from llmcost.prices.entries import is_price_key as engine_price_key

from .aliases import faults
from .decisions import Decision
from .entries import LIMITS, Entry, is_price_key, leaf_prices, price_keys
from .ids import bare
from .toml import read_toml

if TYPE_CHECKING:
    from pathlib import Path

MODES = frozenset(
    {"audio_speech", "audio_transcription", "chat", "completion", "decisions", "embedding", "evaluation"}
    | {"extraction", "guardrail", "image_edit", "image_generation", "moderation", "ocr", "realtime", "rerank"}
    | {"responses", "search", "vector_store", "video_generation"}
)
CHAT = frozenset({"chat", "completion", "responses"})
INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
READ, WRITE, WRITE_1H = (
    "cache_read_input_token_cost",
    "cache_creation_input_token_cost",
    "cache_creation_input_token_cost_above_1hr",
)
_TOKEN_PRICE = re.compile(r"_token(?!s)")
_TIER = re.compile(
    r"^(?P<base>.+?)(?P<context>_above_\d+k_tokens)?(_(?P<tier>batches|flex|balanced|priority|ultrafast))?$"
)
# The sane price of a service tier relative to standard.
_FACTORS = {"batches": (0.2, 1), "flex": (0.2, 1), "balanced": (0.2, 1), "priority": (1, 4), "ultrafast": (1, 8)}


@dataclass(frozen=True)
class Finding:
    """One entry that breaks one rule."""

    code: str
    model_id: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code} {self.model_id}: {self.detail}"


def check_models(models: Mapping[str, Entry]) -> list[Finding]:
    """Return every finding on the entries and between them."""
    found = [Finding(code, model_id, detail) for model_id, entry in models.items() for code, detail in _entry(entry)]
    for compare in (_equal_ignoring_case, _unreadable, _far_from_others, _latest):
        found += [Finding(code, model_id, detail) for code, model_id, detail in compare(models)]
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
                if key in {"from", "born", "assumed", "conf", "src"}:
                    continue
                old, new = value
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


# An allowance is read again once a year at the latest.
LONGEST = timedelta(days=366)


def read_allowed(path: Path, today: str) -> tuple[dict[tuple[str, str], str], list[Decision]]:
    """Return the reason per allowed (code, id), and the rules whose end has passed or is not stated."""
    day, outdated = date.fromisoformat(today), []
    rules = read_toml(path).get("allow", [])
    for rule in rules:
        name, end = f"{rule['code']} {', '.join(rule['ids'])}", rule.get("expires", "")
        if not end:
            outdated.append(Decision(name, f"{path.name}: the rule states no day on which it expires"))
        elif date.fromisoformat(end) < day:
            outdated.append(Decision(name, f"{path.name}: the rule expired on {end}: {rule['why']}"))
        elif date.fromisoformat(end) - day > LONGEST:
            outdated.append(Decision(name, f"{path.name}: {end} is more than {LONGEST.days} days away"))
    return {(rule["code"], model_id): rule["why"] for rule in rules for model_id in rule["ids"]}, outdated


def not_allowed(findings: Iterable[Finding], allowed: Mapping[tuple[str, str], str]) -> tuple[list[Finding], list[str]]:
    """Return the errors nobody allowed, and the allowances that nothing needs any more."""
    errors = [finding for finding in findings if finding.code.startswith("E")]
    hit = {(finding.code, finding.model_id) for finding in errors}
    unused = [f"{code} {model_id}" for code, model_id in allowed if (code, model_id) not in hit]
    return [finding for finding in errors if (finding.code, finding.model_id) not in allowed], sorted(unused)


# ---- one entry ------------------------------------------------------------------------------------------------------

Found = Iterator[tuple[str, str]]


def _identity(entry: Entry) -> Found:
    if not entry.get("litellm_provider"):
        yield "E03", "no provider"
    if entry.get("mode") not in MODES:
        yield "E04", f"mode {entry.get('mode')!r}"
    for key in LIMITS & entry.keys():
        if type(entry[key]) is not int or not 0 <= entry[key] <= 20_000_000:
            yield "E31", f"{key} is {entry[key]!r}"
    for key in ("deprecation_date", "retired_on", "price_valid_until"):
        if key in entry:
            try:
                date.fromisoformat(entry[key])
            except (TypeError, ValueError):
                yield "E32", f"{key} is {entry[key]!r}"
    if not str(entry.get("source", "")).startswith("http"):
        yield "W34", "no source"


def _numbers(entry: Entry) -> Found:
    for key in price_keys(entry):
        value = entry[key]
        if not isinstance(value, (int, float, dict, list)) or isinstance(value, bool):
            yield "E06", f"{key} is {value!r}"
            continue
        for price in leaf_prices(value, key):
            if not math.isfinite(price) or price < 0:
                yield "E07", f"{key} holds {price}"
        if not isinstance(value, float):
            continue
        if _TOKEN_PRICE.search(key) and "dbu" not in key:
            if value > 600e-6:
                yield "E08", f"{key} is {value * 1e6:g} per million"
            if 0 < value < 1e-9:
                yield "E09", f"{key} is {value * 1e6:g} per million"
        if "_per_second" in key and value > 5:
            yield "W10", f"{key} is {value}"
        if key.endswith("_per_image") and value > 2:
            yield "W11", f"{key} is {value}"


def _presence(entry: Entry) -> Found:
    prices = [price for key in price_keys(entry) for price in leaf_prices(entry[key], key)]
    if not prices and not entry.get("free"):
        yield "W13", "no price"
    if prices and not any(prices) and not entry.get("free"):
        yield "E14", "every price is 0 and nothing says that it is free"
    if entry.get("free") and any(prices):
        yield "E14", "free, with a price"
    if entry.get("mode") in CHAT and (INPUT in entry) != (OUTPUT in entry):
        yield "E12", "only one of input and output has a price"


def _chat(entry: Entry) -> Found:
    inputs, outputs = entry.get(INPUT), entry.get(OUTPUT)
    if entry.get("mode") not in CHAT or inputs is None or outputs is None:
        return
    if (inputs == 0) != (outputs == 0):
        yield "W17", f"input {inputs}, output {outputs}"
    elif inputs and outputs < inputs:
        yield "E15", f"input {inputs}, output {outputs}"
    elif inputs and round(outputs / inputs, 6) > 12.5:
        yield "W16", f"output is {outputs / inputs:.1f} times input"


def _cache(entry: Entry) -> Found:
    inputs = entry.get(INPUT)
    if not inputs:
        return
    read, write, hour = entry.get(READ), entry.get(WRITE), entry.get(WRITE_1H)
    if read is not None:
        if read > inputs:
            yield "E18", f"cache read {read}, input {inputs}"
        elif read == 0:
            yield "W19", "cache reads at 0"
        elif read / inputs < 0.015:
            yield "W20", f"cache read is {read / inputs:.3f} of input"
    if write is not None and not 0.999 <= write / inputs <= 2.001:
        yield "W21", f"cache write is {write / inputs:.2f} times input"
    if hour is not None and abs(hour / inputs - 2) > 0.01:
        yield "W22", f"a one-hour cache write is {hour / inputs:.2f} times input"


def _tiers(entry: Entry) -> Found:
    thresholds = set()
    for key, value in entry.items():
        found = _TIER.match(key)
        if not found or not isinstance(value, float) or not is_price_key(key):
            continue
        base_key, context, tier = found["base"], found["context"] or "", found["tier"]
        if context:
            threshold = int(re.sub(r"\D", "", context)) * 1000
            if base_key == INPUT:
                thresholds.add(threshold)
            base = entry.get(base_key + (f"_{tier}" if tier else ""))
            if base is None:
                yield "W23", f"{key} without its base"
            elif base and not 0.999 <= value / base <= 5.001:
                yield "E24", f"{key} is {value / base:.2f} times its base"
            if isinstance(entry.get("max_input_tokens"), int) and threshold >= entry["max_input_tokens"]:
                yield "W28", f"{key} can not be reached: {entry['max_input_tokens']} tokens at most"
        if tier:
            base = entry.get(base_key + context)
            low, high = _FACTORS[tier]
            if base is None:
                yield "W26", f"{key} without its base"
            elif base and not low * 0.999 <= value / base <= high * 1.001:
                yield "E25", f"{key} is {value / base:.2f} times its base"
    if len(thresholds) > 1:
        yield "W27", f"thresholds {sorted(thresholds)}"
    for threshold in thresholds:
        above = f"_above_{threshold // 1000}k_tokens"
        if READ in entry and READ + above not in entry:
            yield "W29", f"cache reads have no price{above}"
        if OUTPUT in entry and OUTPUT + above not in entry:
            yield "W30", f"output has no price{above}"


def _ranges(entry: Entry) -> Found:
    bounds = [row.get("range") or row.get("max_results_range") for row in entry.get("tiered_pricing", [])]
    if bounds and all(bounds):
        joined = all(one[1] in {two[0], two[0] - 1} for one, two in pairwise(bounds))
        if bounds[0][0] not in {0, 1} or not joined:
            yield "W33", f"ranges {bounds}"


_PRICE_CHECKS: tuple[Callable[[Entry], Found], ...] = (_presence, _chat, _cache, _tiers, _ranges)


def _entry(entry: Entry) -> Found:
    yield from _identity(entry)
    found = list(_numbers(entry))
    yield from found
    # Prices that are no numbers can't be compared.
    if not any(code == "E06" for code, _ in found):
        for check in _PRICE_CHECKS:
            yield from check(entry)


# ---- between entries ------------------------------------------------------------------------------------------------


def _equal_ignoring_case(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    seen: dict[str, str] = {}
    for model_id in models:
        other = seen.setdefault(model_id.lower(), model_id)
        if other != model_id:
            yield "E02", model_id, f"differs from {other} only in case"


def _unreadable(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """A price that cannot be billed by is an error; a key that is new upstream is not, and is told."""
    for model_id, entry in models.items():
        unknown = unknown_keys(entry)
        for key in unknown:
            yield "W68", model_id, f"{key} is no key that this version knows"
        try:
            compile_entry({key: value for key, value in entry.items() if key not in unknown}, "map", model_id)
        except LLMCostError as error:
            yield "E05", model_id, str(error)


def unknown_keys(entry: Entry) -> list[str]:
    """Return the keys that look like prices and are none that this version of the engine knows.

    >>> unknown_keys({"input_cost_per_token": 1e-06, "moon_uplift_multiplier": 1.1, "mode": "chat"})
    ['moon_uplift_multiplier']
    """
    return [key for key in entry if not _known(key)]


@cache
def _known(key: str) -> bool:
    try:
        engine_price_key(key)
    except UnknownPriceKeyError:
        return False
    return True


def _far_from_others(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Prices 8 times off the median of the same model at three providers or more."""
    groups: dict[str, list[tuple[str, str, Entry]]] = defaultdict(list)
    for model_id, entry in models.items():
        if entry.get("mode") == "chat" and entry.get(INPUT) and "retired_on" not in entry:
            groups[bare(model_id)].append((model_id, entry["litellm_provider"], entry))
    for group in groups.values():
        if len({provider for _, provider, _ in group}) < 3:
            continue
        for key in (INPUT, OUTPUT):
            middle = median(entry[key] for _, _, entry in group if entry.get(key))
            for model_id, _, entry in group:
                if entry.get(key) and not 1 / 8 < entry[key] / middle < 8:
                    yield "W36", model_id, f"{key} is {entry[key] / middle:.2f} times the median of its model elsewhere"


def _latest(models: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Aliases named `-latest` whose price is that of no sibling."""
    by_stem: dict[str, list[str]] = defaultdict(list)
    for model_id in models:
        by_stem[re.sub(r"-(latest|\d{2}-?\d{2}|20\d{6}|20\d{2}-\d{2}-\d{2})$", "", model_id)].append(model_id)
    for stem, ids in by_stem.items():
        alias = f"{stem}-latest"
        siblings = [models[model_id] for model_id in ids if model_id != alias and "retired_on" not in models[model_id]]
        if alias in models and siblings and "retired_on" not in models[alias]:
            own = [models[alias].get(key) for key in (INPUT, OUTPUT)]
            if not any([sibling.get(key) for key in (INPUT, OUTPUT)] == own for sibling in siblings):
                yield "E44", alias, f"priced {own}, like no dated sibling"
