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

_READS = frozenset({_READ, "cache_read_input_audio_token_cost"})

# What Anthropic charges for writes, and by whom it is sold.
_WRITES = ((_WRITE, _INPUT, Fraction(5, 4)), (_WRITE_1H, _INPUT, Fraction(2)))
_CLAUDE = frozenset({"anthropic", "vertex_ai-anthropic_models"})

# What is half in a batch by the page of its seller: models without seller, geography and date, and whether cached
# tokens are half, too.
_GEMINI = (r"gemini-.*", False)
_ON_BEDROCK = (
    r"anthropic\.claude-(3-|sonnet-4-|haiku-4-5|opus-4-5|opus-4-6).*|anthropic\.claude-opus-5"
    r"|amazon\.(nova-(lite|micro|pro|premier|2-lite|2-multimodal-embeddings)|titan-embed-(image|text-v2)).*"
    r"|meta\.llama(3-[123]-|4-).*|mistral\.mistral-(large-2407|small-2402).*|openai\.gpt-oss-.*",
    False,
)
_HALVES = {
    "openai": (r"(gpt-|o[134]|ft:|text-embedding-|computer-use-|babbage-|davinci-).*", False),
    "anthropic": (r".*", True),
    "vertex_ai-anthropic_models": (r".*", True),
    "fireworks_ai": (r".*", True),
    "gemini": _GEMINI,
    "vertex_ai-language-models": _GEMINI,
    "bedrock": _ON_BEDROCK,
    "bedrock_converse": _ON_BEDROCK,
    "azure": (
        r"gpt-5(\.1|\.4|\.4-mini)?|o3(-mini)?|o4-mini|gpt-4\.1(-mini|-nano)?|gpt-4o(-mini)?|gpt-4(-turbo|-0613)?"
        r"|gpt-35-turbo(-0613|-1106|-0125)?|gpt-3\.5-turbo(-0125)?",
        False,
    ),
    "dashscope": (r"qwen-(max|plus|flash|turbo)", True),
}
_TEXT_ALONE = frozenset({"openai", "gemini", "vertex_ai-language-models"})
_NOT_BY_OPENAI = frozenset({"audio", "realtime", "image", "search", "transcribe", "tts"})
_GEOGRAPHY = re.compile(r"(us-gov|global|apac|us|eu|jp|au|ca|uk|in)\.(?=.*\.)")
_DATE = re.compile(r"-20\d\d-?\d\d-?\d\d$")
# Who sells a batch as a model of its own.
_BATCH_IDS = {"openrouter": ":batch", "vercel_ai_gateway": "-batch"}


def by_hand(rows: Mapping[str, Mapping[str, object]], name: str, call: Call) -> tuple[float, set[str]]:
    """Return the cost of a call in USD by the entry of a name, and the meters that have no price."""
    entry = rows[name]
    vendor = str(entry["litellm_provider"])
    cells = _cells(entry)
    repeats = _drop_repeats(cells)
    _above_in_a_tier(cells)
    _halve(cells, vendor, name, entry.get("mode"))
    if vendor in _CLAUDE:
        _derive(cells, *(row for row in _WRITES if row[0] not in repeats))
    if vendor == "fireworks_ai" and _READ not in repeats and not any(key == _READ for key, _, _ in cells):
        _derive(cells, (_READ, _INPUT, Fraction(1, 2)))
    _like_the_parent(cells)
    _above_in_a_tier(cells)
    sold_as = rows.get(name + _BATCH_IDS[vendor]) if vendor in _BATCH_IDS else None
    for (key, threshold, tier), rate in (_cells(sold_as) if sold_as else {}).items():
        if not tier:
            cells.setdefault((key, threshold, "batches"), rate)
    off_peak = _numbers(entry["off_peak_pricing"]) if _open(entry.get("off_peak_pricing"), call.at) else {}

    sold = {tier for _, _, tier in cells}
    asked = "batches" if call.batch else call.served or call.requested
    tier = asked if asked in sold else ""
    # xAI's higher price begins with the threshold, everybody else's behind it.
    prompt = call.prompt + (vendor == "xai")
    total, unpriced = _numbers(entry).get("input_cost_per_request", Fraction(0)), set()
    for meter, tokens in call.quantities.items():
        # An open window is stronger than a threshold and a tier.
        found = (off_peak[key] if key in off_peak else _rate(cells, key, prompt, tier) for key in _LINES[meter])
        rate = next((rate for rate in found if rate is not None), None)
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


def _above_in_a_tier(cells: Cells) -> None:
    """Add what a tier costs above a threshold, where the entry has both and not that: one times the other's part."""
    for (key, threshold, tier), above in list(cells.items()):
        base = cells.get((key, 0, ""))
        if threshold and not tier and base:
            for sold in _TIERS:
                if (key, 0, sold) in cells:
                    cells.setdefault((key, threshold, sold), above * cells[key, 0, sold] / base)


def _like_the_parent(cells: Cells) -> None:
    """Add what a kind of token costs in a tier for which only the plain one has a price: it changes as that does."""
    given = dict(cells)
    for key, *parents in _LINES.values():
        parent = next((parent for parent in parents if (parent, 0, "") in given), None)
        if parent is None or (key, 0, "") not in given or not given[parent, 0, ""]:
            continue
        for tier in _TIERS:
            # A discount for cached tokens and one for batches are not both given, unless the seller says so.
            if (parent, 0, tier) in given and not (tier == "batches" and key in _READS):
                part = given[parent, 0, tier] / given[parent, 0, ""]
                cells.setdefault((key, 0, tier), given[key, 0, ""] * part)


def _halve(cells: Cells, vendor: str, name: str, mode: object) -> None:
    """Add what a batch costs by the page of its seller."""
    bare = _GEOGRAPHY.sub("", name.rpartition("/")[2])
    models, reads = _HALVES.get(vendor, (r"(?!)", False))
    part = Fraction(1, 2)
    if vendor == "moonshot":  # https://platform.kimi.ai/docs/pricing/batch
        models, reads, part = r"kimi-k2\.5", True, Fraction(3, 5)
    if vendor in _TEXT_ALONE and mode not in {"chat", "responses", "embedding", "completion"}:
        return
    if name.startswith("azure/us-gov/"):  # none is listed for the government's regions
        return
    if vendor == "openai" and not _NOT_BY_OPENAI.isdisjoint(bare.split("-")):
        return
    if re.fullmatch(models, bare) is None and re.fullmatch(models, _DATE.sub("", bare)) is None:
        return
    for (key, threshold, tier), rate in list(cells.items()):
        if not tier and (reads or key not in _READS):
            cells.setdefault((key, threshold, "batches"), rate * part)


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
