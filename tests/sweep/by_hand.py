"""The call worked out from the keys of the entry: a second opinion on our own number.

It shares nothing with the package, so that what the package gets wrong cannot be wrong here for the same reason.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .usages import Call

    # Of a key, a threshold (0 without one) and a tier (empty without one).
    Cells = dict[tuple[str, int, str], Fraction]

_INPUT, _OUTPUT = "input_cost_per_token", "output_cost_per_token"
_READ, _WRITE = "cache_read_input_token_cost", "cache_creation_input_token_cost"
_WRITE_1H = f"{_WRITE}_above_1hr"
# The keys that price a meter, the nearest first.
_LINES = {
    "input": (_INPUT,),
    "input_audio": ("input_cost_per_audio_token", _INPUT),
    "input_image": ("input_cost_per_image_token", _INPUT),
    "input_video": ("input_cost_per_video_token", _INPUT),
    "cache_read": (_READ, _INPUT),
    "cache_read_audio": ("cache_read_input_audio_token_cost", _READ, "input_cost_per_audio_token", _INPUT),
    "cache_write": (_WRITE, _INPUT),
    "cache_write_1h": (_WRITE_1H, _WRITE, _INPUT),
    "output": (_OUTPUT,),
    "reasoning": ("output_cost_per_reasoning_token", _OUTPUT),
    "output_audio": ("output_cost_per_audio_token", _OUTPUT),
    "output_image": ("output_cost_per_image_token", _OUTPUT),
}
_KEYS = {line[0] for line in _LINES.values()}
_TIERS = ("flex", "priority", "batches", "balanced", "ultrafast", "decisions")
_SUFFIXES = re.compile(rf"(?:_above_(\d+)k_tokens)?(?:_({'|'.join(_TIERS)}))?")

# What Anthropic charges for writes, by whom it is sold, and who sells every model at half in a batch.
_WRITES = ((_WRITE, _INPUT, Fraction(5, 4)), (_WRITE_1H, _INPUT, Fraction(2)))
_CLAUDE = frozenset({"anthropic", "vertex_ai-anthropic_models"})
_HALF_IN_A_BATCH = frozenset({"anthropic", "fireworks_ai"})


def by_hand(entry: Mapping[str, object], call: Call) -> tuple[float, set[str]]:
    """Return the cost of a call in USD, and the meters that have no price."""
    vendor = entry["litellm_provider"]
    cells = _cells(entry)
    repeats = _drop_repeats(cells)
    if _open(entry.get("off_peak_pricing"), call.at):
        cells |= {(key, 0, ""): rate for key, rate in _numbers(entry["off_peak_pricing"]).items() if key in _KEYS}
    if vendor in _HALF_IN_A_BATCH:
        for (key, threshold, tier), rate in list(cells.items()):
            if not tier:
                cells.setdefault((key, threshold, "batches"), rate / 2)
    if vendor in _CLAUDE:
        _derive(cells, *(row for row in _WRITES if row[0] not in repeats))
    if vendor == "fireworks_ai" and _READ not in repeats and not any(key == _READ for key, _, _ in cells):
        _derive(cells, (_READ, _INPUT, Fraction(1, 2)))

    sold = {tier for _, _, tier in cells}
    asked = "batches" if call.batch else call.served or call.requested
    tier = asked if asked in sold else ""
    # xAI's higher price begins with the threshold, everybody else's behind it.
    prompt = call.prompt + (vendor == "xai")
    total, unpriced = _numbers(entry).get("input_cost_per_request", Fraction(0)), set()
    for meter, tokens in call.quantities.items():
        rate = next((r for key in _LINES[meter] if (r := _rate(cells, key, prompt, tier)) is not None), None)
        if rate is None:
            unpriced.add(meter)
        else:
            total += tokens * rate
    return float(total), unpriced


def _numbers(block: object) -> dict[str, Fraction]:
    assert isinstance(block, dict)
    return {key: Fraction(str(value)) for key, value in block.items() if type(value) in {int, float}}


def _cells(entry: Mapping[str, object]) -> Cells:
    cells: Cells = {}
    numbers = _numbers(entry)
    if "input_cost_per_token_cache_hit" in numbers:
        numbers.setdefault(_READ, numbers["input_cost_per_token_cache_hit"])
    for written, rate in numbers.items():
        for key in _KEYS:
            suffixes = _SUFFIXES.fullmatch(written.removeprefix(key)) if written.startswith(key) else None
            if suffixes is not None:
                cells[key, 1000 * int(suffixes[1] or 0), suffixes[2] or ""] = rate
    ranges = entry.get("tiered_pricing", [])
    assert isinstance(ranges, list)
    for block in ranges:
        cells |= {(key, int(block["range"][0]), ""): rate for key, rate in _numbers(block).items() if key in _KEYS}
    return cells


def _drop_repeats(cells: Cells) -> set[str]:
    """Drop plain rates that equal those of what they are a kind of, and return their keys."""
    plain = {key: rate for (key, threshold, tier), rate in cells.items() if not threshold and not tier}
    repeats = set()
    for key, *parents in _LINES.values():
        nearest = next((plain[parent] for parent in parents if parent in plain), None)
        if key in plain and plain[key] == nearest:
            repeats.add(key)
            del cells[key, 0, ""]
    return repeats


def _derive(cells: Cells, *rows: tuple[str, str, Fraction]) -> None:
    for missing, source, factor in rows:
        for (key, threshold, tier), rate in list(cells.items()):
            if key == source:
                cells.setdefault((missing, threshold, tier), rate * factor)


def _rate(cells: Cells, key: str, prompt: int, tier: str) -> Fraction | None:
    holding = [
        (threshold, sold, rate)
        for (name, threshold, sold), rate in cells.items()
        if name == key and (not threshold or prompt > threshold) and sold in {"", tier}
    ]
    return max(holding)[2] if holding else None


def _open(block: object, at: datetime) -> bool:
    """Return whether one of the windows of an off-peak block is open; the moments of the sweep are full hours."""
    if block is None:
        return False
    assert isinstance(block, dict)
    day = at.astimezone(ZoneInfo(block.get("weekday_timezone", "UTC"))).isoweekday()
    for window in block.get("windows") or [block]:
        hours = window["hours_utc"]
        for span in [hours] if isinstance(hours, str) else hours:
            start, end = (int(text[:2]) for text in span.split("-"))
            inside = start <= at.hour < end if start < end else at.hour >= start or at.hour < end
            if inside and day in window.get("weekdays", range(1, 8)):
                return True
    return False
