"""A log of made-up calls for the screenshots of the docs, the same at each run."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import llmcost

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 11, 1, tzinfo=timezone.utc)
DAYS = 24
_MODELS = (("gpt-5.4", 5), ("gpt-4o-mini", 9), ("claude-sonnet-4-5", 6), ("claude-haiku-4-5", 4), ("gemini-2.5-pro", 3))
_TEAMS = (("search", 6), ("support", 5), ("agents", 4), ("research", 1))
_USERS = ("u-104", "u-117", "u-205", "u-233", "u-310", "u-342", "u-421", "u-508")


def fill(database: Path, calls: int = 4000) -> None:
    """Record so many calls of 26 days in November 2026: more on working days, a few without a price or cut off."""
    chance = random.Random(16)  # noqa: S311 - test data
    with llmcost.SpendLog(database, drain=False) as log:
        for number in range(calls):
            day = START + timedelta(days=chance.randrange(DAYS))
            if day.weekday() >= 5 and chance.random() < 0.7:
                day += timedelta(days=2)
            at = day + timedelta(seconds=min(86_399, max(0, chance.gauss(50_000, 14_000))))
            log.record(
                _cost(chance),
                id=f"resp_{number:06x}",
                team=_weighed(chance, _TEAMS),
                user=chance.choice(_USERS),
                session=f"s-{number // 7:04x}",
                tags=chance.sample(("prod", "batch", "eval", "beta"), chance.choice((0, 1, 1, 2))),
                at=at,
            )
        log.drain()


def _cost(chance: random.Random) -> llmcost.Cost:
    model = _weighed(chance, _MODELS)
    prompt, cached = int(chance.lognormvariate(8.3, 1.0)), 0
    if chance.random() < 0.6:
        cached = int(prompt * chance.uniform(0.3, 0.9))
    usage = {"input": prompt - cached, "output": int(chance.lognormvariate(6.2, 0.9))}
    if cached:
        usage["cache_read"] = cached
    if chance.random() < 0.004:
        model = "house-model-7b"
        return llmcost.CostMap({model: {"input_cost_per_token": 2e-7}}).calculate(
            usage=llmcost.Usage(**usage), model=model
        )
    return llmcost.calculate(usage=llmcost.Usage(**usage), model=model)


def _weighed(chance: random.Random, choices: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
