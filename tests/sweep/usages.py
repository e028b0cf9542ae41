"""Random calls: disjoint quantities, tier, time. The same seed draws the same calls."""

from __future__ import annotations

import random
from datetime import datetime, timezone
from typing import NamedTuple

SEED = "sweep"
CALLS_PER_MODEL = 10
# Off-peak windows are open at one, closed at another, and weekday rules differ at the third.
MOMENTS = (
    datetime(2026, 11, 18, 2, 0, tzinfo=timezone.utc),
    datetime(2026, 11, 18, 19, 0, tzinfo=timezone.utc),
    datetime(2026, 11, 22, 8, 0, tzinfo=timezone.utc),
)
_ANY_TIER = ("flex", "priority", "balanced", "ultrafast")
_PROMPT = (
    ("cache_read", 0.5),
    ("cache_read_audio", 0.1),
    ("cache_write", 0.35),
    ("cache_write_1h", 0.25),
    ("input_audio", 0.25),
    ("input_image", 0.25),
    ("input_video", 0.1),
)
_ANSWER = (("reasoning", 0.4), ("output_audio", 0.2), ("output_image", 0.2))


class Call(NamedTuple):
    """One call of one model.

    Attributes:
        quantities: meter -> tokens, disjoint.
        prompt, answer: tokens of the whole prompt and of the whole answer.
        requested, served: service tiers; ``served`` is what the response says.
        batch: sent as part of a batch.
        at: when.
    """

    model: str
    quantities: dict[str, int]
    prompt: int
    answer: int
    requested: str | None
    served: str | None
    batch: bool
    at: datetime


def calls(model: str, thresholds: tuple[int, ...], tiers: frozenset[object]) -> list[Call]:
    """Return the calls of one model: below, on and above each threshold, once in each of its tiers, and at random."""
    draw = random.Random(f"{SEED} {model}")
    prompts = [
        size
        for threshold in thresholds
        for size in (threshold - draw.randint(1, 1000), threshold, threshold + draw.randint(1, 5000))
    ]
    own = sorted(str(tier) for tier in tiers if tier != "batches")
    sold = [(tier, draw.choice((tier, None)), False) for tier in own] + [(None, None, True)] * ("batches" in tiers)
    count = max(CALLS_PER_MODEL, len(prompts), len(sold))
    prompts += [_prompt(draw) for _ in range(count - len(prompts))]
    sold += [_tier(draw, own) for _ in range(count - len(sold))]
    draw.shuffle(prompts)
    draw.shuffle(sold)
    return [_call(draw, model, prompt, *tier) for prompt, tier in zip(prompts, sold, strict=True)]


def _call(draw: random.Random, model: str, prompt: int, requested: str | None, served: str | None, batch: bool) -> Call:
    answer = draw.choice((0, draw.randint(1, 500), draw.randint(500, 64_000), draw.randint(100_000, 200_000)))
    quantities = {**_split(draw, prompt, _PROMPT, "input"), **_split(draw, answer, _ANSWER, "output")}
    return Call(model, quantities, prompt, answer, requested, served, batch, draw.choice(MOMENTS))


def _prompt(draw: random.Random) -> int:
    return draw.choice((draw.randint(1, 2000), draw.randint(2000, 120_000), draw.randint(300_000, 1_500_000)))


def _tier(draw: random.Random, own: list[str]) -> tuple[str | None, str | None, bool]:
    """Return the tier that is requested, the one that the response states, and whether it is a batch."""
    chance = draw.random()
    if chance >= 0.3:
        return None, None, chance < 0.4
    requested = draw.choice(own or _ANY_TIER)
    # Most often the same, sometimes it was not granted or not said.
    return requested, draw.choice((requested, requested, "default", None)), False


def _split(draw: random.Random, total: int, parts: tuple[tuple[str, float], ...], rest: str) -> dict[str, int]:
    found = {}
    left = total
    for meter, chance in parts:
        if left and draw.random() < chance:
            found[meter] = draw.randint(1, left)
            left -= found[meter]
    if left:
        found[rest] = left
    return found
