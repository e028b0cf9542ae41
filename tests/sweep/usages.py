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
    ("cache_read", 0.5), ("cache_read_audio", 0.1), ("cache_write", 0.35), ("cache_write_1h", 0.25),
    ("input_audio", 0.25), ("input_image", 0.25), ("input_video", 0.1),
)  # fmt: skip
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
    """Return the calls of one model: on both sides of each threshold and on it, in its own tiers and in others."""
    random_number = random.Random(f"{SEED} {model}")
    own = sorted(str(tier) for tier in tiers if tier != "batches")
    return [_call(random_number, model, thresholds, own) for _ in range(CALLS_PER_MODEL)]


def _call(draw: random.Random, model: str, thresholds: tuple[int, ...], own: list[str]) -> Call:
    prompt = _prompt(draw, thresholds)
    answer = draw.choice((0, draw.randint(1, 500), draw.randint(500, 64_000), draw.randint(100_000, 200_000)))
    quantities = {**_split(draw, prompt, _PROMPT, "input"), **_split(draw, answer, _ANSWER, "output")}
    chance = draw.random()
    requested = served = None
    if chance < 0.3:
        requested = draw.choice(own or _ANY_TIER)
        # The request asks, the response says: most often the same, sometimes it was not granted or not said.
        served = draw.choice((requested, requested, "default", None))
    return Call(model, quantities, prompt, answer, requested, served, 0.3 <= chance < 0.4, draw.choice(MOMENTS))


def _prompt(draw: random.Random, thresholds: tuple[int, ...]) -> int:
    sizes = [draw.randint(1, 2000), draw.randint(2000, 120_000), draw.randint(300_000, 1_500_000)]
    for threshold in thresholds:
        sizes += [threshold, threshold + draw.randint(1, 5000), threshold - draw.randint(1, 1000)]
    return draw.choice(sizes)


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
