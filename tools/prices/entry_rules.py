"""The rules that an entry of the price file keeps or breaks by itself."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from llmcost.core.tiers import TIERS

from .entries import LIMITS, Entry, is_price_key, is_token_price, leaf_prices, price_keys
from .findings import CHAT, INPUT, OUTPUT, READ, WRITE, WRITE_1H
from .ids import family
from .spellings import first_spelling

MODES = frozenset(
    {"audio_speech", "audio_transcription", "chat", "completion", "decisions", "embedding", "evaluation"}
    | {"extraction", "guardrail", "image_edit", "image_generation", "moderation", "ocr", "realtime", "rerank"}
    | {"responses", "search", "vector_store", "video_generation"}
)
_TIER = re.compile(rf"^(?P<base>.+?)(?P<context>_above_\d+k_tokens)?(_(?P<tier>{'|'.join(sorted(TIERS))}))?$")
# The sane price of a service tier relative to standard.
_FACTORS = {"batches": (0.2, 1), "flex": (0.2, 1), "balanced": (0.2, 1), "priority": (1, 4), "ultrafast": (1, 8)}

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


def _spelling(entry: Entry) -> Found:
    for key in entry:
        if first_spelling(key) != key:
            yield "E53", f"{key} beside {first_spelling(key)}, and they disagree"


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
        if is_token_price(key):
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
            yield "W54", 'cache reads at 0: "not stated" written as a price, unless the page says so'
        elif read / inputs < 0.015:
            yield "W20", f"cache read is {read / inputs:.3f} of input"
    if write is not None and not 0.999 <= write / inputs <= 2.001:
        yield "W21", f"cache write is {write / inputs:.2f} times input"
    if hour is not None and abs(hour / inputs - 2) > 0.01:
        yield "W22", f"a one-hour cache write is {hour / inputs:.2f} times input"


# Sellers whose cache write is the input price and a fee on top.
_WRITES_COST_MORE = frozenset({"openai", "azure", "anthropic"})
_AUDIO_INPUT, _AUDIO_WRITE = "input_cost_per_audio_token", "cache_creation_input_audio_token_cost"


def _writes(entry: Entry) -> Found:
    """E60: a cache write below the input price is most likely the price of a cache read under the wrong key."""
    if family(entry["litellm_provider"]) not in _WRITES_COST_MORE or "retired_on" in entry:
        return
    for base, write in ((INPUT, WRITE), (_AUDIO_INPUT, _AUDIO_WRITE)):
        if entry.get(base) and entry.get(write) is not None and entry[write] < entry[base] * 0.999:
            yield "E60", f"{write} is {entry[write] / entry[base]:.2f} times input"


def _characters(entry: Entry) -> Found:
    """E69: a token holds one character at least, so a token below the price of a character is a slip of the unit."""
    for side in ("input", "output"):
        token, character = (entry.get(f"{side}_cost_per_{unit}") for unit in ("token", "character"))
        if token and character and token < character:
            yield "E69", f"{side}: a token at {token / character:.2f} times the price of a character"


def _page(entry: Entry) -> Found:
    """W66: the source has to be a page on which a person can read the price, and not a list for programs."""
    if _RAW.search(str(entry.get("source", ""))):
        yield "W66", f"the source is a raw list: {entry['source']}"


_RAW = re.compile(r"^https://(?:api\.|raw\.)|\.json$|/v\d+/models/?$")


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
        if tier in _FACTORS:
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


_PRICE_CHECKS: tuple[Callable[[Entry], Found], ...] = (_presence, _chat, _cache, _writes, _characters, _tiers, _ranges)


def check_entry(entry: Entry) -> Found:
    """Yield code and detail of every rule that an entry breaks by itself."""
    yield from _identity(entry)
    yield from _page(entry)
    yield from _spelling(entry)
    found = list(_numbers(entry))
    yield from found
    # The other checks compare prices, and need numbers.
    if not any(code == "E06" for code, _ in found):
        for check in _PRICE_CHECKS:
            yield from check(entry)
