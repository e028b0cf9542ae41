"""How fast the spend log is: recording, storing and asking, at 10^4 to 10^7 calls.

    python benchmarks/spend.py                       # up to a million calls, over SQLite
    python benchmarks/spend.py --most 10000000 --folder /big/disk
    python benchmarks/spend.py --database postgresql:///spend_benchmark --most 1000000

The calls are of 60 models, 12 teams, 400 users and 180 days; each has three lines. Seconds of the processor are those
of this process (of PostgreSQL's own they say nothing), and budgets are kept or missed by them.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import llmcost
from llmcost.spend.instants import moment_of

MODELS, TEAMS, USERS, DAYS = 60, 12, 400, 180
DAY_US = 86_400_000_000
START_US = 1_764_547_200_000_000  # 2025-12-01
AT_ONCE = 100_000
PRICES = llmcost.CostMap(
    {
        f"model-{number}": {
            "input_cost_per_token": f"{number + 1}e-7",
            "output_cost_per_token": f"{number + 1}e-6",
            "cache_read_input_token_cost": f"{number + 1}e-8",
            "litellm_provider": "openai",
        }
        for number in range(MODELS)
    }
)


def response(chance: random.Random) -> dict[str, object]:
    prompt, cached, answer = chance.randrange(2000, 4000), chance.randrange(1, 2000), chance.randrange(1, 1000)
    return {
        "object": "chat.completion",
        "model": f"model-{min(int(chance.expovariate(0.1)), MODELS - 1)}",
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": answer,
            "total_tokens": prompt + answer,
            "prompt_tokens_details": {"cached_tokens": cached},
        },
    }


def recording(folder: Path, calls: int = 20_000) -> tuple[float, float, float]:
    """Return microseconds of ``calculate`` (p50) and of ``record`` (p50, p99)."""
    chance = random.Random(1)  # noqa: S311 - test data
    answers = [response(chance) for _ in range(1000)]
    priced, kept = [], []
    with llmcost.SpendLog(folder / "recorded.db", drain=False) as log:
        for number in range(calls):
            answer = answers[number % 1000]
            start = perf_counter()
            cost = PRICES.calculate(answer)
            between = perf_counter()
            log.record(cost, team="search", user=f"user-{number % USERS}")
            kept.append(perf_counter() - between)
            priced.append(between - start)
    priced.sort()
    kept.sort()
    return priced[calls // 2] * 1e6, kept[calls // 2] * 1e6, kept[calls * 99 // 100] * 1e6


def fill(log: llmcost.SpendLog, since: int, until: int, most: int) -> tuple[float, float]:
    """Record the calls of some numbers and store them; return the seconds that storing took, by processor and clock."""
    chance = random.Random(since)  # noqa: S311 - test data
    costs = [PRICES.calculate(response(chance)) for _ in range(5000)]
    processor = clock = 0.0
    for first in range(since, until, AT_ONCE):
        for number in range(first, min(first + AT_ONCE, until)):
            log.record(
                costs[chance.randrange(5000)],
                id=f"call-{number}",
                team=f"team-{chance.randrange(TEAMS)}",
                user=f"user-{min(int(chance.expovariate(0.02)), USERS - 1)}",
                at=moment_of(START_US + DAYS * DAY_US * number // most),
            )
        start = process_time(), perf_counter()
        log.drain()
        processor, clock = processor + process_time() - start[0], clock + perf_counter() - start[1]
    return processor, clock


def asked(ask: object) -> tuple[float, float]:
    """Return the least seconds of three times asking, by processor and clock."""
    found = []
    for _ in range(3):
        start = process_time(), perf_counter()
        ask()  # type: ignore[operator]
        found.append((process_time() - start[0], perf_counter() - start[1]))
    return min(row[0] for row in found), min(row[1] for row in found)


def questions(log: llmcost.SpendLog, end: int) -> dict[str, object]:
    week = {"since": moment_of(end - 7 * DAY_US), "until": moment_of(end)}
    odd = {"since": moment_of(end - 7 * DAY_US + 1), "until": moment_of(end - 1)}
    return {
        "by model": lambda: log.by("model"),
        "by user": lambda: log.by("user"),
        "by day": lambda: log.by("day"),
        "by model, 7 days": lambda: log.by("model", **week),
        "by model, 7 days, one team": lambda: log.by("model", where={"team": "team-3"}, **week),
        "by model, 7 days and no whole hours": lambda: log.by("model", **odd),
        "total of one team, all time": lambda: log.total(where={"team": "team-3"}),
    }


# question -> calls -> seconds that it may take, by the processor.
BUDGETS = {
    "by model": {1_000_000: 0.5, 10_000_000: 2.0},
    "by day": {1_000_000: 0.5},
    "by model, 7 days, one team": {1_000_000: 0.2, 10_000_000: 0.2},
}
MOST_ABOVE, LEAST_STORED = 10.0, 20_000


def verdict(kept: bool) -> str:
    return "ok  " if kept else "MISS"


def run(database: str | None, folder: Path, most: int) -> bool:
    priced, kept, slowest = recording(folder)
    missed = kept > MOST_ABOVE
    print(f"calculate() p50 {priced:.1f} us, record() p50 {kept:.1f} us, p99 {slowest:.1f} us")
    print(f"  {verdict(not missed)} record() p50 at most {MOST_ABOVE:.0f} us on top of calculate()")
    with llmcost.SpendLog(database or folder / "spend.db", spool=folder / "spool", drain=False) as log:
        if log.total().calls:
            sys.exit("the database is not empty")
        stored, size = 0, 10_000
        while size <= most:
            processor, clock = fill(log, stored, size, most)
            added = size - stored
            rate = added / processor
            print(f"\n{size:,} calls: {rate:,.0f} stored per processor second, {added / clock:,.0f} per second")
            if database is None:
                print(f"  {(folder / 'spend.db').stat().st_size / size:,.0f} bytes a call")
            if size == most:
                print(f"  {verdict(rate >= LEAST_STORED)} at least {LEAST_STORED:,} stored per processor second")
                missed = missed or rate < LEAST_STORED
            for name, ask in questions(log, START_US + DAYS * DAY_US * size // most).items():
                by_processor, by_clock = asked(ask)
                budget = BUDGETS.get(name, {}).get(size)
                said = "" if budget is None else f"   {verdict(by_processor <= budget)} at most {budget} s"
                missed = missed or (budget is not None and by_processor > budget)
                print(f"  {name:38} {by_processor * 1000:9.1f} ms  ({by_clock * 1000:,.1f} by the clock){said}")
            stored, size = size, size * 10
        assert log.total().calls == stored  # noqa: S101
    return not missed


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--most", type=int, default=1_000_000, help="calls: 10000, 100000, 1000000 or 10000000")
    options.add_argument("--database", help="the address of an empty database; by default a new file of SQLite")
    options.add_argument("--folder", type=Path, help="where the files are made and deleted")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        kept = run(given.database, folder, given.most)
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
